// Kartverket's tiles: asked for when, and only when, the reader switches them on.

// Leaflet's own tile layer puts a data: picture into tiles it takes away, which the policy forbids.
const Tiles = L.GridLayer.extend({
  createTile(at, done) {
    const tile = element("img", { alt: "", referrerpolicy: "no-referrer" });
    tile.onload = () => done(null, tile);
    tile.onerror = () => done(new Error("no tile"), tile);
    tile.src = L.Util.template(this.options.url, at);
    return tile;
  },
});

const SHEET_PATH = "M2 4.5 6 3l4 1.5L14 3v8.5L10 13l-4-1.5L2 13z";

function onlineLayer(url, say) {
  const failed = element("p", { class: "note", role: "status" });
  return {
    key: "online",
    group: "background",
    label: () => say("map.online.label"),
    note: () => say("map.online.note", { host: new URL(url).host }),
    mark: () => glyph(SHEET_PATH),
    legend: () => [[glyph(SHEET_PATH), say("map.online.credit")]],
    status: failed,
    make: () => [
      new Tiles({ pane: "online", url, maxNativeZoom: 18, maxZoom: 19 })
        .on("loading", () => (failed.textContent = ""))
        .on("tileerror", () => (failed.textContent = say("map.online.failed"))),
    ],
  };
}
