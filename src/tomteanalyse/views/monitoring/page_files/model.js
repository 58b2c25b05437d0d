// What was found, unpacked: figures by area and day, and what is chosen of them.

const COLOURINGS = ["share", "homes"];

// The other half of series.py: every area's days one after another.
function series(packed, days) {
  const first = numbers(packed.first);
  const found = new Int32Array(first.length * days);
  const steps = days - 1;
  const by = numbers(packed.by);
  let at = 0;
  const changed = numbers(packed.at).map((gap) => (at += gap));
  let next = 0;
  first.forEach((value, area) => {
    let now = value;
    found[area * days] = now;
    for (let day = 1; day < days; day += 1) {
      if (changed[next] === area * steps + day - 1) {
        now += by[next];
        next += 1;
      }
      found[area * days + day] = now;
    }
  });
  return found;
}

// Changes by area, in the order of their days.
function changesOf(packed, count, causes, partUnits) {
  const found = Array.from({ length: count }, () => []);
  const [days, assumed, split] = [numbers(packed.day), numbers(packed.assumed), numbers(packed.split)];
  const [cause, came, part] = [numbers(packed.cause), numbers(packed.count), numbers(packed.part)];
  const many = numbers(packed.causes);
  let area = 0;
  let entry = 0;
  numbers(packed.area).forEach((step, row) => {
    area += step;
    const change = { day: days[row], assumed: assumed[row], split: split[row] === 1, causes: [] };
    for (let k = 0; k < many[row]; k += 1, entry += 1) {
      change.causes.push({ cause: causes[cause[entry]], count: came[entry], part: part[entry] / partUnits });
    }
    found[area].push(change);
  });
  return found;
}

function makeGeography(packed, data) {
  const days = data.days.length;
  const shares = (figures) => Float64Array.from(series(figures, days), (parts) => (parts < 0 ? NaN : parts / data.units));
  const figures = {
    homes: series(packed.homes, days),
    dwellings: Float64Array.from(series(packed.dwellings, days), (count) => (count < 0 ? NaN : count)),
    share: shares(packed.share),
    shrunken: shares(packed.shrunken),
    hot: series(packed.hot, days),
  };
  const limits = {
    share: packed.classes.share.limits.map((parts) => parts / data.units),
    homes: packed.classes.homes.limits,
  };
  const over = (name, area) => Array.from(figures[name].subarray(area * days, (area + 1) * days));
  const ever = packed.ids.map((_, area) => over("homes", area).some((homes) => homes > 0));
  const changes = changesOf(packed.changes, packed.ids.length, data.causes, data.units);
  return {
    key: packed.key,
    cells: packed.cells,
    ids: packed.ids,
    labels: packed.labels,
    count: packed.ids.length,
    shapes: flat(packed.shapes),
    spots: points(packed.spots),
    limits,
    colours: { share: packed.classes.share.colours, homes: packed.classes.homes.colours },
    indices: packed.indices,
    at: (name, area, day) => figures[name][area * days + day],
    over,
    // Whether an area ever holds a home.
    ever: (area) => ever[area],
    changes: (area) => changes[area],
    // Null where there is nothing to show or nothing known, otherwise the number of the class.
    classOf(name, area, day) {
      const value = this.at(name, area, day);
      if (!(value > 0)) return null;
      return limits[name].filter((limit) => value >= limit).length;
    },
  };
}

function makeModel(data) {
  const listeners = [];
  const geographies = data.geographies.map((packed) => makeGeography(packed, data));
  return {
    days: data.days,
    known: data.known,
    geographies,
    geography: geographies[0],
    colouring: data.known ? "share" : "homes",
    day: data.days.length - 1,
    chosen: null,
    listen: (heard) => listeners.push(heard),
    // `from` tells what did it; the parts are told what was before.
    set(wanted, from) {
      const before = { geography: this.geography, colouring: this.colouring, day: this.day, chosen: this.chosen };
      const moved = wanted.geography && wanted.geography !== this.geography;
      Object.assign(this, moved ? { chosen: null } : {}, wanted);
      if (Object.keys(before).some((name) => before[name] !== this[name])) listeners.forEach((heard) => heard(before, from));
    },
    label(area) {
      return this.geography.labels[area];
    },
  };
}
