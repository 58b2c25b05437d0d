// Two plots side by side: what each criterion gives to the one and to the other, in words.

const COMPARE_OFFERED = 500;

// Chooses what the plot is compared with; the others stand in the order of the ranking.
function comparePicker(model, say, state, i) {
  if (model.plots.length < 2) return null;
  const select = element("select", {
    id: "compare",
    onchange: () => select.value && state.compare(Number(select.value), "compare"),
  });
  select.append(
    element("option", { value: "", text: say("map.compare.choose") }),
    ...model.order
      .slice(0, COMPARE_OFFERED)
      .filter((other) => other !== i)
      .map((other) => element("option", { value: other, text: optionWords(say, model.plots[other]) }))
  );
  return element("div", { class: "compare-pick" }, element("label", { for: "compare", text: say("map.compare.with") }), select);
}

function optionWords(say, plot) {
  return plot.rank === null ? plotWords(plot) : `${say.number(plot.rank)}. ${plotWords(plot)}`;
}

function compareSection({ model, say, state, places }, i) {
  const compared = comparison(model, i, state.other);
  const words = comparisonWords(model, say, places, compared);
  const greatest = Math.max(...compared.differences.map(Math.abs), 1e-9);
  return element(
    "div",
    { class: "compare" },
    element(
      "div",
      { class: "card-top" },
      element("h2", { id: "card-name", tabindex: "-1", class: "own card-title", text: words.heading }),
      closeButton(say("map.compare.back"), () => state.compare(null, "compare"))
    ),
    element("div", { class: "compare-plots" }, ...[compared.a, compared.b].map((each) => comparedPlot(model, say, state, each))),
    element("p", { class: "own compare-line", text: words.result }),
    ...words.unranked.map((text) => element("p", { class: "own compare-line", text })),
    words.share === null ? null : element("p", { class: "own compare-line", text: words.share }),
    words.share !== null && model.changed ? element("p", { class: "of-adopted", text: say("map.card.of_adopted") }) : null,
    element("h3", { text: words.terms_heading }),
    element(
      "ol",
      { class: "terms" },
      ...compared.order.map((c, place) =>
        element(
          "li",
          {},
          differenceBar(compared.differences[c] / greatest),
          termLine(say, words.terms[place])
        )
      )
    ),
    words.same === null ? null : element("p", { class: "own compare-line quiet", text: words.same }),
    element("p", { class: "compare-line compare-sum", text: words.sum }),
    element("h3", { text: words.swaps.length ? words.swaps_heading : words.no_swap }),
    words.swaps.length
      ? element("ul", { class: "swaps" }, ...words.swaps.map((text) => element("li", { class: "compare-line", text })))
      : null
  );
}

function termLine(say, term) {
  const strong = (text) => element("b", { text });
  const shown = { ...term, criterion: strong(term.criterion), difference: strong(term.difference) };
  return element("p", { class: "own compare-line" }, ...say.nodes("compare.term", shown));
}

function comparedPlot(model, say, state, i) {
  const plot = model.plots[i];
  return element(
    "div",
    { class: "compare-plot" },
    gradeMark(plot.grade, plot.out ? "grade-out" : ""),
    element(
      "div",
      {},
      element("button", { type: "button", class: "own pick", text: plot.name, onclick: () => state.select(i, "key") }),
      element("p", { class: "quiet", text: placeWords(model, say, plot) }),
      scoreBar(plot)
    ),
    element("b", { class: "figure", text: say.score(plot.score) })
  );
}

// To the left what speaks for the first, to the right what speaks for the second.
function differenceBar(share) {
  const width = `${Math.round(5000 * Math.abs(share)) / 100}%`;
  const side = share > 0 ? "right:50%" : "left:50%";
  return element("span", { class: "difference", "aria-hidden": "true" }, element("span", { class: share > 0 ? "for-first" : "for-second", style: `${side};width:${width}` }));
}
