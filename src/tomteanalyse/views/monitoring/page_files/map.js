// The map: the ground, the cells on it, and choosing one of them by pointer or keyboard.

function makeMap(data, model, say) {
  const container = document.getElementById("map");
  const area = document.getElementById("map-area");
  const map = L.map(container, { attributionControl: false, zoomSnap: 0.25, zoomControl: false });
  map.createPane("ground").style.zIndex = 150;
  map.createPane("cells").style.zIndex = 250;
  const frame = L.latLngBounds(shapes(data.background.frame)[0][0]);
  // What is known of may lie beyond the ground that is known.
  const reach = L.latLngBounds(frame.getSouthWest(), frame.getNorthEast());
  model.geographies.forEach((geography) => geography.spots.forEach((spot) => reach.extend(spot)));
  map.setMaxBounds(reach.pad(1));
  map.setMaxZoom(18);
  const whole = () => map.fitBounds(settled(model.geography, frame), { padding: [20, 20], maxZoom: 15.5, animate: false });
  whole();
  new Ground({ ...data.background, ...NO_NAMES }).addTo(map);
  const cells = new Cells(model, say, data.background).addTo(map);
  container.setAttribute("role", "region");
  container.setAttribute("aria-label", say("monitoring_page.map_help"));

  const tip = element("div", { class: "tip own", "aria-hidden": "true", hidden: true });
  area.append(
    element("div", { class: "middle", "aria-hidden": "true" }),
    tip,
    makeTools(map, say, toolButton(say, "monitoring_page.whole", "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10", whole)),
    makeScale(map, say)
  );

  const choose = (at, from) => {
    const found = areaAt(model.geography, at);
    model.set({ chosen: found === model.chosen ? null : found }, from);
  };
  map.on("click", (event) => choose(event.latlng, "map"));
  container.addEventListener("keydown", (event) => {
    if (event.target !== container || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    choose(map.getCenter(), "key");
  });
  map.on("mousemove", (event) => point(event));
  map.on("mouseout", () => (tip.hidden = true));

  function point(event) {
    const found = areaAt(model.geography, event.latlng);
    tip.hidden = found === null;
    container.classList.toggle("pointing", found !== null);
    if (found === null) return;
    const { x, y } = event.containerPoint;
    tip.textContent = toldOf(model, say, found);
    tip.style.left = `${clamp(x, 90, map.getSize().x - 90)}px`;
    tip.style.top = `${y}px`;
    tip.classList.toggle("below", y < 70);
  }

  model.listen((before, from) => {
    cells.redraw();
    tip.hidden = true;
    const { chosen, geography } = model;
    if (chosen === null || before.chosen === chosen) return;
    const at = geography.spots[chosen];
    if (from !== "map" && !map.getBounds().pad(-0.1).contains(at)) map.panTo(at, { animate: !calm.matches });
  });
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(area);
  return map;
}

// The box around every area that ever holds a home; without any, the whole ground.
function settled(geography, frame) {
  const box = L.latLngBounds([]);
  geography.spots.forEach((spot, area) => {
    if (geography.ever(area)) box.extend(spot);
  });
  return box.isValid() ? box.pad(0.12) : frame;
}

function toldOf(model, say, area) {
  const { geography, day } = model;
  const homes = geography.at("homes", area, day);
  const values = { area: model.label(area), homes: say.number(homes), dwellings: say.number(geography.at("dwellings", area, day)) };
  if (!model.known) return say("monitoring_page.tip_homes", values);
  return say("monitoring_page.tip", { ...values, share: shareText(say, geography.at("share", area, day)) });
}
