// The same map in two states: plots, crossing places and corrections, before and after.

const TRIED_INK = "#1d5c96";
const PLOT_INK = "#17212b";
const PLACE_INK = { new: "#a3201a", heavier: "#a3201a", lighter: "#1d6b45", gone: "#1d6b45", same: "#5b6670" };

function badge(className, text, label, number) {
  return L.divIcon({
    className: "",
    iconSize: null,
    html: element("span", { class: className, text, role: label ? "img" : null, "aria-label": label, "data-number": number }),
  });
}

function tip(layer, text) {
  return layer.bindTooltip(() => element("span", { class: "own", text }), { sticky: true });
}

// Points stay points, lines lines: a shape of one vertex is a point.
function drawnShape(shape, look) {
  if (shape[0].length === 1) return L.circleMarker(shape[0][0], { ...look, radius: 7 });
  return L.polyline(shape, look);
}

function plotLayer(plots, state) {
  const outlines = shapes(plots.shapes);
  const spots = points(plots.spots);
  return L.layerGroup(
    plots.ids.flatMap((id, i) => {
      const label = plots.labels[state][i];
      const look = { color: PLOT_INK, weight: 1.5, fillColor: PLOT_INK, fillOpacity: plots.changed[i] ? 0.35 : 0.12 };
      const single = outlines[i][0].length === 1;
      const outline = single ? L.circleMarker(spots[i], { ...look, radius: 5 }) : L.polygon(outlines[i], look);
      const name = L.marker(spots[i], {
        icon: badge(`plot-id own${plots.changed[i] ? " changed" : ""}`, id, label),
        keyboard: true,
      });
      return [tip(outline, label), tip(name, label)];
    })
  );
}

function placeLayer(places, state) {
  const stretches = shapes(places.shapes);
  const spots = points(places.spots);
  const made = [];
  places.change.forEach((change, i) => {
    const number = places.numbers[state][i];
    // What is gone is still shown where it was, so that one sees what has become of it.
    if (number === null && !(state === "after" && change === "gone")) return;
    const label = places.labels[state][i];
    const look = { color: PLACE_INK[change], weight: places.severe[i] ? 7 : 4, opacity: 0.75 };
    if (stretches[i][0].length > 1) made.push(tip(L.polyline(stretches[i], { ...look, interactive: true }), label));
    const icon = badge(`place place-${change}`, "", label, number === null ? "" : String(number));
    made.push(tip(L.marker(spots[i], { icon, keyboard: true }), label));
  });
  return L.layerGroup(made);
}

function triedLayer(tried) {
  const look = { color: TRIED_INK, weight: 4, dashArray: "7 6", fillColor: TRIED_INK, fillOpacity: 0.5 };
  return L.layerGroup(shapes(tried.shapes).map((shape, i) => tip(drawnShape(shape, look), tried.labels[i])));
}

function start() {
  const data = JSON.parse(document.getElementById("difference").textContent);
  const map = L.map("map", { attributionControl: false, zoomSnap: 0.25, zoomControl: false });
  map.createPane("ground").style.zIndex = 150;
  const frame = L.latLngBounds(shapes(data.background.frame)[0][0]);
  map.setMaxBounds(frame.pad(1));
  map.setMaxZoom(19);
  map.fitBounds(L.latLngBounds(points(data.plots.spots)), { padding: [40, 40], maxZoom: 16, animate: false });
  new Ground(data.background).addTo(map);
  const say = makeSay(data);
  document.getElementById("map-area").append(makeTools(map, say), makeScale(map, say));

  const layers = {
    before: [plotLayer(data.plots, "before"), placeLayer(data.places, "before")],
    after: [plotLayer(data.plots, "after"), triedLayer(data.tried), placeLayer(data.places, "after")],
  };
  const announce = document.getElementById("announce");
  function show(state) {
    for (const [name, group] of Object.entries(layers)) {
      group.forEach((layer) => (name === state ? layer.addTo(map) : layer.remove()));
    }
  }
  for (const choice of document.querySelectorAll("input[name=state]")) {
    if (choice.checked) show(choice.value);
    choice.addEventListener("change", () => {
      show(choice.value);
      announce.textContent = choice.parentElement.textContent.trim();
    });
  }
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(document.getElementById("map-area"));
}

window.tomteanalyse = { start };
