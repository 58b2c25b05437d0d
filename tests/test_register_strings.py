"""The ids and addresses of a register are gathered from the file, placed or not."""

from pathlib import Path

import geopandas as gpd
import pyproj
import pytest

from leaky import register
from tomteanalyse.config import AddressesConfig, RegisterConfig
from tomteanalyse.inputs.register_strings import RegisterStrings, register_strings
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
    assert found.places.empty  # no address file, so no place of any address is known
    assert "K-2001" not in repr(found)


def test_a_unit_without_a_place_is_searched_for_too(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<td>K-2001</td>", "utf-8")
    assert scan(tmp_path, register_secrets(register())) == ()
    assert scan(tmp_path, register_secrets(register(), ids=["K-2001"]))[0].kind == "text"


ADDRESSES = """adressenavn;nummer;bokstav;adresseTekst;EPSG-kode;Nord;Øst;postnummer;poststed
Furuåsveien;3;;Furuåsveien 3;25832;6643050.5;597010.25;0001;PRØVEBY
Furuåsveien;5;;Furuåsveien 5;25832;6643060;597020;0001;PRØVEBY
Dobbeltgata;1;;Dobbeltgata 1;25832;6643000;597400;0001;PRØVEBY
Dobbeltgata;1;;Dobbeltgata 1;25832;6645000;597400;0002;ANNENBY
Fremmedgata;9;;Fremmedgata 9;25832;6643000;597900;0001;PRØVEBY
"""


def addressed(folder: Path, *written: str) -> None:
    (folder / "adresser.csv").write_text(ADDRESSES, "utf-8")
    rows = [f"K-{number};{address}" for number, address in enumerate(written)]
    (folder / "enheter.csv").write_text("\n".join(["enhet_id;adresse", *rows, ""]), "utf-8")


def gathered(folder: Path) -> RegisterStrings:
    address_file = AddressesConfig(file="adresser.csv")
    return register_strings(folder, config=RegisterConfig(), address_file=address_file)


def metres(found: RegisterStrings) -> list[tuple[float, float]]:
    """Return the places, from a corner of the town they lie in."""
    places = found.places.to_crs("EPSG:25832")
    east, north = (places.x - 597_000).round(3), (places.y - 6_643_000).round(3)
    return sorted(zip(east, north, strict=True))


def test_an_address_brings_its_place_and_its_own_spelling_from_the_address_file(
    tmp_path: Path,
) -> None:
    addressed(tmp_path, "furuåsvn. 3", "Ukjentveien 8")
    found = gathered(tmp_path)
    assert found.addresses == ("Furuåsveien 3", "Ukjentveien 8", "furuåsvn. 3")
    assert metres(found) == [(10.25, 50.5)]


def test_a_house_whose_letter_is_not_known_counts_too(tmp_path: Path) -> None:
    addressed(tmp_path, "Furuåsveien 5 C")
    assert gathered(tmp_path).addresses == ("Furuåsveien 5", "Furuåsveien 5 C")
    assert metres(gathered(tmp_path)) == [(20.0, 60.0)]


@pytest.mark.parametrize(
    ("written", "norths"),
    [("Dobbeltgata 1", [0.0, 2000.0]), ("Dobbeltgata 1, 0002", [2000.0])],
)
def test_an_address_in_two_places_brings_both_unless_it_says_which(
    written: str, norths: list[float], tmp_path: Path
) -> None:
    addressed(tmp_path, written)
    assert metres(gathered(tmp_path)) == [(400.0, north) for north in norths]


def test_the_place_of_an_address_is_found_in_a_file_though_the_unit_has_another(
    tmp_path: Path,
) -> None:
    addressed(tmp_path, "Furuåsveien 3")
    found = gathered(tmp_path)
    lon, lat = pyproj.Transformer.from_crs("EPSG:25832", "EPSG:4326", always_xy=True).transform(
        597_010.25, 6_643_050.5
    )
    (tmp_path / "ut").mkdir()
    (tmp_path / "ut" / "a.json").write_text(f"[{lat:.6f}, {lon:.6f}]", "utf-8")
    assert scan(tmp_path / "ut", register_secrets(register())) == ()
    (sighting,) = scan(tmp_path / "ut", register_secrets(register(), places=found.places))
    assert sighting.kind == "coordinates"
