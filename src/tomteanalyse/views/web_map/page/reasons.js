// Why a plot got its place and why one is above another, in words: explanation_text.py and
// comparison_text.py, word for word.

function plotWords(plot) {
  return plot.name === plot.id ? plot.id : `${plot.id} ${plot.name}`;
}

// What was measured, to which place, why it is unknown, and between what it lies.
function measuredWords(model, say, places, i, c) {
  const criterion = model.criteria[c];
  const measured = criterion.measured[i];
  let written = say.measured(criterion, measured);
  const at = criterion.place(i);
  const place = at && places[at[0]].names[at[1]];
  if (place !== null) written = say("explain.nearest", { measured: written, place });
  const reason = criterion.reason(i);
  if (reason !== null) written = say("explain.because", { measured: written, reason: say(`reason.${reason}`) });
  if (Number.isNaN(measured) && model.weights[c] > 0) return say("explain.unknown_half", { measured: written });
  if (criterion.measuredLow[i] < criterion.measuredHigh[i]) {
    const [low, high] = [criterion.measuredLow[i], criterion.measuredHigh[i]].map((end) => say.measured(criterion, end));
    if (low !== high) return say("explain.doubt", { measured: written, low, high });
  }
  return written;
}

function valueWords(model, say, i, c) {
  const criterion = model.criteria[c];
  return say("explain.value", {
    value: say.number(criterion.value[i], 2),
    anchors: say.anchors(criterion),
    source: say.source(criterion.source),
    status: say.decision(criterion.decision),
  });
}

function weightWords(model, say, c) {
  const criterion = model.criteria[c];
  return say("explain.weight", {
    weight: say.percent(model.weights[c], 1),
    source: say.source(criterion.weight_source),
    status: say.decision(criterion.weight_decision),
  });
}

// How a plot stands, as the card and the map say it.
function placeWords(model, say, plot) {
  if (plot.out) return say("map.card.unranked");
  if (plot.rank === null) return say("map.card.too_little_measured");
  const [rank, count] = [say.number(plot.rank), say.number(model.ranked)];
  return say(plot.shared ? "map.card.place_shared" : "map.card.place", { rank, count });
}

function plotLabel(model, say, plot) {
  const standing = { name: plot.name, grade: plot.grade, place: placeWords(model, say, plot), score: say.score(plot.score) };
  return say(plot.grade ? "map.say.plot" : "map.say.plot_without_class", standing);
}

// What would lift or sink a plot that is ranked, a sentence each.
function changeWords(model, say, i) {
  const best = model.plots[i].rank === 1;
  const name = (number) => plotWords(model.plots[number]);
  const ranges = weightRanges(model, i)
    .filter((each) => !best || each.below !== null || each.above !== null)
    .map((each) => {
      const part = each.below === null ? "under" : each.above === null ? "over" : "between";
      const weight = say.percent(each.weight, 1);
      const [low, high] = [each.low, each.high].map((share) => say.limit(share, 1));
      const criterion = say.criterion(model.criteria[each.c]);
      return [
        say(`explain.${best ? "stays" : "would_be"}_best_${part}`, { criterion, weight, low, high }),
        each.below === null ? null : say("explain.best_below", { plot: name(each.below) }),
        each.above === null ? null : say("explain.best_above", { plot: name(each.above) }),
      ].filter(Boolean).join(" ");
    });
  // What is told in classes would change class, not by so much.
  const moved = measureFlips(model, i, neighboursOf(model, i)).filter((each) => !model.criteria[each.c].classes);
  const flips = moved.map((each) => {
    const criterion = model.criteria[each.c];
    const lifts = Number.isFinite(each.measured) ? "explain.lifts" : "explain.lifts_reached";
    const text = say(each.lifts ? lifts : "explain.sinks", {
      criterion: say.criterion(criterion),
      needed: say.measured(criterion, each.needed),
      measured: say.measured(criterion, each.measured),
      other: name(each.other),
    });
    return { lifts: each.lifts, text };
  });
  const spans = unknownSpans(model, i).map((each) =>
    say(each.best === each.worst ? "explain.unknown_fixed" : "explain.unknown_span", {
      criterion: say.criterion(model.criteria[each.c]),
      best: each.best,
      worst: each.worst,
      low: say.score(each.low),
      high: say.score(each.high),
    })
  );
  return { ranges, flips, spans };
}

// Two plots side by side: the one that scores more first, differences that sum to the total.
function comparison(model, one, other) {
  const [a, b] = model.plots[other].score > model.plots[one].score ? [other, one] : [one, other];
  const differences = model.criteria.map((_, c) => model.points(a, c) - model.points(b, c));
  const order = differences.map((_, c) => c).filter((c) => differences[c] !== 0);
  order.sort((c, d) => Math.abs(differences[d]) - Math.abs(differences[c]) || c - d);
  return {
    a,
    b,
    differences,
    order,
    same: differences.map((_, c) => c).filter((c) => differences[c] === 0),
    total: model.plots[a].score - model.plots[b].score,
    shareAbove: model.shareAbove(a, b),
    swaps: weightSwaps(model, a, b),
  };
}

function comparisonWords(model, say, places, compared) {
  const [plotA, plotB] = [model.plots[compared.a], model.plots[compared.b]];
  const [a, b] = [plotWords(plotA), plotWords(plotB)];
  const difference = say.points(compared.total);
  const unranked = [plotA, plotB].flatMap((plot) => {
    if (plot.out) {
      const reasons = say.listing(plot.stops.filter((stop) => stop.out).map((stop) => stop.reason));
      return [say("compare.knocked_out", { plot: plotWords(plot), reasons })];
    }
    if (plot.rank !== null) return [];
    return [say("compare.too_little_measured", { plot: plotWords(plot), share: say.percent(plot.coverage) })];
  });
  const named = (c) => say.criterion(model.criteria[c]);
  return {
    heading: say("compare.heading", { a, b }),
    result: say(compared.total > 0 ? "compare.above" : "compare.alike", {
      a,
      b,
      score_a: say.points(plotA.score),
      score_b: say.points(plotB.score),
      difference,
    }),
    unranked,
    share: Number.isNaN(compared.shareAbove)
      ? null
      : say("compare.share", { a, b, share: say.percent(compared.shareAbove), draws: say.number(model.draws) }),
    terms_heading: say("compare.terms"),
    // What goes into "compare.term".
    terms: compared.order.map((c) => ({
      criterion: named(c),
      difference: say.points(compared.differences[c]),
      a: plotA.id,
      b: plotB.id,
      measured_a: measuredWords(model, say, places, compared.a, c),
      measured_b: measuredWords(model, say, places, compared.b, c),
    })),
    same: compared.same.length ? say("compare.same", { criteria: say.listing(compared.same.map(named)) }) : null,
    sum: say("compare.sum", { difference }),
    no_swap: say("compare.no_swap"),
    swaps_heading: say("compare.swaps"),
    swaps: compared.swaps.map((each) =>
      say("compare.swap", { criterion: named(each.c), needed: say.percent(each.needed, 1), weight: say.percent(each.weight, 1) })
    ),
  };
}
