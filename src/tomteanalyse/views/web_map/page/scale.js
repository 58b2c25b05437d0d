// Distances on the ground, the scale bar and the north arrow.

const EQUATOR_M = 6378137;
const ECCENTRICITY = 0.00669437999014; // Squared; WGS 84, as GRS 80 to a tenth of a millimetre.
const SCALE_PX = 110;
const PX_M = 0.0254 / 96; // A pixel of a printed page.

// Metres between two places on the ellipsoid; over 10 km it is off by less than a centimetre.
function metresBetween(a, b) {
  const radians = Math.PI / 180;
  const middle = ((a.lat + b.lat) / 2) * radians;
  const bend = 1 - ECCENTRICITY * Math.sin(middle) ** 2;
  const northwards = ((EQUATOR_M * (1 - ECCENTRICITY)) / bend ** 1.5) * (b.lat - a.lat) * radians;
  const eastwards = (EQUATOR_M / Math.sqrt(bend)) * Math.cos(middle) * (b.lng - a.lng) * radians;
  return Math.hypot(northwards, eastwards);
}

function makeScale(map, say) {
  const text = element("span");
  const bar = element("div", { class: "scale", role: "img" }, text);
  // Only paper has a scale in numbers: a screen's pixels are of no known size.
  const number = element("div", { class: "scale-number" });
  const north = glyph("M8 1l4.5 13L8 11.2 3.5 14z", "north");
  north.removeAttribute("aria-hidden");
  north.setAttribute("role", "img");

  function render() {
    const y = map.getSize().y / 2;
    const across = metresBetween(map.containerPointToLatLng([0, y]), map.containerPointToLatLng([SCALE_PX, y]));
    const power = 10 ** Math.floor(Math.log10(across));
    const metres = power * [5, 2, 1].find((step) => step * power <= across);
    bar.style.width = `${(SCALE_PX * metres) / across}px`;
    text.textContent = metres >= 1000 ? `${say.number(metres / 1000)}${NBSP}km` : say.metres(metres);
    bar.setAttribute("aria-label", say("map.area.bar", { length: text.textContent }));
    const ratio = across / (SCALE_PX * PX_M);
    const coarse = 10 ** (Math.floor(Math.log10(ratio)) - 1);
    number.textContent = say("map.area.ratio", { number: say.number(Math.round(ratio / coarse) * coarse) });
    north.setAttribute("aria-label", say("map.area.north"));
  }

  map.on("move zoomend resize", render);
  say.listen(render);
  render();
  return element("div", { class: "measure" }, element("div", {}, bar, number), north);
}
