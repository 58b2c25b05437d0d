"""The ids, addresses and addressed places of a register, to see to it that they are told nobody.

Nothing of it is kept: it is read again from the register and the address file when a public edition
is searched for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyproj
import shapely

from tomteanalyse.config import AddressesConfig, RegisterConfig
from tomteanalyse.inputs.addresses import Place, read_addresses
from tomteanalyse.inputs.cells import is_blank, text_of
from tomteanalyse.inputs.columns import match_columns
from tomteanalyse.inputs.files import find_source
from tomteanalyse.inputs.findings import Findings
from tomteanalyse.inputs.register_columns import ALIASES
from tomteanalyse.inputs.spreadsheet import is_spreadsheet, read_sheet
from tomteanalyse.inputs.vector import read_layer

PLACES_IN = "EPSG:25833"
"""The zone that is used for all of Norway; an address file may hold several."""


@dataclass(frozen=True, repr=False)
class RegisterStrings:
    """What the register calls its units and where it says that they are.

    Parameters
    ----------
    ids
        Ids of units and buildings, of those without a place and those no longer owned too.
    addresses
        Addresses as they are written in the register, and as the address file writes them.
    places
        Where the address file says that these addresses are (Points in `PLACES_IN`, sorted): the
        only coordinates there are of a unit that has an address and no place of its own, and the
        house's of one that has both. Empty where the study has no address file.
    """

    ids: tuple[str, ...]
    addresses: tuple[str, ...]
    places: gpd.GeoSeries


def register_strings(
    folder: Path, *, config: RegisterConfig, address_file: AddressesConfig | None = None
) -> RegisterStrings:
    """Read them from the register's file and the address file; they are kept nowhere.

    Parameters
    ----------
    folder
        The study's folder.
    config
        What the study file says of the register.
    address_file
        What it says of the file that units with an address only are placed by. Where an address
        may be in several places, all of them are given.

    Raises
    ------
    DataError
        If a file cannot be read; see `tomteanalyse.inputs.register` and
        `tomteanalyse.inputs.addresses`.
    """
    source = find_source(folder, config.file, role="register")
    findings = Findings(source.name)
    if is_spreadsheet(source):
        table = read_sheet(source, sheet=config.sheet, findings=findings)
    else:
        table = read_layer(source, layer=config.layer, findings=findings).frame
    headings = [str(each) for each in table.columns if each != "geometry"]
    found = match_columns(headings, aliases=ALIASES, chosen=config.columns, findings=findings)
    findings.stop_if_faulty()
    written = _texts(table, found, "address")
    known = _known(folder, written, address_file=address_file)
    return RegisterStrings(
        _texts(table, found, "unit_id", "building_id"),
        tuple(sorted({*written, *(place.text.strip() for place in known)} - {""})),
        _points(known),
    )


def _texts(table: pd.DataFrame, found: dict[str, str], *names: str) -> tuple[str, ...]:
    columns = [table[found[name]] for name in names if name in found]
    texts = {text_of(cell).strip() for column in columns for cell in column}
    return tuple(sorted(each for each in texts if not is_blank(each)))


def _known(
    folder: Path, addresses: Iterable[str], *, address_file: AddressesConfig | None
) -> frozenset[Place]:
    """Return what the address file knows of some addresses."""
    if address_file is None:
        return frozenset()
    book, *_ = read_addresses(find_source(folder, address_file.file, role="addresses"))
    return frozenset(place for each in addresses for place in book.meant(each))


def _points(places: frozenset[Place]) -> gpd.GeoSeries:
    found: set[tuple[float, float]] = set()
    for epsg in {place.epsg for place in places}:
        turn = pyproj.Transformer.from_crs(epsg, PLACES_IN, always_xy=True)
        found |= {turn.transform(each.east, each.north) for each in places if each.epsg == epsg}
    return gpd.GeoSeries(list(map(shapely.Point, sorted(found))), crs=PLACES_IN)
