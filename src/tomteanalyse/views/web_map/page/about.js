// Who, what and when above and below the map, and "Om analysen": sources, settings, limits.

const LIMITS = ["network", "terrain", "amenities", "points", "places", "weights"];

function profileWords(account, say) {
  const profile = say("map.profile", {
    step: say(`profile.step.${account.step}`),
    form: say(`profile.form.${account.form}`),
  });
  return account.note ? `${profile} \u00b7 ${account.note}` : profile;
}

function creditWords(account, say) {
  return account.credit || say("map.footer.attribution");
}

function correctionCount(account, say) {
  const { length } = account.corrections[say.language];
  if (!length) return [];
  return [length === 1 ? say("map.corrections.count_one") : say("map.corrections.count", { count: say.number(length) })];
}

function makeHeading(account, say) {
  function render() {
    document.getElementById("study").textContent = account.name;
    document.getElementById("profile").textContent = profileWords(account, say);
    document.title = say(`edition.${account.edition}.title`, { title: `${account.name} \u00b7 ${say("map.title")}` });
    document.getElementById("footer").replaceChildren(
      ...[
        creditWords(account, say),
        account.osm_date ? say("map.footer.osm_date", { date: say.date(account.osm_date) }) : say("map.footer.osm_undated"),
        say("map.footer.run", { run: account.run }),
        say("map.footer.version", { version: account.version }),
        say("map.footer.edition", { edition: say(`edition.${account.edition}.name`) }),
        say("map.footer.crs", { crs: account.crs }),
        ...correctionCount(account, say),
      ].map((text) => element("span", { class: "own", text }))
    );
  }
  say.listen(render);
  render();
}

function makeAbout(account, criteria, say, online, concentration) {
  const dialog = document.getElementById("about");

  function section(heading, ...children) {
    return element("section", {}, element("h3", { text: heading }), ...children);
  }
  function list(texts) {
    return element("ul", { class: "plain" }, ...texts.map((text) => element("li", { class: "own", text })));
  }
  // Sources and decisions are the study file's own words, and so are the units of a criterion.
  function sourceLine(key, source, decision) {
    return element(
      "p",
      {},
      element("span", { class: "own", text: `${say(key, { source: say.source(source) })}, ` }),
      element("span", { class: decision ? "own decided" : "undecided", text: say.decision(decision) })
    );
  }

  function remarks() {
    const texts = [
      ...(account.left_out ? [say("map.about.left_out", { count: account.left_out })] : []),
      ...account.warnings[say.language],
      ...(account.dropped ? [say("map.about.dropped", { count: account.dropped })] : []),
    ];
    return texts.length ? section(say("map.about.warnings", { count: texts.length }), list(texts)) : null;
  }

  function corrections() {
    const [count] = correctionCount(account, say);
    return count ? section(count, list(account.corrections[say.language])) : null;
  }

  function municipality() {
    if (!concentration) return null;
    return section(say("map.around.municipality"), list(concentration.municipality[say.language]));
  }

  function weights() {
    return section(
      say("map.about.criteria"),
      element(
        "ul",
        { class: "criteria" },
        ...criteria.map((criterion) =>
          element(
            "li",
            {},
            element(
              "div",
              { class: "measure-top" },
              element("b", { text: say.criterion(criterion) }),
              element("span", { text: say.percent(criterion.adopted_weight, 1) })
            ),
            element("p", { text: say.anchors(criterion) }),
            sourceLine("map.about.anchor_source", criterion.source, criterion.decision),
            sourceLine("map.about.weight_source", criterion.weight_source, criterion.weight_decision)
          )
        )
      )
    );
  }

  function sources() {
    const credit = creditWords(account, say);
    return section(
      say("map.about.sources"),
      list([
        account.osm_date
          ? say("map.source.osm", { credit, date: say.date(account.osm_date) })
          : say("map.source.osm_undated", { credit }),
        ...account.inputs.map(([role, name, read, dropped]) =>
          say("map.source.file", {
            role: say.has(`map.role.${role}`) ? say(`map.role.${role}`) : role,
            name,
            read: say.number(read),
            dropped: say.number(dropped),
          })
        ),
        ...(online ? [say("map.source.online")] : []),
      ])
    );
  }

  function runs() {
    return section(
      say("map.about.runs"),
      list([
        say("map.run.id", { run: account.run, version: account.version }),
        say("map.run.edition", { edition: say(`edition.${account.edition}.name`) }),
        say("map.run.profile", { profile: profileWords(account, say) }),
        ...(account.register_date ? [say("map.run.register", { date: say.date(account.register_date) })] : []),
        say("map.run.draws", { draws: say.number(account.draws), seed: account.seed, drawn: say.number(account.drawn) }),
        ...stepWeights(),
      ])
    );
  }

  // A public edition knows no steps.
  function stepWeights() {
    if (!account.step_weights.length) return [];
    const steps = account.step_weights.map(([step, weight]) =>
      say("map.run.step_weight", {
        step: step === "unknown" ? say("map.say.unit_no_step") : say("map.say.unit_step", { step }),
        weight: say.number(weight, null),
      })
    );
    return [say("map.run.steps", { steps: steps.join(", ") })];
  }

  function render() {
    dialog.replaceChildren(
      element(
        "div",
        { class: "about-top" },
        element("h2", { id: "about-heading", tabindex: "-1", text: say("map.header.about") }),
        element("button", { type: "button", class: "close", "aria-label": say("map.about.closed"), title: say("map.about.closed"), onclick: () => dialog.close() }, glyph("M3.5 3.5l9 9M12.5 3.5l-9 9", "cross"))
      ),
      section(say("map.about.limits"), list([...LIMITS.map((key) => say(`map.limit.${key}`)), say("map.limit.crs", { crs: account.crs })])),
      ...[remarks(), corrections(), sources(), municipality(), runs(), weights()].filter(Boolean)
    );
  }
  // A click beside the sheet closes it.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  say.listen(render);
  render();
  return {
    open() {
      dialog.showModal();
      dialog.scrollTop = 0;
      document.getElementById("about-heading").focus();
    },
  };
}
