// The cells or areas on the map, in the colours of their classes, on a canvas of their own.

const EMPTY_EDGE = "rgba(60, 68, 78, 0.2)";
const EDGE = "rgba(54, 18, 79, 0.65)";
const UNKNOWN_FILL = "#aeb6bd";
const HOT_INK = "#b4430a";
const CHOSEN_INK = "#17212b";
const FILL_OPACITY = 0.84;
const ROOM_FOR_FIGURE = 22;

const Cells = Ground.extend({
  initialize(model, say, named) {
    L.Renderer.prototype.initialize.call(this, { pane: "cells" });
    this._model = model;
    this._say = say;
    this._labels = makeLabels(named);
  },

  _initContainer() {
    Ground.prototype._initContainer.call(this);
    this._container.className = "cells";
  },

  redraw() {
    if (this._map) this._update();
  },

  _draw(size) {
    const view = this._view(size);
    const pen = this._context;
    const { geography, colouring, day, chosen } = this._model;
    const seen = geography.shapes.map((shape, area) => area).filter((area) => visible(geography.shapes[area], view));
    pen.clearRect(0, 0, size.x, size.y);
    pen.lineJoin = "round";
    for (const area of seen) {
      const fill = cellFill(this._model, area, day);
      pen.beginPath();
      trace(pen, geography.shapes[area], view, true);
      if (fill) {
        pen.globalAlpha = FILL_OPACITY;
        pen.fillStyle = fill;
        pen.fill("evenodd");
        pen.globalAlpha = 1;
      }
      pen.strokeStyle = fill ? EDGE : EMPTY_EDGE;
      pen.lineWidth = Math.min(fill ? 1 : 0.6, roomIn(geography.shapes[area], view) / 12);
      pen.stroke();
    }
    if (chosen !== null) this._outline(geography.shapes[chosen], view);
    this._outlineHot(seen.filter((area) => geography.at("hot", area, day) === 1), view);
    const figures = seen
      .filter((area) => geography.at("homes", area, day) > 0)
      .map((area) => drawFigure(pen, geography, area, colouring, day, view, this._say));
    // Names stand above the colours, where no figure stands.
    drawLabels(pen, this._labels, view, size, figures.filter(Boolean));
  },

  // Only the border between what stands out and the rest, so that a cluster is one shape.
  _outlineHot(areas, view) {
    const pen = this._context;
    const edges = new Map();
    for (const area of areas) {
      for (const part of this._model.geography.shapes[area].parts) {
        for (let i = 0; i < part.length; i += 2) {
          const j = (i + 2) % part.length;
          const ends = [`${part[i]},${part[i + 1]}`, `${part[j]},${part[j + 1]}`];
          const key = ends.sort().join(" ");
          if (edges.has(key)) edges.set(key, null);
          else edges.set(key, [part[i], part[i + 1], part[j], part[j + 1]]);
        }
      }
    }
    pen.lineCap = "round";
    const wide = areas.length ? clamp(roomIn(this._model.geography.shapes[areas[0]], view) / 7, 1.2, 3) : 0;
    for (const [ink, width] of [["#ffffff", 1.8 * wide], [HOT_INK, wide]]) {
      pen.beginPath();
      for (const edge of edges.values()) {
        if (!edge) continue;
        pen.moveTo(edge[0] * view.scale - view.x, edge[1] * view.scale - view.y);
        pen.lineTo(edge[2] * view.scale - view.x, edge[3] * view.scale - view.y);
      }
      pen.strokeStyle = ink;
      pen.lineWidth = width;
      pen.stroke();
    }
  },

  _outline(shape, view) {
    const pen = this._context;
    pen.beginPath();
    trace(pen, shape, view, true);
    const wide = clamp(roomIn(shape, view) / 7, 2.5, 6);
    for (const [ink, width] of [["#ffffff", wide + 3], [CHOSEN_INK, wide]]) {
      pen.strokeStyle = ink;
      pen.lineWidth = width;
      pen.stroke();
    }
  },
});

// How many pixels a shape is wide or high, whichever is less.
function roomIn(shape, view) {
  return Math.min(shape.east - shape.west, shape.south - shape.north) * view.scale;
}

// Null where there is no home; grey where there are homes and no share is known.
function cellFill(model, area, day) {
  const { geography, colouring } = model;
  if (!(geography.at("homes", area, day) > 0)) return null;
  const found = geography.classOf(colouring, area, day);
  return found === null ? UNKNOWN_FILL : geography.colours[colouring][found];
}

// Colours are never all there is: the figure stands in the cell as soon as there is room. The box it
// takes is returned.
function drawFigure(pen, geography, area, colouring, day, view, say) {
  const shape = geography.shapes[area];
  const room = roomIn(shape, view);
  if (room < ROOM_FOR_FIGURE) return null;
  const value = geography.at(colouring, area, day);
  const text = colouring === "homes" ? say.number(value) : shareText(say, value);
  const found = geography.classOf(colouring, area, day);
  const dark = found !== null && isDark(geography.colours[colouring][found]);
  const at = L.CRS.EPSG3857.latLngToPoint(L.latLng(geography.spots[area]), 0).divideBy(256);
  pen.font = `600 ${room > 60 ? 12.5 : 11}px ${LETTERS}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const half = pen.measureText(text).width / 2;
  if (2 * half > room - 4) return null;
  const [x, y] = [at.x * view.scale - view.x, at.y * view.scale - view.y];
  pen.lineWidth = 3;
  pen.strokeStyle = dark ? "rgba(30, 12, 46, 0.55)" : "rgba(255, 255, 255, 0.75)";
  pen.fillStyle = dark ? "#ffffff" : "#17212b";
  pen.strokeText(text, x, y);
  pen.fillText(text, x, y);
  return [x - half, y - 8, x + half, y + 8];
}

function isDark(colour) {
  const [r, g, b] = [1, 3, 5].map((from) => parseInt(colour.slice(from, from + 2), 16));
  return 0.299 * r + 0.587 * g + 0.114 * b < 128;
}

// Which area a place on the map lies in; null for none.
function areaAt(geography, latLng) {
  const { x, y } = L.CRS.EPSG3857.latLngToPoint(L.latLng(latLng), 0).divideBy(256);
  const found = geography.shapes.findIndex(
    (shape) => x >= shape.west && x <= shape.east && y >= shape.north && y <= shape.south && inside(shape, x, y)
  );
  return found < 0 ? null : found;
}

// A ray to the east meets the border an odd number of times.
function inside(shape, x, y) {
  let odd = false;
  for (const part of shape.parts) {
    for (let i = 0, j = part.length - 2; i < part.length; j = i, i += 2) {
      const crosses = part[i + 1] > y !== part[j + 1] > y;
      if (crosses && x < ((part[j] - part[i]) * (y - part[i + 1])) / (part[j + 1] - part[i + 1]) + part[i]) odd = !odd;
    }
  }
  return odd;
}
