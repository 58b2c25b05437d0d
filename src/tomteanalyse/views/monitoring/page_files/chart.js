// A curve over the days: axes with numbers, a band where there is one, and a mark at the chosen day.

const CHART = { high: 168, left: 46, right: 12, top: 10, bottom: 24, label: 44 };
const NICE_STEPS = [1, 2, 2.5, 5, 10];

function drawn(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// From nothing, unless that would hide every change; never so near that noise looks like change.
function rangeOf(values, zero) {
  const known = values.filter((value) => Number.isFinite(value));
  if (!known.length) return [0, 1];
  const [least, most] = [Math.min(...known), Math.max(...known)];
  if (most <= 0) return [0, 1];
  const span = Math.max(most - least, 0.1 * most);
  const from = zero || least < 0.6 * most ? 0 : Math.max(0, least - 0.3 * span);
  return [from, from === 0 ? most : Math.max(most, from + 1.3 * span)];
}

function ticksOf([from, to], { whole }) {
  const rough = (to - from) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  let step = power * NICE_STEPS.find((nice) => nice * power >= rough - 1e-12);
  if (whole) step = Math.max(1, Math.round(step));
  const first = Math.floor(from / step + 1e-9);
  const last = Math.ceil(to / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, k) => (first + k) * step);
}

// `lines`: [{ values, look }], the first the one that is told; `band`: { low, high }.
// `write` says a value, `summary` all of it for those who do not see it; `whole`: no ticks between
// whole numbers; `zero`: always from nothing.
function makeChart({ days, lines, band, write, whole, zero, summary, choose }) {
  const drawing = drawn("svg", { class: "chart", role: "img" });
  drawing.setAttribute("aria-label", summary);
  const host = element("div", { class: "chart-host" }, drawing);
  const times = days.map((day) => Date.parse(day));
  const every = [...lines.flatMap((line) => line.values), ...(band ? [...band.low, ...band.high] : [])];
  const ticks = ticksOf(rangeOf(every, zero), { whole });
  const [from, to] = [ticks[0], ticks.at(-1)];
  let wide = 0;
  let day = days.length - 1;
  let mark = null;

  const x = (k) => {
    const room = wide - CHART.left - CHART.right;
    if (days.length === 1) return CHART.left + room / 2;
    return CHART.left + (room * (times[k] - times[0])) / (times.at(-1) - times[0]);
  };
  const y = (value) => CHART.top + (CHART.high - CHART.top - CHART.bottom) * (1 - (value - from) / (to - from || 1));

  function draw() {
    wide = host.clientWidth || 300;
    drawing.setAttribute("viewBox", `0 0 ${wide} ${CHART.high}`);
    mark = drawn("g", { class: "mark" });
    drawing.replaceChildren(...axes(), ...area(), ...lines.flatMap(path), mark);
    place();
  }

  function axes() {
    const made = ticks.map((value) =>
      drawn(
        "g",
        {},
        drawn("line", { class: value === 0 ? "base" : "rule", x1: CHART.left, x2: wide - CHART.right, y1: y(value), y2: y(value) }),
        words(write(value), CHART.left - 6, y(value) + 4, "end")
      )
    );
    let free = -Infinity;
    days.forEach((each, k) => {
      const year = each.slice(0, 4);
      if (k > 0 && days[k - 1].slice(0, 4) === year) return;
      made.push(drawn("line", { class: "rule", x1: x(k), x2: x(k), y1: y(from), y2: y(from) + 4 }));
      if (x(k) < free) return;
      free = x(k) + CHART.label;
      made.push(words(year, clamp(x(k), CHART.left, wide - 16), CHART.high - 5, "middle"));
    });
    return made;
  }

  function words(text, at, height, anchor) {
    const made = drawn("text", { x: at, y: height, "text-anchor": anchor });
    made.textContent = text;
    return made;
  }

  // Pieces without gaps: where nothing is known, nothing is drawn.
  function pieces(known) {
    const found = [];
    days.forEach((_, k) => {
      if (!known(k)) return;
      if (k > 0 && known(k - 1) && found.length) found.at(-1).push(k);
      else found.push([k]);
    });
    return found;
  }

  function area() {
    if (!band) return [];
    return pieces((k) => Number.isFinite(band.low[k])).map((run) => {
      const upper = run.map((k) => `${x(k)} ${y(band.high[k])}`);
      const lower = run.map((k) => `${x(k)} ${y(band.low[k])}`).reverse();
      return drawn("path", { class: "band", d: `M${[...upper, ...lower].join("L")}Z` });
    });
  }

  function path({ values, look }) {
    return pieces((k) => Number.isFinite(values[k])).map((run) =>
      run.length > 1
        ? drawn("path", { class: `line ${look || ""}`, d: `M${run.map((k) => `${x(k)} ${y(values[k])}`).join("L")}` })
        : drawn("circle", { class: `lone ${look || ""}`, cx: x(run[0]), cy: y(values[run[0]]), r: 3 })
    );
  }

  function place() {
    const value = lines[0].values[day];
    const at = x(day);
    mark.replaceChildren(drawn("line", { x1: at, x2: at, y1: CHART.top, y2: CHART.high - CHART.bottom }));
    if (Number.isFinite(value)) mark.append(drawn("circle", { cx: at, cy: y(value), r: 4.5 }));
  }

  if (choose) {
    drawing.addEventListener("click", (event) => {
      const at = event.clientX - drawing.getBoundingClientRect().left;
      const nearest = days.map((_, k) => Math.abs(x(k) - at));
      choose(nearest.indexOf(Math.min(...nearest)));
    });
  }
  new ResizeObserver(() => {
    if (host.clientWidth && host.clientWidth !== wide) draw();
  }).observe(host);
  draw();
  return {
    host,
    show(wanted) {
      day = wanted;
      place();
    },
  };
}
