// What is read of crossing places: a card each, and two lists of them.

const MOST_BUTTONS = 200;

function placeCard(place, model, say, state, found, close) {
  const shown = place.plots.slice(0, MOST_BUTTONS);
  const rest = place.count - shown.length;
  return [
    element(
      "div",
      { class: "card-top" },
      crossingMark(place.list, place.doubtful, place.number),
      element(
        "div",
        { class: "card-title" },
        element("h2", { id: "card-name", tabindex: "-1", text: say("map.crossings.title", { place: place.number }) }),
        element("p", { class: "own card-place", text: found.tell(place.barrier) })
      ),
      closeButton(say("map.crossings.close"), close)
    ),
    element("p", { class: "own said", text: found.tell(place.said) }),
    element("p", { class: "quiet", text: say("map.shortcuts.prediction") }),
    element("h3", { text: say("map.crossings.from") }),
    element(
      "ul",
      { class: "crossing-plots" },
      ...shown.map((i) => {
        const plot = model.plots[i];
        const button = element("button", { type: "button", class: "own pick", text: plot.name, onclick: () => state.select(i, "key") });
        return element("li", {}, gradeMark(plot.grade, plot.out ? "grade-out" : ""), button);
      }),
      rest > 0 ? element("li", { class: "quiet", text: say("map.crossings.not_shown", { count: say.number(rest) }) }) : null
    ),
  ];
}

// The two lists, the severe ones first: the accessible version of the symbols.
function makeCrossingLists(lists, say, found, chosen, choose) {
  const box = element("div", { class: "crossings" });
  document.getElementById("weights").after(box);
  const rows = new Map();

  function row(place) {
    const meta = say(`map.crossings.meta${place.doubtful ? "_doubtful" : ""}`, {
      plots: place.count === 1 ? say("map.table.count_one") : say("map.table.count", { count: say.number(place.count) }),
      saving: say.metres(place.saving),
    });
    const button = element(
      "button",
      { type: "button", class: "crossing-row", "aria-pressed": "false", onclick: (event) => choose(place.number, event.detail === 0 ? "key" : "list", button) },
      crossingMark(place.list, place.doubtful, place.number),
      element("span", {}, element("span", { class: "own", text: found.tell(place.barrier) }), " ", element("span", { class: "quiet", text: meta }))
    );
    rows.set(place.number, button);
    return element("li", {}, button);
  }

  function list([key, places]) {
    const [name, count] = [say(`map.crossings.${key}`), say.number(places.length)];
    return [
      element("h3", { text: say("map.crossings.list", { list: name, count, words: say(`map.crossings.${key}_words`) }) }),
      places.length ? element("ol", {}, ...places.map(row)) : element("p", { class: "quiet", text: say(`map.crossings.none_${key}`) }),
    ];
  }

  const details = element("details", {});
  // Rows come into being when they are asked for: there may be very many.
  details.addEventListener("toggle", () => details.open && fill());
  // Paper shows them, and does not wait to be told that they are unfolded.
  window.addEventListener("beforeprint", () => fill());
  box.append(details);

  function fill() {
    if (rows.size) return;
    details.append(
      element("p", { class: "quiet", text: say("map.crossings.intro") }),
      ...lists.flatMap(list),
      ...(found.leftOut ? [element("p", { class: "quiet", text: say("map.crossings.left_out", { count: say.number(found.leftOut) }) })] : [])
    );
    mark();
  }

  function mark() {
    rows.forEach((button, number) => button.setAttribute("aria-pressed", String(number === chosen())));
  }

  function render() {
    rows.clear();
    const [severe, moderate] = lists.map(([, places]) => say.number(places.length));
    details.replaceChildren(element("summary", { text: say("map.crossings.summary", { severe, moderate }) }));
    if (details.open) fill();
  }
  say.listen(render);
  render();
  return { mark };
}
