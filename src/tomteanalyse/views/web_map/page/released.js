// The public edition: what was released of municipal homes, as a grid, as classes and over time.

const HELD_BACK = -1;
const RELEASED_INK = "#5b2c6f";
const HATCH_INK = "rgba(70, 80, 90, 0.26)";
const HATCH_PX = 12;
// From how many homes on a cell is drawn how dark.
const DEPTHS = [[100, 0.62], [50, 0.48], [20, 0.34], [0, 0.22]];

// What depends on the register is told in the words of its class.
function tellClasses(say) {
  const figure = say.measured;
  say.measured = (criterion, value) => {
    const found = (criterion.classes || []).find(([counts]) => counts === value);
    return found ? say(`map.public.class.${found[1]}`) : figure(criterion, value);
  };
}

// A square with lines across: nothing is told of it.
const HatchedSquare = L.Polygon.extend({
  _updatePath() {
    const renderer = this._renderer;
    if (!renderer._drawing || !this._parts.length) return;
    const pen = renderer._ctx;
    const corners = this._rings[0];
    const [xs, ys] = [corners.map((at) => at.x), corners.map((at) => at.y)];
    const [west, north, east, south] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    pen.save();
    pen.beginPath();
    corners.forEach((at) => pen.lineTo(at.x, at.y));
    pen.closePath();
    pen.clip();
    pen.beginPath();
    for (let x = west - (south - north); x < east; x += HATCH_PX) {
      pen.moveTo(x, south);
      pen.lineTo(x + (south - north), north);
    }
    pen.strokeStyle = HATCH_INK;
    pen.lineWidth = 0.8;
    pen.stroke();
    pen.restore();
    pen.beginPath();
    corners.forEach((at) => pen.lineTo(at.x, at.y));
    pen.closePath();
    pen.strokeStyle = "rgba(70, 80, 90, 0.45)";
    pen.lineWidth = 0.8;
    pen.stroke();
  },
});

function releasedLayer(data, map, say, canvas) {
  const sample = (kind) => element("span", { class: `sample sample-${kind}` });
  return {
    key: "released",
    group: "public",
    on: true,
    label: () => say("map.public.grid"),
    mark: () => sample("told"),
    legend: () => [
      [sample("told"), say("map.public.legend_told")],
      [sample("held"), say("map.public.legend_held")],
    ],
    make: () => releasedSquares(data.released, map, say, canvas),
  };
}

// Whatever is added goes behind what is there: first the numbers, then the squares behind them.
function releasedSquares(released, map, say, canvas) {
  const behind = (layer) => layer.on("add", () => layer.bringToBack());
  const corners = points(released.corners);
  const side = numbers(released.side);
  const [marks, squares] = [[], []];
  numbers(released.homes).forEach((homes, i) => {
    const cell = corners.slice(4 * i, 4 * i + 4);
    const held = homes === HELD_BACK;
    const square = held
      ? new HatchedSquare(cell, { ...canvas, fill: true })
      : L.polygon(cell, {
          ...canvas,
          color: RELEASED_INK,
          weight: 1,
          opacity: 0.7,
          fillColor: RELEASED_INK,
          fillOpacity: DEPTHS.find(([least]) => homes >= least)[1],
        });
    const words = () =>
      say(held ? "map.public.held" : "map.public.told", {
        homes: say.number(homes),
        side: say(`map.public.side_${side[i]}`),
      });
    square.bindTooltip(() => element("span", { class: "tip", text: words() }), { sticky: true });
    squares.push(square);
    if (held) return;
    marks.push(
      new Symbol16(L.latLngBounds(cell).getCenter(), {
        ...canvas,
        radius: 6,
        interactive: false,
        sketch: homesSketch(homes, cell, map),
      })
    );
  });
  return [...marks, ...squares].map(behind);
}

function homesSketch(homes, cell, map) {
  return (pen) => {
    const side = map.latLngToLayerPoint(cell[0]).distanceTo(map.latLngToLayerPoint(cell[1]));
    if (side < 1.5 * ROOM_FOR_LETTER) return;
    pen.font = `650 ${clamp(side / 3, 10, 15)}px ${LETTERS}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineWidth = 3;
    pen.strokeStyle = "rgba(255, 255, 255, 0.9)";
    pen.strokeText(String(homes), 0, 0);
    pen.fillStyle = "#2e1539";
    pen.fillText(String(homes), 0, 0);
  };
}

// What the reader of a public edition must know, below the ranking.
function makeReleased(account, say) {
  if (!account.releases) return;
  const area = element("div", { class: "released", id: "released" });
  document.getElementById("ranking").append(area);
  const render = () => area.replaceChildren(releaseNotes(account, say), releaseTable(account, say));
  say.listen(render);
  render();
}

function releaseNotes(account, say) {
  const notes = account.notes[say.language].map((text) => element("li", { class: "own", text }));
  return element(
    "section",
    {},
    element("h3", { text: say("map.public.notes") }),
    element("ul", { class: "plain" }, ...notes)
  );
}

function releaseTable(account, say) {
  const headings = ["day", "whole", "change", "cells", "floor"];
  const rows = account.releases.map((release, i) => {
    const before = i ? account.releases[i - 1].whole : null;
    const told = release.whole !== null;
    const change =
      i === 0
        ? say("map.public.first")
        : told && before !== null
          ? say.number(release.whole - before)
          : say("map.public.held_back");
    return [
      say.date(release.day),
      told ? say.number(release.whole) : say("map.public.held_back"),
      change,
      `${say.number(release.large)} / ${say.number(release.small)}`,
      say.number(release.floor),
    ];
  });
  return element(
    "section",
    {},
    element("h3", { text: say("map.public.releases") }),
    // On a narrow screen the table is moved by itself, not the page with it.
    element(
      "div",
      { class: "wide", role: "region", tabindex: "0", "aria-label": say("map.public.releases") },
      element(
        "table",
        { class: "releases" },
        element("thead", {}, element("tr", {}, ...headings.map((key) => element("th", { scope: "col", text: say(`map.public.${key}`) })))),
        element("tbody", {}, ...rows.map(([day, ...rest]) =>
          element("tr", {}, element("th", { scope: "row", text: day }), ...rest.map((text) => element("td", { text })))
        ))
      )
    ),
    element("p", { class: "quiet", text: say("map.public.releases_note") })
  );
}
