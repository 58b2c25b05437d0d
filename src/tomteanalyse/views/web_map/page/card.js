// Why a plot stands where it stands.

function makeCard(data, words, state, routes, overlays, view) {
  const card = document.getElementById("card");
  const most = Math.max(...data.criteria.map((criterion) => criterion.most));

  function show(i, from) {
    const plot = data.plots[i];
    const name = element("h2", { id: "card-name", tabindex: "-1", class: "own", text: plot.name });
    card.replaceChildren(
      element(
        "div",
        { class: "card-top" },
        gradeMark(plot.grade, `grade-large ${plot.out ? "grade-out" : ""}`),
        element(
          "div",
          { class: "card-title" },
          name,
          element("p", { class: "card-place", text: plot.place }),
          element("p", { class: "facts own", text: [plot.id, ...plot.facts].join(" \u00b7 ") })
        ),
        element(
          "button",
          { type: "button", class: "close", "aria-label": words["card.close"], title: words["card.close"], onclick: () => state.select(null, "close") },
          glyph("M3.5 3.5l9 9M12.5 3.5l-9 9", "cross")
        )
      ),
      element(
        "div",
        { class: "card-score" },
        element("p", { class: "score" }, element("b", { text: plot.score }), ` ${words["card.of_hundred"]}`),
        scoreBar(plot),
        element("p", { text: plot.interval }),
        element("p", { text: plot.accepted }),
        element("p", { text: plot.coverage })
      ),
      ...plot.stops.map(stopNote),
      element(
        "div",
        { class: "card-heading" },
        element("h3", { text: words["card.criteria"] }),
        allRoutes(i)
      ),
      element("ul", { class: "measures" }, ...plot.measures.map((row, c) => measure(i, c, readRow(row)))),
      plot.homes.length
        ? element(
            "div",
            { class: "homes" },
            element("h3", { text: words["card.homes"] }),
            element("dl", {}, ...plot.homes.map(([within, count]) => element("div", {}, element("dt", { text: within }), element("dd", { text: count }))))
          )
        : null
    );
    card.hidden = false;
    card.scrollTop = 0;
    if (from === "key") name.focus({ preventScroll: true });
  }

  function stopNote(stop) {
    return element(
      "div",
      { class: stop.out ? "stop" : "stop stop-clear" },
      element("b", { text: stop.title }),
      element("p", { class: "own", text: stop.reason }),
      stop.note ? element("p", { text: stop.note }) : null,
      element("p", { class: "own quiet", text: stop.source })
    );
  }

  function measure(plot, c, row) {
    const criterion = data.criteria[c];
    const group = row.place && overlays.amenities[row.place[0]];
    const place = group && group.names[row.place[1]];
    const unknown = row.has === null;
    return element(
      "li",
      { class: criterion.most === 0 ? "uncounted" : null },
      element(
        "div",
        { class: "measure-top" },
        element("span", { class: "measure-name", text: criterion.name }),
        criterion.most === 0
          ? null
          : element("span", { class: "measure-points" }, element("b", { text: row.points }), ` / ${criterion.of}`)
      ),
      criterion.most === 0 ? null : pointsBar(criterion, row),
      element(
        "div",
        { class: "measure-what" },
        element("span", { class: "measured", text: row.measured }),
        place ? element("span", { class: "own place", text: place }) : null,
        drawable(row) ? routeButton(plot, c, criterion) : null
      ),
      row.why ? element("p", { class: "why", text: row.why }) : null,
      unknown && criterion.most > 0 ? element("p", { class: "quiet", text: criterion.uncertain }) : null,
      criterion.most === 0 ? element("p", { class: "quiet", text: words["card.uncounted"] }) : null
    );
  }

  // The track is as long as the criterion weighs; unknown is hatched from worst to best.
  function pointsBar(criterion, row) {
    const part = (points) => `${(100 * points) / criterion.most}%`;
    return element(
      "span",
      { class: "bar", style: `width:${(100 * criterion.most) / most}%`, "aria-hidden": "true" },
      row.has === null
        ? element("span", { class: "bar-unknown", style: `left:${part(row.low)};width:${part(row.high - row.low)}` })
        : element("span", { class: "bar-has", style: `width:${part(row.has)}` })
    );
  }

  function drawable(row) {
    return row.route !== null || row.place !== null;
  }

  function routeButton(plot, c, criterion) {
    const kind = criterion.straight ? "line" : "route";
    const button = element("button", {
      type: "button",
      class: "route-button",
      "data-criterion": c,
      onclick: () => {
        routes.show(plot, c, !routes.has(c));
        dress();
        if (routes.has(c)) view.include(routes.bounds());
      },
    });
    const dress = () => {
      button.textContent = words[`card.${routes.has(c) ? "hide" : "show"}_${kind}`];
      button.setAttribute("aria-pressed", String(routes.has(c)));
      button.setAttribute("aria-label", `${button.textContent}: ${criterion.name}`);
    };
    button.dress = dress;
    dress();
    return button;
  }

  function allRoutes(plot) {
    const drawn = data.plots[plot].measures
      .map((row, c) => [readRow(row), c])
      .filter(([row]) => row.route !== null)
      .map(([, c]) => c);
    if (drawn.length < 2) return null;
    let on = false;
    return element("button", {
      type: "button",
      class: "route-button",
      text: words["card.show_all"],
      onclick: (event) => {
        on = !on;
        drawn.forEach((c) => routes.show(plot, c, on));
        card.querySelectorAll("[data-criterion]").forEach((button) => button.dress());
        event.currentTarget.textContent = words[on ? "card.hide_all" : "card.show_all"];
        if (on) view.include(routes.bounds());
      },
    });
  }

  state.listen((from) => {
    routes.clear();
    if (state.selected === null) {
      card.hidden = true;
      card.replaceChildren();
    } else {
      show(state.selected, from);
    }
  });
  card.addEventListener("keydown", (event) => {
    if (event.key === "Escape") state.select(null, "close");
  });
  return card;
}
