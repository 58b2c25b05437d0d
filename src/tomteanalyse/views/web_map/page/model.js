// The plots and how they stand with the weights in use. The adopted weights' standing is Python's
// own; every other is reckoned here. Plots keep their number (the adopted order) for ever.

const LETTER_NONE = "-";

function makeModel(data) {
  const packed = data.plots;
  const criteria = data.criteria.map((criterion, c) => readCriterion(criterion, packed.columns[c], packed.reasons));
  const byId = numbers(packed.by_id);
  const accepted = packed.acceptability;
  const [best, topThree, expectedRank] = [accepted.best, accepted.top_three, accepted.expected_rank].map(floats);
  const verdicts = packed.ids.map(() => []);
  for (const [i, constraint, effect, state, reason, source, decision] of packed.verdicts) {
    const out = effect === "knock_out" && state === "violated";
    verdicts[i].push({ constraint, effect, state, reason, source, decision, out });
  }
  const plots = packed.ids.map((id, i) => ({
    number: i,
    id,
    name: packed.names[i] || id,
    facts: packed.facts[i],
    stops: verdicts[i],
    out: verdicts[i].some((verdict) => verdict.out),
    best: best[i],
    topThree: topThree[i],
    expectedRank: expectedRank[i],
  }));
  const out = plots.map((plot) => plot.out);
  const columns = criteria.map((criterion) => ({ value: criterion.value, low: criterion.valueLow, high: criterion.valueHigh }));
  const adopted = {
    swings: criteria.map((criterion) => criterion.swing),
    weights: criteria.map((criterion) => criterion.adopted_weight),
    standing: readStanding(packed.adopted),
    order: plots.map((_, i) => i),
  };
  const listeners = [];
  let flags = [];
  let counted = [];
  const above = floats(accepted.above);
  const leader = new Map(accepted.leaders.map((i, place) => [i, place]));

  const model = {
    plots,
    criteria,
    byId,
    count: data.count,
    undecided: data.undecided, // Of how many criteria nobody has decided the figures, of how many; or null.
    partial: data.count > plots.length, // Only the best are on the page; the others cannot move up.
    draws: accepted.draws,
    drawn: accepted.drawn,
    adopted,
    listen: (heard) => listeners.push(heard),
    // Whether the weights differ from those the study adopted.
    get changed() {
      return model.swings.some((swing, c) => swing !== adopted.swings[c]);
    },
    // Returns whether it could be done: at least one criterion must have weight.
    weigh(swings) {
      const own = swings.every((swing, c) => swing === adopted.swings[c]);
      const weights = own ? adopted.weights : shares(swings);
      if (!weights) return false;
      model.swings = [...swings];
      model.weights = weights;
      const standing = own ? adopted.standing : standings(weights, columns, out, data.grades);
      take(standing);
      model.order = own ? adopted.order : rankingOrder(standing, out, byId);
      model.order.forEach((i, place) => (plots[i].place = place));
      listeners.forEach((heard) => heard());
      return true;
    },
    points: (i, c) => weighted(Number.isNaN(criteria[c].value[i]) ? HALF : criteria[c].value[i], model.weights[c]),
    // In how many of the draws i was above j, NaN where they were not compared.
    shareAbove: (i, j) =>
      leader.has(i) && leader.has(j) ? above[leader.get(i) * leader.size + leader.get(j)] : NaN,
    // What must be seen beside each plot's score, with the weights in use.
    flags: (i) => {
      flags[i] = flags[i] || flagsOf(model, counted, i);
      return flags[i];
    },
  };

  function take(standing) {
    flags = [];
    counted = criteria.filter((_, c) => model.weights[c] > 0);
    model.ranked = standing.ranked;
    const sharing = new Map();
    standing.rank.forEach((rank) => sharing.set(rank, (sharing.get(rank) || 0) + 1));
    plots.forEach((plot, i) => {
      plot.rank = standing.rank[i];
      plot.shared = plot.rank !== null && sharing.get(plot.rank) > 1;
      plot.grade = standing.grade[i];
      plot.score = standing.score[i];
      plot.low = standing.low[i];
      plot.high = standing.high[i];
      plot.coverage = standing.coverage[i];
      plot.bare = standing.bare[i];
    });
  }

  model.weigh(adopted.swings);
  return model;
}

function readCriterion(criterion, column, reasons) {
  const measured = floats(column.measured);
  const low = column.low === null ? measured : floats(column.low);
  const high = column.high === null ? measured : floats(column.high);
  const { value, image, inverse } = makeValue(criterion.anchors);
  const best = measured.map(value);
  const [valueLow, valueHigh] = [new Float64Array(best.length), new Float64Array(best.length)];
  best.forEach((own, i) => {
    const unknown = Number.isNaN(own);
    const [least, most] = unknown ? [0, 1] : image(low[i], high[i]);
    // The interval always holds the best figure's own value, also where that is all we have.
    valueLow[i] = unknown || least <= own ? least : own;
    valueHigh[i] = unknown || most >= own ? most : own;
  });
  const [reason, group, place, route, edge] = ["reason", "group", "place", "route", "edge"].map((name) => numbers(column[name]));
  return {
    ...criterion,
    inverse,
    measured,
    measuredLow: low,
    measuredHigh: high,
    value: best,
    valueLow,
    valueHigh,
    edge,
    // Where it was measured to, the way there and why there is no figure; null where there is none.
    reason: (i) => (reason[i] < 0 ? null : reasons[reason[i]]),
    place: (i) => (place[i] < 0 ? null : [group[i], place[i]]),
    route: (i) => (route[i] < 0 ? null : route[i]),
  };
}

function readStanding(packed) {
  const coverage = floats(packed.coverage);
  return {
    score: floats(packed.score),
    low: floats(packed.low),
    high: floats(packed.high),
    coverage,
    grade: [...packed.grade].map((letter) => (letter === LETTER_NONE ? null : letter)),
    rank: numbers(packed.rank).map((rank) => (rank < 0 ? null : rank)),
    ranked: packed.ranked,
    bare: Array.from(coverage, (share) => alike(share) < LEAST_COVERAGE),
  };
}

// What must be seen beside a plot's score: views/ranking.py, of the criteria that have weight now.
const FLAGS = ["knock_out", "must_clear", "too_little_measured", "unknown", "unreachable", "outside_extract", "near_edge"];

function flagsOf(model, counted, i) {
  const plot = model.plots[i];
  const raised = {
    knock_out: plot.out,
    must_clear: plot.stops.some((stop) => !stop.out),
    too_little_measured: plot.bare,
    unknown: counted.some((criterion) => Number.isNaN(criterion.measured[i])),
    unreachable: counted.some((criterion) => criterion.measured[i] === Infinity),
    outside_extract: counted.some((criterion) => criterion.reason(i) === "outside_extract"),
    near_edge: counted.some((criterion) => criterion.edge[i] === 1),
  };
  return FLAGS.filter((flag) => raised[flag]);
}
