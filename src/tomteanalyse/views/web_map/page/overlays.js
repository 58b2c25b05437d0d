// What can be switched on and off: amenities by class, registered homes, cuts, the grid.

function makeOverlays(map, data, words) {
  const renderer = L.canvas({ pane: "places", padding: 0.25, tolerance: 3 });
  const spot = (at, radius, sketch, label) => {
    const made = new Symbol16(at, { renderer, pane: "places", radius, sketch });
    made.bindTooltip(() => element("span", { class: "tip", text: label }), { direction: "top", offset: [0, -radius] });
    return made;
  };
  const amenities = data.amenities.map((group) => {
    const sketch = discSketch(group.key, map);
    const at = points(group.at);
    const names = group.names.map((name) => name || `${group.label} ${words["card.nameless"]}`);
    return {
      key: group.key,
      label: group.label,
      at,
      names,
      layer: lazily(() => at.map((point, i) => spot(point, 10, sketch, names[i]))),
    };
  });
  const homes = numbers(data.units.homes);
  const homeLabel = numbers(data.units.label).map((i) => data.units.labels[i]);
  const units = lazily(() =>
    points(data.units.at).map((at, i) =>
      spot(at, unitRadius(homes[i]), unitSketch(homes[i]), homeLabel[i])
    )
  );
  const cutLabel = numbers(data.cuts.label).map((i) => data.cuts.labels[i]);
  const cuts = lazily(() => points(data.cuts.at).map((at, i) => spot(at, 8, cutSketch, cutLabel[i])));
  return { amenities, units, cuts, grid: data.grid && makeGrid(data, map) };
}

// A layer that costs nothing until it is shown.
function lazily(make) {
  const group = L.layerGroup();
  let made = false;
  return {
    show(map, on) {
      if (on && !made) {
        make().forEach((layer) => group.addLayer(layer));
        made = true;
      }
      if (on) group.addTo(map);
      else group.remove();
    },
  };
}

function makeGrid(data, map) {
  const renderer = L.canvas({ pane: "grid", padding: 0.25 });
  const corners = points(data.grid.corners);
  return lazily(() =>
    numbers(data.grid.grade).flatMap((grade, i) => {
      const cell = corners.slice(4 * i, 4 * i + 4);
      const square = L.polygon(cell, {
        renderer,
        pane: "grid",
        color: "#ffffff",
        weight: 1,
        fillColor: data.grades[grade].colour,
        fillOpacity: 0.4,
      });
      square.bindTooltip(() => element("span", { class: "tip", text: data.grid.labels[i] }), { sticky: true });
      const letter = new Symbol16(L.latLngBounds(cell).getCenter(), {
        renderer,
        pane: "grid",
        radius: 6,
        interactive: false,
        sketch: letterSketch(data.grades[grade].letter, cell, map),
      });
      return [square, letter];
    })
  );
}

const ROOM_FOR_LETTER = 16;

function letterSketch(letter, cell, map) {
  return (pen) => {
    const side = map.latLngToLayerPoint(cell[0]).distanceTo(map.latLngToLayerPoint(cell[1]));
    if (side < ROOM_FOR_LETTER) return;
    pen.fillStyle = "rgba(20, 32, 43, 0.7)";
    pen.font = `600 ${clamp(side / 2.2, 9, 14)}px ${LETTERS}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(letter, 0, 0);
  };
}
