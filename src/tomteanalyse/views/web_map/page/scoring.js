// The additive model as scoring/evaluation.py has it: the same rules, the same rounding.

const GRID = 2 ** 40; // Points and weights are whole multiples of 1/GRID: their sums are exact.
const ALIKE = 1e9; // Scores that agree to nine decimals are the same score.
const HALF = 0.5; // What an unknown counts as.
const LEAST_COVERAGE = 0.5; // With less of the weight measured a plot gets no rank and no letter.
const NO_FRACTION = 2 ** 52;

// To the nearest whole number, half to even; for figures from 0 to 2^51.
function rint(value) {
  return value + NO_FRACTION - NO_FRACTION;
}

function alike(value) {
  return value < 0 ? -rint(-value * ALIKE) / ALIKE : rint(value * ALIKE) / ALIKE;
}

// Straight lines between fixed anchors: value_functions.py.
function makeValue(anchors) {
  const [first, last] = [anchors[0], anchors.at(-1)];
  const other = anchors.findLast(([, v]) => v !== last[1]);
  const unreachable = other && last[1] < other[1] ? 0 : last[1];

  function value(x) {
    if (Number.isNaN(x)) return NaN;
    if (x === Infinity) return unreachable;
    if (x <= first[0]) return first[1];
    if (x >= last[0]) return last[1];
    const above = anchors.findIndex((anchor) => anchor[0] > x);
    const [[x1, v1], [x2, v2]] = [anchors[above - 1], anchors[above]];
    if (x === x1) return v1;
    return Math.min(Math.max(((v2 - v1) / (x2 - x1)) * (x - x1) + v1, 0), 1);
  }

  // The least and the greatest value between two measurements.
  function image(low, high) {
    const ends = [value(low), value(high)];
    let [least, greatest] = [Math.min(...ends), Math.max(...ends)];
    for (const [x, v] of anchors) {
      if (!(low < x && x < high)) continue;
      least = Math.min(least, v);
      greatest = Math.max(greatest, v);
    }
    return [least, greatest];
  }

  // The finite measurement with this value that is nearest to `near`, else NaN.
  function inverse(sought, near) {
    const found = [];
    if (first[1] === sought) found.push(Math.min(near, first[0]));
    if (last[1] === sought) found.push(Number.isFinite(near) ? Math.max(near, last[0]) : last[0]);
    for (let i = 1; i < anchors.length; i += 1) {
      const [[x1, v1], [x2, v2]] = [anchors[i - 1], anchors[i]];
      if (v1 === sought && v2 === sought) found.push(Math.min(Math.max(near, x1), x2));
      else if (v1 !== v2 && Math.min(v1, v2) <= sought && sought <= Math.max(v1, v2)) {
        found.push(x1 + (x2 - x1) * ((sought - v1) / (v2 - v1)));
      }
    }
    if (Number.isNaN(near) || !found.length) return NaN;
    if (!Number.isFinite(near)) return Math.max(...found);
    return found.reduce((best, x) => {
      const [a, b] = [Math.abs(x - near), Math.abs(best - near)];
      return a < b || (a === b && x < best) ? x : best;
    });
  }

  return { value, image, inverse };
}

// Swing points to weights whose sum is exactly 1; null where none is above 0.
function shares(swings) {
  const most = Math.max(...swings);
  if (!(most > 0)) return null;
  const scaled = swings.map((swing) => swing / most);
  const sum = scaled.reduce((a, b) => a + b, 0);
  const units = scaled.map((each) => Math.floor((each / sum) * GRID));
  units[units.indexOf(Math.max(...units))] += GRID - units.reduce((a, b) => a + b, 0);
  return units.map((each) => each / GRID);
}

function weighted(value, weight) {
  return rint(value * (100 * weight) * GRID) / GRID;
}

// How every plot stands with these weights. `columns` hold values, a column a criterion.
function standings(weights, columns, out, grades) {
  const count = out.length;
  const [score, low, high, coverage] = [0, 0, 0, 0].map(() => new Float64Array(count));
  columns.forEach((column, c) => {
    const weight = weights[c];
    if (weight === 0) return;
    for (let i = 0; i < count; i += 1) {
      const known = !Number.isNaN(column.value[i]);
      score[i] += weighted(known ? column.value[i] : HALF, weight);
      low[i] += weighted(column.low[i], weight);
      high[i] += weighted(column.high[i], weight);
      if (known) coverage[i] += weight;
    }
  });
  const enough = Array.from(coverage, (share) => alike(share) >= LEAST_COVERAGE);
  const grade = Array.from(score, (points, i) =>
    enough[i] ? (grades.find((each) => alike(points) >= each.least) || grades.at(-1)).letter : null
  );
  const taking = [...out.keys()].filter((i) => enough[i] && !out[i]);
  return { score, low, high, coverage, grade, rank: ranks(score, taking), ranked: taking.length, bare: enough.map((each) => !each) };
}

// Ranks from 1; equal scores share the better one, null for who is not in it.
function ranks(score, taking) {
  const rank = new Array(score.length).fill(null);
  const falling = taking.map((i) => [alike(score[i]), i]).sort((a, b) => b[0] - a[0]);
  falling.forEach(([points, i], place) => {
    const shared = place > 0 && falling[place - 1][0] === points;
    rank[i] = shared ? rank[falling[place - 1][1]] : place + 1;
  });
  return rank;
}

// By rank; then those of which too little is measured; then those knocked out; ties by score and id.
function rankingOrder(standing, out, byId) {
  const last = standing.score.length + 1;
  const rank = standing.rank.map((each) => (each === null ? last : each));
  const points = Array.from(standing.score, alike);
  return [...out.keys()].sort((a, b) => out[a] - out[b] || rank[a] - rank[b] || points[b] - points[a] || byId[a] - byId[b]);
}
