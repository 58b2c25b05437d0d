// The way to the nearest place of a class, drawn when asked for.

const ROUTE_INK = "#b4430a";

function makeRoutes(map, data, overlays, plots) {
  const renderer = L.svg({ pane: "routes", padding: 0.25 });
  const paths = shapes(data.routes);
  const shown = new Map();

  function line(latlngs, dash) {
    const look = { renderer, pane: "routes", interactive: false, lineCap: "round" };
    return [
      L.polyline(latlngs, { ...look, color: "#ffffff", weight: 7, opacity: 0.9 }),
      L.polyline(latlngs, { ...look, color: ROUTE_INK, weight: 3.5, dashArray: dash }),
    ];
  }

  function draw(plot, criterion) {
    const row = readRow(data.plots[plot].measures[criterion]);
    const layers = [];
    let end = row.place && overlays.amenities[row.place[0]].at[row.place[1]];
    if (row.route !== null) {
      layers.push(...line(paths[row.route], null));
      const last = paths[row.route][paths[row.route].length - 1];
      // The path ends where one leaves the street; a thin line leads on to the place itself.
      if (end) layers.push(L.polyline([last[last.length - 1], end], { renderer, pane: "routes", interactive: false, color: ROUTE_INK, weight: 1.5, dashArray: "1 5" }));
      else end = last[last.length - 1];
    } else if (end) {
      layers.push(...line([plots.spots[plot], end], "2 7"));
    }
    if (end) {
      const group = row.place && overlays.amenities[row.place[0]];
      const label = element(
        "span",
        { class: "goal" },
        group ? glyph(symbol(group.key)) : null,
        element("span", { class: "own", text: group ? group.names[row.place[1]] : data.criteria[criterion].name }),
        element("b", { text: row.measured })
      );
      layers.push(L.marker(end, {
        pane: "goals",
        interactive: false,
        keyboard: false,
        icon: L.divIcon({ html: label, className: "goal-at", iconSize: null }),
      }));
    }
    return L.layerGroup(layers);
  }

  return {
    has(criterion) {
      return shown.has(criterion);
    },
    show(plot, criterion, on) {
      if (shown.has(criterion)) {
        shown.get(criterion).remove();
        shown.delete(criterion);
      }
      if (on) shown.set(criterion, draw(plot, criterion).addTo(map));
    },
    clear() {
      shown.forEach((layer) => layer.remove());
      shown.clear();
    },
    // The box around what is drawn, so that all of it can be brought into view.
    bounds() {
      const box = L.latLngBounds([]);
      shown.forEach((group) => group.eachLayer((layer) => box.extend(layer.getBounds ? layer.getBounds() : layer.getLatLng())));
      return box;
    },
  };
}

// What cards.py puts into a row.
function readRow([points, measured, has, low, high, why, place, route]) {
  return { points, measured, has, low, high, why, place, route };
}
