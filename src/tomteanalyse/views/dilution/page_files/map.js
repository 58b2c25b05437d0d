// Municipal shares by cell in two states, and where the plan gives up and buys homes.

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

// Place names above the colours, where neither a figure nor a marker stands.
const Names = Ground.extend({
  initialize(named, taken) {
    L.Renderer.prototype.initialize.call(this, { pane: "names" });
    this._labels = makeLabels(named);
    this._taken = taken;
  },

  _initContainer() {
    Ground.prototype._initContainer.call(this);
    this._container.className = "names";
  },

  redraw() {
    this._update();
  },

  _draw(size) {
    this._context.clearRect(0, 0, size.x, size.y);
    const boxes = this._taken().map(({ at, half, above, below }) => {
      const { x, y } = this._map.latLngToLayerPoint(at).subtract(this._bounds.min);
      return [x - half, y - above, x + half, y + below];
    });
    drawLabels(this._context, this._labels, this._view(size), size, boxes);
  },
});

// What the plan gives up and buys. Where the markers would hide each other, the number stands alone.
function makeSpots(map, spots) {
  const places = points(spots.points);
  const box = (i, text) => ({ at: places[i], half: 4 * text.length + 16, above: 36, below: 4 });
  const icons = spots.kind.map((kind, i) => badge(`spot spot-${kind}`, spots.homes[i], spots.label[i]));
  icons.forEach((icon, i) =>
    tip(L.marker(places[i], { icon, keyboard: true, zIndexOffset: 1000, riseOnHover: true }), spots.label[i]).addTo(map)
  );
  const meet = (a, b) => {
    const apart = map.latLngToLayerPoint(a.at).subtract(map.latLngToLayerPoint(b.at));
    return Math.abs(apart.x) < a.half + b.half && Math.abs(apart.y) < a.above - 7;
  };
  return function fit() {
    const whole = spots.homes.map((text, i) => box(i, text));
    const crowded = whole.some((one, i) => whole.slice(i + 1).some((other) => meet(one, other)));
    const texts = crowded ? spots.counts : spots.homes;
    icons.forEach((icon, i) => (icon.options.html.textContent = texts[i]));
    return texts.map((text, i) => box(i, text));
  };
}

function start() {
  const data = JSON.parse(document.getElementById("dilution").textContent);
  const map = L.map("map", { attributionControl: false, zoomSnap: 0.25, zoomControl: false });
  map.createPane("ground").style.zIndex = 150;
  map.createPane("names").style.zIndex = 450;
  map.getPane("names").style.pointerEvents = "none";
  const frame = L.latLngBounds(shapes(data.background.frame)[0][0]);
  const seen = [...points(data.cells.spots), ...points(data.spots.points)];
  map.setMaxBounds(frame.pad(1));
  map.setMaxZoom(19);
  map.fitBounds(seen.length ? L.latLngBounds(seen) : frame, { padding: narrow.matches ? [16, 40] : [40, 40], maxZoom: 16, animate: false });
  new Ground({ ...data.background, ...NO_NAMES }).addTo(map);
  const say = makeSay(data);
  document.getElementById("map-area").append(makeTools(map, say), makeScale(map, say));

  const cells = {}, figures = {};
  for (const state of ["before", "after"]) {
    cells[state] = cellLayer(data.cells, state, data.colours);
    figures[state] = figureLayer(data.cells, state);
  }
  const fitSpots = makeSpots(map, data.spots);
  let shown = "before";
  const withFigures = () => map.getZoom() >= FIGURES_FROM;
  const cellSpots = points(data.cells.spots);
  const names = new Names(data.background, () => [
    ...fitSpots(),
    ...(withFigures() ? data.cells[shown].figures : []).flatMap((text, i) =>
      text ? [{ at: cellSpots[i], half: 4 * text.length + 4, above: 8, below: 8 }] : []
    ),
  ]).addTo(map);
  function draw() {
    for (const state of ["before", "after"]) {
      const here = state === shown;
      if (here) cells[state].addTo(map);
      else cells[state].remove();
      if (here && withFigures()) figures[state].addTo(map);
      else figures[state].remove();
    }
    names.redraw();
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
  makePrinting(map);
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(document.getElementById("map-area"));
}

window.tomteanalyse = { start };
