// What can be shown and hidden. A layer is one declaration:
//   key     its own name,
//   group   the LAYER_GROUPS heading it stands under; none: the page shows and hides it by itself,
//   label   says what it is called,
//   note    says what to know before it is switched on,
//   mark    makes its sample,
//   legend  makes rows of [sample, words] where the sample and the label do not say it all,
//   status  an element for what happens later,
//   on      whether it is shown from the start,
//   make    makes its Leaflet layers when it is first shown; none: others draw it.

const LAYER_GROUPS = ["plots", "shortcuts", "paths", "amenities", "internal", "public", "network", "background"];

function makeLayers(map, declared) {
  const shown = new Set();
  const made = new Map();
  const listeners = [];
  const found = new Map(declared.map((layer) => [layer.key, layer]));

  function show(key, on) {
    const layer = found.get(key);
    if (!layer || shown.has(key) === on) return;
    if (on) shown.add(key);
    else shown.delete(key);
    if (layer.make) {
      if (!made.has(key)) made.set(key, L.layerGroup(layer.make()));
      if (on) made.get(key).addTo(map);
      else made.get(key).remove();
    }
    listeners.forEach((heard) => heard(key, on));
  }

  return {
    declared,
    show,
    has: (key) => shown.has(key),
    listen: (heard) => listeners.push(heard),
    // Something that the samples say has changed.
    tell: () => listeners.forEach((heard) => heard(null, false)),
    start: () => declared.filter((layer) => layer.on).forEach((layer) => show(layer.key, true)),
  };
}

// A panel of switches, group by group.
function makeLayerPanel(layers, say) {
  const panel = element("details", { class: "panel", id: "layers" });

  function toggle(layer) {
    const note = layer.note ? element("p", { class: "note", id: `note-${layer.key}`, text: layer.note() }) : null;
    const box = element("input", {
      type: "checkbox",
      "data-layer": layer.key,
      "aria-describedby": note && note.id,
      onchange: () => layers.show(layer.key, box.checked),
    });
    box.checked = layers.has(layer.key);
    return element(
      "div",
      {},
      element("label", { class: "toggle" }, box, layer.mark(), element("span", { class: "own", text: layer.label() })),
      note,
      layer.status || null
    );
  }

  function render() {
    const groups = LAYER_GROUPS.map((group) => {
      const members = layers.declared.filter((layer) => layer.group === group);
      if (!members.length) return null;
      return element("fieldset", {}, element("legend", { text: say(`map.layers.${group}`) }), ...members.map(toggle));
    });
    panel.replaceChildren(
      element("summary", { text: say("map.layers.heading") }),
      ...groups.filter(Boolean)
    );
  }

  layers.listen((key, on) => {
    for (const box of panel.querySelectorAll("[data-layer]")) {
      if (box.dataset.layer === key) box.checked = on;
    }
  });
  say.listen(render);
  render();
  return panel;
}

// The legend explains what is shown now, and nothing else.
function makeLegend(layers, say) {
  const list = element("ul", { class: "legend" });
  const heading = element("summary");
  const panel = element("details", { class: "panel", id: "legend", open: !cramped.matches }, heading, list);

  function render() {
    heading.textContent = say("map.legend.heading");
    const rows = layers.declared
      .filter((layer) => layers.has(layer.key))
      .flatMap((layer) => (layer.legend ? layer.legend() : [[layer.mark(), layer.label()]]));
    list.replaceChildren(
      ...rows.map(([mark, words]) => element("li", {}, mark, element("span", { class: "own", text: words })))
    );
  }

  layers.listen(render);
  say.listen(render);
  render();
  return panel;
}
