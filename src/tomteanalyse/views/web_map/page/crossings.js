// Places where unsafe shortcuts cross: numbered symbols on the map, one of which may be chosen.

const SEVERITIES = ["severe", "moderate"];
const CROSSING_PATHS = { severe: "M8 .7 15.3 8 8 15.3 .7 8z", moderate: "M8 1.2a6.8 6.8 0 1 1 0 13.6A6.8 6.8 0 0 1 8 1.2z" };
const STRETCH_INKS = { severe: "#a3201a", moderate: "#8a5a00" };
const FEW_MODERATE = 12; // So many are shown from the start; more would drown the severe ones.
const CROSSING_ROOM = 22; // Pixels from symbol to symbol; what finds no room is a dot.
const SAME_MARK_M = 30; // Carriageways nearer each other than this are crossed at one mark.
const MOST_WAYS = 12; // Ways through a place that are drawn.

function readPlaces(packed) {
  const along = shapes(packed.along);
  const [number, severe, doubtful, saving, count] = ["number", "severe", "doubtful", "saving", "count"].map((name) => numbers(packed[name]));
  const at = points(packed.peak);
  return number.map((each, n) => ({
    number: each,
    list: SEVERITIES[severe[n] ? 0 : 1],
    doubtful: Boolean(doubtful[n]),
    at: at[n],
    along: along[n],
    barrier: packed.barriers[n],
    said: packed.said[n],
    saving: saving[n],
    count: count[n],
    plots: numbers(packed.plots[n]),
  }));
}

// The symbol: severe ones and moderate ones differ in shape, uncertain ones are hollow with «?».
function crossingMark(list, doubtful, number) {
  return element(
    "span",
    { class: `crossing crossing-${list} ${doubtful ? "crossing-doubtful" : ""}` },
    glyph(CROSSING_PATHS[list], "crossing-shape"),
    number === null ? null : element("span", { class: "crossing-number", text: `${number}${doubtful ? "?" : ""}` })
  );
}

function makeCrossings(map, model, say, state, found, drawWays) {
  map.createPane("stretches").style.zIndex = 425;
  map.createPane("crossings").style.zIndex = 630;
  const renderer = L.svg({ pane: "stretches", padding: 0.25 });
  const known = new Map(found.places.map((place) => [place.number, place]));
  const card = document.getElementById("card");
  const marks = L.layerGroup().addTo(map); // Those of the ways that are drawn.
  const markers = new Map(); // Those of the layers, by place.
  const listeners = [];
  let chosen = null;
  let opener = null;
  let layers = null;
  let view = null;

  const symbolWords = (place) =>
    say(`map.crossings.symbol${place.doubtful ? "_doubtful" : ""}`, {
      place: place.number,
      list: say(`shortcut.place.${place.list}`),
      barrier: found.tell(place.barrier),
    });

  function marker(place, at) {
    const body = element("button", { type: "button", class: "crossing-button", "data-place": place.number }, crossingMark(place.list, place.doubtful, place.number));
    body.addEventListener("click", (event) => {
      // The ruler measures to them as to anything else.
      if (state.measuring) return;
      event.stopPropagation();
      choose(place.number, event.detail === 0 ? "key" : "map", body);
    });
    body.addEventListener("dblclick", (event) => event.stopPropagation());
    body.addEventListener("focus", () => {
      map.getContainer().scrollTo(0, 0);
      if (!map.getBounds().contains(at)) map.panTo(at, { animate: false });
    });
    const icon = L.divIcon({ html: body, className: "crossing-at", iconSize: null });
    const made = L.marker(at, { pane: "crossings", interactive: false, keyboard: false, zIndexOffset: -place.number, icon, place: place.number });
    made.on("add", () => dress(made, place));
    return made;
  }

  function dress(made, place) {
    const button = made.getElement().firstChild;
    button.setAttribute("aria-label", symbolWords(place));
    button.setAttribute("aria-pressed", String(place.number === chosen));
    button.title = symbolWords(place);
  }

  // All symbols of a place, or of all places, say anew what they are.
  function dressAll(number = null) {
    const dressed = (made, place) => (number === null || place.number === number) && made.getElement() && dress(made, place);
    markers.forEach((made, each) => dressed(made, known.get(each)));
    marks.eachLayer((made) => known.has(made.options.place) && dressed(made, known.get(made.options.place)));
  }

  function stretch(place) {
    const look = { renderer, pane: "stretches", interactive: false, lineCap: "butt" };
    return place.along
      .filter((line) => line.length > 1)
      .map((line) => L.polyline(line, { ...look, color: STRETCH_INKS[place.list], weight: 9, opacity: 0.45, className: "stretch" }));
  }

  const lists = SEVERITIES.map((list) => [list, found.places.filter((place) => place.list === list)]);
  const declared = lists
    .filter(([, places]) => places.length)
    .map(([list, places]) => ({
      key: `crossings_${list}`,
      group: "shortcuts",
      label: () => say(`map.crossings.layer_${list}`),
      mark: () => crossingMark(list, false, null),
      legend: () => [
        [crossingMark(list, false, places[0].number), say(`map.crossings.mark_${list}`)],
        ...(places.some((place) => place.doubtful) ? [[crossingMark(list, true, ""), say("map.crossings.mark_doubtful")]] : []),
        ...(places.some((place) => place.along.some((line) => line.length > 1)) ? [[element("span", { class: `sample sample-stretch-${list}` }), say("map.crossings.mark_stretch")]] : []),
      ],
      on: list === "severe" || places.length <= FEW_MODERATE,
      make: () =>
        places.flatMap((place) => {
          const made = marker(place, place.at);
          markers.set(place.number, made);
          return [...stretch(place), made];
        }),
    }));

  // What is crossed on the ways that are drawn, each once.
  function mark(crossings) {
    marks.clearLayers();
    const placed = [];
    for (const { at, severe, place } of crossings) {
      if (placed.some((other) => other.place === place && map.distance(other.at, at) < SAME_MARK_M)) continue;
      placed.push({ at, place });
      if (known.has(place)) {
        marks.addLayer(marker(known.get(place), at));
        continue;
      }
      const body = crossingMark(SEVERITIES[severe ? 0 : 1], false, null);
      const icon = L.divIcon({ html: body, className: "crossing-at crossing-bare", iconSize: null });
      marks.addLayer(L.marker(at, { pane: "crossings", interactive: false, keyboard: false, icon }));
    }
    refresh();
  }

  // A place that a drawn way crosses has its mark there; others keep out of each other's way.
  function refresh() {
    const instead = new Set(marks.getLayers().map((each) => each.options.place));
    const taken = marks.getLayers().map((each) => map.latLngToLayerPoint(each.getLatLng()));
    const seen = map.getBounds().pad(0.1);
    markers.forEach((made, number) => {
      const icon = made.getElement();
      if (!icon) return;
      icon.classList.toggle("crossing-away", instead.has(number));
      if (instead.has(number) || !seen.contains(made.getLatLng())) return;
      const point = map.latLngToLayerPoint(made.getLatLng());
      const room = number === chosen || !taken.some((other) => other.distanceTo(point) < CROSSING_ROOM);
      icon.classList.toggle("crossing-dot", !room);
      if (room) taken.push(point);
    });
  }
  map.on("moveend", refresh);

  function choose(number, from, by) {
    const place = known.get(number);
    if (state.selected !== null) state.select(null, "crossing");
    take(number);
    opener = by;
    render();
    layers.show(`crossings_${place.list}`, true);
    drawWays(waysThrough(number), ["tempting"]);
    view.place(place.at, from === "map" ? map.getZoom() : Math.max(map.getZoom(), 16));
    document.getElementById("announce").textContent = say("map.crossings.selected", { symbol: symbolWords(place) });
    if (from === "key") document.getElementById("card-name").focus({ preventScroll: true });
    if (narrow.matches) window.scrollTo({ top: 0, behavior: calm.matches ? "auto" : "smooth" });
    listeners.forEach((heard) => heard());
  }

  function close() {
    card.hidden = true;
    card.replaceChildren();
    drawWays([]);
    leave(true);
  }

  // Back to where it was chosen; the mark of a plot's own way is gone by then.
  function leave(focus) {
    const left = chosen;
    take(null);
    marks.clearLayers();
    refresh();
    const back = opener && opener.isConnected ? opener : markers.get(left)?.getElement()?.firstChild;
    if (focus && back) back.focus({ preventScroll: true });
    listeners.forEach((heard) => heard());
  }

  function take(number) {
    const before = chosen;
    chosen = number;
    [before, number].filter((each) => each !== null).forEach(dressAll);
    panel.mark();
  }

  function waysThrough(number) {
    const through = [];
    for (let p = 0; p < found.pairCount && through.length < MOST_WAYS; p += 1) {
      if (found.pair(p).crossings.some((crossing) => crossing.place === number)) through.push(p);
    }
    return through;
  }

  function render() {
    card.classList.remove("card-wide");
    card.replaceChildren(...placeCard(known.get(chosen), model, say, state, found, close));
    card.hidden = false;
    card.scrollTop = 0;
  }

  const panel = makeCrossingLists(lists, say, found, () => chosen, choose);
  // A plot takes the place of the crossing place in the card; so does whatever closes the card.
  state.listen((from) => {
    if (chosen === null || from === "crossing") return;
    leave(from === "close");
  });
  say.listen(() => {
    dressAll();
    if (chosen !== null) render();
  });
  map.on("click", () => {
    if (chosen !== null && !state.measuring) close();
  });

  return {
    layers: declared,
    mark,
    use(layersOfPage, viewOfPage) {
      [layers, view] = [layersOfPage, viewOfPage];
      layers.listen(refresh);
    },
    listen: (heard) => listeners.push(heard),
    // The part of the page's address: see address.js.
    part: {
      key: "punkt",
      read: () => (chosen === null ? null : String(chosen)),
      write(text) {
        const number = text === null ? null : Number(text);
        if (known.has(number) && number !== chosen) choose(number, "address", null);
        else if (!known.has(number) && chosen !== null) close();
      },
    },
  };
}
