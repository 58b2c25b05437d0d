// Paper has a size of its own: the map is laid out for it, and what is told of it is unfolded.

function makePrinting(map) {
  let before = null;
  const refit = (bounds) => {
    map.invalidateSize({ animate: false });
    map.fitBounds(bounds, { animate: false });
  };
  window.addEventListener("beforeprint", () => {
    if (before) return;
    before = {
      centre: map.getCenter(),
      zoom: map.getZoom(),
      folded: [...document.querySelectorAll("#legend:not([open]), .changes:not([open]), .changes details:not([open])")],
    };
    const bounds = map.getBounds();
    document.documentElement.classList.add("printing");
    before.folded.forEach((each) => (each.open = true));
    refit(bounds.pad(-0.02));
  });
  window.addEventListener("afterprint", () => {
    if (!before) return;
    document.documentElement.classList.remove("printing");
    before.folded.forEach((each) => (each.open = false));
    map.invalidateSize({ animate: false });
    map.setView(before.centre, before.zoom, { animate: false });
    before = null;
  });
}
