"""QGIS layer styles (QML), built as XML elements so that no text can break out of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

Kind = Literal["marker", "line", "fill"]

_GEOMETRY = {"marker": "0", "line": "1", "fill": "2"}
_VERSION = "3.28.0"
_BLACK = "#000000"


@dataclass(frozen=True)
class Symbol:
    """How a feature is drawn.

    Parameters
    ----------
    kind
        What sort of geometry it is for.
    layer
        QGIS's name of the symbol layer, e.g. "SimpleFill".
    options
        Its options; a colour as ``#rrggbb``.
    """

    kind: Kind
    layer: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class Labels:
    """Text beside the features: a QGIS expression over the layer's fields."""

    expression: str


def fill(colour: str, *, pattern: str = "solid", outline: str = _BLACK) -> Symbol:
    """Return the symbol of an area; `pattern` is "solid", "no" or a hatching as "b_diagonal"."""
    options = {
        "color": _rgba(colour),
        "style": pattern,
        "outline_color": _rgba(outline),
        "outline_style": "solid",
        "outline_width": "0.4",
        "outline_width_unit": "MM",
        "joinstyle": "miter",
    }
    return Symbol("fill", "SimpleFill", options)


def marker(shape: str, colour: str, *, size_mm: float, outline: str = "#ffffff") -> Symbol:
    """Return the symbol of a point; `shape` is one of QGIS's, as "circle", "square", "diamond"."""
    options = {
        "name": shape,
        "color": _rgba(colour),
        "outline_color": _rgba(outline),
        "outline_style": "solid",
        "outline_width": "0.3",
        "outline_width_unit": "MM",
        "size": f"{size_mm:g}",
        "size_unit": "MM",
    }
    return Symbol("marker", "SimpleMarker", options)


def line(colour: str, *, width_mm: float, style: str = "solid") -> Symbol:
    """Return the symbol of a line; `style` is "solid", "dash", "dot" or "dash dot"."""
    options = {
        "line_color": _rgba(colour),
        "line_style": style,
        "line_width": f"{width_mm:g}",
        "line_width_unit": "MM",
        "capstyle": "round",
        "joinstyle": "round",
    }
    return Symbol("line", "SimpleLine", options)


def single(symbol: Symbol, *, labels: Labels | None = None) -> str:
    """Return a style that draws every feature alike."""
    renderer = _renderer("singleSymbol")
    _symbols(renderer, [symbol])
    return _document(renderer, symbol.kind, labels)


def categorized(
    expression: str,
    categories: Sequence[tuple[str, str, Symbol]],
    *,
    labels: Labels | None = None,
) -> str:
    """Return a style by the value of a field or expression.

    Parameters
    ----------
    expression
        A field's name or a QGIS expression.
    categories
        Value, words in the legend, symbol; all symbols of one kind.
    """
    renderer = _renderer("categorizedSymbol", attr=expression)
    listed = SubElement(renderer, "categories")
    for number, (value, words, _) in enumerate(categories):
        entry = {"value": value, "symbol": str(number), "label": words}
        SubElement(listed, "category", {**entry, "type": "string", "render": "true"})
    _symbols(renderer, [symbol for _, _, symbol in categories])
    return _document(renderer, categories[0][2].kind, labels)


def graduated(
    field: str,
    ranges: Sequence[tuple[float, float, str, Symbol]],
    *,
    labels: Labels | None = None,
) -> str:
    """Return a style by ranges of a number.

    Parameters
    ----------
    field
        A field's name.
    ranges
        From, to, words in the legend, symbol; rising, all symbols of one kind.
    """
    renderer = _renderer("graduatedSymbol", attr=field, graduatedMethod="GraduatedColor")
    listed = SubElement(renderer, "ranges")
    for number, (lower, upper, words, _) in enumerate(ranges):
        entry = {"lower": f"{lower:.6f}", "upper": f"{upper:.6f}", "symbol": str(number)}
        SubElement(listed, "range", {**entry, "label": words, "render": "true"})
    _symbols(renderer, [symbol for *_, symbol in ranges])
    return _document(renderer, ranges[0][3].kind, labels)


def _renderer(kind: str, **attributes: str) -> Element:
    common = {"symbollevels": "0", "enableorderby": "0", "forceraster": "0"}
    return Element("renderer-v2", {"type": kind, **attributes, **common})


def _symbols(renderer: Element, symbols: Sequence[Symbol]) -> None:
    listed = SubElement(renderer, "symbols")
    for number, symbol in enumerate(symbols):
        common = {"alpha": "1", "clip_to_extent": "1", "force_rhr": "0"}
        drawn = SubElement(listed, "symbol", {"name": str(number), "type": symbol.kind, **common})
        layer = SubElement(
            drawn, "layer", {"class": symbol.layer, "enabled": "1", "locked": "0", "pass": "0"}
        )
        options = SubElement(layer, "Option", {"type": "Map"})
        for name, value in symbol.options.items():
            SubElement(options, "Option", {"name": name, "type": "QString", "value": value})


def _document(renderer: Element, kind: Kind, labels: Labels | None) -> str:
    root = Element(
        "qgis",
        {
            "version": _VERSION,
            "styleCategories": "Symbology|Labeling",
            "labelsEnabled": "1" if labels else "0",
        },
    )
    root.append(renderer)
    if labels:
        root.append(_labeling(labels, kind))
    SubElement(root, "blendMode").text = "0"
    SubElement(root, "featureBlendMode").text = "0"
    SubElement(root, "layerGeometryType").text = _GEOMETRY[kind]
    return ElementTree.tostring(root, encoding="unicode")


def _labeling(labels: Labels, kind: Kind) -> Element:
    labeling = Element("labeling", {"type": "simple"})
    settings = SubElement(labeling, "settings", {"calloutType": "simple"})
    style = SubElement(
        settings,
        "text-style",
        {
            "fieldName": labels.expression,
            "isExpression": "1",
            "fontSize": "9",
            "fontSizeUnit": "Point",
            "textColor": _rgba(_BLACK),
            "textOpacity": "1",
        },
    )
    SubElement(
        style,
        "text-buffer",
        {
            "bufferDraw": "1",
            "bufferSize": "0.8",
            "bufferSizeUnits": "MM",
            "bufferColor": _rgba("#ffffff"),
            "bufferOpacity": "1",
        },
    )
    # 1 is "over point" for areas, 6 "around point" by cartographic rank for points.
    placement = {"marker": "6", "line": "2", "fill": "1"}[kind]
    SubElement(settings, "placement", {"placement": placement, "dist": "1", "distUnits": "MM"})
    SubElement(settings, "rendering", {"drawLabels": "1", "obstacle": "1", "displayAll": "0"})
    return labeling


def _rgba(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},255"
