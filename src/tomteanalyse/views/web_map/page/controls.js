// What lies on the map and above it: zoom, ruler, layers, legend, search, print, language.

function makeControls(map, say, state, view, layers) {
  const area = document.getElementById("map-area");
  const ruler = makeRuler(map, say, state);
  area.append(
    makeTools(
      map,
      say,
      toolButton(say, "map.area.whole", "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10", () => view.whole()),
      ruler.toggle
    ),
    element("div", { class: "corner" }, makePanels(say, state, layers)),
    makeScale(map, say),
    ruler.middle,
    ruler.panel
  );
}

function makePanels(say, state, layers) {
  const legend = makeLegend(layers, say);
  const panel = makeLayerPanel(layers, say);
  for (const [one, other] of [[legend, panel], [panel, legend]]) {
    one.addEventListener("toggle", () => {
      if (one.open && cramped.matches) other.open = false;
    });
  }
  // A card needs the room; the legend comes back when it is closed.
  let open = legend.open;
  state.listen((_, before) => {
    if (narrow.matches || (state.selected === null) === (before === null)) return;
    if (before === null) open = legend.open;
    legend.open = state.selected === null && open;
    panel.open = false;
  });
  return element("div", {}, legend, panel);
}

function makePageTools(say, find, about) {
  const tool = (key, path, act) => {
    const words = element("span");
    const made = element("button", { type: "button", class: "page-tool", onclick: act }, glyph(path, "cross"), words);
    const render = () => (words.textContent = say(key));
    say.listen(render);
    render();
    return made;
  };
  document.getElementById("page-tools").append(
    find,
    tool("map.header.about", "M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8M8 7.2v4M8 4.6v.6", () => about.open()),
    tool("map.header.print", "M4.5 6V2.2h7V6M4.5 11H2.2V6h11.6v5h-2.3M4.5 9h7v4.8h-7z", () => window.print()),
    makeLanguages(say)
  );
}

const LANGUAGE_NAMES = { nb: "Bokm\u00e5l", nn: "Nynorsk", en: "English" };

function makeLanguages(say) {
  const select = element(
    "select",
    { id: "language", onchange: () => say.use(select.value) },
    ...say.languages.map((language) => element("option", { value: language, lang: language, text: LANGUAGE_NAMES[language] }))
  );
  const render = () => {
    select.value = say.language;
    select.setAttribute("aria-label", say("map.header.language"));
  };
  say.listen(render);
  render();
  return select;
}

// The fixed words that stand in the page itself.
function makeFixedWords(map, say) {
  const render = () => {
    for (const each of document.querySelectorAll("[data-say]")) each.textContent = say(each.dataset.say);
    map.getContainer().setAttribute("aria-label", say("map.area.label"));
  };
  say.listen(render);
}
