// The day that is shown: a slider, steps to both sides, and letting time pass.

const STEP_MS = 900;
const PLAY_PATH = "M4 2.5v11l9.5-5.5z";
const PAUSE_PATH = "M4 2.5h3v11H4zM9.5 2.5h3v11h-3z";

function makeTimeline(model, say) {
  const slider = document.getElementById("day");
  const name = document.getElementById("day-name");
  const [earlier, later, play] = ["earlier", "later", "play"].map((id) => document.getElementById(id));
  const last = model.days.length - 1;
  let playing = null;
  slider.max = last;
  slider.disabled = last === 0;
  earlier.append(glyph("M10.5 2.5 5 8l5.5 5.5", "cross"));
  later.append(glyph("M5.5 2.5 11 8l-5.5 5.5", "cross"));
  ticks(document.getElementById("ticks"), model.days);

  function go(day) {
    model.set({ day: clamp(day, 0, last) }, "time");
  }
  function stop() {
    clearInterval(playing);
    playing = null;
    dress();
  }
  function start() {
    if (model.day === last) go(0);
    playing = setInterval(() => {
      go(model.day + 1);
      if (model.day === last) stop();
    }, STEP_MS);
    dress();
  }
  function dress() {
    const words = say(playing ? "monitoring_page.pause" : "monitoring_page.play");
    play.setAttribute("aria-label", words);
    play.setAttribute("title", words);
    play.replaceChildren(glyph(playing ? PAUSE_PATH : PLAY_PATH, "solid"));
    // Whoever wants no motion has the slider and the steps.
    play.hidden = calm.matches || last === 0;
  }
  function show() {
    const written = say.date(model.days[model.day]);
    slider.value = model.day;
    slider.setAttribute("aria-valuetext", written);
    name.textContent = written;
    document.querySelectorAll(".day-said").forEach((each) => (each.textContent = written));
    earlier.disabled = model.day === 0;
    later.disabled = model.day === last;
  }

  slider.addEventListener("input", () => {
    stop();
    go(Number(slider.value));
  });
  earlier.addEventListener("click", () => {
    stop();
    go(model.day - 1);
  });
  later.addEventListener("click", () => {
    stop();
    go(model.day + 1);
  });
  play.addEventListener("click", () => (playing ? stop() : start()));
  calm.addEventListener("change", stop);
  // On a telephone the day stays in sight below the band, whose words may take two lines.
  const band = document.querySelector(".edition");
  new ResizeObserver(() => document.documentElement.style.setProperty("--band", `${band.offsetHeight}px`)).observe(band);
  window.addEventListener("beforeprint", stop);
  model.listen((before) => differs(model, before, "day") && show());
  show();
  dress();
}

// A year under the slider where it begins, as many as find room.
function ticks(host, days) {
  const last = Math.max(days.length - 1, 1);
  const years = days.map((day) => day.slice(0, 4));
  const begins = years.map((year, k) => [year, k]).filter(([year, k]) => k === 0 || years[k - 1] !== year);
  const every = Math.ceil(begins.length / 7);
  host.append(
    ...begins
      .filter((_, k) => k % every === 0)
      .map(([year, k]) => element("span", { text: year, style: `left:${(100 * k) / last}%` }))
  );
}
