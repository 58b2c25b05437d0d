"""overvaking.html as a text: what stands in it, and that it is always the same."""

import json
import re
from base64 import b64decode
from dataclasses import replace
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from shapely import box

from fabricated import CRS
from fabricated_monitoring import fabricated_monitoring, yearly
from test_web_map_scripts import SINKS
from tomteanalyse.errors import Notice
from tomteanalyse.measures.concentration.change import CAUSES
from tomteanalyse.monitoring.found import Monitoring
from tomteanalyse.texts import LANGUAGES, Language, catalog
from tomteanalyse.views.monitoring.classes import COLOURS, class_colours, class_limits
from tomteanalyse.views.monitoring.map_data import monitoring_data
from tomteanalyse.views.monitoring.page import BASE_SCRIPTS, OWN_SCRIPTS, STYLES, monitoring_page
from tomteanalyse.views.monitoring.page_tables import cause_table
from tomteanalyse.views.monitoring.place_names import cell_names
from tomteanalyse.views.monitoring.series import SHARE_UNITS, UNKNOWN, in_parts, pack_series

NB = catalog("nb")


@pytest.fixture(scope="module")
def found() -> Monitoring:
    return fabricated_monitoring()


@pytest.fixture(scope="module")
def html(found: Monitoring) -> str:
    return monitoring_page(found, say=NB)


def data_of(page: str) -> Any:
    data = re.search(r'id="monitoring">(.*?)</script>', page, re.DOTALL)
    assert data
    return json.loads(data[1])


def visible(page: str) -> str:
    """Return the page's body without its data and scripts."""
    return re.sub(r"<script.*?</script>", "", page[page.index("<body>") :], flags=re.DOTALL)


# Classes


def test_limits_are_round_ascending_and_leave_no_class_empty() -> None:
    generator = np.random.default_rng(3)
    for spread in (2, 9, 40, 3_000, 10**7):
        values = generator.integers(-1, spread, 300)
        limits = class_limits(values)
        assert limits == sorted(set(limits))
        edges = [1, *limits, np.inf]
        counts = [((values >= low) & (values < high)).sum() for low, high in pairwise(edges)]
        assert min(counts) > 0
        assert {int(str(limit).rstrip("0")) for limit in limits} <= {1, 15, 2, 3, 5, 7}


def test_no_class_begins_at_the_whole() -> None:
    shares = np.array([10_000] * 50 + [SHARE_UNITS] * 50)
    assert class_limits(shares, most=SHARE_UNITS) == [7_000_000]
    assert class_limits(shares) == [SHARE_UNITS]


def test_one_value_and_none_have_no_limits() -> None:
    assert class_limits(np.array([0, 0, -1])) == []
    assert class_limits(np.array([4, 4, 4])) == []
    assert class_colours([]) == [COLOURS[2]]


def lightness(colour: str) -> float:
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ [0.2126, 0.7152, 0.0722])
    return 116 * float(np.cbrt(luminance)) - 16


def test_every_class_is_clearly_darker_than_the_one_below_whatever_eyes_see_it() -> None:
    light = [lightness(colour) for colour in COLOURS]
    assert min(np.diff(light[::-1])) >= 15


# Figures on their way


def read_numbers(packed: str) -> list[int]:
    found, value, place = [], 0, 0
    for byte in b64decode(packed):
        value |= (byte & 127) << place
        place += 7
        if byte & 128:
            found.append(-(value + 1) // 2 if value % 2 else value // 2)
            value, place = 0, 0
    return found


def test_series_tell_the_first_day_and_only_what_changed() -> None:
    packed = pack_series(np.array([[3, 3, 5, 5], [0, 0, 0, 0], [7, 6, 6, 9]]))
    assert read_numbers(packed["first"]) == [3, 0, 7]
    # Steps 1, 6 and 8 of nine, three to an area.
    assert read_numbers(packed["at"]) == [1, 5, 2]
    assert read_numbers(packed["by"]) == [2, -1, 3]


def test_a_single_day_has_no_changes() -> None:
    packed = pack_series(np.array([[3], [0]]))
    assert (read_numbers(packed["first"]), packed["at"], packed["by"]) == ([3, 0], "", "")


def test_shares_travel_in_parts_and_the_unknown_as_such() -> None:
    shares = np.array([0.0, 1 / 3, 1.0, np.nan])
    assert in_parts(shares).tolist() == [0, 3_333_333, 10_000_000, UNKNOWN]


def test_the_order_of_the_rows_makes_no_difference(found: Monitoring) -> None:
    shuffled = replace(
        found,
        geographies={
            key: replace(
                each,
                states=each.states.sample(frac=1, random_state=1),
                changes=each.changes.sample(frac=1, random_state=2),
                indices=each.indices.sample(frac=1, random_state=3),
            )
            for key, each in found.geographies.items()
        },
    )
    assert monitoring_data(shuffled, NB) == monitoring_data(found, NB)


def test_what_is_packed_holds_every_figure_of_every_day(found: Monitoring, html: str) -> None:
    for key, geography in enumerate(found.geographies.values()):
        packed = data_of(html)["geographies"][key]
        for name in ("homes", "dwellings", "hot"):
            wide = geography.states[name].to_numpy(dtype=int).reshape(len(found.days), -1)
            assert unpacked(packed[name], len(found.days)) == wide.T.tolist()


def unpacked(packed: dict[str, str], days: int) -> list[list[int]]:
    """Return whole numbers by area and day; written apart from what the page does."""
    at, moves = 0, {}
    for gap, by in zip(read_numbers(packed["at"]), read_numbers(packed["by"]), strict=True):
        at += gap
        moves[at] = by
    areas = []
    for area, first in enumerate(read_numbers(packed["first"])):
        steps = [moves.get(area * (days - 1) + step, 0) for step in range(days - 1)]
        areas.append([first, *(first + sum(steps[: k + 1]) for k in range(days - 1))])
    return areas


# What stands on the page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_bytes_every_time_and_nothing_fetched(
    found: Monitoring, language: Language
) -> None:
    page = monitoring_page(found, say=catalog(language))
    assert page == monitoring_page(fabricated_monitoring(), say=catalog(language))
    assert "default-src 'none'" in page
    assert "img-src" not in page
    assert not re.search(r"<link\b|\bsrc\s*=|@import\b", visible(page))
    assert f'<html lang="{language}">' in page


def test_the_page_says_whom_it_is_for_what_it_is_of_and_what_shares_are_of(html: str) -> None:
    body = visible(html)
    assert "<title>INTERN" in html
    assert "INTERN" in body[: body.index("<h1>")]
    assert "Heggdal (oppdiktet)" in body
    assert "Andelene er regnet av alle boliger: adressefilen (adresser.csv)" in body
    assert "01.01.2018 til 01.01.2026, år for år" in body


def test_the_studys_note_and_every_warning_stand_on_the_page() -> None:
    found = replace(
        fabricated_monitoring(note="Øvingsdata <b>"), warnings=(Notice("ledger.no_day"),)
    )
    body = visible(monitoring_page(found, say=NB))
    assert "Øvingsdata &lt;b&gt;" in body
    assert NB("ledger.no_day.what") in body.replace("&#39;", "'").replace("&#34;", '"')


def test_without_dwellings_shares_are_unknown_and_counts_are_told() -> None:
    body = visible(monitoring_page(fabricated_monitoring(basis=None), say=NB))
    assert "Ingen kilde for boliger i alt" in body
    assert 'value="share"' not in body
    assert 'value="homes"' in body
    assert "chart-share" not in body
    assert "chart-gini" not in body
    assert "prosentpoeng" not in body
    assert ">122<" in body
    assert ">148<" in body


def test_a_study_without_areas_offers_the_grid_only() -> None:
    body = visible(monitoring_page(fabricated_monitoring(districts=None), say=NB))
    assert re.findall(r'name="division" value="(\w+)"', body) == ["cell_250", "cell_1000"]


@pytest.mark.parametrize(
    "found",
    [
        fabricated_monitoring(yearly(2026, 2026)),
        fabricated_monitoring(homes_at_all=False),
        fabricated_monitoring(yearly(2026, 2026), basis=None, homes_at_all=False),
    ],
    ids=["one day", "no homes", "nothing at all"],
)
def test_little_to_tell_is_told_without_a_fault(found: Monitoring) -> None:
    body = visible(monitoring_page(found, say=NB))
    assert "Hele kommunen" in body
    assert "nan" not in body.casefold().replace("finans", "")


def test_the_causes_of_every_period_add_up_to_its_change(found: Monitoring) -> None:
    table = cause_table(found, NB)
    assert table is not None

    def number(text: str) -> float:
        plain = text.replace("\N{MINUS SIGN}", "-").replace(",", ".").replace("+", "")
        return float(plain) if plain not in ("", "–") else 0.0

    assert len(table.rows) == len(found.days) - 1
    for row in (*table.rows, table.total):
        parts = sum(number(part) for _, part in row.cells[:-1])
        assert parts == pytest.approx(number(row.cells[-1][0]), abs=0.005 * len(CAUSES))
    bought = [number(row.cells[0][0]) for row in table.rows]
    assert sum(bought) == number(table.total.cells[0][0]) == found.changes["count_bought"].sum() > 0


def test_late_corrections_are_listed_with_the_day_they_became_known() -> None:
    known = pd.DataFrame(
        {
            "unit_id": ["E07"],
            "day": [pd.Timestamp("2025-03-01")],
            "of": [pd.Timestamp("2024-03-01")],
            "what": ["ledger.said.valid_from"],
            "before": ["2021-05-01"],
            "after": ["ledger.status.absent"],
        }
    )
    body = visible(monitoring_page(fabricated_monitoring(known=known), say=NB))
    section = body[body.index('id="late-heading"') :]
    row = re.search(r"<tbody>(.*?)</tbody>", section, re.DOTALL)
    assert row
    cells = re.findall(r">([^<>]+)</t[hd]>", row[1])
    assert cells == [
        *("01.03.2025", "E07", "Første dag", "01.05.2021", "ikke ført", "01.03.2024"),
    ]
    assert NB("monitoring_page.late.none") not in body


def test_a_cell_is_called_after_the_nearest_place(found: Monitoring) -> None:
    extract = found.study.extract
    x, y = extract.points.xy[0]  # Heggdal
    far = 20_000.0
    around = [(0, 0), (0, 310), (400, 0), (-300, -300), (far, far)]
    shapes = np.array([box(x + e - 1, y + n - 1, x + e + 1, y + n + 1) for e, n in around])
    names = cell_names([str(k) for k in range(5)], shapes, extract, NB)
    assert [name.replace("\N{NO-BREAK SPACE}", " ") for name in names] == [
        "Rute ved Heggdal",
        "Rute 300 m nord for Heggdal",
        "Rute 400 m øst for Heggdal",
        "Rute 400 m sørvest for Heggdal",
        "Rute 4",
    ]


def test_an_area_that_no_map_of_degrees_can_show_is_left_off_the_map_only() -> None:
    found = fabricated_monitoring()
    odd = found.geographies["area"]
    shapes = odd.areas.geometry.to_numpy().copy()
    shapes[0] = box(1e12, 1e12, 1e12 + 1, 1e12 + 1)
    areas = odd.areas.set_geometry(shapes, crs=CRS)
    changed = replace(found, geographies={**found.geographies, "area": replace(odd, areas=areas)})
    data = monitoring_data(changed, NB)["geographies"][2]
    assert len(data["ids"]) == 4
    assert read_numbers(data["shapes"]["parts"])[0] == 0
    assert min(read_numbers(data["shapes"]["parts"])[1:]) > 0


# Hostile texts, as text

EVIL = "</script><img src=x onerror=alert(1)> ${1} ` \u2028 {{7*7}} <!-- &"


def hostile() -> Monitoring:
    known = pd.DataFrame(
        {"unit_id": [EVIL], "day": [pd.Timestamp("2025-03-01")], "what": [EVIL], "before": [EVIL]}
    )
    return fabricated_monitoring(
        study_name=EVIL, note=EVIL, districts=[f"{k} {EVIL}" for k in range(4)], known=known
    )


def test_what_users_wrote_never_becomes_markup() -> None:
    page = monitoring_page(hostile(), say=NB)
    assert "<img" not in page
    assert page.count("</script>") == page.count("<script")
    assert "49" not in re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL)[0]
    assert "\u2028" not in page[page.index('id="monitoring"') :]
    assert data_of(page)["geographies"][2]["labels"] == [f"{k} {EVIL}" for k in range(4)]


# Scripts


def script(name: str) -> str:
    own = name in OWN_SCRIPTS
    package = "tomteanalyse.views.monitoring" if own else "tomteanalyse.views.web_map"
    folder = files(package).joinpath("page_files" if own else "page")
    return folder.joinpath(name).read_text("utf-8")


def test_no_script_has_a_way_for_text_to_become_code_or_to_ask_the_network() -> None:
    for name in OWN_SCRIPTS:
        code = re.sub(r"//.*", "", script(name))
        for sink in SINKS:
            assert not re.search(sink, code), (name, sink)


def test_no_name_is_given_twice_in_the_scope_that_the_scripts_share() -> None:
    given: dict[str, str] = {}
    for name in (*BASE_SCRIPTS, *OWN_SCRIPTS):
        names = re.findall(r"^(?:function|const|let|class) \[?(\w+)", script(name), re.MULTILINE)
        for each in names:
            assert each not in given, (each, name, given.get(each))
            given[each] = name
    assert len(given) > 60


def test_every_file_of_the_page_is_on_it() -> None:
    folder: Any = files("tomteanalyse.views.monitoring").joinpath("page_files")
    there = {file.name for file in folder.iterdir()}
    assert there == {*OWN_SCRIPTS, *STYLES, "page.html"}


def test_every_text_that_the_scripts_name_is_in_the_catalogue() -> None:
    keys = set(NB.entries)
    for name in OWN_SCRIPTS:
        for key in re.findall(r'say\("(monitoring_page\.[\w.]+)"', script(name)):
            assert key in keys, (name, key)
