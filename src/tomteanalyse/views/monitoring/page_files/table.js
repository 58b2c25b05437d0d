// The cells or areas with most homes on the chosen day: the way to all of them without a pointer.

const FIRST_ROWS = 15;
const MORE_ROWS = 50;

// How each column is sorted first, and what by.
function columnsOf(model, say) {
  const { geography, day } = model;
  const at = (name) => (area) => geography.at(name, area, day);
  const change = (area) => geography.at("homes", area, day) - geography.at("homes", area, 0);
  const shareOf = (name) => ({ key: name, falling: true, sort: at(name), write: (area) => shareText(say, at(name)(area)) });
  return [
    { key: "place", sort: (area) => model.label(area) },
    { key: "homes", falling: true, sort: at("homes"), write: (area) => say.number(at("homes")(area)) },
    { key: "change", falling: true, sort: change, write: (area) => signed(say, change(area)) },
    ...(model.known
      ? [{ key: "dwellings", falling: true, sort: at("dwellings"), write: (area) => say.number(at("dwellings")(area)) }, shareOf("share"), shareOf("shrunken")]
      : []),
  ];
}

function makeTable(model, say) {
  const table = document.getElementById("areas");
  const more = document.getElementById("more");
  const head = element("tr");
  const body = element("tbody");
  table.append(element("thead", {}, head), body);
  const collator = new Intl.Collator(say.language, { numeric: true });
  let sort = { key: "homes", falling: true };
  let shown = FIRST_ROWS;

  function order(columns) {
    const { sort: by } = columns.find((column) => column.key === sort.key);
    const { geography, day } = model;
    const values = geography.ids.map((_, area) => by(area));
    const sign = sort.falling ? -1 : 1;
    return geography.ids
      .map((_, area) => area)
      .filter(geography.ever)
      .sort((a, b) => {
        const [x, y] = [values[a], values[b]];
        if (typeof x === "string") return sign * collator.compare(x, y) || a - b;
        // What is not known comes last, whichever way the table is sorted.
        if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y) || a - b;
        return sign * (x - y) || geography.at("homes", b, day) - geography.at("homes", a, day) || a - b;
      });
  }

  function heading(column) {
    const sorted = sort.key === column.key ? (sort.falling ? "descending" : "ascending") : "none";
    const act = () => {
      sort = { key: column.key, falling: sort.key === column.key ? !sort.falling : Boolean(column.falling) };
      render();
      head.querySelector(`[data-column="${column.key}"]`).focus();
      document.getElementById("announce").textContent = say("monitoring_page.sorted", { column: say(`monitoring_page.column.${column.key}`) });
    };
    const button = element(
      "button",
      { type: "button", class: "sort", "data-column": column.key, onclick: act },
      element("span", { text: say(`monitoring_page.column.${column.key}`) }),
      element("span", { class: "arrow", "aria-hidden": "true" })
    );
    return element("th", { scope: "col", "aria-sort": sorted, class: column.key === "place" ? null : "figure" }, button);
  }

  function row(columns, area) {
    const { geography, chosen, day } = model;
    const found = element(
      "button",
      { type: "button", class: "pick own", "data-area": area, title: geography.ids[area], "aria-pressed": String(area === chosen), onclick: () => model.set({ chosen: area === model.chosen ? null : area }, "table") },
      model.label(area)
    );
    const hot = geography.at("hot", area, day) === 1 ? element("span", { class: "hot-mark", text: say("monitoring_page.hot_mark") }) : null;
    return element(
      "tr",
      { class: area === chosen ? "chosen" : null },
      element("th", { scope: "row" }, found, hot),
      ...columns.slice(1).map((column) => element("td", { class: "figure", text: column.write(area) }))
    );
  }

  function render() {
    const columns = columnsOf(model, say);
    const focused = body.contains(document.activeElement) ? document.activeElement.dataset.area : null;
    const all = order(columns);
    head.replaceChildren(...columns.map(heading));
    body.replaceChildren(...all.slice(0, shown).map((area) => row(columns, area)));
    if (focused !== null) body.querySelector(`[data-area="${focused}"]`)?.focus({ preventScroll: true });
    more.hidden = all.length <= shown;
    more.textContent = say("monitoring_page.more", { count: say.number(Math.min(MORE_ROWS, all.length - shown)) });
    document.getElementById("areas-count").textContent = say("monitoring_page.shown", { shown: say.number(Math.min(shown, all.length)), count: say.number(all.length) });
  }

  more.addEventListener("click", () => {
    const next = shown;
    shown += MORE_ROWS;
    render();
    body.querySelectorAll(".pick")[next]?.focus();
  });
  model.listen((before, from) => {
    if (differs(model, before, "geography")) shown = FIRST_ROWS;
    if (!differs(model, before, "geography", "day", "chosen")) return;
    render();
    if (from === "close" && before.chosen !== null) body.querySelector(`[data-area="${before.chosen}"]`)?.focus();
  });
  render();
}
