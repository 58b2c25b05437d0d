// The page's state in the part of the address after #, so that a link shows the same again.
// A part of the page takes part with `read` (text, or null for the ordinary) and `write`.

function makeAddress(parts) {
  // In a notebook's frame the page has no address of its own.
  const own = window.location.protocol !== "about:";
  let written = null;
  let waiting = null;

  // Once things rest: browsers allow so many changes of the address and no more.
  function remember() {
    clearTimeout(waiting);
    waiting = setTimeout(write, REST_MS);
  }

  function write() {
    const told = new URLSearchParams();
    for (const part of parts) {
      const text = part.read();
      if (text !== null) told.set(part.key, text);
    }
    const next = told.toString();
    if (!own || next === written) return;
    written = next;
    window.history.replaceState(null, "", `${window.location.pathname}${window.location.search}${next ? `#${next}` : ""}`);
  }

  function restore() {
    const fragment = window.location.hash.slice(1);
    // A link inside the page (to the ranking) is no state.
    if (fragment && !fragment.includes("=")) {
      written = null;
      return;
    }
    if (fragment === (written ?? "")) return;
    const told = new URLSearchParams(fragment);
    parts.forEach((part) => part.write(told.get(part.key)));
    written = null;
    write();
  }

  window.addEventListener("hashchange", restore);
  return { remember, restore };
}

const REST_MS = 250;
const PAIRS = "*";

function languagePart(data, say) {
  return {
    key: "sprak",
    read: () => (say.language === data.language ? null : say.language),
    write: (text) => say.use(say.languages.includes(text) ? text : data.language),
  };
}

function weightPart(model) {
  return {
    key: "vekter",
    read: () =>
      model.changed ? model.criteria.map((criterion, c) => `${criterion.key}-${model.swings[c]}`).join(PAIRS) : null,
    write(text) {
      const asked = new Map((text || "").split(PAIRS).map((pair) => {
        const at = pair.lastIndexOf("-");
        return [pair.slice(0, at), Number(pair.slice(at + 1) || NaN)];
      }));
      const swings = model.criteria.map(({ key }, c) => {
        const swing = asked.get(key);
        return swing >= 0 && swing <= 100 ? swing : model.adopted.swings[c];
      });
      if (!model.weigh(swings)) model.weigh(model.adopted.swings);
    },
  };
}

function plotParts(model, state) {
  const number = (id) => {
    const found = model.plots.findIndex((plot) => plot.id === id);
    return found < 0 ? null : found;
  };
  const id = (i) => (i === null ? null : model.plots[i].id);
  return [
    {
      key: "tomt",
      read: () => id(state.selected),
      write(text) {
        const wanted = number(text);
        if (wanted !== state.selected) state.select(wanted, "address");
      },
    },
    {
      key: "mot",
      read: () => id(state.other),
      write(text) {
        const wanted = number(text);
        if (state.selected !== null && wanted !== state.other) state.compare(wanted, "address");
      },
    },
  ];
}

function tableParts(table) {
  const [keys, ways] = [COLUMNS.map((column) => column.key), ["stigende", "synkende"]];
  let wanted = null;
  return [
    {
      key: "sorter",
      read: () => (table.sort.key === "rank" && !table.sort.falling ? null : `${table.sort.key}-${ways[Number(table.sort.falling)]}`),
      write(text) {
        const [key, way] = (text || "").split("-");
        wanted = keys.includes(key) && ways.includes(way) ? { key, falling: way === ways[1] } : { key: "rank", falling: false };
      },
    },
    {
      key: "vis",
      read: () => table.only,
      write: (text) => table.set(wanted, FLAGS.includes(text) ? text : null),
    },
  ];
}
