import hashlib
import json
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from fabricated import CRITERIA, fabricated_assessment, with_warnings
from reordered import reversed_input
from tomteanalyse.assessment import Assessment
from tomteanalyse.config import StudyConfig
from tomteanalyse.errors import Notice
from tomteanalyse.network.shortcuts.parameters import ShortcutParameters
from tomteanalyse.study import InputFile
from tomteanalyse.views import provenance
from tomteanalyse.views.manifest import manifest_facts, write_manifest
from tomteanalyse.views.provenance import MANIFEST, recorded, run_id, without_folder

WARNING = Notice(
    "release.kept", file="tomter.gpkg", ids=("T01",), values={"name": "a", "kept": "b"}
)


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    return with_warnings(fabricated_assessment(), WARNING)


def written(assessment: Assessment, folder: Path) -> dict[str, Any]:
    (folder / "b.csv").write_bytes(b"innhold")
    (folder / "a.gpkg").write_bytes(b"SQLite format 3\0" + b"h" * 84 + b"resten")
    write_manifest(assessment, folder, ["b.csv", "a.gpkg"], language="nb")
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    return manifest


def with_study(assessment: Assessment, **parts: object) -> Assessment:
    return replace(assessment, study=replace(assessment.study, **parts))


def with_config(assessment: Assessment, **parts: object) -> Assessment:
    config: StudyConfig = assessment.study.config.model_copy(update=parts)
    return with_study(assessment, config=config)


def test_the_manifest_tells_what_was_read_and_what_was_left_out(
    assessment: Assessment, tmp_path: Path
) -> None:
    manifest = written(assessment, tmp_path)
    assert [(each["role"], each["name"], each["read"]) for each in manifest["inputs"]] == [
        ("extract", "omraade.osm.pbf", 24),
        ("plots", "tomter.gpkg", 12),
        ("register", "enheter.csv", 40),
        ("study", "tomteanalyse.toml", 1),
    ]
    assert manifest["inputs"][1]["sha256"] == f"{1:064x}"
    assert manifest["dropped"] == [
        {"file": "enheter.csv", "row": 7, "id": "E07", "reason": "outside_extract"}
    ]
    assert manifest["openstreetmap"]["timestamp"] == "2025-06-01T20:21:33Z"
    assert manifest["counts"]["plots"] == 12
    assert manifest["counts"]["plots_ranked"] == 11
    # 40 units, those numbered 0, 8, 16, … have moved out.
    assert manifest["counts"]["units_current"] == 35
    homes = sum(1 + number % 3 for number in range(40) if number % 8)
    assert manifest["counts"]["homes_current"] == homes
    assert manifest["network"] == {"ways": 24, "clipped_ways": 2, "components": 3, "cuts": 2}


def test_the_manifest_tells_how_it_was_scored(assessment: Assessment, tmp_path: Path) -> None:
    manifest = written(assessment, tmp_path)
    criteria = {each["key"]: each for each in manifest["criteria"]}
    assert list(criteria) == list(CRITERIA)
    assert criteria["bus"]["anchors"] == [[200.0, 1.0], [2000.0, 0.0]]
    assert criteria["bus"]["decision"] == "Vedtak 12/25 (oppdiktet)"
    assert criteria["grocery"]["decision"] is None
    assert all(each["source"] and each["weight_source"] for each in criteria.values())
    assert sum(each["weight"] for each in criteria.values()) == pytest.approx(1)
    assert manifest["undecided"] == list(CRITERIA[1:])
    assert manifest["robustness"] == {"seed": 1, "draws": 10_000, "plots_drawn": 11}
    configuration = manifest["configuration"]
    assert configuration["register"]["file"] == "enheter.csv"
    assert configuration["robustness"]["draws"] == 10_000
    assert set(manifest["versions"]) >= {
        "tomteanalyse",
        "GEOS",
        "GDAL",
        "PROJ",
        "shapely",
        "osmium",
    }
    (warning,) = manifest["warnings"]
    assert (warning["code"], warning["ids"]) == ("release.kept", ["T01"])
    assert "«a»" in warning["text"]


def test_the_manifest_tells_every_figure_of_the_shortcut_measure(
    assessment: Assessment, tmp_path: Path
) -> None:
    told = written(assessment, tmp_path)["shortcuts"]
    figures = {each.name for each in fields(ShortcutParameters)}
    assert {*told["parameters"]} == {"screen", "fine"}
    assert {*told["parameters"]["screen"]} == {*told["parameters"]["fine"]} == figures
    assert (told["parameters"]["screen"]["lattice_m"], told["parameters"]["fine"]["lattice_m"]) == (
        25.0,
        15.0,
    )
    assert told["category_weights"] == {"bus": 1.0, "shop": 1.0, "visit": 1.0, "service": 0.5}
    assert told["closely"] == ["T01"]
    assert told["crossing_places"] == 2
    assert told["shown"]["saving_m"] == 25.0


def test_sources_that_are_text_keys_are_written_as_words(assessment: Assessment) -> None:
    evaluation = assessment.evaluation
    keyed = tuple(replace(each, source="source.anchors.judgement") for each in evaluation.criteria)
    facts = manifest_facts(
        replace(assessment, evaluation=replace(evaluation, criteria=keyed)), language="en"
    )
    assert "judgement" in facts["criteria"][0]["source"]
    assert "source." not in facts["criteria"][0]["source"]


def test_the_outputs_fingerprints_are_those_of_the_files(
    assessment: Assessment, tmp_path: Path
) -> None:
    manifest = written(assessment, tmp_path)
    gpkg, table = manifest["outputs"]
    assert table == {
        "name": "b.csv",
        "bytes": 7,
        "sha256": hashlib.sha256(b"innhold").hexdigest(),
    }
    assert gpkg["name"] == "a.gpkg"
    assert gpkg["sha256"] == hashlib.sha256((tmp_path / "a.gpkg").read_bytes()).hexdigest()
    assert gpkg["content_sha256"] == hashlib.sha256(b"resten").hexdigest()


def test_a_folder_with_the_manifest_is_recognised_as_a_result(
    assessment: Assessment, tmp_path: Path
) -> None:
    assert recorded(tmp_path) is None
    written(assessment, tmp_path)
    found = recorded(tmp_path)
    assert found is not None
    assert found.intact
    assert set(found.outputs) == {"a.gpkg", "b.csv"}
    text = (tmp_path / MANIFEST).read_text("utf-8")
    (tmp_path / MANIFEST).write_text(text.replace("2025-06-01", "2025-06-02"), "utf-8")
    edited = recorded(tmp_path)
    assert edited is not None
    assert not edited.intact
    assert edited.outputs == {}


def test_the_same_answer_gives_the_same_manifest_in_any_order(
    assessment: Assessment, tmp_path: Path
) -> None:
    texts = []
    for number, each in enumerate([assessment, assessment, reversed_input(assessment)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        written(each, folder)
        texts.append((folder / MANIFEST).read_bytes())
    assert texts[0] == texts[1] == texts[2]


def test_no_absolute_path_reaches_the_manifest(assessment: Assessment, tmp_path: Path) -> None:
    config = StudyConfig.model_validate(
        {
            "name": "x",
            "profile": {"step": 1, "housing_form": "ordinaer_bolig"},
            "plots": {"file": "/home/kari/tomter.gpkg"},
            "register": {"file": r"C:\Users\ola\enheter.csv"},
            "addresses": {"file": r"\\server\felles\adresser.csv"},
            "extract": {"file": "../felles/omraade.osm.pbf"},
            "constraints": [
                {
                    "key": "flom",
                    "reason": "Flom",
                    "source": "x",
                    "file": "/data/flom.gpkg",
                    "coverage": "/data/dekning.gpkg",
                }
            ],
        }
    )
    dropped = pd.DataFrame(
        [{"file": "/home/kari/tomter.gpkg", "row": 2, "id": "T9", "reason": "r"}]
    )
    inputs = (InputFile("plots", "/home/kari/tomter.gpkg", "0" * 64, 1),)
    moved = with_study(
        assessment, config=config, inputs=inputs, dropped=dropped, folder=Path("/home/kari/studie")
    )
    text = json.dumps(written(moved, tmp_path))
    assert not re.search(r"/home|kari|Users|server|felles.{1,4}adresser|/data", text)
    assert "../felles/omraade.osm.pbf" in text
    for name in ("tomter.gpkg", "enheter.csv", "adresser.csv", "flom.gpkg", "dekning.gpkg"):
        assert f'"{name}"' in text


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a/b.csv", "b.csv"),
        ("C:/a/b.csv", "b.csv"),
        (r"C:\a\b.csv", "b.csv"),
        (r"\\server\share\b.csv", "b.csv"),
        (r"\a\b.csv", "b.csv"),
        ("a/b.csv", "a/b.csv"),
        ("../b.csv", "../b.csv"),
        ("b.csv", "b.csv"),
    ],
)
def test_only_absolute_paths_lose_their_folders(path: str, expected: str) -> None:
    assert without_folder(path) == expected


def test_the_run_id_is_short_and_the_same_for_the_same_run(assessment: Assessment) -> None:
    assert re.fullmatch(r"[0-9a-f]{12}", run_id(assessment))
    assert run_id(reversed_input(assessment)) == run_id(assessment)
    # Where the study lies is not part of the run.
    assert run_id(with_study(assessment, folder=Path("/andre/steder"))) == run_id(assessment)


def test_the_run_id_changes_with_inputs_settings_and_versions(
    assessment: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *rest = assessment.study.inputs
    other_file = with_study(assessment, inputs=(replace(first, sha256="f" * 64), *rest))
    other_name = with_config(assessment, name="En annen")
    ids = {run_id(assessment), run_id(other_file), run_id(other_name)}
    monkeypatch.setattr(provenance, "versions", lambda: {"tomteanalyse": "99"})
    ids.add(run_id(assessment))
    assert len(ids) == 4
