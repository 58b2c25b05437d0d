import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from fabricated import CRITERIA, fabricated_assessment, hardly_measured, with_warnings
from fabricated_shortcuts import no_shortcuts
from reordered import reversed_input
from tomteanalyse.assessment import Assessment
from tomteanalyse.config import ConstraintConfig, StudyConfig, WeightSetConfig
from tomteanalyse.errors import Notice
from tomteanalyse.scoring.constraints import clearing_verdicts
from tomteanalyse.scoring.evaluation import with_verdicts
from tomteanalyse.scoring.weight_sets import rank_by_weight_set
from tomteanalyse.texts import LANGUAGES, Language, catalog
from tomteanalyse.views import shortcut_sheet
from tomteanalyse.views.ranking import ranking_table
from tomteanalyse.views.ranking_file import write_csv
from tomteanalyse.views.tables import harmless
from tomteanalyse.views.workbook import LONGEST_TEXT, write_xlsx

PAYLOADS = [
    "=cmd|' /C calc'!A1",
    "+47 22 22 22 22",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "<script>alert(1)</script>",
    "${1}",
    "`",
    r"C:\users\ola",
    'Åse; "Ås"',
    "http://example.com/",
    "0301",
    "1-2",
    "&Bfet",
]
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DANGEROUS = set(PAYLOADS[:8])

Write = Callable[..., None]


def configured(assessment: Assessment, **parts: object) -> Assessment:
    config: StudyConfig = assessment.study.config.model_copy(update=parts)
    return replace(assessment, study=replace(assessment.study, config=config))


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    sets = [
        WeightSetConfig(name="Vel =1+1", source="Brev (oppdiktet)", weights={"bus": 3}),
        WeightSetConfig(name="FAU", source="Møte (oppdiktet)", weights={"school": 2, "bus": 2}),
    ]
    made = configured(fabricated_assessment(PAYLOADS, n=24), weight_sets=sets)
    return with_warnings(made, Notice("release.kept", values={"name": "a", "kept": "b"}))


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(decoded(path), newline=""), delimiter=";"))


def decoded(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig")


def number(text: str) -> float:
    return float(text.replace(",", "."))


def sheet(path: Path, key: str, language: Language = "nb") -> list[list[object]]:
    book = CalamineWorkbook.from_path(path)
    name = catalog(language)(f"tables.sheet.{key}")
    band, *rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    assert str(band[0]).startswith(catalog(language)("edition.internal.name"))
    return rows


@pytest.fixture(scope="module")
def workbook(assessment: Assessment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("xlsx") / "rangering.xlsx"
    write_xlsx(assessment, path, language="nb")
    return path


@pytest.fixture(scope="module")
def listing(assessment: Assessment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("csv") / "rangering.csv"
    write_csv(assessment, path, language="nb")
    return path


@pytest.mark.parametrize("payload", PAYLOADS)
def test_only_text_a_spreadsheet_would_compute_gets_an_apostrophe(payload: str) -> None:
    assert harmless(payload) == (f"'{payload}" if payload in DANGEROUS else payload)


def test_the_csv_opens_in_a_norwegian_excel(listing: Path) -> None:
    written = listing.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.count(b"\r\n") == 25
    heading = written.decode("utf-8-sig").split("\r\n")[0].split(";")
    assert heading[:5] == ["Plass", "Tomt", "Navn", "Klasse", "Poeng (0–100)"]
    assert heading[-2:] == [
        "Nevner i andeler",
        "Utgave",
    ]


def test_every_name_survives_the_csv_and_none_is_a_formula(
    listing: Path, assessment: Assessment
) -> None:
    names = {row["Tomt"]: row["Navn"] for row in rows(listing)}
    for plot_id, name in assessment.study.plots["name"].items():
        assert names[plot_id] == harmless(name)
    for row in csv.reader(io.StringIO(decoded(listing), newline=""), delimiter=";"):
        assert not any(cell.strip().startswith(("=", "+", "-", "@")) for cell in row)


def test_the_csv_s_numbers_are_the_ranking_s_with_decimal_comma(
    listing: Path, assessment: Assessment
) -> None:
    table = ranking_table(assessment)
    read = rows(listing)
    assert [row["Tomt"] for row in read] == list(table.index)
    for row, (_, plot) in zip(read, table.iterrows(), strict=True):
        assert "." not in row["Poeng (0–100)"]
        assert number(row["Poeng (0–100)"]) == round(plot["score"], 2)
        assert number(row["Målt, % av vekten"]) == round(100 * plot["coverage"], 1)
    assert [row["Plass"] for row in read[-2:]] == ["ikke rangert", "ikke rangert"]
    assert read[-1]["Best i % av trekningene"] == ""


def test_every_point_in_the_csv_is_rounded_by_itself(listing: Path, assessment: Assessment) -> None:
    say = catalog("nb")
    points = assessment.evaluation.points
    for row in rows(listing):
        for key in CRITERIA:
            short = say(f"criterion.{key}.short")
            shown = row[say("tables.ranking.points", criterion=short)]
            assert shown == f"{points.loc[row['Tomt'], key]:.2f}".replace(".", ",")


def test_weighted_homes_are_not_called_homes(listing: Path) -> None:
    assert "Konsentrasjon: vektede boliger innen 500 m, med de planlagte" in rows(listing)[0]


def test_a_plot_hardly_measured_is_unranked_without_a_letter_and_says_why(tmp_path: Path) -> None:
    made = hardly_measured(fabricated_assessment(), "T02")
    write_csv(made, tmp_path / "a.csv", language="nb")
    *_, bare, out = rows(tmp_path / "a.csv")
    assert [bare[key] for key in ("Tomt", "Plass", "Klasse")] == ["T02", "ikke rangert", "–"]
    assert "for lite er målt" in bare["Merknader"]
    assert out["Tomt"] == "T05"
    write_xlsx(made, tmp_path / "a.xlsx", language="nb")
    assert [row[3] for row in sheet(tmp_path / "a.xlsx", "ranking") if row[1] == "T02"] == ["–"]


def test_unknown_and_unreachable_are_words_not_numbers(listing: Path, workbook: Path) -> None:
    read = {row["Tomt"]: row for row in rows(listing)}
    assert read["T03"]["Butikk: målt (m)"] == "ukjent"
    assert read["T04"]["Lege: målt (m)"] == "kan ikke nås"
    heading, *listed = sheet(workbook, "ranking")
    place = heading.index("Lege: målt (m)")
    assert {row[1]: row[place] for row in listed}["T04"] == "kan ikke nås"


def test_the_reasons_stand_in_the_study_file_s_words(listing: Path) -> None:
    read = {row["Tomt"]: row for row in rows(listing)}
    assert read["T05"]["Stoppkriterier som slår ut"] == "Ligger i flomsone"
    assert read["T06"]["Må avklares"] == "Ligger i flomsone"
    assert "må avklares" in read["T06"]["Merknader"]
    assert read["T01"]["Må avklares"] == ""


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as archive:
        names = archive.namelist()
        assert not any("external" in name or "rels/sheet" in name for name in names)
        for name in names:
            root = ElementTree.fromstring(archive.read(name))
            for cell in root.iter(f"{SPREADSHEET}c"):
                assert cell.find(f"{SPREADSHEET}f") is None, name
                assert cell.get("t") in (None, "n", "s"), name
            assert not list(root.iter(f"{SPREADSHEET}hyperlink")), name


def test_every_name_reads_back_from_the_workbook_as_it_was(
    workbook: Path, assessment: Assessment
) -> None:
    heading, *listed = sheet(workbook, "ranking")
    assert heading[:4] == ["Plass", "Tomt", "Navn", "Klasse"]
    names = {row[1]: row[2] for row in listed}
    for plot_id, name in assessment.study.plots["name"].items():
        # XML knows one kind of line end only.
        assert names[plot_id].replace("\r", "\n") == name.replace("\r", "\n"), name


def test_the_workbook_s_numbers_are_exact(workbook: Path, assessment: Assessment) -> None:
    table = ranking_table(assessment)
    heading, *listed = sheet(workbook, "ranking")
    assert [row[1] for row in listed] == list(table.index)
    score = heading.index("Poeng (0–100)")
    assert [row[score] for row in listed] == pytest.approx(list(table["score"]), rel=1e-14)
    assert [row[0] for row in listed[:2]] == [1, 2]


def test_the_criteria_sheet_says_what_is_not_decided(workbook: Path) -> None:
    heading, *listed = sheet(workbook, "criteria")
    assert len(listed) == len(CRITERIA)
    bus, grocery = listed[0], listed[1]
    assert bus[heading.index("Er ankrene vedtatt?")] == "vedtatt (Vedtak 12/25 (oppdiktet))"
    assert grocery[heading.index("Er ankrene vedtatt?")] == "ikke vedtatt"
    assert grocery[heading.index("Er vekten vedtatt?")] == "ikke vedtatt"
    assert sum(row[1] for row in listed) == pytest.approx(100)
    assert "200" in str(bus[heading.index("Verdifunksjon: verdi 0–1 ved faste ankre")])
    assert [row[heading.index("FAU: vekt (%)")] for row in listed[:2]] == [50, 0]


def test_the_constraints_sheet_lists_the_plots_concerned(workbook: Path) -> None:
    heading, flood, clay, *_ = sheet(workbook, "constraints")
    assert flood[heading.index("Tomter som ikke oppfyller det")] == "T05, T17"
    assert clay[heading.index("Tomter der det ikke er kjent")] == "T06, T18"
    assert clay[heading.index("Virkning")] == "må avklares"


def cleared(assessment: Assessment) -> Assessment:
    """Return the same answer with what unsafe shortcuts demand among its verdicts."""
    verdicts = clearing_verdicts(assessment.shortcuts.must_clear)
    return replace(assessment, evaluation=with_verdicts(assessment.evaluation, verdicts))


def test_unsafe_shortcuts_that_must_be_cleared_stand_in_both_tables(tmp_path: Path) -> None:
    made = cleared(fabricated_assessment())
    write_xlsx(made, tmp_path / "a.xlsx", language="nb")
    heading, _, _, rail, motorway = sheet(tmp_path / "a.xlsx", "constraints")
    told = dict(zip(heading, rail, strict=True))
    assert told["Begrunnelse"] == catalog("nb")("clear.rail")
    assert told["Betingelse"] == "minst 0,05 av indeksen for utrygge snarveier"
    assert told["Vedtatt?"] == "ikke vedtatt"
    # T02 hangs on the extract's edge, so that it is not known.
    assert told["Tomter som ikke oppfyller det"] == "T01"
    assert told["Tomter der det ikke er kjent"] == "T02"
    assert motorway[heading.index("Tomter som ikke oppfyller det")] == ""
    write_csv(made, tmp_path / "a.csv", language="nb")
    read = {row["Tomt"]: row for row in rows(tmp_path / "a.csv")}
    assert read["T01"]["Må avklares"] == catalog("nb")("clear.rail")
    assert "må avklares" in read["T01"]["Merknader"]
    assert read["T01"]["Punkter (utrygge snarveier)"] == "1, 2"
    assert read["T02"]["Punkter (utrygge snarveier)"] == "1"
    assert read["T03"]["Punkter (utrygge snarveier)"] == ""


def test_the_sheet_on_unsafe_shortcuts_has_places_first_then_ways(workbook: Path) -> None:
    heading, *listed = sheet(workbook, "shortcuts")
    told = [dict(zip(heading, each, strict=True)) for each in listed]
    assert [each["Hva"] for each in told] == [
        "Kryssingspunkt, alvorlig",
        "Kryssingspunkt, moderat",
        *["Vei med utrygg snarvei"] * 3,
    ]
    assert [each["Punkt"] for each in told] == [1, 2, 1, 2, 1]
    assert told[0]["Fra tomt"] == "T01, T02"
    assert told[0]["Til"] == "Tjernsvingen"
    assert (told[0]["Belastning (sum over tomter og mål)"], told[0]["Alvorlighet (0–1)"]) == (
        0.8,
        0.9,
    )
    way, _, lost = told[2:]
    assert (way["Fra tomt"], way["Til"], way["Fristende vei (m)"]) == ("T01", "Tjernsvingen", 240)
    assert way["Indeks for veien (0–1, ikke sannsynlighet)"] == 0.88
    assert way["Krysser"] == "Heggdalsbanen (jernbane)"
    assert str(way["Med ord"]).endswith(
        "sparer 410\N{NO-BREAK SPACE}m mot beste vei uten kryssing."
    )
    assert lost["Trygg vei (m, median for punkter)"] == "ingen funnet"
    assert "utenfor kartutsnittet" in str(lost["Hvor sikkert det er"])


def test_a_place_that_is_not_sure_says_why_beside_one_that_is(tmp_path: Path) -> None:
    made = fabricated_assessment()
    found = made.shortcuts
    unsure = found.places.assign(edge=[False, True])
    # Of the ways the second only runs along the street, and crosses nothing.
    crossed = found.crossings[found.crossings["place"] == 1]
    beside = replace(made, shortcuts=replace(found, places=unsure, crossings=crossed))
    write_xlsx(beside, tmp_path / "a.xlsx", language="nb")
    heading, *listed = sheet(tmp_path / "a.xlsx", "shortcuts")
    notes, crosses = heading.index("Hvor sikkert det er"), heading.index("Krysser")
    assert listed[0][notes] == ""
    assert "utenfor kartutsnittet" in str(listed[1][notes])
    assert [row[crosses] for row in listed[2:4]] == ["Heggdalsbanen (jernbane)", ""]


def test_a_study_without_unsafe_shortcuts_says_so(tmp_path: Path) -> None:
    made = fabricated_assessment()
    quiet = replace(made, shortcuts=no_shortcuts(made.shortcuts))
    write_xlsx(quiet, tmp_path / "a.xlsx", language="nn")
    _, row = sheet(tmp_path / "a.xlsx", "shortcuts", "nn")
    assert row[0] == "Ingen utrygg snarveg er funnen."


def test_of_very_many_ways_those_that_count_most_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shortcut_sheet, "MOST_WAYS", 2)
    write_xlsx(fabricated_assessment(), tmp_path / "a.xlsx", language="nb")
    _, _, _, *ways, last = sheet(tmp_path / "a.xlsx", "shortcuts")
    # 0.6 x 0.88 and 0.3 x 0.9 are more than 1 x 0.11.
    assert [way[2:4] for way in ways] == [["T01", "Tjernsvingen"], ["T02", "Tjernsvingen"]]
    assert last[0] == "… og flere veier (antall: 1), alle i resultat.gpkg"


def test_about_the_analysis_says_that_the_index_is_no_probability(workbook: Path) -> None:
    about = {str(row[0]): str(row[1]) for row in sheet(workbook, "about")}
    assert "en indeks, ikke en sannsynlighet" in about["Utrygge snarveier"]
    assert "gjennomsyn av noen tomter (antall: 1)" in about["Utrygge snarveier"]


def test_a_limit_on_a_criterion_is_told_in_words(tmp_path: Path) -> None:
    constraint = ConstraintConfig(
        key="skole", reason="For nær skolen", criterion="school", min=100, max=2500.5, source="x"
    )
    made = configured(fabricated_assessment(), constraints=[constraint])
    write_xlsx(made, tmp_path / "a.xlsx", language="nb")
    _, row, *_ = sheet(tmp_path / "a.xlsx", "constraints")
    assert row[2] == ("Avstand til skole (luftlinje): minst 100 og høyst 2\N{NO-BREAK SPACE}500,5")


def test_a_study_without_constraints_or_weight_sets_says_so(tmp_path: Path) -> None:
    made = configured(fabricated_assessment(), constraints=[])
    write_xlsx(made, tmp_path / "a.xlsx", language="nb")
    _, row, *built_in = sheet(tmp_path / "a.xlsx", "constraints")
    assert row[0] == "Studien har ingen stoppkriterier."
    assert [each[1] for each in built_in] == ["må avklares"] * 2
    names = CalamineWorkbook.from_path(tmp_path / "a.xlsx").sheet_names
    assert names == [
        *("Rangering", "Kriterier", "Stoppkriterier", "Utrygge snarveier"),
        *("Konsentrasjon", "Bygninger", "Kommunen", "Om analysen"),
    ]


def test_each_party_s_ranking_stands_beside_the_study_s(
    workbook: Path, assessment: Assessment
) -> None:
    heading, *listed = sheet(workbook, "weight_sets")
    by_set = rank_by_weight_set(assessment.evaluation, assessment.study.config.weight_sets)
    place = heading.index("FAU: plass")
    for row in listed:
        expected = by_set.loc[row[0], ("FAU", "rank")]
        assert row[place] == ("ikke rangert" if row[0] in {"T05", "T17"} else expected)
    assert "Vel =1+1: plass" in heading


def test_the_workbook_is_marked_internal_wherever_it_is_seen(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as archive:
        core = archive.read("docProps/core.xml").decode()
        pages = [
            archive.read(name).decode()
            for name in archive.namelist()
            if name.startswith("xl/worksheets/sheet")
        ]
    assert "<dc:title>INTERN: " in core
    assert "<cp:category>INTERN</cp:category>" in core
    assert "2020-01-01T00:00:00Z" in core
    assert len(pages) == 9
    for page in pages:
        assert "<oddHeader>&amp;L&amp;BINTERN" in page
        assert "<oddFooter>&amp;LINTERN" in page
        assert 'state="frozen"' in page
    about = {row[0]: row[1] for row in sheet(workbook, "about")}
    assert str(about["Utgave"]).startswith("INTERN")


def test_an_ampersand_in_the_study_s_name_is_no_code_in_the_header(tmp_path: Path) -> None:
    made = fabricated_assessment(study_name="Gran & Bjerk &D" + "x" * 300)
    write_xlsx(made, tmp_path / "a.xlsx", language="nb")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        page = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    (header,) = (each.text for each in page.iter() if each.tag.endswith("oddHeader"))
    assert header is not None
    assert "Gran && Bjerk &&Dxx" in header
    assert len(header) < 256


def test_about_the_analysis_names_run_date_profile_and_warnings(
    workbook: Path, assessment: Assessment
) -> None:
    listed = sheet(workbook, "about")
    about = {str(row[0]): str(row[1]) for row in listed}
    assert about["Kartdata fra"] == "01.06.2025"
    assert about["Profil"].endswith("; modulhus")
    assert about["Trekninger"] == "10\N{NO-BREAK SPACE}000 trekninger, frø 1"
    assert "Butikk" in about["Ikke vedtatt"]
    assert "Buss" not in about["Ikke vedtatt"]
    assert about["Merknad"] == assessment.warnings[0].text("nb")


def test_text_longer_than_a_cell_holds_is_cut_not_lost(tmp_path: Path) -> None:
    made = fabricated_assessment(["x" * (LONGEST_TEXT + 10)])
    write_xlsx(made, tmp_path / "a.xlsx", language="nb")
    name = next(row[2] for row in sheet(tmp_path / "a.xlsx", "ranking") if row[1] == "T01")
    assert name == "x" * (LONGEST_TEXT - 1) + "…"


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_the_same_answer_gives_the_same_bytes_in_any_order(
    write: Write, assessment: Assessment, tmp_path: Path
) -> None:
    written = []
    for number, each in enumerate([assessment, assessment, reversed_input(assessment)]):
        path = tmp_path / str(number) / "file"
        path.parent.mkdir()
        write(each, path, language="nb")
        written.append(path.read_bytes())
    assert written[0] == written[1] == written[2]


def test_no_time_of_day_is_in_the_workbook(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_headings_that_differ_from_each_other(
    language: Language, assessment: Assessment, tmp_path: Path
) -> None:
    write_xlsx(assessment, tmp_path / "a.xlsx", language=language)
    write_csv(assessment, tmp_path / "a.csv", language=language)
    for key in ("ranking", "criteria", "constraints", "shortcuts", "weight_sets", "about"):
        heading = sheet(tmp_path / "a.xlsx", key, language)[0]
        assert all(heading)
        assert len(set(heading)) == len(heading)
    headings = {str(each) for each in sheet(tmp_path / "a.xlsx", "ranking", language)[0]}
    assert rows(tmp_path / "a.csv")[0].keys() == {*headings, catalog(language)("edition.heading")}


def test_a_workbook_that_cannot_be_written_raises_the_disk_s_own_error(
    assessment: Assessment, tmp_path: Path
) -> None:
    with pytest.raises(OSError, match="Is a directory"):
        write_xlsx(assessment, tmp_path, language="nb")
