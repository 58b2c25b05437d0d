// One drawn symbol a class of amenity, in a square of 16.

const SYMBOLS = new Map([
  ["bus", "M3 3.6A1.6 1.6 0 0 1 4.6 2h6.8A1.6 1.6 0 0 1 13 3.6V11.5h-.8V13.5h-1.8V12H5.6v1.5H3.8V11.5H3zM4.5 4v3.6h7V4zM4.6 9.2v1.4h1.6V9.2zM9.8 9.2v1.4h1.6V9.2z"],
  ["grocery", "M1.8 6.2h2.4l2.1-3.7 1.2.7-1.7 3h4.4l-1.7-3 1.2-.7 2.1 3.7h2.4l-1.3 7.3H3.1z"],
  ["pharmacy", "M6.2 2h3.6v4.2H14v3.6H9.8V14H6.2V9.8H2V6.2h4.2z"],
  ["doctor", "M8 13.8 2.7 8.5a3.3 3.3 0 0 1 4.7-4.7L8 4.4l.6-.6a3.3 3.3 0 0 1 4.7 4.7z"],
  ["services", "M8 1.8 1.8 5v1.5h12.4V5zM3.2 7.5h2v4h-2zM7 7.5h2v4H7zM10.8 7.5h2v4h-2zM1.8 12.5h12.4v1.7H1.8z"],
  ["recreation", "M8 1.5 3.8 7.5h2L3 11.8h4.2v2.7h1.6v-2.7H13l-2.8-4.3h2z"],
  ["centre", "M8 1.7l1.9 4.1 4.4.5-3.3 3 .9 4.4L8 11.5l-3.9 2.2.9-4.4-3.3-3 4.4-.5z"],
  ["emergency", "M8 1.5 13.2 3.3V8c0 3.2-2.1 5.3-5.2 6.6C4.9 13.3 2.8 11.2 2.8 8V3.3z"],
  ["school", "M8 2.8.8 6.2 8 9.6l7.2-3.4zM3.8 8.9v2.9c1.1 1.2 2.6 1.8 4.2 1.8s3.1-.6 4.2-1.8V8.9L8 10.9z"],
  ["kindergarten", "M2.4 8.6h5v5h-5zM8.6 8.6h5v5h-5zM5.5 2.4h5v5h-5z"],
]);
const OTHER_SYMBOL = "M8 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8z";
const SYMBOL_INK = "#37424d";
const UNIT_INK = "#7a3b8f";
const CUT_INK = "#b3261e";

function symbol(key) {
  return SYMBOLS.get(key) || OTHER_SYMBOL;
}

// A canvas marker that draws itself: `sketch(pen)` in a square of 16 around the origin.
const Symbol16 = L.CircleMarker.extend({
  _updatePath() {
    const renderer = this._renderer;
    if (!renderer._drawing || this._empty()) return;
    const pen = renderer._ctx;
    pen.save();
    pen.translate(this._point.x, this._point.y);
    this.options.sketch(pen);
    pen.restore();
  },
});

const DOTS_BELOW = 14.5; // The zoom under which there is no room for symbols.

function discSketch(key, map) {
  const path = new Path2D(symbol(key));
  return (pen) => {
    if (map.getZoom() < DOTS_BELOW) {
      pen.beginPath();
      pen.arc(0, 0, 3.5, 0, 2 * Math.PI);
      pen.fillStyle = SYMBOL_INK;
      pen.fill();
      pen.lineWidth = 1.2;
      pen.strokeStyle = "#ffffff";
      pen.stroke();
      return;
    }
    pen.beginPath();
    pen.arc(0, 0, 9.5, 0, 2 * Math.PI);
    pen.fillStyle = "#ffffff";
    pen.fill();
    pen.lineWidth = 1.2;
    pen.strokeStyle = SYMBOL_INK;
    pen.stroke();
    pen.scale(0.78, 0.78);
    pen.translate(-8, -8);
    pen.fillStyle = SYMBOL_INK;
    pen.fill(path, "evenodd");
  };
}

function unitSketch(homes) {
  const radius = unitRadius(homes);
  return (pen) => {
    pen.beginPath();
    pen.arc(0, 0, radius, 0, 2 * Math.PI);
    pen.fillStyle = "rgba(122, 59, 143, 0.82)";
    pen.fill();
    pen.lineWidth = 1.2;
    pen.strokeStyle = "#ffffff";
    pen.stroke();
    pen.fillStyle = "#ffffff";
    pen.font = `600 ${radius < 9 ? 9.5 : 11}px ${LETTERS}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(String(homes), 0, 0.5);
  };
}

function unitRadius(homes) {
  return clamp(5.5 + 1.6 * Math.sqrt(homes), 7, 26);
}

function cutSketch(pen) {
  pen.lineCap = "round";
  for (const [ink, width] of [["#ffffff", 6], [CUT_INK, 3]]) {
    pen.strokeStyle = ink;
    pen.lineWidth = width;
    pen.beginPath();
    pen.moveTo(-5, -5);
    pen.lineTo(5, 5);
    pen.moveTo(5, -5);
    pen.lineTo(-5, 5);
    pen.stroke();
  }
}
