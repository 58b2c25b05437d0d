// Why a plot stands where it stands. A section is a function of what it needs (`about`, below)
// and the plot's number, and returns an element or null; the card shows them in this order.

const CARD_SECTIONS = [cardTop, cardScore, cardStops, cardShortcuts, cardMeasures, cardNoShortcuts, cardChanges, cardConcentration];

// `about` has model, say, state, routes, shortcuts, places (amenities by class), view and
// concentration (null in the public edition).
function makeCard(about) {
  const { model, say, state, routes } = about;
  const card = document.getElementById("card");
  const unfolded = new Set(); // What the reader has unfolded stays so from plot to plot.

  function show(i, from) {
    const scrolled = card.scrollTop;
    const sections = state.other === null ? CARD_SECTIONS : [compareSection];
    card.classList.toggle("card-wide", state.other !== null);
    card.replaceChildren(...sections.map((section) => section(about, i)).filter(Boolean));
    card.querySelectorAll("details[data-key]").forEach((each) => {
      each.open = unfolded.has(each.dataset.key);
      each.addEventListener("toggle", () => {
        if (each.open) unfolded.add(each.dataset.key);
        else unfolded.delete(each.dataset.key);
      });
    });
    card.hidden = false;
    card.scrollTop = from === "redraw" ? scrolled : 0;
    if (from === "key" || from === "compare") document.getElementById("card-name").focus({ preventScroll: true });
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
  const redraw = () => {
    if (state.selected !== null) show(state.selected, "redraw");
  };
  model.listen(redraw);
  say.listen(redraw);
  card.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (state.other === null) state.select(null, "close");
    else state.compare(null, "compare");
  });
  return card;
}

function cardTop({ model, say, state }, i) {
  const plot = model.plots[i];
  const [gnr, bnr, planStatus] = plot.facts;
  const facts = [
    plot.id,
    gnr && bnr ? say("map.card.cadastre", { gnr, bnr }) : null,
    planStatus ? say("map.card.plan", { status: planStatus }) : null,
  ];
  return element(
    "div",
    { class: "card-top" },
    gradeMark(plot.grade, `grade-large ${plot.out ? "grade-out" : ""}`),
    element(
      "div",
      { class: "card-title" },
      element("h2", { id: "card-name", tabindex: "-1", class: "own", text: plot.name }),
      element("p", { class: "card-place", text: placeWords(model, say, plot) }),
      element("p", { class: "facts own", text: facts.filter(Boolean).join(" \u00b7 ") })
    ),
    closeButton(say("map.card.close"), () => state.select(null, "close"))
  );
}

function closeButton(label, act) {
  return element(
    "button",
    { type: "button", class: "close", "aria-label": label, title: label, onclick: act },
    glyph("M3.5 3.5l9 9M12.5 3.5l-9 9", "cross")
  );
}

function cardScore({ model, say, state }, i) {
  const plot = model.plots[i];
  const drawn = !Number.isNaN(plot.best);
  const accepted = drawn
    ? say("map.card.best", { best: say.percent(plot.best), top_three: say.percent(plot.topThree) })
    : say("map.card.not_drawn");
  return element(
    "div",
    { class: "card-score" },
    element("p", { class: "score" }, element("b", { text: say.score(plot.score) }), ` ${say("map.card.of_hundred")}`),
    scoreBar(plot),
    element("p", { text: intervalWords(say, plot) }),
    element("p", { class: model.changed ? "of-adopted" : null, text: accepted }),
    model.changed && drawn ? element("p", { class: "of-adopted", text: say("map.card.of_adopted") }) : null,
    element("p", { text: say("map.card.coverage", { share: say.percent(plot.coverage) }) }),
    comparePicker(model, say, state, i)
  );
}

function cardStops({ model, say }, i) {
  const notes = model.plots[i].stops.map((stop) =>
    element(
      "div",
      { class: stop.out ? "stop" : "stop stop-clear" },
      element("b", { text: say(stop.out ? "map.card.stop" : "map.card.clear") }),
      element("p", { class: "own", text: say.source(stop.reason) }),
      stop.state === "unknown" ? element("p", { text: say("map.card.not_mapped") }) : null,
      element("p", { class: "own quiet", text: say("map.card.source", { source: say.source(stop.source) }) })
    )
  );
  return notes.length ? element("div", {}, ...notes) : null;
}

// What would lift or sink the plot: flip points, in the words of the explanation.
function cardChanges({ model, say }, i) {
  if (model.plots[i].rank === null) return null;
  const { ranges, flips, spans } = changeWords(model, say, i);
  const group = (key, lines) =>
    lines.length
      ? element(
          "details",
          { "data-key": key },
          element("summary", { text: say(`map.card.${key}`, { count: lines.length }) }),
          element("ul", {}, ...lines.map((text) => element("li", { class: "own", text })))
        )
      : null;
  const groups = [
    group("lifts", flips.filter((each) => each.lifts).map((each) => each.text)),
    group("sinks", flips.filter((each) => !each.lifts).map((each) => each.text)),
    group("ranges", ranges),
    group("spans", spans),
  ].filter(Boolean);
  return element(
    "div",
    { class: "changes" },
    element("h3", { text: say("map.card.changes") }),
    ...(groups.length ? groups : [element("p", { class: "quiet", text: say("explain.no_change") })]),
    model.partial ? element("p", { class: "quiet", text: say("map.card.among_shown") }) : null
  );
}
