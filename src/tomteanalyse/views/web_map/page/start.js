// Puts the parts together. What is chosen is known in one place; the parts listen.

function makeState() {
  const listeners = [];
  const hoverListeners = [];
  return {
    selected: null,
    hovered: null,
    listen: (heard) => listeners.push(heard),
    listenHover: (heard) => hoverListeners.push(heard),
    select(i, from) {
      const before = this.selected;
      this.selected = i;
      listeners.forEach((heard) => heard(from, before));
    },
    hover(i, on) {
      if (!on && this.hovered !== i) return;
      const before = this.hovered;
      this.hovered = on ? i : null;
      hoverListeners.forEach((heard) => heard(before));
    },
  };
}

// The part of the map that the card does not cover.
function makeView(map, plots, card) {
  const padding = () => {
    const area = map.getContainer().getBoundingClientRect();
    const over = card.getBoundingClientRect();
    const beside = !card.hidden && !narrow.matches ? over.right - area.left : 0;
    // The page is on its way to its top, where the map is.
    const covers = area.bottom + window.scrollY - over.top;
    const below = !card.hidden && narrow.matches ? Math.max(covers, 0) : 0;
    const legend = document.querySelector(".corner").getBoundingClientRect();
    const right = !narrow.matches && legend.height > area.height / 4 ? area.right - legend.left : 0;
    const edge = narrow.matches ? 28 : 52;
    return {
      // Letters stand above their plots, and on a telephone the panels lie across the top.
      paddingTopLeft: [beside + edge, edge + (narrow.matches ? 36 : 12)],
      paddingBottomRight: [right + edge, below + edge],
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
    uncover(i) {
      map.panInside(plots.spots[i], padding());
    },
  };
}

function start(map) {
  const data = JSON.parse(document.getElementById("assessment").textContent);
  const words = data.words;
  const card = document.getElementById("card");
  for (const [pane, depth] of [["ground", 150], ["grid", 300], ["places", 390], ["routes", 430], ["plots", 450], ["badges", 620], ["goals", 640]]) {
    map.createPane(pane).style.zIndex = depth;
  }
  const frame = L.latLngBounds(shapes(data.background.frame)[0][0]);
  map.setMaxBounds(frame.pad(1));
  map.setMaxZoom(19);
  const state = makeState();
  map.fitBounds(L.latLngBounds(points(data.spots)), { animate: false, padding: [40, 40], maxZoom: 17 });
  new Ground(data.background).addTo(map);
  const overlays = makeOverlays(map, data, words);
  const plots = makePlots(map, data, state);
  const view = makeView(map, plots, card);
  const routes = makeRoutes(map, data, overlays, plots);
  const table = makeTable(data, words, state);
  makeCard(data, words, state, routes, overlays, view);
  makeAbout(data, words);
  makeControls(map, data, words, state, overlays, view);
  map.setMinZoom(Math.min(map.getBoundsZoom(frame), map.getZoom()) - 1);
  view.whole();

  const announce = document.getElementById("announce");
  state.listen((from, before) => {
    if (state.selected === null) {
      announce.textContent = words["say.closed"];
      if (before !== null && from === "close") table.focus(before);
      if (narrow.matches) view.whole();
      return;
    }
    announce.textContent = words["say.selected"].replace("{plot}", () => data.plots[state.selected].label);
    if (from === "map") view.uncover(state.selected);
    else view.towards(state.selected);
    if (narrow.matches) window.scrollTo({ top: 0, behavior: calm.matches ? "auto" : "smooth" });
  });
  map.on("click", () => {
    if (state.selected !== null) state.select(null, "map");
  });
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(document.getElementById("map-area"));
}

window.tomteanalyse = { start };
