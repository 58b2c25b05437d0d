"""How QGIS draws the layers of ``resultat.gpkg`` when they are opened."""

from dataclasses import dataclass

from tomteanalyse.scoring.evaluation import GRADES
from tomteanalyse.texts import Catalog, Language, catalog
from tomteanalyse.views.palette import GRADE_COLOURS, KNOCKED_OUT, UNMEASURED
from tomteanalyse.views.qml import (
    Labels,
    Symbol,
    categorized,
    fill,
    graduated,
    line,
    marker,
    single,
)

# Of the same lightness, so that the shape and the legend tell them apart, not the colour alone.
_AMENITIES = {
    "bus": ("square", "#1f5fa8"),
    "grocery": ("circle", "#2e7d32"),
    "pharmacy": ("cross_fill", "#2e7d32"),
    "doctor": ("cross_fill", "#b3261e"),
    "services": ("diamond", "#6a3d9a"),
    "recreation": ("triangle", "#2e7d32"),
    "emergency": ("star", "#b3261e"),
    "school": ("pentagon", "#8a5a00"),
    "kindergarten": ("hexagon", "#8a5a00"),
    "centre": ("circle", "#303030"),
}
_CUTS = {"rail": ("cross2", "#b3261e"), "fast_road": ("cross2", "#6a3d9a")}
_SEVERE, _MODERATE, _SAFE_WAY = "#b3261e", "#8a5a00", "#00695c"
_HATCHED = "#5a5a5a"
_STOPPED = "-"
_UNMEASURED = "?"
_PLOT_CLASS = (
    f"""CASE WHEN "knocked_out" THEN '{_STOPPED}' """
    f"""WHEN "too_little_measured" THEN '{_UNMEASURED}' ELSE "grade" END"""
)
_PLOT_LABEL = f"""{_PLOT_CLASS} || ' ' || "plot_id\""""


@dataclass(frozen=True)
class LayerStyle:
    """One style of one layer; `default` is what QGIS draws on opening."""

    layer: str
    name: str
    qml: str
    default: bool


def layer_styles(plots_geometry: str, language: Language) -> tuple[LayerStyle, ...]:
    """Return the styles of every layer.

    Parameters
    ----------
    plots_geometry
        Geometry type of the plots' layer. Where points and polygons are mixed, the style is for
        the polygons; QGIS draws the points its own way.
    language
        Language of the styles' names and legends.
    """
    say = catalog(language)
    points = plots_geometry in ("Point", "MultiPoint")
    return (
        LayerStyle("plots", say("geopackage.style.grade"), _by_grade(say, points=points), True),
        LayerStyle("plots", say("geopackage.style.score"), _by_score(say, points=points), False),
        LayerStyle("amenities", say("geopackage.style.class"), _amenities(say), True),
        LayerStyle("units", say("geopackage.style.homes"), _units(), True),
        LayerStyle("network_cuts", say("geopackage.style.cuts"), _cuts(say), True),
        LayerStyle("routes", say("geopackage.style.routes"), _routes(), True),
        LayerStyle("crossing_places", say("geopackage.style.places"), _places(say), True),
        LayerStyle("crossing_stretches", say("geopackage.style.stretches"), _stretches(say), True),
        LayerStyle("shortcuts", say("geopackage.style.shortcuts"), _shortcuts(say), True),
        LayerStyle("tempting_paths", say("geopackage.style.tempting"), _tempting(), True),
        LayerStyle("safe_paths", say("geopackage.style.safe"), _safe(), True),
    )


def _plot(colour: str, *, points: bool) -> Symbol:
    return marker("circle", colour, size_mm=4, outline="#000000") if points else fill(colour)


def _stopped(*, points: bool) -> Symbol:
    if points:
        return marker("circle", KNOCKED_OUT, size_mm=4, outline=_HATCHED)
    return fill(_HATCHED, pattern="b_diagonal", outline=_HATCHED)


def _bare(*, points: bool) -> Symbol:
    if points:
        return marker("circle", UNMEASURED, size_mm=4, outline=_HATCHED)
    return fill(UNMEASURED, outline=_HATCHED)


def _bands(say: Catalog) -> list[tuple[str, float, float, str]]:
    """Return letter, least score, score of the next letter and words of every grade."""
    uppers = [100.0, *(float(least) for _, least in GRADES)]
    return [
        (
            letter,
            float(least),
            upper,
            say("geopackage.legend.grade", letter=letter, words=say(f"grade.{letter}")),
        )
        for (letter, least), upper in zip(GRADES, uppers, strict=False)
    ]


def _by_grade(say: Catalog, *, points: bool) -> str:
    categories = [
        (letter, words, _plot(GRADE_COLOURS[letter], points=points))
        for letter, _, _, words in _bands(say)
    ]
    stopped = (_STOPPED, say("geopackage.legend.knocked_out"), _stopped(points=points))
    bare = (_UNMEASURED, say("geopackage.legend.too_little_measured"), _bare(points=points))
    return categorized(_PLOT_CLASS, [*categories, bare, stopped], labels=Labels(_PLOT_LABEL))


def _by_score(say: Catalog, *, points: bool) -> str:
    ranges = [
        (least, upper, words, _plot(GRADE_COLOURS[letter], points=points))
        for letter, least, upper, words in reversed(_bands(say))
    ]
    label = Labels("""format_number("score", 0) || ' ' || "plot_id\"""")
    return graduated("score", ranges, labels=label)


def _amenities(say: Catalog) -> str:
    return categorized(
        "amenity_class",
        [
            (key, say(f"map.class.{key}"), marker(shape, colour, size_mm=3))
            for key, (shape, colour) in _AMENITIES.items()
        ],
    )


def _units() -> str:
    return single(marker("circle", "#c2185b", size_mm=2.4), labels=Labels('"homes"'))


def _cuts(say: Catalog) -> str:
    return categorized(
        "kind",
        [
            (key, say(f"map.cut.{key}"), marker(shape, colour, size_mm=3, outline=colour))
            for key, (shape, colour) in _CUTS.items()
        ],
    )


def _routes() -> str:
    return single(line("#1f5fa8", width_mm=0.6, style="dash"))


def _severe_or_not(say: Catalog) -> list[tuple[str, str, str, str]]:
    """Return value, words in the legend, shape and colour: told apart without the colour too."""
    return [
        ("severe", say("geopackage.legend.severe"), "triangle", _SEVERE),
        ("moderate", say("geopackage.legend.moderate"), "diamond", _MODERATE),
    ]


def _places(say: Catalog) -> str:
    return categorized(
        "list",
        [
            (value, words, marker(shape, colour, size_mm=5, outline="#000000"))
            for value, words, shape, colour in _severe_or_not(say)
        ],
        labels=Labels('"place"'),
    )


def _stretches(say: Catalog) -> str:
    return categorized(
        "list",
        [
            (value, words, line(colour, width_mm=1.6))
            for value, words, _, colour in _severe_or_not(say)
        ],
    )


def _shortcuts(say: Catalog) -> str:
    return categorized(
        """CASE WHEN "severe" THEN 'severe' ELSE 'moderate' END""",
        [
            (value, words, marker(shape, colour, size_mm=2.4))
            for value, words, shape, colour in _severe_or_not(say)
        ],
    )


def _tempting() -> str:
    return single(line(_SEVERE, width_mm=0.7, style="dash"))


def _safe() -> str:
    return single(line(_SAFE_WAY, width_mm=0.7))
