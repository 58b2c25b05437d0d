// Municipal homes around a plot, today and with the planned homes: the internal edition only.

function readConcentration(packed) {
  if (!packed) return null;
  const unpacked = (each) =>
    Object.fromEntries(
      ["today", "then", "low", "high"].filter((name) => name in each).map((name) => [name, floats(each[name])])
    );
  return {
    basis: packed.basis,
    municipality: packed.municipality,
    planned: floats(packed.planned),
    homes: packed.homes.map((each) => ({ within: each.within, ...unpacked(each) })),
    shares: packed.shares.map((each) => ({ way: each.way, nearest: each.nearest, ...unpacked(each) })),
  };
}

function cardConcentration({ say, concentration }, i) {
  if (!concentration) return null;
  const planned = concentration.planned[i];
  const stated = !Number.isNaN(planned);
  const percent = (share) =>
    Number.isFinite(share) ? say("explain.percent", { number: say.number(rounded(100 * share, 1), null) }) : say.number(share);
  const row = (heading, cells) =>
    element(
      "tr",
      {},
      element("th", { scope: "row", text: heading }),
      ...cells.filter((cell) => cell !== null).map((text) => element("td", { text }))
    );
  const head = (cells) =>
    element("tr", {}, ...cells.filter((cell) => cell !== null).map((text) => element("th", { scope: "col", text })));
  const then = stated ? say("map.around.planned", { count: say.number(planned) }) : null;
  const table = (caption, first, headings, rows) =>
    element(
      "table",
      { class: "around" },
      element("caption", { text: caption }),
      head([first, say("map.around.today"), then, ...headings]),
      ...rows
    );
  const homes = concentration.homes.map((each) =>
    row(say("map.around.within", { metres: say.metres(each.within) }), [
      say.number(each.today[i], null),
      stated ? say.number(each.then[i], null) : null,
    ])
  );
  const shares = (way) =>
    concentration.shares
      .filter((each) => each.way === way)
      .map((each) =>
        row(say("map.around.nearest", { count: say.number(each.nearest) }), [
          percent(each.today[i]),
          stated ? percent(each.then[i]) : null,
          Number.isFinite(each.low[i]) ? say("map.around.range", { low: say.number(100 * each.low[i]), high: say.number(100 * each.high[i]) }) : "\u2013",
        ])
      );
  return element(
    "div",
    { class: "homes" },
    element("h3", { text: say("map.around.heading") }),
    stated ? null : element("p", { class: "quiet", text: say("map.around.unplanned") }),
    table(say("map.around.homes"), say("map.around.distance"), [], homes),
    ...(concentration.shares.length
      ? ["walk", "straight"].map((way) =>
          table(say(`map.around.share_${way}`), say("map.around.neighbourhood"), [say("map.around.chance")], shares(way))
        )
      : []),
    element("p", { class: "quiet", text: say("map.around.basis", { basis: concentration.basis[say.language] }) })
  );
}
