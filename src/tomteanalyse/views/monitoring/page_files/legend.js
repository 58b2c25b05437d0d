// What the colours mean: the same on every day.

function makeLegend(model, say) {
  const heading = document.getElementById("legend-heading");
  const list = document.getElementById("legend-list");
  const swatch = (look, colour) => {
    const made = element("span", { class: `swatch ${look}`, "aria-hidden": "true" });
    // As it looks on the map, where the ground shines through.
    if (colour) made.append(element("span", { style: `background-color:${colour};opacity:${FILL_OPACITY}` }));
    return made;
  };

  function render() {
    const { geography, colouring } = model;
    heading.textContent = say(`monitoring_page.legend.${colouring}`);
    const limits = geography.limits[colouring];
    const rows = geography.colours[colouring].map((colour, k) => [swatch("", colour), classWords(say, colouring, limits, k)]);
    list.replaceChildren(
      ...[
        [swatch("swatch-none"), say("monitoring_page.legend.none")],
        ...(anyHomes(geography) ? rows : []),
        colouring === "share" && someUnknown(geography) && [swatch("swatch-unknown"), say("monitoring_page.legend.unknown")],
        model.known && [swatch("swatch-hot"), say("monitoring_page.legend.hot")],
      ]
        .filter(Boolean)
        .map(([mark, words]) => element("li", {}, mark, element("span", { text: words })))
    );
  }

  model.listen((before) => differs(model, before, "geography", "colouring") && render());
  render();
}

function anyHomes(geography) {
  return geography.ids.some((_, area) => geography.ever(area));
}

function someUnknown(geography) {
  return geography.ids.some((_, area) => {
    const share = geography.over("share", area);
    return geography.over("homes", area).some((homes, day) => homes > 0 && Number.isNaN(share[day]));
  });
}

function classWords(say, colouring, limits, k) {
  const [from, to] = [limits[k - 1], limits[k]];
  if (colouring === "homes") {
    if (to === undefined) return from === undefined ? say("monitoring_page.legend.any") : say("monitoring_page.legend.or_more", { from: say.number(from) });
    const [least, most] = [from ?? 1, to - 1];
    return least === most ? say.number(least) : say("monitoring_page.legend.between", { from: say.number(least), to: say.number(most) });
  }
  const percent = (share) => say("explain.percent", { number: say.number(100 * share, null) });
  if (to === undefined) return from === undefined ? say("monitoring_page.legend.any") : say("monitoring_page.legend.or_more", { from: percent(from) });
  if (from === undefined) return say("monitoring_page.legend.under", { to: percent(to) });
  return say("monitoring_page.legend.up_to", { from: say.number(100 * from, null), to: percent(to) });
}
