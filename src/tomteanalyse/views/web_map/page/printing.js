// Paper has a size of its own: the map is laid out for it, and what is told of it is unfolded.

// What is unfolded on paper: the legend, the lists of the ranking, what would change a plot's place.
const UNFOLDED = ["#legend", ".ranking details:not(#weights-panel)", ".changes details"];

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
      folded: [...document.querySelectorAll(UNFOLDED.map((each) => `${each}:not([open])`).join())],
    };
    const bounds = map.getBounds();
    document.documentElement.classList.add("printing");
    before.folded.forEach((each) => {
      each.open = true;
      // The browser would tell only after the page has been printed.
      each.dispatchEvent(new Event("toggle"));
    });
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
