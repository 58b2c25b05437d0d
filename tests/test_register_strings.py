"""The ids and addresses of a register are gathered from the file, placed or not."""

from pathlib import Path

import geopandas as gpd
import pytest

from leaky import register
from tomteanalyse.config import RegisterConfig
from tomteanalyse.inputs.register_strings import register_strings
from tomteanalyse.publishing.scan import scan
from tomteanalyse.publishing.secrets import register_secrets

ROWS = """enhet_id;bygning_id;adresse;x;y
K-2001;B-77;Furuåsen 3;;
K-2002;;Furuåsen 5 A;597100;6643100
K-2003;B-77;;597200;6643200
"""


@pytest.mark.parametrize("name", ["enheter.csv", "enheter.gpkg"])
def test_ids_and_addresses_are_read_with_those_of_units_without_a_place(
    name: str, tmp_path: Path
) -> None:
    if name.endswith(".csv"):
        (tmp_path / name).write_text(ROWS, "utf-8")
    else:
        heading, *rows = [line.split(";")[:3] for line in ROWS.splitlines()]
        columns = dict(zip(heading, zip(*rows, strict=True), strict=True))
        layer = gpd.GeoDataFrame(
            {heading: list(cells) for heading, cells in columns.items()},
            geometry=gpd.points_from_xy([597e3] * 3, [6643e3] * 3),
            crs="EPSG:25832",
        )
        layer.to_file(tmp_path / name)
    found = register_strings(tmp_path, config=RegisterConfig(file=name))
    assert found.ids == ("B-77", "K-2001", "K-2002", "K-2003")
    assert found.addresses == ("Furuåsen 3", "Furuåsen 5 A")
    assert "K-2001" not in repr(found)


def test_a_unit_without_a_place_is_searched_for_too(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<td>K-2001</td>", "utf-8")
    assert scan(tmp_path, register_secrets(register())) == ()
    assert scan(tmp_path, register_secrets(register(), ids=["K-2001"]))[0].kind == "text"
