// Puts the parts together.

// The part of the map that neither the card nor the weights cover.
function makeView(map, plots, card) {
  const padding = () => {
    const area = map.getContainer().getBoundingClientRect();
    const over = card.getBoundingClientRect();
    const weights = document.querySelector("#weights-panel[open] .weights-body");
    const ends = [card.hidden ? null : card, weights].filter(Boolean).map((each) => each.getBoundingClientRect().right);
    const beside = narrow.matches ? 0 : Math.max(...ends, area.left) - area.left;
    // The page is on its way to its top, where the map is.
    const covers = area.bottom + window.scrollY - over.top;
    const below = !card.hidden && narrow.matches ? Math.max(covers, 0) : 0;
    const legend = document.querySelector(".corner").getBoundingClientRect();
    const right = !narrow.matches && legend.height > area.height / 4 ? area.right - legend.left : 0;
    const edge = narrow.matches ? 28 : 52;
    // On a telephone the buttons stand in the way of what is at the right.
    const buttons = narrow.matches ? 34 : 0;
    return {
      // Letters stand above their plots, and on a telephone the panels lie across the top.
      paddingTopLeft: [beside + edge, edge + (narrow.matches ? 36 : 12)],
      paddingBottomRight: [right + edge + buttons, below + edge],
      animate: !calm.matches,
    };
  };
  return {
    whole() {
      map.fitBounds(plots.bounds, { ...padding(), maxZoom: 17 });
    },
    include(bounds) {
      if (bounds.isValid()) map.fitBounds(bounds.pad(0.05), { ...padding(), maxZoom: 17 });
    },
    towards(i) {
      const zoom = Math.max(map.getZoom(), 16.25);
      const { paddingTopLeft, paddingBottomRight, animate } = padding();
      const shift = L.point(paddingTopLeft).subtract(paddingBottomRight).divideBy(2);
      const centre = map.unproject(map.project(plots.spots[i], zoom).subtract(shift), zoom);
      map.setView(centre, zoom, { animate });
    },
    // Somewhere that is no plot.
    place(at, zoom) {
      const { paddingTopLeft, paddingBottomRight, animate } = padding();
      const shift = L.point(paddingTopLeft).subtract(paddingBottomRight).divideBy(2);
      map.setView(map.unproject(map.project(at, zoom).subtract(shift), zoom), zoom, { animate });
    },
    uncover(i) {
      map.panInside(plots.spots[i], padding());
    },
  };
}

function start(map) {
  const data = JSON.parse(document.getElementById("assessment").textContent);
  const say = makeSay(data);
  tellClasses(say);
  const model = makeModel(data);
  const card = document.getElementById("card");
  for (const [pane, depth] of [["ground", 150], ["online", 160], ["places", 390], ["routes", 430], ["plots", 450], ["badges", 620], ["goals", 640]]) {
    map.createPane(pane).style.zIndex = depth;
  }
  const frame = L.latLngBounds(shapes(data.background.frame)[0][0]);
  map.setMaxBounds(frame.pad(2));
  map.setMaxZoom(19);
  const state = makeState();
  map.fitBounds(L.latLngBounds(points(data.spots)), { animate: false, padding: [40, 40], maxZoom: 17 });
  new Ground(data.background).addTo(map);
  const overlays = makeOverlays(map, data, say);
  const plots = makePlots(map, data, model, say, state, overlays.canvas);
  const view = makeView(map, plots, card);
  const routes = makeRoutes(map, data, model, say, overlays, plots);
  const table = makeTable(model, say, state);
  const shortcuts = makeShortcuts(map, data, model, say, state);
  const concentration = readConcentration(data.concentration);
  makeCard({ model, say, state, routes, shortcuts, places: data.amenities, view, concentration });
  makeWeights(data, model, say, (open) => {
    if (open && !narrow.matches) document.getElementById("legend").open = false;
    if (state.selected === null) view.whole();
    else view.uncover(state.selected);
  });
  makeHeading(data.account, say);
  makeReleased(data.account, say);
  makeFixedWords(map, say);
  const layers = makeLayers(map, [
    plotsLayer(data, model, say),
    ...shortcuts.layers,
    ...overlays.layers,
    ...routes.layers,
    ...(data.online ? [onlineLayer(data.online, say)] : []),
  ]);
  model.listen(layers.tell);
  routes.listen(layers.show);
  shortcuts.use(layers, view);
  layers.start();
  makeControls(map, say, state, view, layers);
  const pointer = makePointer(map);
  makePageTools(
    say,
    makeFind(say, () => findable(data, model.plots, overlays), (found, byKey) => {
      pointer.clear();
      if (found.kind === "plot") return state.select(found.plot, byKey ? "key" : "find");
      if (found.layer) layers.show(found.layer, true);
      pointer.show(found.at, found.name);
      return view.place(found.at, FOUND_ZOOM[found.kind]);
    }),
    makeAbout(data.account, model.criteria, say, data.online, concentration)
  );
  makePrinting(map);
  map.setMinZoom(Math.min(map.getBoundsZoom(frame), map.getZoom()) - 2);
  view.whole();

  const announce = document.getElementById("announce");
  state.listen((from, before) => {
    if (state.selected === null) {
      announce.textContent = say("map.say.closed");
      if (before !== null && from === "close") table.focus(before);
      if (narrow.matches) view.whole();
      return;
    }
    const chosen = plotLabel(model, say, model.plots[state.selected]);
    announce.textContent =
      state.other === null
        ? say("map.say.selected", { plot: chosen })
        : say("compare.heading", { a: chosen, b: plotLabel(model, say, model.plots[state.other]) });
    if (state.other !== null) view.include(L.latLngBounds([plots.spots[state.selected], plots.spots[state.other]]));
    else if (from === "map") view.uncover(state.selected);
    else if (shortcuts.bounds().isValid()) view.include(shortcuts.bounds().extend(plots.spots[state.selected]));
    else view.towards(state.selected);
    if (narrow.matches) window.scrollTo({ top: 0, behavior: calm.matches ? "auto" : "smooth" });
  });
  const address = makeAddress([languagePart(data, say), weightPart(model), ...tableParts(table), ...plotParts(model, state), shortcuts.crossings.part]);
  address.restore();
  state.listen(address.remember);
  model.listen(address.remember);
  say.listen(address.remember);
  table.listen(address.remember);
  shortcuts.crossings.listen(address.remember);
  map.on("click", () => {
    if (state.measuring) return;
    pointer.clear();
    if (state.selected !== null) state.select(null, "map");
  });
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(document.getElementById("map-area"));
}

window.tomteanalyse = { start };
