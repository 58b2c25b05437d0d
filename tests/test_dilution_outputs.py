"""What dilution writes: what stands in page, workbook and manifest, and that all is internal."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from diluted_towns import diluted_town, random_town
from editions import unmarked
from test_web_map_scripts import SINKS
from tomteanalyse.commands.dilute import _plots
from tomteanalyse.dilution.dilute import dilute
from tomteanalyse.dilution.found import Dilution, Terms
from tomteanalyse.errors import UsageError
from tomteanalyse.study import Study
from tomteanalyse.texts import LANGUAGES, NBSP, Language, catalog
from tomteanalyse.views.dilution.map_data import class_of, legend, map_data
from tomteanalyse.views.dilution.outputs import OUTPUTS, write_dilution
from tomteanalyse.views.dilution.page import _own_file, dilution_page
from tomteanalyse.views.dilution.screen import dilution_json, dilution_text
from tomteanalyse.views.dilution.words import move_text, signed_text

NB = catalog("nb")
EVIL = "</script><img src=x onerror=alert(1)> ${1} ` \u2028 {{7*7}} <!-- & [red]=1+1"


@pytest.fixture(scope="module")
def found() -> Dilution:
    return dilute(random_town(21), Terms(3, buy_at=("T0", "T1")))


@pytest.fixture(scope="module")
def html(found: Dilution) -> str:
    return dilution_page(found, say=NB)


def hostile() -> Study:
    """Return a town whose every name is hostile, that of a unit too."""
    study = diluted_town(
        [(100, 100, 9, 8), (500, 500, 5, 2), *[(900, 100 + 40 * n, 6, 0) for n in range(20)]],
        plots={"T1": (700, 700, 3)},
        name=EVIL,
        note=EVIL,
    )
    units = study.units.rename(index={"E000": EVIL}).sort_index().rename_axis("unit_id")
    return replace(study, units=units, plots=study.plots.assign(name=EVIL))


def data_of(page: str) -> Any:
    data = re.search(r'id="dilution">(.*?)</script>', page, re.DOTALL)
    assert data
    return json.loads(data[1])


def sheets_of(path: Path) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_says_in_its_language_that_it_is_internal(
    found: Dilution, folder: Path, language: Language
) -> None:
    outputs, notices = write_dilution(found, folder / "ut", language=language)
    assert [each.name for each in outputs] == [*OUTPUTS, "kjoring.json"]
    assert notices == ()
    for each in outputs:
        assert unmarked(folder / "ut" / each.name, language=language) == []


def test_the_same_answer_gives_the_same_bytes(found: Dilution, folder: Path) -> None:
    again = dilute(random_town(21), Terms(3, buy_at=("T1", "T0")))
    for name, each in (("en", found), ("to", again)):
        write_dilution(each, folder / name, language="nb")
    for name in (*OUTPUTS, "kjoring.json"):
        assert (folder / "en" / name).read_bytes() == (folder / "to" / name).read_bytes()


def test_other_terms_are_another_run(found: Dilution, folder: Path) -> None:
    write_dilution(found, folder / "en", language="nb")
    write_dilution(replace(found, terms=replace(found.terms, sell=4)), folder / "to", language="nb")
    one, other = (
        json.loads((folder / name / "kjoring.json").read_text("utf-8")) for name in ("en", "to")
    )
    assert one["run_id"] != other["run_id"]
    assert one["dilution"]["sell"] == 3
    assert one["dilution"]["buy_at"] == ["T0", "T1"]
    assert one["dilution"]["plan"] == list(found.plan)
    assert one["edition"] == "internal"


def test_the_workbook_holds_the_plan_every_move_and_every_cell(
    found: Dilution, folder: Path
) -> None:
    write_dilution(found, folder / "ut", language="nb")
    sheets = sheets_of(folder / "ut" / "fortynning.xlsx")
    assert list(sheets) == ["Plan", "Trekk", "Ruter", "Om"]
    # The edition's band and the headings stand above.
    plan, moves, cells = (sheets[name][2:] for name in ("Plan", "Trekk", "Ruter"))
    assert len(plan) == len(found.steps)
    assert [row[3] for row in plan] == pytest.approx(found.steps["dissimilarity"].tolist())
    assert [row[1] for row in plan[1:]] == [move_text(found, each, NB) for each in found.plan]
    assert len(moves) == len(found.moves)
    assert [row[0] for row in moves] == found.moves.index.tolist()
    assert len(cells) == len(found.cells)
    assert sum(row[1] for row in cells) == found.steps["homes"].iloc[0]
    about = " ".join(str(cell) for row in sheets["Om"] for cell in row)
    assert "Spredning kan koste noen en bolig" in about
    assert "ikke hva som bør gjøres" in about


def test_every_view_says_what_spacing_costs_and_recommends_nothing(
    found: Dilution, html: str
) -> None:
    for told in (html, dilution_text(found, language="nb")):
        words = " ".join(told.split())
        assert "Spredning kan koste noen en bolig" in words
        assert "Dette er hva som ville skje, ikke hva som bør gjøres." in words
        # Homes won and lost, and the walks, stand beside.
        assert f"{found.steps['homes'].iloc[-1]} etter planen" in words
        assert "Gangvei i gjennomsnitt" in words
        assert not re.search(r"\banbefal|\bbeste trekk|\bforslag\b", words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_screen_and_data_are_made_in_every_language(
    found: Dilution, language: Language
) -> None:
    say = catalog(language)
    for each in (found, replace(found, plan=(), steps=found.steps.iloc[:1], cells=found.cells[:0])):
        assert f'<html lang="{language}">' in dilution_page(each, say=say)
        assert say("dilution.caveat") in " ".join(dilution_text(each, language=language).split())
        told = json.loads(dilution_json(each, (), each.warnings, language=language))
        assert told["plan"] == list(each.plan)
        assert told["moves_in_all"] == len(each.moves) == len(told["moves"])
        assert told["moves"][0]["words"] == move_text(found, 1, say)


def test_what_is_unreachable_or_unknown_is_valid_data(found: Dilution) -> None:
    moves = found.moves.assign(walk_bus_m=np.inf, around=np.nan)
    told = json.loads(dilution_json(replace(found, moves=moves), (), (), language="nb"))
    assert {row["walk_bus_m"] for row in told["moves"]} == {None}
    assert NB.number(np.inf) in dilution_page(replace(found, moves=moves), say=NB)


def test_what_users_wrote_never_becomes_markup_or_formulas(folder: Path) -> None:
    found = dilute(hostile(), Terms(2, buy_at=("T1",)))
    page = dilution_page(found, say=NB)
    assert "<img" not in page
    assert page.count("</script>") == page.count("<script")
    assert "49" not in re.findall(r"<h1>(.*?)</h1>", page, re.DOTALL)[0]
    assert "\u2028" not in page[page.index('id="dilution"') :]
    assert any(EVIL in label for label in data_of(page)["spots"]["label"])
    assert "[red]=1+1" in dilution_text(found, language="nb")
    write_dilution(found, folder / "ut", language="nb")
    moves = sheets_of(folder / "ut" / "fortynning.xlsx")["Trekk"]
    assert any(EVIL in str(cell) for row in moves for cell in row)


def test_the_script_has_no_way_for_text_to_become_code_or_to_ask_the_network() -> None:
    code = re.sub(r"//.*", "", _own_file("map.js"))
    for sink in SINKS:
        assert sink not in code, sink


def test_classes_begin_at_their_limits() -> None:
    assert class_of(0.0) is None
    assert class_of(float("nan")) is None
    assert [class_of(share) for share in (0.0001, 0.0199, 0.02, 0.05, 0.1, 0.2, 1.0)] == [
        0,
        0,
        1,
        2,
        3,
        4,
        4,
    ]
    assert [words for _, words in legend(NB)] == [
        "0–2 %",
        "2–5 %",
        "5–10 %",
        "10–20 %",
        "20 % og mer",
    ]


def test_figures_in_cells_are_short_and_never_round_a_home_away() -> None:
    study = diluted_town([(100, 100, 400, 1), (900, 900, 10, 10), (900, 100, 30, 0)])
    figures = map_data(dilute(study, Terms(1)), NB)["cells"]["before"]["figures"]
    assert sorted(figures) == sorted([f"<1{NBSP}%", f"100{NBSP}%"])


def test_a_place_that_is_touched_several_times_is_drawn_once_with_all_its_homes() -> None:
    study = diluted_town(
        [(100, 100, 30, 24), (500, 900, 5, 1), *[(900, 100 + 40 * n, 6, 0) for n in range(20)]]
    )
    found = dilute(study, Terms(3))
    assert found.moves["unit_id"].loc[list(found.plan)].tolist() == ["E000"] * 3
    spots = map_data(found, NB)["spots"]
    assert spots["homes"] == ["12 boliger"]
    assert spots["kind"] == ["given_up"]
    assert spots["label"][0].startswith("Planen gir opp 12 boliger her. Trekk 1: ")
    assert spots["label"][0].count("4 av 24 boliger i E000") == 3


def test_changes_carry_their_sign() -> None:
    assert signed_text(0.00012, NB, decimals=4) == "+0,0001"
    assert signed_text(-4, NB, decimals=0) == "−4"
    assert signed_text(0.00001, NB, decimals=4) == "0,0000"
    assert signed_text(float("nan"), NB, decimals=1) == NB.number(float("nan"))


def test_plots_are_meant_by_id_or_name_and_every_wrong_one_is_told() -> None:
    study = random_town(3)
    study = replace(study, plots=study.plots.assign(name=["Øvre Åsen", "Nedre Åsen"]))
    assert _plots(study, "") == ()
    assert _plots(study, "nedre åsen, T0,T0") == ("T0", "T1")
    assert _plots(study, " Alle ") == ("T0", "T1")
    with pytest.raises(UsageError) as caught:
        _plots(study, "T8,T9,T0")
    assert len(caught.value.notices) == 2


def test_the_index_that_is_lowered_stands_first_on_the_screen() -> None:
    found = dilute(random_town(22), Terms(2), objective="top_share")
    told = " ".join(dilution_text(found, language="nb").split())
    assert found.plan
    assert "senker andelen i de tetteste rutene" in told
    first, last = (100 * found.steps["top_share"].iloc[at] for at in (0, -1))
    assert f"går fra {NB.number(first, decimals=1)}\N{NO-BREAK SPACE}%" in told.replace(
        " %", "\N{NO-BREAK SPACE}%"
    )
    assert last < first
