// Search for a plot, a place, a street or an amenity by name.

const MOST_FOUND = 8;
const FOUND_ZOOM = { place: 15, street: 17, amenity: 17 };

// Spelling that should not matter: case, accents, aa for å, ae for æ, oe for ø.
function folded(text) {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/æ/g, "ae")
    .replace(/ø|oe/g, "o")
    .replace(/aa/g, "a")
    .replace(/ß/g, "ss");
}

// 0 where a name begins with what is sought, 1 where a word of it does, 2 where it is inside, else null.
function likeness(name, sought) {
  if (name.startsWith(sought)) return 0;
  const words = sought.split(/\s+/);
  if (!words.every((word) => name.includes(word))) return null;
  return words.every((word) => ` ${name}`.includes(` ${word}`)) ? 1 : 2;
}

// Everything that has a name, the plots first.
function findable(data, plots, overlays) {
  const places = points(data.background.places.at);
  const along = shapes(data.background.streets.along);
  const street = numbers(data.background.streets.name);
  return [
    ...plots.map((plot, i) => ({ kind: "plot", name: plot.name, also: plot.id, plot: i })),
    ...data.background.places.names.map((name, i) => ({ kind: "place", name, at: places[i] })),
    ...data.background.streets.names.map((name, i) => {
      const [[a, b]] = along[street.indexOf(i)];
      return { kind: "street", name, at: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] };
    }),
    ...overlays.amenities.flatMap((group) =>
      group.names.map((name, i) => ({ kind: "amenity", name, also: group.label, at: group.at[i], layer: `amenity-${group.key}` }))
    ),
  ].filter((each) => each.name);
}

function makeFind(say, everything, go) {
  const input = element("input", {
    id: "find",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": "found",
  });
  const list = element("ul", { id: "found", role: "listbox" });
  const nothing = element("p", { class: "nothing" });
  const sheet = element("div", { class: "found" }, list, nothing);
  sheet.hidden = true;
  const told = element("div", { class: "unseen", role: "status" });
  const box = element("div", { class: "find", role: "search" }, glyph("M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.3 10.3 14 14", "cross"), input, sheet, told);
  let names = null;
  let hits = [];
  let chosen = -1;

  function search() {
    const sought = folded(input.value.trim());
    if (!sought) return close();
    names = names || everything().map((each) => ({ each, folds: [each.name, each.also || ""].map(folded) }));
    hits = names
      .map(({ each, folds }, order) => {
        const likes = folds.map((fold) => likeness(fold, sought)).filter((like) => like !== null);
        return { each, order, like: likes.length ? Math.min(...likes) : null };
      })
      .filter((hit) => hit.like !== null)
      .sort((a, b) => a.like - b.like || a.order - b.order)
      .slice(0, MOST_FOUND)
      .map((hit) => hit.each);
    chosen = -1;
    list.replaceChildren(...hits.map(option));
    nothing.textContent = hits.length ? "" : say("map.find.none");
    told.textContent = hits.length ? say("map.find.found", { count: say.number(hits.length) }) : nothing.textContent;
    sheet.hidden = false;
    mark();
  }

  function option(each, i) {
    const kind = each.kind === "amenity" ? each.also : say(`map.find.${each.kind}`);
    return element(
      "li",
      {
        id: `found-${i}`,
        role: "option",
        // Before the field loses the focus.
        onmousedown: (event) => event.preventDefault(),
        onclick: () => choose(i, false),
      },
      element("span", { class: "own", text: each.name }),
      element("span", { class: "own quiet", text: each.kind === "plot" && each.also !== each.name ? `${kind} ${each.also}` : kind })
    );
  }

  function mark() {
    [...list.children].forEach((row, i) => row.setAttribute("aria-selected", String(i === chosen)));
    input.setAttribute("aria-expanded", String(hits.length > 0 && !sheet.hidden));
    if (chosen >= 0) input.setAttribute("aria-activedescendant", `found-${chosen}`);
    else input.removeAttribute("aria-activedescendant");
  }

  function close() {
    hits = [];
    chosen = -1;
    sheet.hidden = true;
    list.replaceChildren();
    told.textContent = "";
    mark();
  }

  function choose(i, byKey) {
    const each = hits[i];
    input.value = each.name;
    close();
    go(each, byKey);
  }

  input.addEventListener("input", search);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && hits.length) {
      event.preventDefault();
      chosen = (chosen + steps[event.key] + hits.length + (chosen < 0 && event.key === "ArrowUp" ? 1 : 0)) % hits.length;
      mark();
    } else if (event.key === "Enter" && hits.length) {
      event.preventDefault();
      choose(Math.max(chosen, 0), true);
    } else if (event.key === "Escape") {
      if (sheet.hidden) input.value = "";
      close();
    }
  });

  function render() {
    for (const [name, key] of [["aria-label", "map.find.label"], ["placeholder", "map.find.label"]]) input.setAttribute(name, say(key));
    list.setAttribute("aria-label", say("map.find.results"));
    names = null;
    close();
  }
  say.listen(render);
  render();
  return box;
}

// Shows where something is that is no plot.
function makePointer(map) {
  let shown = null;
  return {
    show(at, name) {
      this.clear();
      const label = element("span", { class: "goal" }, element("span", { class: "own", text: name }));
      shown = L.layerGroup([
        L.marker(at, { pane: "goals", interactive: false, keyboard: false, icon: L.divIcon({ html: element("span", { class: "spot" }), className: "goal-at", iconSize: null }) }),
        L.marker(at, { pane: "goals", interactive: false, keyboard: false, icon: L.divIcon({ html: label, className: "goal-at", iconSize: null }) }),
      ]).addTo(map);
    },
    clear() {
      if (shown) shown.remove();
      shown = null;
    },
  };
}
