// Measure a distance in a straight line: by pointer, by touch or by keyboard.

const RULER_INK = "#14202b";

function makeRuler(map, say, state) {
  const at = [];
  const line = L.layerGroup();
  let on = false;
  const length = element("p", { class: "length", role: "status" });
  const help = element("p", { class: "quiet" });
  const button = (key, act) => element("button", { type: "button", "data-key": key, onclick: act });
  const buttons = [
    button("add", () => add(map.getCenter())),
    button("undo", () => undo()),
    button("clear", () => clear()),
    button("end", () => use(false)),
  ];
  const panel = element("div", { class: "ruler", role: "group" }, length, help, element("div", { class: "ruler-buttons" }, ...buttons));
  panel.hidden = true;
  // What "the middle of the map" means, for those who add points by key.
  const middle = element("div", { class: "middle", "aria-hidden": "true" });
  middle.hidden = true;
  const toggle = element("button", { type: "button", "aria-pressed": "false", onclick: () => use(!on) }, glyph("M1.5 11 11 1.5 14.5 5 5 14.5zM4 8.5l1.6 1.6M6.3 6.2l1.6 1.6M8.6 3.9l1.6 1.6", "cross"));

  function add(place) {
    at.push(place);
    draw();
  }
  function undo() {
    at.pop();
    draw();
  }
  function clear() {
    at.length = 0;
    draw();
  }

  function use(wanted) {
    if (on === wanted) return;
    on = wanted;
    state.measuring = on;
    panel.hidden = !on;
    middle.hidden = !on;
    toggle.setAttribute("aria-pressed", String(on));
    map.getContainer().classList.toggle("measuring", on);
    if (on) {
      line.addTo(map);
      // On a telephone the card hides the middle of the map.
      if (narrow.matches && state.selected !== null) state.select(null, "ruler");
      buttons[0].focus({ preventScroll: true });
    } else {
      line.remove();
      if (panel.contains(document.activeElement) || document.activeElement === document.body) toggle.focus({ preventScroll: true });
    }
    clear();
  }

  function draw() {
    line.clearLayers();
    const look = { pane: "goals", interactive: false, renderer: drawing };
    L.polyline(at, { ...look, color: "#ffffff", weight: 6 }).addTo(line);
    L.polyline(at, { ...look, color: RULER_INK, weight: 2.5, dashArray: "7 5" }).addTo(line);
    at.forEach((place) => L.circleMarker(place, { ...look, radius: 4, color: RULER_INK, weight: 2, fillColor: "#ffffff", fillOpacity: 1 }).addTo(line));
    render();
  }
  const drawing = L.svg({ pane: "goals", padding: 0.25 });

  function render() {
    const metres = at.slice(1).reduce((sum, place, i) => sum + metresBetween(at[i], place), 0);
    length.textContent =
      at.length < 2
        ? say("map.ruler.start")
        : say("map.ruler.length", { metres: say.metres(metres), count: say.number(at.length) });
    help.textContent = say("map.ruler.help");
    panel.setAttribute("aria-label", say("map.ruler.name"));
    for (const each of buttons) each.textContent = say(`map.ruler.${each.dataset.key}`);
    buttons[1].disabled = at.length === 0;
    buttons[2].disabled = at.length === 0;
    toggle.setAttribute("aria-label", say("map.ruler.name"));
    toggle.setAttribute("title", say("map.ruler.name"));
  }

  map.on("click", (event) => {
    if (on) add(event.latlng);
  });
  map.getContainer().addEventListener("keydown", (event) => {
    if (!on || event.target !== map.getContainer()) return;
    if (event.key === "Enter") add(map.getCenter());
    else if (event.key === "Backspace") undo();
    else return;
    event.preventDefault();
  });
  for (const each of [panel, map.getContainer()]) {
    each.addEventListener("keydown", (event) => {
      if (on && event.key === "Escape") use(false);
    });
  }
  say.listen(render);
  render();
  return { toggle, panel, middle };
}
