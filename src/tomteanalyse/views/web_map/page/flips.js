// What would have to be otherwise for another plot to win: scoring/flips.py, with the weights in
// use. When one weight becomes t and the others keep their proportions, a score is a line in t.

const NOISE = 1 / ALIKE;

// The score at weight 0 of the criterion, and its slope.
function scoreLine(model, i, c) {
  const value = model.criteria[c].value[i];
  const atZero = (model.plots[i].score - model.points(i, c)) / (1 - model.weights[c]);
  return [atZero, 100 * (Number.isNaN(value) ? HALF : value) - atZero];
}

// Per criterion, the weights with which the plot would be best.
function weightRanges(model, i) {
  const rivals = model.plots.filter((plot) => plot.rank !== null && plot.number !== i).map((plot) => plot.number);
  rivals.sort((a, b) => model.byId[a] - model.byId[b]);
  const first = model.plots[i].rank === 1;
  return model.criteria.flatMap((_, c) => {
    const weight = model.weights[c];
    if (weight >= 1) return [];
    const [ownStart, ownSlope] = scoreLine(model, i, c);
    let [low, below, high, above] = [0, null, 1, null];
    for (const rival of rivals) {
      const [start, slope] = scoreLine(model, rival, c);
      const [lead, gain] = [ownStart - start, ownSlope - slope];
      if (Math.abs(gain) <= NOISE) {
        if (lead < -NOISE) return [];
        continue;
      }
      const crossing = -lead / gain;
      if (gain > 0 && crossing > low) [low, below] = [crossing, rival];
      if (gain < 0 && crossing < high) [high, above] = [crossing, rival];
    }
    if (first) [low, high] = [Math.min(low, weight), Math.max(high, weight)];
    if (!(low < high)) return [];
    return [{ c, weight, low, high, below: low > 0 ? below : null, above: high < 1 ? above : null }];
  });
}

// Per criterion, the weight at which two plots score alike, if there is one.
function weightSwaps(model, a, b) {
  return model.criteria.flatMap((_, c) => {
    const weight = model.weights[c];
    if (weight >= 1) return [];
    const [[startA, slopeA], [startB, slopeB]] = [scoreLine(model, a, c), scoreLine(model, b, c)];
    const gain = slopeA - slopeB;
    const needed = -(startA - startB) / gain;
    return Math.abs(gain) > NOISE && needed > 0 && needed < 1 ? [{ c, weight, needed }] : [];
  });
}

// What each measurement would have to be to draw level with a neighbour in the ranking.
function measureFlips(model, i, neighbours) {
  return [[neighbours.above, true], [neighbours.below, false]].flatMap(([other, lifts]) => {
    if (other === null) return [];
    const gap = model.plots[other].score - model.plots[i].score;
    return model.criteria.flatMap((criterion, c) => {
      const weight = model.weights[c];
      const value = criterion.value[i];
      if (weight <= 0 || Number.isNaN(value)) return [];
      const measured = criterion.measured[i];
      const needed = criterion.inverse(alike(value + gap / (100 * weight)), measured);
      return needed >= 0 ? [{ c, measured, needed, other, lifts }] : [];
    });
  });
}

// Where the plot may end up once each of its unknowns is measured.
function unknownSpans(model, i) {
  const others = model.plots.filter((plot) => plot.rank !== null && plot.number !== i).map((plot) => alike(plot.score));
  const score = model.plots[i].score;
  return model.criteria.flatMap((criterion, c) => {
    const half = model.points(i, c);
    if (!(half > 0) || !Number.isNaN(criterion.value[i])) return [];
    const [low, high] = [score - half, score + half];
    const [best, worst] = [high, low].map((end) => 1 + others.filter((each) => each > alike(end)).length);
    return [{ c, low, high, best, worst }];
  });
}

// The nearest plots that score more and less, and those that share the rank.
function neighboursOf(model, i) {
  const rank = model.plots[i].rank;
  const ranked = model.order.filter((each) => model.plots[each].rank !== null);
  const better = ranked.filter((each) => model.plots[each].rank < rank);
  const worse = ranked.filter((each) => model.plots[each].rank > rank);
  return {
    above: better.length ? better.at(-1) : null,
    below: worse.length ? worse[0] : null,
    tied: ranked.filter((each) => each !== i && model.plots[each].rank === rank),
  };
}
