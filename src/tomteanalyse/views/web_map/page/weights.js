// Weights to try: a slider per criterion, and a banner as long as they are not the adopted ones.
// Only the weights move; how a measurement becomes a value stays as it is.

// `moved` is told when the panel is unfolded or folded: it may lie on the map.
function makeWeights(data, model, say, moved) {
  const panel = document.getElementById("weights");
  const banner = document.getElementById("deviates");
  const announce = document.getElementById("announce");
  const summary = element("summary");
  const intro = element("p", { class: "quiet" });
  const fault = element("p", { class: "fault", role: "alert" });
  const profiles = element("div", { class: "profiles" });
  const list = element("ul", { class: "sliders" });
  const swings = [...model.swings];
  let waiting = false;

  const sliders = model.criteria.map((criterion, c) => {
    const input = element("input", { type: "range", id: `weight-${c}`, min: 0, max: 100, step: 1, oninput: () => move(c, Number(input.value)) });
    const label = element("label", { for: input.id });
    const output = element("output", { for: input.id });
    list.append(element("li", {}, label, input, output));
    return { criterion, input, label, output };
  });
  const heading = element("h3");
  const close = closeButton("", () => {
    details.open = false;
    summary.focus({ preventScroll: true });
  });
  const top = element("div", { class: "weights-top" }, heading, close);
  const body = element("div", { class: "weights-body" }, top, intro, profiles, list, fault);
  const details = element("details", { id: "weights-panel" }, summary, body);
  body.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close.click();
  });
  details.addEventListener("toggle", () => moved(details.open));
  panel.append(details);

  // The page follows once a picture, however fast the pointer is.
  function move(c, swing) {
    swings[c] = swing;
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      apply(swings);
    });
  }

  function apply(wanted) {
    const done = model.weigh(wanted);
    fault.textContent = done ? "" : say("map.weights.none");
    if (done) return;
    wanted.forEach((swing, c) => (swings[c] = swing));
    dress(swings, null);
  }

  function dress(shown, weights) {
    sliders.forEach(({ criterion, input, label, output }, c) => {
      const points = say.number(shown[c]);
      const short = `criterion.${criterion.key}.short`;
      label.textContent = say.has(short) ? say(short) : say.criterion(criterion);
      label.title = say.criterion(criterion);
      if (Number(input.value) !== Math.round(shown[c])) input.value = shown[c];
      output.textContent = points;
      const share = weights ? say.percent(weights[c]) : say.percent(0);
      input.setAttribute("aria-label", say.criterion(criterion));
      input.setAttribute("aria-valuetext", say("map.weights.slider", { points, share }));
      output.title = say("map.weights.slider", { points, share });
    });
  }

  const offers = data.profiles.map((profile) => ({
    ...profile,
    label: () =>
      profile.name === undefined
        ? say("map.profile", { step: say(`profile.step.${profile.step}`), form: say(`profile.form.${profile.form}`) })
        : profile.name,
  }));
  const adopted = { swings: model.adopted.swings, label: () => say("map.weights.adopted") };

  function fillProfiles() {
    const own = offers.filter((offer) => offer.name !== undefined);
    const others = offers.filter((offer) => offer.name === undefined);
    const button = (offer) =>
      element("button", {
        type: "button",
        class: "profile own",
        text: offer.label(),
        "aria-pressed": String(same(offer.swings, model.swings)),
        onclick: () => apply(offer.swings),
      });
    const select = element(
      "select",
      { id: "profiles", onchange: () => select.value && apply(others[Number(select.value)].swings) },
      element("option", { value: "", text: say("map.weights.other_profiles") }),
      ...others.map((offer, place) => element("option", { value: place, text: offer.label() }))
    );
    const chosen = others.findIndex((offer) => same(offer.swings, model.swings));
    select.value = chosen < 0 || same(adopted.swings, model.swings) ? "" : String(chosen);
    select.setAttribute("aria-label", say("map.weights.other_profiles"));
    const held = profiles.contains(document.activeElement) ? placeOfFocus(profiles) : null;
    profiles.replaceChildren(button(adopted), ...own.map(button), select);
    if (held !== null) profiles.children[held].focus({ preventScroll: true });
  }

  function fillBanner() {
    banner.hidden = !model.changed;
    const note = say(model.undecided ? "map.weights.deviates_proposal" : "map.weights.deviates_note");
    const partial = model.partial ? ` ${say("map.weights.partial", { shown: say.number(model.plots.length) })}` : "";
    banner.replaceChildren(
      element("strong", { text: say("map.weights.deviates") }),
      element("span", { text: note + partial }),
      element("button", { type: "button", id: "back", text: say("map.weights.back"), onclick: goBack })
    );
  }

  function goBack() {
    apply(model.adopted.swings);
    // The button is gone; the focus goes to where the weights are.
    summary.focus({ preventScroll: true });
  }

  let changed = false;
  let telling = null;
  function tell() {
    if (!changed && !model.changed) return;
    changed = model.changed;
    clearTimeout(telling);
    // Once the slider rests; a voice cannot follow every step.
    telling = setTimeout(() => {
      const best = model.plots[model.order[0]];
      const text = say(model.changed ? "map.weights.now_best" : "map.weights.adopted_again", { plot: best.name });
      announce.textContent = model.changed ? `${say("map.weights.deviates")}. ${text}` : text;
    }, 400);
  }

  function fill() {
    summary.textContent = say("map.weights.heading");
    heading.textContent = say("map.weights.heading");
    close.setAttribute("aria-label", say("map.weights.close"));
    close.title = say("map.weights.close");
    intro.textContent = say("map.weights.intro");
    intro.hidden = model.changed; // It has been read, and the banner needs its room.
    model.swings.forEach((swing, c) => (swings[c] = swing));
    fault.textContent = "";
    dress(model.swings, model.weights);
    fillProfiles();
    fillBanner();
  }

  model.listen(() => {
    fill();
    tell();
  });
  say.listen(fill);
  fill();
}

function same(one, other) {
  return one.every((swing, c) => swing === other[c]);
}

function placeOfFocus(parent) {
  return [...parent.children].indexOf(document.activeElement);
}
