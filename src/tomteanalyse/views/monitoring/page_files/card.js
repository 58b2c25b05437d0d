// One cell or area: what it has on the chosen day, its history, and what changed it.

function makeCard(model, say) {
  const card = document.getElementById("card");
  let charts = [];

  function render() {
    const area = model.chosen;
    card.hidden = area === null;
    charts = [];
    if (area === null) return card.replaceChildren();
    const { geography } = model;
    const name = model.label(area);
    const facts = element("dl", { class: "facts" });
    const close = element("button", { type: "button", class: "close", "aria-label": say("monitoring_page.card.close"), onclick: () => model.set({ chosen: null }, "close") }, glyph("M3 3l10 10M13 3L3 13", "cross"));
    charts = curvesOf(area);
    card.replaceChildren(
      element(
        "div",
        { class: "card-top" },
        element(
          "div",
          {},
          element("h2", { id: "card-name", class: "own", tabindex: "-1", text: name }),
          name === geography.ids[area]
            ? null
            : element("p", { class: "quiet own", text: say(`monitoring_page.id.${geography.cells ? "cell" : "area"}`, { id: geography.ids[area] }) })
        ),
        close
      ),
      facts,
      element("div", { class: "charts" }, ...charts.map(({ heading, made }) => element("div", {}, element("h3", { text: heading }), made.host))),
      history(area),
      element("h3", { text: say("monitoring_page.card.causes") }),
      ...causes(area)
    );
    fill();
    return card;
  }

  function curvesOf(area) {
    const { geography, days } = model;
    const make = (key, name, { extra, whole, write }) => {
      const values = geography.over(name, area);
      const summary = say("monitoring_page.chart_told", {
        name: say(`monitoring_page.total.${key}`),
        first: write(values[0]),
        first_day: say.date(days[0]),
        last: write(values.at(-1)),
        last_day: say.date(days.at(-1)),
      });
      const choose = (day) => model.set({ day }, "chart");
      return { heading: say(`monitoring_page.card.curve_${key}`), made: makeChart({ days, lines: [{ values }, ...(extra || [])], write, whole, zero: true, summary, choose }) };
    };
    const percent = (value) => shareText(say, value, null);
    return [
      make("homes", "homes", { whole: true, write: (value) => say.number(value) }),
      model.known && make("share", "share", { write: percent, extra: [{ values: geography.over("shrunken", area), look: "expected" }] }),
    ].filter(Boolean);
  }

  // What the chosen day changes of it.
  function fill() {
    const area = model.chosen;
    if (area === null) return;
    const { geography, day } = model;
    const at = (name) => geography.at(name, area, day);
    const fact = (key, value, note) =>
      element("div", {}, element("dt", { text: say(`monitoring_page.total.${key}`) }), element("dd", {}, element("strong", { text: value }), note ? element("span", { class: "quiet", text: note }) : null));
    const since = signed(say, at("homes") - geography.at("homes", area, 0));
    card.querySelector(".facts").replaceChildren(
      ...[
        fact("homes", say.number(at("homes")), say("monitoring_page.since", { change: since, day: say.date(model.days[0]) })),
        model.known && fact("dwellings", say.number(at("dwellings"))),
        model.known && fact("share", shareText(say, at("share"))),
        model.known && fact("shrunken", shareText(say, at("shrunken"))),
        at("hot") === 1 && element("p", { class: "hot", text: say(geography.cells ? "monitoring_page.card.hot" : "monitoring_page.card.hot_area") }),
      ].filter(Boolean)
    );
    charts.forEach(({ made }) => made.show(day));
  }

  function history(area) {
    const { geography, days } = model;
    const names = model.known ? ["homes", "dwellings", "share", "shrunken"] : ["homes"];
    const write = (name, day) => {
      const value = geography.at(name, area, day);
      return name === "homes" || name === "dwellings" ? say.number(value) : shareText(say, value);
    };
    return element(
      "details",
      {},
      element("summary", { text: say("monitoring_page.card.history") }),
      element(
        "table",
        {},
        element("thead", {}, element("tr", {}, element("th", { scope: "col", text: say("monitoring_page.column.day") }), ...names.map((name) => element("th", { scope: "col", class: "figure", text: say(`monitoring_page.column.${name}`) })))),
        element(
          "tbody",
          {},
          ...days.map((each, day) =>
            element("tr", {}, element("th", { scope: "row", text: say.date(each) }), ...names.map((name) => element("td", { class: "figure", text: write(name, day) })))
          )
        )
      )
    );
  }

  function causes(area) {
    const changes = model.geography.changes(area);
    if (!changes.length) return [element("p", { class: "quiet", text: say("monitoring_page.card.unchanged") })];
    const assumed = changes.reduce((sum, change) => sum + change.assumed, 0);
    return [
      element("ol", { class: "changes", reversed: true }, ...changes.slice().reverse().map((change) => element("li", {}, ...told(area, change)))),
      assumed ? element("p", { class: "quiet", text: say("monitoring_page.card.assumed", { count: say.number(assumed) }) }) : null,
    ].filter(Boolean);
  }

  function told(area, change) {
    const { geography, days } = model;
    const [before, after] = [geography.at("share", area, change.day - 1), geography.at("share", area, change.day)];
    const values = { from: say.date(days[change.day - 1]), to: say.date(days[change.day]), before: shareText(say, before), after: shareText(say, after), change: pointsText(say, after - before) };
    const parts = change.causes.map(({ cause, count, part }) =>
      say(model.known && change.split ? "monitoring_page.card.part" : "monitoring_page.card.count", {
        cause: say(`monitoring_page.cause.${cause}`),
        count: signed(say, count),
        points: pointsText(say, part),
      })
    );
    return [
      element("strong", { text: say("monitoring_page.card.period", values) }),
      element("span", { text: parts.join("; ") }),
      model.known ? element("span", { class: "quiet", text: say(change.split ? "monitoring_page.card.share" : "monitoring_page.card.share_unsplit", values) }) : null,
    ].filter(Boolean);
  }

  const announce = document.getElementById("announce");
  model.listen((before, from) => {
    if (differs(model, before, "chosen", "geography")) {
      render();
      if (model.chosen === null) {
        if (before.chosen !== null) announce.textContent = say("monitoring_page.card.closed");
        return;
      }
      announce.textContent = toldOf(model, say, model.chosen);
      if (from === "address") return;
      card.scrollIntoView({ block: "start" });
      // Whoever came from the table by keyboard reads on here; the pointer stays on the map.
      if (from === "table") document.getElementById("card-name").focus({ preventScroll: true });
    } else if (differs(model, before, "day")) fill();
  });
  card.addEventListener("keydown", (event) => {
    if (event.key === "Escape") model.set({ chosen: null }, "close");
  });
  render();
}
