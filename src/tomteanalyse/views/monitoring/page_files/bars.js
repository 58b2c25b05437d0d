// Municipal homes that came (upwards) and went (downwards) in every period, by cause.

const HOME_CAUSES = ["bought", "built", "reclassified", "sold", "demolished"];
const BAR_GAP = 0.22;

function makeBars(data, model, say) {
  const host = document.getElementById("chart-causes");
  if (!host) return;
  const counts = HOME_CAUSES.map((cause) => numbers(data.changes[cause]));
  const periods = data.days.length - 1;
  const sum = (period, sign) => counts.reduce((all, each) => all + Math.max(sign * each[period], 0), 0);
  const every = Array.from({ length: periods }, (_, period) => period);
  const most = Math.max(...every.map((period) => sum(period, 1)), 0);
  const least = -Math.max(...every.map((period) => sum(period, -1)), 0);
  const ticks = ticksOf(most - least > 0 ? [least, most] : [0, 1], { whole: true });
  const [from, to] = [ticks[0], ticks.at(-1)];
  const drawing = drawn("svg", { class: "chart bars", role: "img" });
  drawing.setAttribute("aria-label", say("monitoring_page.bars_told"));
  host.append(drawing);
  let wide = 0;

  const step = () => (wide - CHART.left - CHART.right) / periods;
  const x = (period) => CHART.left + step() * period;
  const y = (value) => CHART.top + (CHART.high - CHART.top - CHART.bottom) * (1 - (value - from) / (to - from));

  function draw() {
    wide = host.clientWidth || 300;
    drawing.setAttribute("viewBox", `0 0 ${wide} ${CHART.high}`);
    drawing.replaceChildren(...rules(), ...every.flatMap(pile), ...years(), chosen());
  }

  function words(text, at, height, anchor) {
    const made = drawn("text", { x: at, y: height, "text-anchor": anchor });
    made.textContent = text;
    return made;
  }

  function rules() {
    return ticks.flatMap((value) => [
      drawn("line", { class: value === 0 ? "base" : "rule", x1: CHART.left, x2: wide - CHART.right, y1: y(value), y2: y(value) }),
      words(signed(say, value), CHART.left - 6, y(value) + 4, "end"),
    ]);
  }

  // What came is piled upwards from nothing, what went downwards.
  function pile(period) {
    const reached = { 1: 0, "-1": 0 };
    return HOME_CAUSES.flatMap((cause, k) => {
      const count = counts[k][period];
      if (!count) return [];
      const sign = Math.sign(count);
      const [start, end] = [reached[sign], reached[sign] + count];
      reached[sign] = end;
      const top = y(Math.max(start, end));
      return [drawn("rect", { class: `bar-${cause}`, x: x(period) + (BAR_GAP / 2) * step(), width: (1 - BAR_GAP) * step(), y: top, height: y(Math.min(start, end)) - top })];
    });
  }

  // A period bears the year it begins in, where that is the first of the year.
  function years() {
    let free = -Infinity;
    return every.flatMap((period) => {
      const year = data.days[period].slice(0, 4);
      const first = period === 0 || data.days[period - 1].slice(0, 4) !== year;
      const at = x(period) + step() / 2;
      if (!first || at < free || at > wide - 16) return [];
      free = at + CHART.label;
      return [words(year, at, CHART.high - 5, "middle")];
    });
  }

  // The period that ends on the chosen day.
  function chosen() {
    const made = drawn("g", { class: "period" });
    if (model.day > 0) made.append(drawn("rect", { x: x(model.day - 1), width: step(), y: CHART.top, height: CHART.high - CHART.top - CHART.bottom }));
    return made;
  }

  model.listen((before) => differs(model, before, "day") && draw());
  new ResizeObserver(() => host.clientWidth && host.clientWidth !== wide && draw()).observe(host);
  draw();
}
