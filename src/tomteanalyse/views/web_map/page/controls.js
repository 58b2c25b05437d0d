// Zoom, layers, legend, scale and north arrow.

function makeControls(map, data, words, state, overlays, view) {
  const area = document.getElementById("map-area");
  const button = (key, path, act) =>
    element("button", { type: "button", "aria-label": words[key], title: words[key], onclick: act }, glyph(path, "cross"));
  area.append(
    element(
      "div",
      { class: "tools" },
      button("area.zoom_in", "M8 3v10M3 8h10", () => map.zoomIn(1)),
      button("area.zoom_out", "M3 8h10", () => map.zoomOut(1)),
      button("area.whole", "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10", () => view.whole())
    ),
    element("div", { class: "corner" }, layerPanel(map, data, words, state, overlays)),
    element("div", { class: "measure" }, scaleBar(map, words), northArrow(words))
  );
}

function layerPanel(map, data, words, state, overlays) {
  const toggle = (label, path, layer, on, className) => {
    layer.show(map, on);
    return element(
      "label",
      { class: "toggle" },
      element("input", { type: "checkbox", checked: on, onchange: (event) => layer.show(map, event.target.checked) }),
      glyph(path, `glyph ${className || ""}`),
      element("span", { class: "own", text: label })
    );
  };
  const panel = element(
    "details",
    { class: "panel", open: !narrow.matches },
    element("summary", { text: words["legend.heading"] }),
    element(
      "ul",
      { class: "legend" },
      ...data.grades.map((grade) =>
        element("li", {}, gradeMark(grade.letter), element("span", { text: grade.words }))
      ),
      element("li", {}, element("span", { class: "sample sample-out" }), element("span", { text: words["legend.knocked_out"] })),
      data.plots.some((plot) => plot.bare && !plot.out)
        ? element("li", {}, gradeMark(null), element("span", { text: words["legend.bare"] }))
        : null,
      element("li", {}, element("span", { class: "badge-mind", text: "!" }), element("span", { text: words["legend.must_clear"] })),
      element("li", {}, element("span", { class: "sample sample-route" }), element("span", { text: words["legend.route"] })),
      element("li", {}, element("span", { class: "sample sample-straight" }), element("span", { text: words["legend.straight"] }))
    )
  );
  const layers = element(
    "details",
    { class: "panel" },
    element("summary", { text: words["layers.heading"] }),
    element(
      "fieldset",
      {},
      element("legend", { text: words["layers.amenities"] }),
      ...overlays.amenities
        .filter((group) => group.at.length)
        .map((group) => toggle(group.label, symbol(group.key), group.layer, false))
    ),
    element(
      "fieldset",
      {},
      element("legend", { text: words["layers.internal"] }),
      toggle(words["layers.units"], "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2z", overlays.units, false, "unit-ink"),
      toggle(words["layers.cuts"], "M3 4.2 4.2 3 8 6.8 11.8 3 13 4.2 9.2 8 13 11.8 11.8 13 8 9.2 4.2 13 3 11.8 6.8 8z", overlays.cuts, false, "cut-ink"),
      overlays.grid ? toggle(words["legend.cell"], "M2 2h12v12H2z", overlays.grid, true) : null
    )
  );
  // A card needs the room; the legend comes back when it is closed.
  let open = panel.open;
  state.listen((_, before) => {
    if (narrow.matches || (state.selected === null) === (before === null)) return;
    if (before === null) open = panel.open;
    panel.open = state.selected === null && open;
    layers.open = false;
  });
  return element("div", {}, panel, layers);
}

const SCALE_PX = 110;

function scaleBar(map, words) {
  const text = element("span");
  const bar = element("div", { class: "scale", role: "img" }, text);
  const update = () => {
    const y = map.getSize().y / 2;
    const across = map.distance(map.containerPointToLatLng([0, y]), map.containerPointToLatLng([SCALE_PX, y]));
    const power = 10 ** Math.floor(Math.log10(across));
    const metres = power * [5, 2, 1].find((step) => step * power <= across);
    bar.style.width = `${(SCALE_PX * metres) / across}px`;
    text.textContent = metres >= 1000 ? `${metres / 1000}\u00a0km` : `${metres}\u00a0m`;
    bar.setAttribute("aria-label", `${words["area.scale"]}: ${text.textContent}`);
  };
  map.on("move zoomend resize", update);
  update();
  return bar;
}

function northArrow(words) {
  const arrow = glyph("M8 1l4.5 13L8 11.2 3.5 14z", "north");
  arrow.removeAttribute("aria-hidden");
  arrow.setAttribute("role", "img");
  arrow.setAttribute("aria-label", words["area.north"]);
  return arrow;
}
