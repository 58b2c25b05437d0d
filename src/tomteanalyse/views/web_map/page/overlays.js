// Amenities by class, registered homes, cuts in the network, the grid of classes.

const CUT_PATH = "M3 4.2 4.2 3 8 6.8 11.8 3 13 4.2 9.2 8 13 11.8 11.8 13 8 9.2 4.2 13 3 11.8 6.8 8z";
const DISC_PATH = "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2z";

function makeOverlays(map, data, say) {
  // One canvas for all: of two, the upper one would keep the pointer from the lower.
  const canvas = { renderer: L.canvas({ pane: "places", padding: 0.25, tolerance: 3 }), pane: "places" };
  const spot = (at, radius, sketch, label) => {
    const made = new Symbol16(at, { ...canvas, radius, sketch });
    made.bindTooltip(() => element("span", { class: "tip", text: label() }), { direction: "top", offset: [0, -radius] });
    return made;
  };
  const amenities = data.amenities.map((group) => amenityGroup(group, say));
  const amenityLayers = amenities
    .filter((group) => group.at.length)
    .map((group) => ({
      key: `amenity-${group.key}`,
      group: "amenities",
      label: () => group.label,
      mark: () => glyph(symbol(group.key)),
      make: () => {
        const sketch = discSketch(group.key, map);
        return group.at.map((at, i) => spot(at, 10, sketch, () => group.names[i]));
      },
    }));
  const units = {
    key: "units",
    group: "internal",
    label: () => say("map.layers.units"),
    mark: () => glyph(DISC_PATH, "glyph unit-ink"),
    make: () => {
      const homes = numbers(data.units.homes);
      const step = numbers(data.units.step);
      const label = (i) =>
        say("map.say.unit", {
          homes: say.homes(homes[i]),
          step: step[i] ? say("map.say.unit_step", { step: step[i] }) : say("map.say.unit_no_step"),
        });
      return points(data.units.at).map((at, i) => spot(at, unitRadius(homes[i]), unitSketch(homes[i]), () => label(i)));
    },
  };
  const cuts = {
    key: "cuts",
    group: "network",
    label: () => say("map.layers.cuts"),
    mark: () => glyph(CUT_PATH, "glyph cut-ink"),
    make: () => {
      const kind = numbers(data.cuts.kind).map((i) => data.cuts.kinds[i]);
      const label = (i) => (say.has(`map.cut.${kind[i]}`) ? say(`map.cut.${kind[i]}`) : kind[i]);
      return points(data.cuts.at).map((at, i) => spot(at, 8, cutSketch, () => label(i)));
    },
  };
  // A public edition has no units, but what was released of them.
  const homes = data.released ? releasedLayer(data, map, say, canvas) : units;
  const layers = [...(data.grid ? [gridLayer(data, map, say, canvas)] : []), ...amenityLayers, homes, cuts];
  return { amenities, layers, canvas };
}

// The plots are always shown; their legend says what their colours, letters and dashes mean.
function plotsLayer(data, model, say) {
  const sample = (kind) => element("span", { class: `sample sample-${kind}` });
  return {
    key: "plots",
    on: true,
    legend: () =>
      [
        ...data.grades.map(({ letter }) => [gradeMark(letter), say(`grade.${letter}`)]),
        model.plots.some((plot) => plot.bare && !plot.out) && [gradeMark(null), say("map.legend.bare")],
        model.plots.some((plot) => plot.out) && [sample("out"), say("map.legend.knocked_out")],
        model.plots.some((plot) => !plot.out && plot.stops.length) && [
          element("span", { class: "badge-mind", text: "!" }),
          say("map.legend.must_clear"),
        ],
      ].filter(Boolean),
  };
}

// Names of a class of amenity, in the language of the page.
function amenityGroup(group, say) {
  let said = null;
  let names = null;
  return {
    key: group.key,
    at: points(group.at),
    // A class the catalogue does not know is shown by its key.
    get label() {
      return say.has(`map.class.${group.key}`) ? say(`map.class.${group.key}`) : group.key;
    },
    get names() {
      if (said !== say.language) {
        said = say.language;
        names = group.names.map((name) => name || `${this.label} ${say("map.card.nameless")}`);
      }
      return names;
    },
  };
}

function gridLayer(data, map, say, canvas) {
  return {
    key: "grid",
    group: "plots",
    on: true,
    label: () => say("map.legend.cell"),
    mark: () => glyph("M2 2h12v12H2z"),
    make: () => gridSquares(data, map, say, canvas),
  };
}

// Whatever is added goes behind what is there: first the letters, then the squares behind them.
function gridSquares(data, map, say, canvas) {
  const behind = (layer) => layer.on("add", () => layer.bringToBack());
  const corners = points(data.grid.corners);
  const count = numbers(data.grid.count);
  const squares = numbers(data.grid.grade).map((grade, i) => {
    const cell = corners.slice(4 * i, 4 * i + 4);
    const { letter, colour } = data.grades[grade];
    const square = L.polygon(cell, {
      ...canvas,
      color: "#ffffff",
      weight: 1,
      fillColor: colour,
      fillOpacity: 0.4,
    });
    const label = () => say("map.say.cell", { count: say.number(count[i]), grade: letter });
    square.bindTooltip(() => element("span", { class: "tip", text: label() }), { sticky: true });
    const mark = new Symbol16(L.latLngBounds(cell).getCenter(), {
      ...canvas,
      radius: 6,
      interactive: false,
      sketch: letterSketch(letter, cell, map),
    });
    return [mark, square].map(behind);
  });
  return [...squares.map(([mark]) => mark), ...squares.map(([, square]) => square)];
}

const ROOM_FOR_LETTER = 16;

function letterSketch(letter, cell, map) {
  return (pen) => {
    const side = map.latLngToLayerPoint(cell[0]).distanceTo(map.latLngToLayerPoint(cell[1]));
    if (side < ROOM_FOR_LETTER) return;
    pen.fillStyle = "rgba(20, 32, 43, 0.7)";
    pen.font = `600 ${clamp(side / 2.2, 9, 14)}px ${LETTERS}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(letter, 0, 0);
  };
}
