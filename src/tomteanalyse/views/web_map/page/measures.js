// A plot's points, criterion by criterion: what was measured, to which place, by what rule.

function cardMeasures(about, i) {
  const { model, say } = about;
  const most = Math.max(...model.weights);
  return element(
    "div",
    {},
    element("div", { class: "card-heading" }, element("h3", { text: say("map.card.criteria") }), allRoutes(about, i)),
    element("ul", { class: "measures" }, ...model.criteria.map((_, c) => measure(about, i, c, most)))
  );
}

function measure(about, i, c, most) {
  const { model, say, places } = about;
  const criterion = model.criteria[c];
  const weight = model.weights[c];
  const counts = weight > 0;
  const at = criterion.place(i);
  const place = at && places[at[0]].names[at[1]];
  const unknown = Number.isNaN(criterion.measured[i]);
  const reason = criterion.reason(i);
  return element(
    "li",
    { class: counts ? null : "uncounted" },
    element(
      "div",
      { class: "measure-top" },
      element("span", { class: "measure-name", text: say.criterion(criterion) }),
      counts
        ? element(
            "span",
            { class: "measure-points" },
            element("b", { text: say.points(model.points(i, c)) }),
            ` / ${say.points(100 * weight)}`
          )
        : null
    ),
    counts ? pointsBar(criterion, i, weight / most) : null,
    element(
      "div",
      { class: "measure-what" },
      element("span", { class: "measured", text: say.measured(criterion, criterion.measured[i]) }),
      at ? element("span", { class: "own place", text: place || namelessPlace(places[at[0]], say) }) : null,
      at || criterion.route(i) !== null ? routeButton(about, i, c) : null
    ),
    reason ? element("p", { class: "why", text: say(`reason.${reason}`) }) : null,
    unknown && counts ? element("p", { class: "quiet", text: say("map.card.uncertain", { most: say.points(100 * weight) }) }) : null,
    counts ? valueRule(model, say, i, c) : element("p", { class: "quiet", text: say("map.card.uncounted") })
  );
}

function namelessPlace(group, say) {
  return `${say.has(`map.class.${group.key}`) ? say(`map.class.${group.key}`) : group.key} ${say("map.card.nameless")}`;
}

// The anchors, the weight, and who says so.
function valueRule(model, say, i, c) {
  return element(
    "details",
    { class: "rule", "data-key": "rule" },
    element("summary", { text: say("map.card.rule") }),
    element("p", { class: "own", text: valueWords(model, say, i, c) }),
    element("p", { class: "own", text: model.changed ? say("map.card.tried_weight", { weight: say.percent(model.weights[c], 1) }) : weightWords(model, say, c) })
  );
}

// The track is as long as the criterion weighs; unknown is hatched from worst to best.
function pointsBar(criterion, i, length) {
  const part = (value) => `${Math.round(1e4 * value) / 100}%`;
  const value = criterion.value[i];
  const [low, high] = [criterion.valueLow[i], criterion.valueHigh[i]];
  return element(
    "span",
    { class: "bar", style: `width:${part(length)}`, "aria-hidden": "true" },
    Number.isNaN(value)
      ? element("span", { class: "bar-unknown", style: `left:${part(low)};width:${part(high - low)}` })
      : element("span", { class: "bar-has", style: `width:${part(value)}` })
  );
}

function routeButton({ model, say, routes, view }, i, c) {
  const kind = model.criteria[c].straight ? "line" : "route";
  const button = element("button", {
    type: "button",
    class: "route-button",
    "data-criterion": c,
    onclick: () => {
      routes.show(i, c, !routes.has(c));
      dress();
      if (routes.has(c)) view.include(routes.bounds());
    },
  });
  const dress = () => {
    button.textContent = say(`map.card.${routes.has(c) ? "hide" : "show"}_${kind}`);
    button.setAttribute("aria-pressed", String(routes.has(c)));
    button.setAttribute("aria-label", `${button.textContent}: ${say.criterion(model.criteria[c])}`);
  };
  button.dress = dress;
  dress();
  return button;
}

function allRoutes({ model, say, routes, view }, i) {
  const drawn = model.criteria.map((_, c) => c).filter((c) => model.criteria[c].route(i) !== null);
  if (drawn.length < 2) return null;
  const all = () => drawn.every((c) => routes.has(c));
  const button = element("button", {
    type: "button",
    class: "route-button",
    onclick: () => {
      const on = !all();
      drawn.forEach((c) => routes.show(i, c, on));
      button.closest(".card").querySelectorAll("[data-criterion]").forEach((each) => each.dress());
      dress();
      if (on) view.include(routes.bounds());
    },
  });
  const dress = () => (button.textContent = say(all() ? "map.card.hide_all" : "map.card.show_all"));
  dress();
  return button;
}
