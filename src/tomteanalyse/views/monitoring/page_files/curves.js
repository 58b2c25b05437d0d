// The whole municipality: what it has on the chosen day, its curves, and its indices with the band
// that random labelling gives.

const INDICES = ["dissimilarity", "gini", "top_share"];

function makeCurves(data, model, say) {
  const last = data.days.length - 1;
  const homes = numbers(data.totals.homes);
  const dwellings = numbers(data.totals.dwellings).map((count) => (count < 0 ? NaN : count));
  const share = Array.from(floats(data.totals.share));
  const choose = (day) => model.set({ day }, "chart");
  const charts = [];
  let indexCharts = [];

  function chart(host, values, key, { band, whole, write, extra }) {
    const told = (k) => (Number.isFinite(values[k]) ? write(values[k]) : say("number.unknown"));
    const summary = say("monitoring_page.chart_told", {
      name: say(`monitoring_page.${key}`),
      first: told(0),
      first_day: say.date(data.days[0]),
      last: told(last),
      last_day: say.date(data.days[last]),
    });
    const made = makeChart({ days: data.days, lines: [{ values }, ...(extra || [])], band, write, whole, summary, choose });
    document.getElementById(host).replaceChildren(made.host);
    made.show(model.day);
    return made;
  }

  charts.push(chart("chart-homes", homes, "total.homes", { whole: true, write: (value) => say.number(value) }));
  if (data.known) charts.push(chart("chart-share", share, "total.share", { write: (value) => shareText(say, value, null) }));

  // Every division has indices of its own.
  function drawIndices() {
    if (!data.known) return;
    const packed = model.geography.indices;
    indexCharts = INDICES.map((index) => {
      const figures = Object.fromEntries(Object.entries(packed[index]).map(([name, text]) => [name, Array.from(floats(text))]));
      const write = index === "top_share" ? (value) => shareText(say, value, null) : (value) => say.number(value, null);
      return chart(`chart-${index}`, figures.value, `index.${index}.name`, {
        band: { low: figures.low, high: figures.high },
        extra: [{ values: figures.expected, look: "expected" }],
        write,
      });
    });
    document.querySelectorAll("[data-division]").forEach((each) => {
      each.hidden = each.dataset.division !== model.geography.key;
    });
    compare();
  }

  // Whether the indices lie in their bands on the chosen day, in words.
  function compare() {
    if (!data.known) return;
    const where = INDICES.map((index) => {
      const packed = model.geography.indices[index];
      const [value, low, high] = ["value", "low", "high"].map((name) => floats(packed[name])[model.day]);
      if (Number.isNaN(value)) return "unknown";
      return value > high ? "above" : value < low ? "below" : "within";
    });
    const sentences = ["above", "within", "below", "unknown"]
      .map((how) => [how, INDICES.filter((_, k) => where[k] === how)])
      .filter(([, indices]) => indices.length)
      .map(([how, indices]) => say(`monitoring_page.against.${how}`, { indices: say.listing(indices.map((index) => say(`monitoring_page.index.${index}.name`))) }));
    document.getElementById("index-said").textContent = sentences.join(" ");
  }

  function tiles() {
    const day = model.day;
    const since = say.date(data.days[0]);
    const tile = (key, value, change) =>
      element(
        "div",
        {},
        element("dt", { text: say(`monitoring_page.total.${key}`) }),
        element("dd", {}, element("strong", { text: value }), element("span", { class: "quiet", text: say("monitoring_page.since", { change, day: since }) }))
      );
    document.getElementById("tiles").replaceChildren(
      ...[
        tile("homes", say.number(homes[day]), signed(say, homes[day] - homes[0])),
        data.known && tile("dwellings", say.number(dwellings[day]), signed(say, dwellings[day] - dwellings[0])),
        data.known && tile("share", shareText(say, share[day], 2), pointsText(say, share[day] - share[0], 2)),
      ].filter(Boolean)
    );
  }

  model.listen((before) => {
    if (differs(model, before, "geography")) drawIndices();
    if (!differs(model, before, "day")) return;
    [...charts, ...indexCharts].forEach((each) => each.show(model.day));
    tiles();
    compare();
  });
  drawIndices();
  tiles();
}
