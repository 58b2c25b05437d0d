// Municipal shares by cell in two states, and where the plan gives up and buys homes.

const SCALE_PX = 110;
const CELL_EDGE = "#36124f";
// Below this zoom figures would lie on top of each other.
const FIGURES_FROM = 13.75;

function badge(className, text, label) {
  return L.divIcon({
    className: "",
    iconSize: null,
    html: element("span", { class: className, text, role: label ? "img" : null, "aria-label": label, "aria-hidden": label ? null : "true" }),
  });
}

function tip(layer, text) {
  return layer.bindTooltip(() => element("span", { class: "own", text }), { sticky: true });
}

function cellLayer(cells, state, colours) {
  const outlines = shapes(cells.shapes);
  const now = cells[state];
  return L.layerGroup(
    now.classes.map((number, i) => {
      const look = number === null
        ? { color: CELL_EDGE, weight: 1, dashArray: "3 4", fill: true, fillOpacity: 0 }
        : { color: CELL_EDGE, weight: 1, fillColor: colours[number], fillOpacity: 0.8 };
      return tip(L.polygon(outlines[i], look), now.labels[i]);
    })
  );
}

function figureLayer(cells, state) {
  const spots = points(cells.spots);
  return L.layerGroup(
    cells[state].figures.flatMap((text, i) => {
      if (!text) return [];
      return [L.marker(spots[i], { icon: badge("figure", text, null), interactive: false, keyboard: false })];
    })
  );
}

function spotLayer(spots) {
  const places = points(spots.points);
  return L.layerGroup(
    spots.kind.map((kind, i) => {
      const label = spots.label[i];
      const icon = badge(`spot spot-${kind}`, spots.number[i], label);
      return tip(L.marker(places[i], { icon, keyboard: true, zIndexOffset: 1000 }), label);
    })
  );
}

// Leaflet's own controls are written as markup, which the page refuses.
function addTools(map, words) {
  const button = (text, label, steps) =>
    element("button", { type: "button", "aria-label": label, title: label, text, onclick: () => map.zoomIn(steps) });
  const bar = element("div", { class: "scale", role: "img" });
  const update = () => {
    const y = map.getSize().y / 2;
    const across = map.distance(map.containerPointToLatLng([0, y]), map.containerPointToLatLng([SCALE_PX, y]));
    const power = 10 ** Math.floor(Math.log10(across));
    const metres = power * [5, 2, 1].find((step) => step * power <= across);
    bar.style.width = `${(SCALE_PX * metres) / across}px`;
    bar.textContent = metres >= 1000 ? `${metres / 1000}\u00a0km` : `${metres}\u00a0m`;
    bar.setAttribute("aria-label", `${words.scale}: ${bar.textContent}`);
  };
  map.on("move zoomend resize", update);
  update();
  document
    .getElementById("map-area")
    .append(element("div", { class: "tools" }, button("+", words.zoom_in, 1), button("\u2212", words.zoom_out, -1)), bar);
}

function start() {
  const data = JSON.parse(document.getElementById("dilution").textContent);
  const map = L.map("map", { attributionControl: false, zoomSnap: 0.25, zoomControl: false });
  map.createPane("ground").style.zIndex = 150;
  const frame = L.latLngBounds(shapes(data.background.frame)[0][0]);
  const seen = [...points(data.cells.spots), ...points(data.spots.points)];
  map.setMaxBounds(frame.pad(1));
  map.setMaxZoom(19);
  map.fitBounds(seen.length ? L.latLngBounds(seen) : frame, { padding: [40, 40], maxZoom: 16, animate: false });
  new Ground(data.background).addTo(map);
  addTools(map, data.words);

  const cells = {}, figures = {};
  for (const state of ["before", "after"]) {
    cells[state] = cellLayer(data.cells, state, data.colours);
    figures[state] = figureLayer(data.cells, state);
  }
  spotLayer(data.spots).addTo(map);
  let shown = "before";
  function draw() {
    for (const state of ["before", "after"]) {
      const here = state === shown;
      if (here) cells[state].addTo(map);
      else cells[state].remove();
      if (here && map.getZoom() >= FIGURES_FROM) figures[state].addTo(map);
      else figures[state].remove();
    }
  }
  map.on("zoomend", draw);
  const announce = document.getElementById("announce");
  for (const choice of document.querySelectorAll("input[name=state]")) {
    if (choice.checked) shown = choice.value;
    choice.addEventListener("change", () => {
      shown = choice.value;
      draw();
      announce.textContent = choice.parentElement.textContent.trim();
    });
  }
  draw();
  map.getContainer().setAttribute("aria-label", data.words.map);
  map.getContainer().setAttribute("role", "region");
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(document.getElementById("map-area"));
}

window.tomteanalyse = { start };
