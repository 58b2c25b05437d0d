// Unsafe shortcuts of the chosen plot: the safe and the tempting way of each pair on the map, and
// what is said of them in the plot card.

const WAYS = ["safe", "tempting"];
const WAY_LOOKS = {
  safe: { color: "#1d5c96", weight: 4.5 },
  tempting: { color: "#a3201a", weight: 4.5, dashArray: "6 8" },
};

// What shortcuts.py packed.
function readShortcuts(packed, say) {
  const { plots, pairs } = packed;
  const [firstPair, firstCrossing] = [plots.pairs, pairs.crossings].map((counts) => beginnings(numbers(counts)));
  const within = (first, i) => Array.from({ length: first[i + 1] - first[i] }, (_, n) => first[i] + n);
  const ways = WAYS.map((way) => shapes(pairs[way]));
  const note = numbers(pairs.note);
  const crossings = readColumns({ at: points(pairs.at), severe: numbers(pairs.severe), place: numbers(pairs.place) });
  return {
    tell: makeTell(packed.said, say),
    places: readPlaces(packed.places),
    leftOut: packed.places.left_out,
    pairCount: pairs.said.length,
    plot: (i) => ({ found: plots.found[i], reach: plots.reach[i], pairs: within(firstPair, i) }),
    pair: (p) => ({
      said: pairs.said[p],
      name: pairs.names[p],
      notes: pairs.notes[note[p]],
      safe: ways[0][p],
      tempting: ways[1][p],
      crossings: within(firstCrossing, p).map(crossings),
    }),
  };
}

// Where the rows of each begin, from how many each has.
function beginnings(counts) {
  const found = [0];
  counts.forEach((count) => found.push(found.at(-1) + count));
  return found;
}

// A row of columns, by its number.
function readColumns(columns) {
  return (n) => Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column[n]]));
}

function makeShortcuts(map, data, model, say, state) {
  const found = readShortcuts(data.shortcuts, say);
  map.createPane("ways").style.zIndex = 440;
  const renderer = L.svg({ pane: "ways", padding: 0.25 });
  const drawn = Object.fromEntries(WAYS.map((way) => [way, L.layerGroup()]));
  const ends = L.layerGroup().addTo(map);
  const shown = new Set(); // The kinds of ways that are not switched off.
  let pairs = []; // What is drawn, the heaviest first.
  let only = null; // The pair that is shown alone.
  let changed = () => {};
  let view = null;
  const crossings = makeCrossings(map, model, say, state, found, draw);

  function line(way, latlngs) {
    const look = { renderer, pane: "ways", interactive: false, lineCap: "round" };
    return [
      L.polyline(latlngs, { ...look, color: "#ffffff", weight: 8, opacity: 0.9 }),
      L.polyline(latlngs, { ...look, ...WAY_LOOKS[way], className: `way way-${way}` }),
    ];
  }

  // The heaviest is drawn last, on top.
  function draw(wanted, kinds = WAYS) {
    pairs = wanted;
    const told = [...wanted].reverse().map(found.pair);
    for (const way of WAYS) {
      drawn[way].clearLayers();
      if (!kinds.includes(way)) continue;
      told.filter((pair) => pair[way].length).forEach((pair) => line(way, pair[way]).forEach((each) => drawn[way].addLayer(each)));
    }
    ends.clearLayers();
    const names = new Map(told.map((pair) => [found.tell(pair.name), pair.tempting.flat().at(-1)]));
    names.forEach((at, name) => ends.addLayer(endMarker(at, name)));
    crossings.mark(told.flatMap((pair) => pair.crossings));
    spread();
    changed();
  }

  function endMarker(at, name) {
    const label = element("span", { class: "goal goal-way" }, element("span", { class: "own", text: name }));
    return L.marker(at, {
      pane: "goals",
      interactive: false,
      keyboard: false,
      icon: L.divIcon({ html: label, className: "goal-at", iconSize: null }),
    });
  }

  function spread() {
    spreadLabels(ends.getLayers().map((each) => each.getElement().firstChild));
  }
  map.on("zoomend moveend", spread);

  const layers = WAYS.map((way) => ({
    key: `way_${way}`,
    group: "paths",
    label: () => say(`map.shortcuts.${way}`),
    mark: () => waySample(way),
    legend: () => (drawn[way].getLayers().length ? [[waySample(way), say(`map.shortcuts.${way}`)]] : []),
    on: true,
  }));

  state.listen((_, before) => {
    if (state.selected !== before) only = null;
    draw(state.selected === null ? [] : only === null ? found.plot(state.selected).pairs : [only]);
  });
  say.listen(() => draw(pairs));

  return {
    found,
    crossings,
    layers: [...crossings.layers, ...(found.pairCount ? layers : [])],
    // The page's layers and view come into being after those who need them.
    use(layersOfPage, viewOfPage) {
      view = viewOfPage;
      changed = layersOfPage.tell;
      layersOfPage.listen((key, on) => {
        const way = WAYS.find((each) => key === `way_${each}`);
        if (!way) return;
        if (on) drawn[way].addTo(map);
        else drawn[way].remove();
      });
      crossings.use(layersOfPage, viewOfPage);
    },
    alone: () => only,
    // Shows one pair alone, or all of the plot's.
    focus(pair) {
      only = pair;
      draw(pair === null ? found.plot(state.selected).pairs : [pair]);
      view.include(this.bounds());
    },
    // Around the ways of the pair that counts most of those that are drawn.
    bounds: () => L.latLngBounds(pairs.slice(0, 1).map(found.pair).flatMap((pair) => [...pair.safe, ...pair.tempting].flat())),
  };
}

function waySample(way) {
  return element("span", { class: `sample sample-way sample-way-${way}` });
}

// Sections of the plot card (see card.js): what was found stands before the points, for it is on
// the map; that nothing was found stands after them.
function cardShortcuts(about, i) {
  const plot = about.shortcuts.found.plot(i);
  return plot.pairs.length ? shortcutSection(about, plot) : null;
}

function cardNoShortcuts(about, i) {
  const plot = about.shortcuts.found.plot(i);
  return plot.pairs.length ? null : shortcutSection(about, plot);
}

function shortcutSection({ shortcuts, say }, plot) {
  const { found } = shortcuts;
  const line = (part, quiet) => element("p", { class: `own${quiet ? " quiet" : ""}`, text: found.tell(part) });
  const notes = plot.pairs.map((p) => found.pair(p).notes);
  // What holds for all of them is said once.
  const common = notes.length > 1 ? notes[0].filter((note) => notes.every((each) => each.includes(note))) : [];
  return element(
    "div",
    { class: "shortcuts" },
    element("h3", { text: say("map.shortcuts.heading") }),
    ...plot.found.map((part) => line(part)),
    plot.pairs.length ? pairList(shortcuts, say, plot.pairs, common) : null,
    ...common.map((note) => line(note, true)),
    ...plot.reach.map((part) => line(part, true)),
    plot.pairs.length ? element("p", { class: "quiet", text: say("map.shortcuts.prediction") }) : null
  );
}

function pairList(shortcuts, say, pairs, common) {
  const { found } = shortcuts;
  const single = pairs.length === 1;
  const rows = pairs.map((p) => {
    const pair = found.pair(p);
    const button = element("button", {
      type: "button",
      class: "route-button",
      onclick: () => {
        shortcuts.focus(single || shortcuts.alone() === p ? null : p);
        rows.forEach((row) => row.dress());
      },
    });
    const notes = pair.notes.filter((note) => !common.includes(note));
    const row = element(
      "li",
      {},
      element("p", { class: "own said", text: found.tell(pair.said) }),
      ...notes.map((note) => element("p", { class: "own quiet", text: found.tell(note) })),
      button
    );
    const dress = () => {
      const alone = shortcuts.alone() === p;
      const action = say(`map.shortcuts.${single ? "view" : alone ? "all" : "only"}`);
      button.textContent = action;
      button.setAttribute("aria-label", say("map.shortcuts.button", { action, place: found.tell(pair.name) }));
      if (!single) button.setAttribute("aria-pressed", String(alone));
    };
    dress();
    return { row, dress };
  });
  return element("ol", { class: "pairs" }, ...rows.map(({ row }) => row));
}
