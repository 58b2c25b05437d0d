// The way to the nearest place of a class, drawn when asked for.

const ROUTE_INK = "#b4430a";
const GOAL_SIDES = ["above", "below", "right", "left", "small"];

function makeRoutes(map, data, model, say, overlays, plots) {
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
    const asked = model.criteria[criterion];
    const [place, route] = [asked.place(plot), asked.route(plot)];
    const layers = [];
    let end = place && overlays.amenities[place[0]].at[place[1]];
    if (route !== null) {
      layers.push(...line(paths[route], null));
      // The way ends at the edge of a park, not in its middle.
      end = paths[route].flat().at(-1);
    } else if (end) {
      layers.push(...line([plots.spots[plot], end], "2 7"));
    }
    if (end) {
      const group = place && overlays.amenities[place[0]];
      const label = element(
        "span",
        { class: "goal" },
        group ? glyph(symbol(group.key)) : null,
        element("span", { class: "own", text: group ? group.names[place[1]] : say.criterion(asked) }),
        element("b", { text: say.measured(asked, asked.measured[plot]) })
      );
      layers.push(L.marker(end, {
        pane: "goals",
        interactive: false,
        keyboard: false,
        icon: L.divIcon({ html: label, className: "goal-at", iconSize: null }),
      }));
    }
    return Object.assign(L.layerGroup(layers), { straight: route === null });
  }

  function spread() {
    const ends = [...shown.values()].flatMap((group) => group.getLayers()).filter((layer) => layer.options.pane === "goals");
    spreadLabels(ends.map((layer) => layer.getElement().firstChild));
  }
  map.on("zoomend moveend", spread);

  // What the legend says of them while they are shown.
  const sample = (kind) => () => element("span", { class: `sample sample-${kind}` });
  const layers = ["route", "straight"].map((kind) => ({
    key: kind,
    label: () => say(`map.legend.${kind}`),
    mark: sample(kind),
  }));
  let told = () => {};
  function tell() {
    const straight = [...shown.values()].map((group) => group.straight);
    told("route", straight.includes(false));
    told("straight", straight.includes(true));
  }

  return {
    layers,
    listen(heard) {
      told = heard;
    },
    has(criterion) {
      return shown.has(criterion);
    },
    show(plot, criterion, on) {
      if (shown.has(criterion)) {
        shown.get(criterion).remove();
        shown.delete(criterion);
      }
      if (on) shown.set(criterion, draw(plot, criterion).addTo(map));
      spread();
      tell();
    },
    clear() {
      shown.forEach((layer) => layer.remove());
      shown.clear();
      tell();
    },
    // The box around what is drawn, so that all of it can be brought into view.
    bounds() {
      const box = L.latLngBounds([]);
      shown.forEach((group) => group.eachLayer((layer) => box.extend(layer.getBounds ? layer.getBounds() : layer.getLatLng())));
      return box;
    },
  };
}

// Names at the ends keep out of each other's way; what finds no room is a symbol only.
function spreadLabels(labels) {
  const taken = [...document.querySelectorAll("#card, .corner, .chosen .badge, .crossing-at:not(.crossing-away) .crossing")].map((each) => each.getBoundingClientRect());
  for (const label of labels) {
    for (const side of GOAL_SIDES) {
      label.dataset.side = side;
      const box = label.getBoundingClientRect();
      const clash = taken.some((b) => b.left < box.right && b.right > box.left && b.top < box.bottom && b.bottom > box.top);
      if (!clash || side === "small") {
        taken.push(box);
        break;
      }
    }
  }
}
