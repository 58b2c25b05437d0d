"""Concentration as it is told: on sheets, in layers, in the manifest and in words."""

import json
import math
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from fabricated import fabricated_assessment
from fabricated_concentration import fabricated_concentration
from tomteanalyse.assessment import Assessment
from tomteanalyse.config import ConcentrationConfig
from tomteanalyse.scoring.concentration_account import concentration_account
from tomteanalyse.scoring.concentration_text import account_lines, municipality_lines
from tomteanalyse.scoring.criteria import CRITERIA
from tomteanalyse.scoring.wording import measured_text
from tomteanalyse.texts import LANGUAGES, Language, catalog
from tomteanalyse.views.concentration_columns import (
    about_rows,
    around_columns,
    building_columns,
    in_ranking,
    municipality_columns,
)
from tomteanalyse.views.geopackage import write_geopackage
from tomteanalyse.views.manifest import manifest_facts
from tomteanalyse.views.ranking import ranking_table

SAY = catalog("nb")


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    return fabricated_assessment()


@pytest.fixture(scope="module")
def without(assessment: Assessment) -> Assessment:
    """Return the same answer of a study that names no dwellings."""
    study = assessment.study
    bare = fabricated_concentration(
        study.plots, study.units, assessment.measurements, with_dwellings=False
    )
    return replace(assessment, concentration=bare)


def _told(assessment: Assessment, plot_id: str, language: Language = "nb") -> list[str]:
    account = concentration_account(
        assessment.concentration, plot_id, measurements=assessment.measurements
    )
    return account_lines(account, say=catalog(language))


def test_a_plot_is_told_of_today_and_with_the_planned_homes(assessment: Assessment) -> None:
    lines = _told(assessment, "T02")
    assert lines[0].startswith("Planlagte boliger på tomta: 5.")
    # 21 homes of 1.5 within 500 m, and 5 of 3.
    assert lines[2] == (
        "Kommunale boliger innen 500\xa0m gange: 21 i dag (31,5 når de vektes etter trinn), "
        "26 med de planlagte (46,5)."
    )
    assert lines[5] == (
        "De 100 nærmeste boligene til fots: 4\xa0% er kommunale i dag, 9\xa0% med de planlagte. "
        "Tilfeldig fordelt ville det vært 1\xa0% til 9\xa0%."
    )
    assert lines[-1] == (
        "Nevneren i andelene: adresser med boliger (fil i studien), 2\xa0140 boliger i alt."
    )


def test_where_no_number_is_planned_nothing_is_said_of_it(assessment: Assessment) -> None:
    lines = _told(assessment, "T01")
    assert pd.isna(assessment.study.plots["planned_homes"]["T01"])
    assert lines[0].startswith("Det er ikke oppgitt")
    assert not any("med de planlagte" in line for line in lines)


def test_without_dwellings_homes_are_told_and_no_share(without: Assessment) -> None:
    lines = _told(without, "T02")
    assert len(lines) == 5
    assert "26 med de planlagte" in lines[2]
    assert "ukjente" in lines[-1]
    assert municipality_lines(without.concentration, SAY)[0] == (
        "Uten en oversikt over alle boliger er jevnheten ukjent."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_index_is_told_with_what_chance_would_give(
    assessment: Assessment, language: Language
) -> None:
    say = catalog(language)
    lines = municipality_lines(assessment.concentration, say)
    for line, index in zip(lines, assessment.concentration.indices.values(), strict=False):
        for figure in (index.value, index.low, index.high):
            assert say.number(figure, decimals=2) in line
    assert "4" in lines[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_share_is_written_in_per_cent(language: Language) -> None:
    say = catalog(language)
    (share,) = [each for each in CRITERIA if each.unit == "share"]
    expected = {"nb": "12,5\xa0%", "nn": "12,5\xa0%", "en": "12.5%"}
    assert measured_text(share, 0.125, say) == expected[language]
    assert measured_text(share, math.nan, say) == say("number.unknown")


def test_the_sheet_around_the_plots_follows_the_ranking(assessment: Assessment) -> None:
    columns = {column.key: column for column in around_columns(assessment, SAY)}
    order = list(ranking_table(assessment).index)
    assert columns["plot_id"].cells == order
    place = order.index("T02")
    assert columns["homes_500"].cells[place] == 21
    assert columns["homes_500_planned"].cells[place] == 26
    assert columns["share_100_walk_planned"].cells[place] == pytest.approx(9.0)
    # Nobody says how many are planned at the first.
    assert columns["homes_500_planned"].cells[order.index("T01")] == "ukjent"
    headings = [column.heading for column in columns.values()]
    assert len(set(headings)) == len(headings)


def test_the_ranking_ends_with_what_is_around_the_plots(assessment: Assessment) -> None:
    columns = in_ranking(assessment, SAY)
    assert [column.heading for column in columns] == [
        "Kommunale boliger innen 500 m gange, i dag",
        "Kommunale boliger innen 500 m gange, med de planlagte",
        "Kommunal andel av de 100 nærmeste boligene til fots, i dag (%)",
        "Kommunal andel av de 100 nærmeste boligene til fots, med de planlagte (%)",
        "Nevner i andeler",
    ]
    assert columns[-1].cells[0] == "adresser med boliger (fil i studien), 2\xa0140 boliger i alt"


def test_the_sheet_on_buildings_says_what_is_unknown_and_what_is_above(
    assessment: Assessment,
) -> None:
    columns = {column.key: column.cells for column in building_columns(assessment, SAY)}
    assert columns["share"][0] == 100.0
    assert (columns["above_chance"][0], columns["above_limit"][0]) == ("ja", "ja")
    assert (columns["dwellings"][1], columns["share"][1]) == ("ukjent", "ukjent")
    assert (columns["above_chance"][1], columns["above_limit"][1]) == ("ukjent", "ukjent")
    assert (columns["share"][2], columns["above_limit"][2]) == (20.0, "nei")
    unlimited = replace(assessment, concentration=replace(assessment.concentration, limit=None))
    limits = {column.key: column.cells for column in building_columns(unlimited, SAY)}
    assert set(limits["above_limit"]) == {"ingen grense er oppgitt"}
    empty = replace(assessment.concentration, buildings=assessment.concentration.buildings.iloc[:0])
    (nothing,) = building_columns(replace(assessment, concentration=empty), SAY)
    assert nothing.cells == ["Ingen kommunale boliger i registeret"]


def test_the_sheet_on_the_municipality_names_the_denominator(
    assessment: Assessment, without: Assessment
) -> None:
    columns = {column.key: column.cells for column in municipality_columns(assessment, SAY)}
    assert columns["value"] == [0.43, 0.58, 0.36]
    assert columns["low"] == [0.26, 0.37, 0.13]
    assert "4 rutene" in str(columns["index"][2])
    assert set(columns["basis"]) == {"adresser med boliger (fil i studien), 2\xa0140 boliger i alt"}
    bare = {column.key: column.cells for column in municipality_columns(without, SAY)}
    assert bare["value"] == [None]
    assert "ukjente" in str(bare["basis"][0])


def test_a_stated_limit_is_told_with_its_source(assessment: Assessment) -> None:
    config = assessment.study.config.model_copy(
        update={
            "concentration": ConcentrationConfig(
                building_limit=0.25, source="Boligplanen", decision="Sak 7/25"
            )
        }
    )
    stated = replace(assessment, study=replace(assessment.study, config=config))
    told = dict(about_rows(stated, SAY))
    assert told["Grense for én bygning"] == (
        "25\xa0% kommunale boliger. Kilde: Boligplanen, vedtatt (Sak 7/25)."
    )
    none = replace(stated, concentration=replace(stated.concentration, limit=None))
    assert dict(about_rows(none, SAY))["Grense for én bygning"] == (
        "Ingen grense er oppgitt i studien."
    )


def test_the_layers_hold_buildings_cells_and_what_is_around_the_plots(
    assessment: Assessment, tmp_path: Path
) -> None:
    path = tmp_path / "resultat.gpkg"
    write_geopackage(assessment, path, language="nb")
    buildings = gpd.read_file(path, layer="concentration_buildings")
    assert buildings["building_id"].tolist() == assessment.concentration.buildings.index.tolist()
    assert set(buildings["shares_of"]) == {"addresses"}
    cells = gpd.read_file(path, layer="concentration_cells").set_index("cell")
    assert cells["homes"].tolist() == assessment.concentration.cells["homes"].tolist()
    plots = gpd.read_file(path, layer="plots").set_index("plot_id")
    assert plots.loc["T02", "share_100_walk_planned"] == pytest.approx(0.09)
    assert plots.loc["T02", "homes_500_planned"] == 26
    assert pd.isna(plots.loc["T01", "homes_500_planned"])
    assert plots.loc["T02", "planned_homes"] == 5


def test_the_manifest_says_what_shares_are_shares_of(
    assessment: Assessment, without: Assessment
) -> None:
    facts = json.loads(json.dumps(manifest_facts(assessment, language="nb"), allow_nan=False))
    assert facts["concentration"]["shares_of"] == "addresses"
    assert facts["concentration"]["dwellings"] == 2140
    assert facts["concentration"]["indices"]["gini"]["low"] == 0.37
    assert facts["concentration"]["parameters"]["nearest"] == [50, 100, 400]
    bare = manifest_facts(without, language="nb")["concentration"]
    assert (bare["shares_of"], bare["indices"], bare["hot_cells"]) == (None, {}, 0)
