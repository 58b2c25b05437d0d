// The ranking's rows. A long table holds only the rows that are near the window.

const WHOLE_TABLE = 200; // So many rows are always there, each as high as it needs to be.
const ROW_PX = 54; // The height of a row in a longer table; scoring.css has it too.
const SPARE_ROWS = 12;

// `cut` says that so many of so many rows are there.
function makeRows(table, body, rowOf, cut) {
  let shown = [];
  let top = null; // Where the rows begin in the window; asked anew once something has moved.
  let held = null; // The row that has the focus stays, wherever the table is scrolled.

  function place(i) {
    return shown.indexOf(i);
  }

  function wanted() {
    if (shown.length <= WHOLE_TABLE) return shown.map((_, at) => at);
    if (top === null) top = body.getBoundingClientRect().top;
    const from = clamp(Math.floor(-top / ROW_PX) - SPARE_ROWS, 0, shown.length - 1);
    const to = clamp(Math.ceil((window.innerHeight - top) / ROW_PX) + SPARE_ROWS, 1, shown.length);
    const places = Array.from({ length: to - from }, (_, k) => from + k);
    const kept = held === null ? -1 : place(held);
    if (kept >= 0 && (kept < from || kept >= to)) places.push(kept);
    return places.sort((a, b) => a - b);
  }

  function gap(rows) {
    return element(
      "tr",
      { class: "gap", "aria-hidden": "true" },
      element("td", { colspan: table.tHead.rows[0].cells.length, style: `height:${rows * ROW_PX}px` })
    );
  }

  function draw() {
    table.classList.toggle("windowed", shown.length > WHOLE_TABLE);
    const nodes = [];
    let next = 0;
    for (const at of wanted()) {
      if (at > next) nodes.push(gap(at - next));
      nodes.push(rowOf(shown[at], at));
      next = at + 1;
    }
    if (next < shown.length) nodes.push(gap(shown.length - next));
    settle(nodes);
  }

  // Rows that stay are not taken out and put back: that would cost them the focus.
  function settle(nodes) {
    const focused = body.contains(document.activeElement) ? document.activeElement : null;
    const kept = new Set(nodes);
    [...body.children].filter((child) => !kept.has(child)).forEach((child) => child.remove());
    let cursor = body.firstChild;
    for (const node of nodes) {
      if (node === cursor) cursor = cursor.nextSibling;
      else body.insertBefore(node, cursor);
    }
    if (focused && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
  }

  function redraw() {
    top = null;
    draw();
  }

  let waiting = false;
  document.addEventListener(
    "scroll",
    () => {
      if (waiting || shown.length <= WHOLE_TABLE) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        redraw();
      });
    },
    { capture: true, passive: true }
  );
  window.addEventListener("resize", redraw);
  // On paper there is no scrolling: the first rows, and a word on where the others are.
  window.addEventListener("beforeprint", () => {
    if (shown.length <= WHOLE_TABLE) return;
    const columns = table.tHead.rows[0].cells.length;
    const note = element("td", { colspan: columns, class: "quiet", text: cut(WHOLE_TABLE, shown.length) });
    settle([...shown.slice(0, WHOLE_TABLE).map(rowOf), element("tr", { class: "gap" }, note)]);
  });
  window.addEventListener("afterprint", redraw);

  return {
    show(list) {
      shown = list;
      table.setAttribute("aria-rowcount", shown.length + 1);
      draw();
    },
    place,
    at: (place_) => shown[place_],
    get count() {
      return shown.length;
    },
    hold(i) {
      held = i;
    },
    // Make sure the row is there, and scroll the table to it.
    reveal(i) {
      if (place(i) < 0) return;
      if (shown.length > WHOLE_TABLE) {
        held = i;
        draw();
      }
      rowOf(i, place(i)).scrollIntoView({ block: "nearest" });
    },
  };
}
