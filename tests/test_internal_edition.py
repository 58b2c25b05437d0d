"""Every page, sheet, row and layer that a command writes says that it is internal.

Whatever a command writes is opened, so that a file somebody adds is met too. The town is fictional.
"""

import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

from browsing import IN_A_BROWSER
from editions import LOOKS, unmarked
from study_folders import CRS, SOUTH, WEST, at, write_study
from test_web_map_accessibility import CONTRASTS
from tomteanalyse.cli import COMMANDS
from tomteanalyse.commands.dilute import dilute
from tomteanalyse.commands.monitor import monitor
from tomteanalyse.commands.ranking import run
from tomteanalyse.commands.whatif import whatif
from tomteanalyse.ledger import FILE_NAME
from tomteanalyse.texts import Language, catalog


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the folder that each command has written, by its name."""
    root = tmp_path_factory.mktemp("utgaver")
    study = write_study(root / "studie")
    toml = study / "tomteanalyse.toml"
    dated = toml.read_text("utf-8").replace("[register]\n", "[register]\ndate = 2024-01-01\n")
    toml.write_text(f'{dated}[dwellings]\nsource = "addresses"\nfile = "boliger.csv"\n', "utf-8")
    rows = [f"5;{WEST + 20 * step};{SOUTH + 25 * step}" for step in range(24)]
    (study / "boliger.csv").write_text("\n".join(["antall_boliger;x;y", *rows, ""]), "utf-8")
    tried = root / "tiltak.geojson"
    said = {"type": ["ny_holdeplass"], "dato": ["2024-01-01"], "kilde": ["oppdiktet"]}
    gpd.GeoDataFrame(said, geometry=[at(300, 300)], crs=CRS).to_file(tried)
    run(study, out=root / "run")
    whatif(study, corrections=tried, out=root / "whatif", language=LANGUAGE["whatif"])
    monitor(study, first="2018", out=root / "monitor", language=LANGUAGE["monitor"])
    dilute(study, sell=1, out=root / "dilute", language=LANGUAGE["dilute"])
    return {name: root / name for name in (*LANGUAGE, "studie")}


LANGUAGE: dict[str, Language] = {"run": "nb", "whatif": "en", "monitor": "nn", "dilute": "en"}
"""Some of them in another language than the study's, so that no word is written into the code."""
WRITES_NO_RESULT = {"new", "check", "fetch", "explain"}


def test_every_command_is_internal_or_public_or_writes_no_result() -> None:
    assert {*COMMANDS} <= {*LANGUAGE, *WRITES_NO_RESULT, "publish"}


@pytest.mark.parametrize("command", LANGUAGE)
def test_every_file_of_a_result_says_throughout_that_it_is_internal(
    command: str, written: dict[str, Path]
) -> None:
    files = sorted(written[command].iterdir())
    assert len(files) >= 3
    found = {file.name: unmarked(file, language=LANGUAGE[command]) for file in files}
    assert {name: left for name, left in found.items() if left} == {}
    # To be looked at leaves no file beside, which would be taken for somebody's own.
    assert sorted(written[command].iterdir()) == files


def test_every_layer_of_the_ledger_says_it_in_words(written: dict[str, Path]) -> None:
    with closing(sqlite3.connect(written["studie"] / FILE_NAME)) as ledger:
        rows = ledger.execute("SELECT identifier, description FROM gpkg_contents").fetchall()
    assert [title for title, _ in rows] == ["INTERN: versions", "INTERN: states"]
    assert all(words.startswith("INTERN. ") for _, words in rows)


@pytest.fixture
def spoilt(written: dict[str, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(written["run"], tmp_path / "run"))


def test_a_page_that_lost_its_mark_is_found_out(spoilt: Path) -> None:
    page = spoilt / "kart.html"
    whole = page.read_text("utf-8")
    for what, lost in (
        ("title", "<title>INTERN: "),
        ("metadata", '<meta name="tomteanalyse-edition"'),
        ("band", '<p class="edition">'),
        ("margin on paper", "@top-right"),
    ):
        assert whole.count(lost) == 1
        page.write_text(whole.replace(lost, "<title>" if what == "title" else "<i>"), "utf-8")
        assert unmarked(page) == [what]


def test_a_row_that_lost_its_mark_is_found_out(spoilt: Path) -> None:
    table = spoilt / "rangering.csv"
    lines = table.read_text("utf-8-sig").split("\n")
    lines[2] = lines[2].replace(";INTERN", ";")
    table.write_text("\n".join(lines), "utf-8-sig", newline="")
    assert unmarked(table) == ["row 3"]


def test_a_sheet_that_lost_its_mark_is_found_out(spoilt: Path) -> None:
    book = spoilt / "rangering.xlsx"
    with zipfile.ZipFile(book) as parts:
        contents = {name: parts.read(name) for name in parts.namelist()}
    sheet = "xl/worksheets/sheet2.xml"
    contents[sheet] = contents[sheet].replace(b"<oddFooter>&amp;LINTERN", b"<oddFooter>&amp;L")
    contents["docProps/core.xml"] = contents["docProps/core.xml"].replace(b"INTERN", b"")
    first = contents[sheet].index(b'<c r="A1"')
    end = contents[sheet].index(b"</c>", first)
    contents[sheet] = contents[sheet][:first] + contents[sheet][end + 4 :]
    with zipfile.ZipFile(book, "w") as parts:
        for name, content in contents.items():
            parts.writestr(name, content)
    lost = ["property title", "property subject", "property description", "property category"]
    name = catalog("nb")("tables.sheet.criteria")
    assert unmarked(book) == [f"sheet {name}", f"{sheet}: oddFooter", *lost]


def test_a_layer_that_lost_its_mark_is_found_out(spoilt: Path) -> None:
    package = spoilt / "resultat.gpkg"
    with closing(sqlite3.connect(package)) as database, database:
        database.execute(
            "UPDATE gpkg_contents SET identifier = 'x', description = 'x'"
            " WHERE table_name = 'routes'"
        )
        database.execute("DELETE FROM gpkg_metadata_reference WHERE table_name = 'units'")
        database.execute("UPDATE gpkg_metadata SET metadata = 'x' WHERE id = 1")
    lost = ["metadata of units", "metadata of the file"]
    assert unmarked(package) == ["title of routes", "description of routes", *lost]


def test_data_and_files_that_nobody_thought_of_are_found_out(spoilt: Path) -> None:
    manifest = spoilt / "kjoring.json"
    said = manifest.read_text("utf-8")
    manifest.write_text(said.replace('"edition": "internal"', '"edition": "public"'), "utf-8")
    assert unmarked(manifest) == ["edition"]
    (spoilt / "rapport.docx").write_bytes(b"")
    assert unmarked(spoilt / "rapport.docx") != []
    assert {*LOOKS} == {file.suffix for file in spoilt.iterdir()} - {".docx"}


# Every control that can be seen, and whether the band lies over its middle.
COVERED = """() => {
  const found = [];
  for (const control of document.querySelectorAll("button, a, select, input, summary")) {
    const box = control.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const seen = x >= 0 && y >= 0 && x < innerWidth && y < innerHeight && control.checkVisibility();
    if (seen && !control.matches(".skip")) {
      const on_top = document.elementFromPoint(x, y);
      found.push([control.outerHTML.slice(0, 60), Boolean(on_top && on_top.closest(".edition"))]);
    }
  }
  return found;
}"""


class TestInABrowser:
    """What is seen of a page says it, wherever one is on it."""

    pytestmark = IN_A_BROWSER

    @pytest.mark.parametrize("command", LANGUAGE)
    @pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844), (320, 640)])
    def test_the_band_is_in_sight_on_every_part_of_a_page_and_hides_no_control(
        self, command: str, width: int, height: int, written: dict[str, Path], browser: Any
    ) -> None:
        (page,) = written[command].glob("*.html")
        tab = browser.new_page(viewport={"width": width, "height": height})
        tab.goto(page.as_uri())
        tab.wait_for_selector(".leaflet-container")
        band = tab.locator(".edition")
        name = catalog(LANGUAGE[command])("edition.internal.name")
        assert tab.title().startswith(f"{name}: ")
        covered = tab.evaluate(COVERED)
        assert len(covered) > 3
        assert [what for what, hidden in covered if hidden] == []
        of_band = [each for each in tab.evaluate(CONTRASTS) if each[0] == name]
        assert of_band != []
        assert min(lowest for *_, lowest, _ in of_band) >= 7
        for _ in range(2):
            box = band.bounding_box()
            assert (box["x"], box["y"], box["width"]) == (0, 0, width)
            assert box["height"] < height / 10
            assert name in band.inner_text()
            tab.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
        tab.emulate_media(media="print")
        assert band.is_visible()
        tab.close()
