// The ground the plots lie on: our own extract on a canvas, in quiet greys.

const PAPER = "#eceded";
const LAND = "#f6f5f2";
const WATER = "#cddce6";

// In drawing order. `metres` is the true width; it is drawn no thinner than `least` pixels.
const GROUND_AREAS = [
  { name: "wood", fill: "#e3e9dd", from: 0 },
  { name: "green", fill: "#ebf0e4", from: 12 },
  { name: "sea", fill: WATER, from: 0 },
  { name: "water", fill: WATER, from: 0 },
];
const GROUND_BUILDINGS = { name: "building", fill: "#e3dfd9", edge: "#d2cdc5", from: 14.5 };
const GROUND_LINES = [
  { name: "river", ink: WATER, metres: 5, least: 1.2, from: 12 },
  { name: "path", ink: "#cfc9be", metres: 1.6, least: 0.9, dash: [4, 3], from: 15 },
  { name: "service", ink: "#ffffff", edge: "#dcdcda", metres: 4, least: 0.9, from: 14.5 },
  { name: "street", ink: "#ffffff", edge: "#d3d4d3", metres: 7, least: 1, from: 12.5 },
  { name: "main", ink: "#ffffff", edge: "#bfc3c7", metres: 11, least: 2, from: 0 },
  { name: "fast", ink: "#dfe3e8", edge: "#98a1ab", metres: 16, least: 2.6, from: 0 },
  { name: "tram", ink: "#b7bcc2", metres: 1.5, least: 1, from: 14 },
  { name: "siding", ink: "#aab1b8", metres: 2, least: 0.8, from: 14.5 },
  { name: "rail", ink: "#8d96a0", metres: 2.6, least: 1, ties: true, from: 0 },
];
const EARTH_M = 40075016.7;

const Ground = L.Renderer.extend({
  options: { padding: 0.25, pane: "ground" },

  initialize(data) {
    L.Renderer.prototype.initialize.call(this, {});
    this._shapes = new Map(
      Object.entries(data.layers).map(([name, packed]) => [name, flat(packed)])
    );
    this._frame = flat(data.frame)[0];
    this._labels = makeLabels(data);
  },

  _initContainer() {
    this._container = L.DomUtil.create("canvas", "ground");
    this._container.setAttribute("aria-hidden", "true");
    this._context = this._container.getContext("2d");
  },

  _destroyContainer() {
    this._container.remove();
    delete this._context;
  },

  _updatePaths() {},

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    const sharp = Math.min(window.devicePixelRatio || 1, 2);
    const canvas = this._container;
    L.DomUtil.setPosition(canvas, this._bounds.min);
    canvas.width = Math.round(size.x * sharp);
    canvas.height = Math.round(size.y * sharp);
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    this._context.scale(sharp, sharp);
    this._draw(size);
  },

  // What of the world, one unit wide, lies on the canvas, and how large.
  _view(size) {
    const zoom = this._map.getZoom();
    const scale = 256 * 2 ** zoom;
    const corner = this._map.getPixelOrigin().add(this._bounds.min);
    const latitude = this._map.getCenter().lat * (Math.PI / 180);
    return {
      zoom,
      scale,
      x: corner.x,
      y: corner.y,
      west: corner.x / scale,
      east: (corner.x + size.x) / scale,
      north: corner.y / scale,
      south: (corner.y + size.y) / scale,
      perMetre: scale / (EARTH_M * Math.cos(latitude)),
    };
  },

  _draw(size) {
    const view = this._view(size);
    const pen = this._context;
    pen.fillStyle = PAPER;
    pen.fillRect(0, 0, size.x, size.y);
    pen.lineJoin = "round";
    pen.save();
    pen.fillStyle = LAND;
    pen.beginPath();
    trace(pen, this._frame, view, true);
    pen.fill();
    pen.strokeStyle = "#c9cdd1";
    pen.stroke();
    pen.clip();
    for (const look of GROUND_AREAS) this._fill(look, view);
    const shown = GROUND_LINES.filter((look) => view.zoom >= look.from);
    this._stroke(shown.filter((look) => look.name === "river"), view);
    this._fill(GROUND_BUILDINGS, view);
    this._stroke(shown.filter((look) => look.name !== "river"), view);
    pen.restore();
    drawLabels(pen, this._labels, view, size);
  },

  _fill(look, view) {
    if (view.zoom < look.from) return;
    const pen = this._context;
    pen.fillStyle = look.fill;
    pen.strokeStyle = look.edge || look.fill;
    pen.lineWidth = 0.7;
    for (const shape of this._shapes.get(look.name)) {
      if (!visible(shape, view)) continue;
      pen.beginPath();
      trace(pen, shape, view, true);
      pen.fill("evenodd");
      if (look.edge && view.zoom >= 16) pen.stroke();
    }
  },

  // First every edge, then every road on top, so that crossings run together.
  _stroke(looks, view) {
    const pen = this._context;
    const width = (look) => Math.max(look.least, look.metres * view.perMetre);
    const drawn = looks.map((look) => {
      const path = new Path2D();
      for (const shape of this._shapes.get(look.name)) {
        if (visible(shape, view)) trace(path, shape, view, false);
      }
      return { look, path };
    });
    pen.lineCap = "round";
    for (const { look, path } of drawn) {
      if (!look.edge) continue;
      pen.strokeStyle = look.edge;
      pen.lineWidth = width(look) + 1.4;
      pen.stroke(path);
    }
    for (const { look, path } of drawn) {
      pen.strokeStyle = look.ink;
      pen.lineWidth = width(look);
      pen.lineCap = look.dash || look.ties ? "butt" : "round";
      pen.setLineDash(look.dash || []);
      pen.stroke(path);
      if (look.ties && view.zoom >= 15) {
        pen.strokeStyle = "#ffffff";
        pen.lineWidth = width(look) * 0.5;
        pen.setLineDash([7, 7]);
        pen.stroke(path);
      }
      pen.setLineDash([]);
    }
  },
});

function visible(shape, view) {
  return (
    shape.east >= view.west &&
    shape.west <= view.east &&
    shape.south >= view.north &&
    shape.north <= view.south
  );
}

function trace(path, shape, view, closed) {
  for (const part of shape.parts) {
    path.moveTo(part[0] * view.scale - view.x, part[1] * view.scale - view.y);
    for (let i = 2; i < part.length; i += 2) {
      path.lineTo(part[i] * view.scale - view.x, part[i + 1] * view.scale - view.y);
    }
    if (closed) path.closePath();
  }
}
