// The buttons that lie on a map: zoom, and what a page has besides.

function makeTools(map, say, ...more) {
  return element(
    "div",
    { class: "tools" },
    toolButton(say, "map.area.zoom_in", "M8 3v10M3 8h10", () => map.zoomIn(1)),
    toolButton(say, "map.area.zoom_out", "M3 8h10", () => map.zoomOut(1)),
    ...more
  );
}

function toolButton(say, key, path, act) {
  return sayable(say, element("button", { type: "button", onclick: act }, glyph(path, "cross")), key);
}

// A button without words of its own says what it is for.
function sayable(say, made, key) {
  const render = () => {
    made.setAttribute("aria-label", say(key));
    made.setAttribute("title", say(key));
  };
  say.listen(render);
  render();
  return made;
}
