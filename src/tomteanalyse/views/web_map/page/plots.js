// The plots: drawn in the colour of their class, with its letter, and reachable by keyboard.

// So many letters at once; where there are more plots, the best of those that find room.
const BADGES = 120;
const CROWD = 60;
const BADGE_SIZE = { x: 44, y: 30 };

function makePlots(map, data, state) {
  const renderer = L.svg({ pane: "plots", padding: 0.25 });
  const spots = points(data.spots);
  const outlines = shapes(data.shapes);
  // A letter stands on the northernmost corner, so that it never hides its plot.
  const tops = outlines.map((parts) => parts.flat().reduce((a, b) => (b[0] > a[0] ? b : a)));
  const grades = new Map(data.grades.map((grade) => [grade.letter, grade]));
  const badges = [];
  const areas = outlines.map((parts, i) => {
    const plot = data.plots[i];
    const out = plot.out;
    const look = {
      renderer,
      pane: "plots",
      color: out ? "#8a1c16" : "#14202b",
      weight: out ? 2 : 1.25,
      dashArray: out ? "5 4" : plot.bare ? "2 4" : null,
      fillColor: out ? "#ffffff" : plot.bare ? data.bare : grades.get(plot.grade).colour,
      fillOpacity: out ? 0.75 : 0.88,
      className: "plot",
    };
    const single = parts.length === 1 && parts[0].length === 1;
    const area = single
      ? L.circleMarker(parts[0][0], { ...look, radius: 9 })
      : L.polygon(parts, look);
    area.addTo(map);
    const path = area.getElement();
    path.setAttribute("tabindex", "0");
    path.setAttribute("role", "button");
    path.setAttribute("aria-label", plot.label);
    path.setAttribute("aria-pressed", "false");
    path.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      state.select(i, "key");
    });
    path.addEventListener("focus", () => {
      // The browser may scroll to a plot that is off the map; the map moves instead.
      map.getContainer().scrollTo(0, 0);
      if (!map.getBounds().contains(spots[i])) map.panTo(spots[i], { animate: false });
      state.hover(i, true);
    });
    path.addEventListener("blur", () => state.hover(i, false));
    listen(area, i, state);
    return area;
  });

  function badge(i) {
    if (!badges[i]) {
      const plot = data.plots[i];
      const body = element(
        "span",
        { class: `badge ${plot.out ? "badge-out" : ""}` },
        plot.out ? glyph("M3 3l10 10M13 3L3 13", "cross") : gradeMark(plot.grade),
        plot.rank === null ? null : element("span", { class: "badge-rank", text: plot.rank }),
        plot.stops.length && !plot.out ? element("span", { class: "badge-mind", text: "!" }) : null
      );
      badges[i] = L.marker(tops[i], {
        pane: "badges",
        keyboard: false,
        zIndexOffset: 10 * (data.plots.length - i),
        icon: L.divIcon({ html: body, className: "badge-at", iconSize: null }),
      });
      listen(badges[i], i, state);
    }
    return badges[i];
  }

  function refresh() {
    const seen = map.getBounds().pad(0.1);
    const taken = [];
    data.plots.forEach((_, i) => {
      let wanted = i === state.selected;
      if (!wanted && taken.length < BADGES && seen.contains(spots[i])) {
        const at = map.latLngToLayerPoint(tops[i]);
        wanted =
          data.plots.length <= CROWD ||
          !taken.some((b) => Math.abs(b.x - at.x) < BADGE_SIZE.x && Math.abs(b.y - at.y) < BADGE_SIZE.y);
        if (wanted) taken.push(at);
      }
      if (wanted) {
        badge(i).addTo(map);
      } else if (badges[i]) {
        badges[i].remove();
      }
    });
    mark(state.selected);
    mark(state.hovered);
  }

  function mark(i) {
    if (i === null || i === undefined) return;
    const chosen = i === state.selected;
    const hover = i === state.hovered;
    const path = areas[i].getElement();
    path.setAttribute("aria-pressed", String(chosen));
    path.classList.toggle("plot-chosen", chosen);
    path.classList.toggle("plot-hover", hover);
    const icon = badges[i] && badges[i].getElement();
    if (!icon) return;
    icon.classList.toggle("chosen", chosen);
    icon.classList.toggle("hover", hover);
    badges[i].setZIndexOffset(chosen ? 1e6 : hover ? 9e5 : 10 * (areas.length - i));
  }

  map.on("moveend", refresh);
  state.listen((_, before) => {
    mark(before);
    refresh();
  });
  state.listenHover((before) => {
    mark(before);
    mark(state.hovered);
  });
  refresh();
  return { spots, bounds: L.latLngBounds(outlines.flat(2)) };
}

function listen(layer, i, state) {
  layer.on("click", (event) => {
    L.DomEvent.stopPropagation(event);
    state.select(i, "map");
  });
  layer.on("mouseover", () => state.hover(i, true));
  layer.on("mouseout", () => state.hover(i, false));
}
