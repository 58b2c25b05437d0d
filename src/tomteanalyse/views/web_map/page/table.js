// The ranking: the accessible version of the map, linked with it both ways.

// Per column: how it is written, whether the most comes first, and what it is sorted by.
const COLUMNS = [
  { key: "rank", sort: (plot) => plot.place },
  { key: "grade", sort: (plot) => plot.grade || "F" },
  { key: "plot", sort: (plot) => plot.name },
  { key: "score", falling: true, sort: (plot) => plot.score },
  { key: "best", falling: true, sort: (plot) => (Number.isNaN(plot.best) ? -1 : plot.best) },
];

function makeTable(model, say, state) {
  const table = document.getElementById("table");
  const body = element("tbody");
  const cache = new Map();
  let version = 0;
  const listeners = [];
  let sort = { key: "rank", falling: false };
  let only = null;

  const heads = new Map(COLUMNS.map((column) => [column.key, head(column)]));
  table.append(element("thead", {}, element("tr", { "aria-rowindex": 1 }, ...[...heads.values()].map((each) => each.cell))), body);
  const rows = makeRows(table, body, rowOf, (shown, count) =>
    say("map.table.leading", { shown: say.number(shown), count: say.number(count) })
  );
  const filter = makeFilter(model, say, (flag) => {
    only = flag;
    refresh();
    announceShown();
  });

  function head(column) {
    const label = element("span");
    const note = element("span", { class: "head-note" });
    const button = element(
      "button",
      {
        type: "button",
        class: "sort",
        onclick: () => {
          const falling = sort.key === column.key ? !sort.falling : Boolean(column.falling);
          sortBy({ key: column.key, falling });
          announceShown();
        },
      },
      label,
      element("span", { class: "arrow", "aria-hidden": "true" })
    );
    const cell = element("th", { scope: "col", class: `at-${column.key}` }, button, note);
    return { cell, label, note, button };
  }

  function sortBy(wanted) {
    sort = wanted;
    refresh();
  }

  function refresh() {
    version += 1;
    for (const column of COLUMNS) {
      const { cell, label, note, button } = heads.get(column.key);
      label.textContent = say(`map.table.${column.key}`);
      const sorted = sort.key === column.key ? (sort.falling ? "descending" : "ascending") : "none";
      cell.setAttribute("aria-sort", sorted);
      if (column.key !== "best") continue;
      button.title = say("map.table.best_long");
      note.textContent = model.changed ? say("map.table.adopted_weights") : "";
    }
    table.classList.toggle("tried", model.changed);
    document.getElementById("count").textContent = countWords(model, say);
    const [open, all] = model.undecided || [];
    document.getElementById("undecided").textContent = model.undecided ? say("map.table.undecided", { count: open, all }) : "";
    const shown = model.order.filter((i) => only === null || model.flags(i).includes(only));
    if (sort.key !== "rank" || sort.falling) shown.sort(comparer());
    rows.show(shown);
    filter.fill(only);
    document.getElementById("nothing").hidden = shown.length > 0;
    listeners.forEach((heard) => heard());
  }

  function comparer() {
    const { sort: by } = COLUMNS.find((column) => column.key === sort.key);
    const sign = sort.falling ? -1 : 1;
    const names = new Intl.Collator(say.language, { numeric: true });
    const values = model.plots.map(by);
    return (i, j) => {
      const [a, b] = [values[i], values[j]];
      const difference = typeof a === "string" ? names.compare(a, b) : a - b;
      return sign * difference || model.plots[i].place - model.plots[j].place;
    };
  }

  function rowOf(i, at) {
    if (!cache.has(i)) cache.set(i, makeRow(i));
    const made = cache.get(i);
    if (made.version !== version) made.fill();
    made.row.setAttribute("aria-rowindex", at + 2);
    return made.row;
  }

  function makeRow(i) {
    const plot = model.plots[i];
    const button = element("button", {
      type: "button",
      class: "own pick",
      text: plot.name,
      title: plot.name,
      // A click that no pointer made came from the keyboard.
      onclick: (event) => state.select(i, event.detail === 0 ? "key" : "table"),
      onkeydown: (event) => step(event, i),
      onfocus: () => rows.hold(i),
      onblur: () => rows.hold(null),
    });
    const marks = element("span");
    const cells = COLUMNS.map((column) =>
      column.key === "plot"
        ? element("th", { scope: "row", class: "at-plot" }, button, marks)
        : element("td", { class: `at-${column.key}` })
    );
    const row = element(
      "tr",
      {
        onclick: (event) => {
          if (event.target !== button) state.select(i, "table");
        },
        onmouseenter: () => state.hover(i, true),
        onmouseleave: () => state.hover(i, false),
      },
      ...cells
    );
    const [rank, grade, , score, best] = cells;
    const made = { row, button, version: null };
    made.fill = () => {
      made.version = version;
      rank.textContent = plot.rank === null ? "\u2013" : say.number(plot.rank);
      grade.replaceChildren(gradeMark(plot.grade, plot.out ? "grade-out" : ""));
      marks.replaceChildren(...flagMarks(model, say, i));
      score.replaceChildren(
        element("span", { class: "figure", text: say.score(plot.score) }),
        scoreBar(plot),
        element("span", { class: "unseen", text: intervalWords(say, plot) })
      );
      best.textContent = Number.isNaN(plot.best) ? "\u2013" : say.percent(plot.best);
      made.mark();
    };
    made.mark = () => {
      const chosen = i === state.selected;
      row.classList.toggle("chosen", chosen);
      row.classList.toggle("compared", i === state.other);
      row.classList.toggle("hover", i === state.hovered);
      button.setAttribute("aria-pressed", String(chosen));
    };
    return made;
  }

  // Arrow keys go from plot to plot, however long the table is.
  function step(event, i) {
    const here = rows.place(i);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, PageDown: here + 10, PageUp: here - 10, Home: 0, End: rows.count - 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    focus(rows.at(clamp(to, 0, rows.count - 1)));
  }

  function focus(i) {
    rows.reveal(i);
    if (cache.has(i)) cache.get(i).button.focus({ preventScroll: true });
  }

  function announceShown() {
    const column = say(`map.table.${sort.key}`);
    document.getElementById("announce").textContent = `${say("map.table.sorted", { column })} ${filter.count(rows.count)}`;
  }

  const mark = (i) => i !== null && cache.has(i) && cache.get(i).mark();
  let compared = null;
  state.listen((from, before) => {
    [before, compared, state.selected, state.other].forEach(mark);
    compared = state.other;
    if (state.selected !== null && from !== "table" && from !== "key" && !narrow.matches) rows.reveal(state.selected);
  });
  state.listenHover((before) => {
    mark(before);
    mark(state.hovered);
  });
  model.listen(refresh);
  say.listen(refresh);
  refresh();
  return {
    focus,
    listen: (heard) => listeners.push(heard),
    get sort() {
      return sort;
    },
    get only() {
      return only;
    },
    set(wanted, flag) {
      only = flag;
      sortBy(wanted);
    },
  };
}

function countWords(model, say) {
  const [shown, count] = [say.number(model.plots.length), say.number(model.count)];
  if (model.partial) return say("map.table.leading", { shown, count });
  return model.count === 1 ? say("map.table.count_one") : say("map.table.count", { count });
}

// Which plots the table shows: all, or those with one flag. Flags that no plot has are not offered.
function makeFilter(model, say, changed) {
  const select = element("select", { id: "filter", onchange: () => changed(select.value || null) });
  const label = element("label", { for: "filter" });
  document.getElementById("filters").append(label, select);

  function count(shown) {
    if (shown < model.plots.length) {
      return say("map.table.some", { shown: say.number(shown), count: say.number(model.plots.length) });
    }
    return countWords(model, say);
  }

  return {
    count,
    fill(only) {
      const tally = new Map(FLAGS.map((flag) => [flag, 0]));
      model.plots.forEach((_, i) => model.flags(i).forEach((flag) => tally.set(flag, tally.get(flag) + 1)));
      label.textContent = say("map.table.show");
      const offered = FLAGS.filter((flag) => tally.get(flag) || flag === only);
      select.replaceChildren(
        element("option", { value: "", text: say("map.table.all") }),
        ...offered.map((flag) =>
          element("option", { value: flag, text: say("map.table.only", { flag: say(`flag.${flag}`), count: say.number(tally.get(flag)) }) })
        )
      );
      select.value = only || "";
    },
  };
}

function flagMarks(model, say, i) {
  const plot = model.plots[i];
  const flags = model.flags(i);
  const unknown = model.criteria.filter((criterion, c) => model.weights[c] > 0 && Number.isNaN(criterion.measured[i])).length;
  const marks = [
    flags.includes("knock_out") ? element("span", { class: "flag flag-stop", text: say("map.table.stop") }) : null,
    plot.bare ? element("span", { class: "flag flag-bare", text: say("map.table.bare") }) : null,
    flags.includes("must_clear") ? element("span", { class: "flag flag-clear", text: say("map.table.clear") }) : null,
    unknown === 0
      ? null
      : element("span", { class: "flag", text: unknown === 1 ? say("map.table.unknown_one") : say("map.table.unknown", { count: unknown }) }),
  ].filter(Boolean);
  return marks.length ? [element("span", { class: "flags" }, ...marks)] : [];
}

function intervalWords(say, plot) {
  const [low, high] = [say.score(plot.low), say.score(plot.high)];
  return low === high ? say("map.card.certain") : say("map.card.interval", { low, high });
}

// The score as a bar of 100, with a line over what it may be.
function scoreBar(plot) {
  const [score, low, high] = [plot.score, plot.low, plot.high].map((points) => Math.round(points * 100) / 100);
  return element(
    "span",
    { class: "bar", "aria-hidden": "true" },
    element("span", { class: "bar-has", style: `width:${score}%` }),
    high - low > 1.5
      ? element("span", { class: "bar-range", style: `left:${low}%;width:${high - low}%` })
      : null
  );
}
