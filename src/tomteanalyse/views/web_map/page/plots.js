// The plots: drawn in the colour of their class, with its letter, and reachable by keyboard.

// So many plots are elements of the page, each with a place in the order of the Tab key. More of
// them are drawn on a canvas, and the table is the way to them.
const REACHABLE = 300;

// So many letters at once; where there are more plots, the best of those that find room.
const BADGES = 120;
const CROWD = 60;
const CHOSEN_INK = "#b4430a";
const BADGE = { wide: 38, digit: 7, high: 30 };

function makePlots(map, data, model, say, state, canvas) {
  const reachable = model.plots.length <= REACHABLE;
  const drawing = reachable ? { renderer: L.svg({ pane: "plots", padding: 0.25 }), pane: "plots" } : canvas;
  const spots = points(data.spots);
  const outlines = shapes(data.shapes);
  // A letter stands on the northernmost corner, so that it never hides its plot.
  const tops = outlines.map((parts) => parts.flat().reduce((a, b) => (b[0] > a[0] ? b : a)));
  const grades = new Map(data.grades.map((grade) => [grade.letter, grade]));
  const badges = [];
  const lookOf = (i) => {
    const { out, bare, grade } = model.plots[i];
    return {
      color: out ? "#8a1c16" : "#14202b",
      weight: out ? 2 : 1.25,
      dashArray: out ? "5 4" : bare ? "2 4" : null,
      fillColor: out ? "#ffffff" : bare ? data.bare : grades.get(grade).colour,
      fillOpacity: out ? 0.75 : 0.88,
    };
  };
  const areas = outlines.map((parts, i) => {
    const look = { ...drawing, className: "plot", ...lookOf(i) };
    const single = parts.length === 1 && parts[0].length === 1;
    const area = single
      ? L.circleMarker(parts[0][0], { ...look, radius: 9 })
      : L.polygon(parts, look);
    area.addTo(map);
    listen(area, i, state);
    if (reachable) makeReachable(area.getElement(), i);
    return area;
  });

  function makeReachable(path, i) {
    path.setAttribute("tabindex", "0");
    path.setAttribute("role", "button");
    path.setAttribute("aria-label", plotLabel(model, say, model.plots[i]));
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
  }

  // A plot that is chosen or pointed at is seen to be so.
  function dress(i, chosen, hover) {
    if (reachable) {
      const path = areas[i].getElement();
      path.setAttribute("aria-pressed", String(chosen));
      path.classList.toggle("plot-chosen", chosen);
      path.classList.toggle("plot-hover", hover);
    } else {
      const look = lookOf(i);
      areas[i].setStyle(chosen ? { color: CHOSEN_INK, weight: 4, dashArray: null } : { ...look, weight: hover ? 3 : look.weight });
      if (chosen) areas[i].bringToFront();
    }
  }

  function badge(i) {
    if (!badges[i]) {
      const plot = model.plots[i];
      const body = element(
        "span",
        { class: `badge ${plot.out ? "badge-out" : ""}` },
        plot.out ? glyph("M3 3l10 10M13 3L3 13", "cross") : gradeMark(plot.grade),
        plot.rank === null ? null : element("span", { class: "badge-rank", text: say.number(plot.rank) }),
        plot.stops.length && !plot.out ? element("span", { class: "badge-mind", text: "!" }) : null
      );
      badges[i] = L.marker(tops[i], {
        pane: "badges",
        keyboard: false,
        bubblingMouseEvents: true,
        zIndexOffset: 10 * (areas.length - plot.place),
        icon: L.divIcon({ html: body, className: "badge-at", iconSize: null }),
      });
      listen(badges[i], i, state);
    }
    return badges[i];
  }

  function refresh() {
    const seen = map.getBounds().pad(0.1);
    const taken = [];
    model.order.forEach((i) => {
      let wanted = i === state.selected;
      if (!wanted && taken.length < BADGES && seen.contains(spots[i])) {
        const { x, y } = map.latLngToLayerPoint(tops[i]);
        const half = (BADGE.wide + BADGE.digit * String(model.plots[i].rank || "").length) / 2;
        wanted =
          model.plots.length <= CROWD ||
          !taken.some((b) => Math.abs(b.x - x) < b.half + half && Math.abs(b.y - y) < BADGE.high);
        if (wanted) taken.push({ x, y, half });
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
    const chosen = i === state.selected || i === state.other;
    const hover = i === state.hovered;
    dress(i, chosen, hover);
    const icon = badges[i] && badges[i].getElement();
    if (!icon) return;
    icon.classList.toggle("chosen", chosen);
    icon.classList.toggle("hover", hover);
    badges[i].setZIndexOffset(chosen ? 1e6 : hover ? 9e5 : 10 * (areas.length - model.plots[i].place));
  }

  // Other weights, other classes: only what changed is painted again.
  const painted = model.plots.map(paintOf);
  function paintOf(plot) {
    return `${plot.grade} ${plot.bare}`;
  }
  function repaint() {
    areas.forEach((area, i) => {
      const plot = model.plots[i];
      if (reachable) area.getElement().setAttribute("aria-label", plotLabel(model, say, plot));
      if (painted[i] === paintOf(plot)) return;
      painted[i] = paintOf(plot);
      area.setStyle(lookOf(i));
    });
    badges.forEach((each) => each.remove());
    badges.length = 0;
    refresh();
  }
  model.listen(repaint);
  say.listen(repaint);

  map.on("moveend", refresh);
  let compared = null;
  state.listen((_, before) => {
    mark(before);
    mark(compared);
    compared = state.other;
    mark(compared);
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
    // The ruler measures to plots as to anything else.
    if (state.measuring) return;
    L.DomEvent.stopPropagation(event);
    state.select(i, "map");
  });
  layer.on("mouseover", () => state.hover(i, true));
  layer.on("mouseout", () => state.hover(i, false));
}
