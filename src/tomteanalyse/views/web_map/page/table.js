// The ranking: the accessible version of the map, linked with it both ways.

function makeTable(data, words, state) {
  const table = document.getElementById("table");
  const head = (key, className, long) =>
    element("th", { scope: "col", class: className, text: words[`table.${key}`], title: long });
  table.append(
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        head("rank", "at-rank"),
        head("grade", "at-grade"),
        head("plot", "at-plot"),
        head("score", "at-score"),
        head("best", "at-best", words["table.best_long"])
      )
    )
  );
  const body = element("tbody");
  const rows = data.plots.map((plot, i) => {
    const button = element("button", {
      type: "button",
      class: "own pick",
      text: plot.name,
      "aria-pressed": "false",
      // A click that no pointer made came from the keyboard.
      onclick: (event) => state.select(i, event.detail === 0 ? "key" : "table"),
    });
    const row = element(
      "tr",
      {
        onclick: (event) => {
          if (event.target !== button) state.select(i, "table");
        },
        onmouseenter: () => state.hover(i, true),
        onmouseleave: () => state.hover(i, false),
      },
      element("td", { class: "at-rank", text: plot.rank === null ? "\u2013" : plot.rank }),
      element("td", { class: "at-grade" }, gradeMark(plot.grade, plot.out ? "grade-out" : "")),
      element("th", { scope: "row", class: "at-plot" }, button, flags(plot, words)),
      element("td", { class: "at-score" }, scoreBar(plot), element("span", { class: "figure", text: plot.score })),
      element("td", { class: "at-best", text: plot.best === null ? "\u2013" : plot.best })
    );
    body.append(row);
    return { row, button };
  });
  table.append(body);
  document.getElementById("undecided").textContent = data.undecided;
  document.getElementById("count").textContent = data.count;

  const choose = (i) => {
    if (i === null) return;
    rows[i].row.classList.toggle("chosen", i === state.selected);
    rows[i].button.setAttribute("aria-pressed", String(i === state.selected));
  };
  state.listen((from, before) => {
    choose(before);
    choose(state.selected);
    if (state.selected !== null && from !== "table" && from !== "key" && !narrow.matches) {
      rows[state.selected].row.scrollIntoView({ block: "nearest" });
    }
  });
  const touch = (i) => i !== null && rows[i].row.classList.toggle("hover", i === state.hovered);
  state.listenHover((before) => {
    touch(before);
    touch(state.hovered);
  });
  return { focus: (i) => rows[i].button.focus({ preventScroll: true }) };
}

function flags(plot, words) {
  const out = plot.stops.filter((stop) => stop.out).length;
  const marks = [
    out ? element("span", { class: "flag flag-stop", text: words["table.stop"] }) : null,
    plot.bare ? element("span", { class: "flag flag-bare", text: words["table.bare"] }) : null,
    plot.stops.length > out ? element("span", { class: "flag flag-clear", text: words["table.clear"] }) : null,
    plot.unknown ? element("span", { class: "flag", text: plot.unknown }) : null,
  ].filter(Boolean);
  return marks.length ? element("span", { class: "flags" }, ...marks) : null;
}

// The score as a bar of 100, with a line over what it may be.
function scoreBar(plot) {
  const [score, low, high] = plot.range;
  return element(
    "span",
    { class: "bar", "aria-hidden": "true" },
    element("span", { class: "bar-has", style: `width:${score}%` }),
    high - low > 1.5
      ? element("span", { class: "bar-range", style: `left:${low}%;width:${high - low}%` })
      : null
  );
}
