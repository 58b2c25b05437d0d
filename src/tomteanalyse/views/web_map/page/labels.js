// Names on the ground: no name on top of another.

const PLACE_LOOKS = [
  { from: 0, size: 15, weight: 600 },
  { from: 0, size: 14, weight: 600 },
  { from: 12.5, size: 13, weight: 500 },
  { from: 13.5, size: 12, weight: 500 },
  { from: 14.5, size: 11.5, weight: 500 },
  { from: 15.5, size: 11, weight: 400 },
];
const LABEL_INK = "#5d666f";
const STREET_INK = "#7b838b";
const HALO = "rgba(250, 249, 246, 0.9)";
const LETTERS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
// Where the names are drawn above what lies on the ground, the ground has none.
const NO_NAMES = {
  places: { names: [], ranks: [], at: "" },
  streets: { names: [], name: "", main: "", along: { parts: "", points: "", xy: "" } },
};

function makeLabels(data) {
  const at = points(data.places.at).map(([lat, lon]) => L.CRS.EPSG3857.latLngToPoint(L.latLng(lat, lon), 0).divideBy(256));
  const name = numbers(data.streets.name);
  const main = numbers(data.streets.main);
  return {
    places: data.places.names.map((text, i) => ({ text, rank: data.places.ranks[i], at: at[i] })),
    streets: flat(data.streets.along)
      .map((along, i) => ({ text: data.streets.names[name[i]], main: main[i] === 1, along }))
      .sort((a, b) => b.main - a.main),
  };
}

// `taken`: boxes where something else is written.
function drawLabels(pen, labels, view, size, taken = []) {
  const free = (box) => {
    if (box[0] < 0 || box[1] < 0 || box[2] > size.x || box[3] > size.y) return false;
    return !taken.some((b) => b[0] < box[2] && b[2] > box[0] && b[1] < box[3] && b[3] > box[1]);
  };
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  pen.strokeStyle = HALO;
  pen.lineWidth = 3;
  for (const { text, rank, at } of labels.places) {
    const look = PLACE_LOOKS[rank];
    if (view.zoom < look.from) continue;
    pen.font = `${look.weight} ${look.size}px ${LETTERS}`;
    const half = pen.measureText(text).width / 2 + 6;
    const x = at.x * view.scale - view.x;
    const y = at.y * view.scale - view.y;
    const box = [x - half, y - 11, x + half, y + 11];
    if (!free(box)) continue;
    taken.push(box);
    pen.fillStyle = LABEL_INK;
    pen.strokeText(text, x, y);
    pen.fillText(text, x, y);
  }
  pen.fillStyle = STREET_INK;
  for (const { text, main, along } of labels.streets) {
    if (view.zoom < (main ? 15 : 16) || !visible(along, view)) continue;
    drawStreet(pen, text, along.parts[0], view, free, taken);
  }
}

function drawStreet(pen, text, ends, view, free, taken) {
  let [x1, y1, x2, y2] = ends;
  if (x2 < x1) [x1, y1, x2, y2] = [x2, y2, x1, y1];
  const dx = (x2 - x1) * view.scale;
  const dy = (y2 - y1) * view.scale;
  pen.font = `400 11px ${LETTERS}`;
  const width = pen.measureText(text).width;
  if (width + 16 > Math.hypot(dx, dy)) return;
  const x = ((x1 + x2) / 2) * view.scale - view.x;
  const y = ((y1 + y2) / 2) * view.scale - view.y;
  const angle = Math.atan2(dy, dx);
  // A slanting name takes the place of a few small boxes along it.
  const boxes = [];
  for (let step = -width / 2; step <= width / 2 + 9; step += 18) {
    const bx = x + Math.cos(angle) * step;
    const by = y + Math.sin(angle) * step;
    boxes.push([bx - 9, by - 8, bx + 9, by + 8]);
  }
  if (!boxes.every(free)) return;
  taken.push(...boxes);
  pen.save();
  pen.translate(x, y);
  pen.rotate(angle);
  pen.strokeText(text, 0, 0);
  pen.fillText(text, 0, 0);
  pen.restore();
}
