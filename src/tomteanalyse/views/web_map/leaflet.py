"""Leaflet as it is installed with XStatic-Leaflet, and nothing else under that name."""

import hashlib
import re
from pathlib import Path

from tomteanalyse.errors import Notice, TomteanalyseError

SHA256 = {
    "leaflet.js": "5819285cec137b229c94e1ee5ad73e8b6b84345a4367d60f75fe477fe0fb7b03",
    "leaflet.css": "90b693d86392a4779c861b28cf307e7e59c3fb35328c4d8b95f58f814d38c722",
}
"""Version 1.9.3, the one Folium is made for."""


def leaflet_js() -> str:
    """Return Leaflet's script, without the pointer to a source map that is not there."""
    return re.sub(r"\n//# sourceMappingURL=\S*\s*$", "\n", _checked("leaflet.js"))


def leaflet_css() -> str:
    """Return Leaflet's style sheet without its images: the page has symbols of its own."""
    return re.sub(r"url\([^)]*\)", "none", _checked("leaflet.css"))


def _checked(name: str) -> str:
    from xstatic.pkg import leaflet

    content = (Path(leaflet.BASE_DIR) / name).read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256[name]:
        raise TomteanalyseError(Notice("map.wrong_leaflet", values={"name": name}))
    return content.decode("utf-8").replace("\r\n", "\n")
