"""Unsafe shortcuts in the page's data: what is said, drawn, numbered and left out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import LineString, Point

from fabricated import fabricated_assessment
from test_web_map import unpacked_numbers, unpacked_points
from tomteanalyse.assessment import Assessment
from tomteanalyse.measures.shortcuts.findings import ShortcutFindings
from tomteanalyse.scoring.shortcut_account import shortcut_account
from tomteanalyse.scoring.shortcut_account_text import found_lines, reach_lines
from tomteanalyse.scoring.shortcut_rows import lines_by_place, met_by_pair, rows_of
from tomteanalyse.scoring.shortcut_text import destination_names, pair_sentence, place_sentence
from tomteanalyse.scoring.wording import Words
from tomteanalyse.texts import LANGUAGES, Catalog, Language, Phrase, catalog
from tomteanalyse.views.web_map import shortcuts
from tomteanalyse.views.web_map.packing import degrees
from tomteanalyse.views.web_map.payload import as_json, payload
from tomteanalyse.views.web_map.retold import JOINED, LISTING, NUMBER, retelling
from tomteanalyse.views.web_map.shortcuts import drawable_ways, shortcut_data

HOSTILE = "</script><b>${alert(1)}`{place}`"


def told(said: Mapping[str, Any], part: str | int, say: Catalog) -> str:
    """Say a sentence in a language as `page/retold.js` does, written independently."""
    if isinstance(part, str):
        return part
    form, *parts = said["nodes"][part]
    if form == NUMBER:
        return say.number(parts[0], decimals=parts[1])
    words = [told(said, each, say) for each in parts]
    if form == LISTING:
        return say.listing(words)
    if form == JOINED:
        return "".join(words)
    key, *names = said["forms"][form]
    return say(key, **dict(zip(names, words, strict=True)))


def data_of(assessment: Assessment) -> dict[str, Any]:
    return shortcut_data(assessment, assessment.study.plots.index.tolist())


def with_findings(assessment: Assessment, **changed: Any) -> Assessment:
    return replace(assessment, shortcuts=replace(assessment.shortcuts, **changed))


def many_pairs(count: int) -> Assessment:
    """Return an answer in which the first plot has `count` pairs with a finding, ever weaker."""
    assessment = fabricated_assessment()
    found = assessment.shortcuts
    first = found.pairs.iloc[0]
    line = found.tempting_paths.geometry.iloc[0]
    pairs = pd.DataFrame(
        [
            {**first, "destination_id": f"n{k}", "name": f"Stopp {k}", "risk": 0.9 - 0.1 * k}
            # The order of the rows is not that of their weight.
            for k in reversed(range(count))
        ]
    )
    paths = found.tempting_paths.iloc[[0] * count].reset_index(drop=True)
    paths = paths.assign(destination_id=pairs["destination_id"]).set_geometry([line] * count)
    return with_findings(
        assessment,
        pairs=pairs,
        tempting_paths=paths,
        safe_paths=paths,
        crossings=found.crossings.iloc[:0],
        places=found.places.iloc[:0],
        must_clear=found.must_clear.iloc[:0],
    )


def without_findings() -> Assessment:
    """Return an answer in which ways were looked at and nothing was found."""
    assessment = fabricated_assessment()
    found = assessment.shortcuts
    quiet = found.pairs.assign(risk=0.0, saving_m=0.0, flags=[()] * len(found.pairs))
    empty = {
        name: getattr(found, name).iloc[:0]
        for name in ("crossings", "safe_paths", "tempting_paths", "places", "must_clear")
    }
    return with_findings(assessment, index=0 * found.index, pairs=quiet, **empty)


# --- what is said --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_of_each_pair_what_the_explanation_says(language: Language) -> None:
    assessment = fabricated_assessment()
    data, say = data_of(assessment), catalog(language)
    found = assessment.shortcuts
    met = met_by_pair(found)
    expected = [
        pair_sentence(pair, *met[pair["plot_id"], pair["destination_id"]], say=say)
        for pair in rows_of(found.pairs)
    ]
    assert [told(data["said"], each, say) for each in data["pairs"]["said"]] == expected
    assert len(set(expected)) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_of_each_plot_what_the_explanation_says(language: Language) -> None:
    assessment = fabricated_assessment()
    data, say = data_of(assessment), catalog(language)
    for number, plot_id in enumerate(assessment.study.plots.index):
        account = shortcut_account(assessment.shortcuts, plot_id)
        for name, expected in (
            ("found", found_lines(account, told=len(account.told), say=say)),
            ("reach", reach_lines(account, say=say)),
        ):
            assert [told(data["said"], each, say) for each in data["plots"][name][number]] == (
                expected
            )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_of_each_place_what_the_tables_say(language: Language) -> None:
    assessment = fabricated_assessment()
    found, say = assessment.shortcuts, catalog(language)
    data = data_of(assessment)
    lines, names = lines_by_place(found), destination_names(found, say)
    words = Words(say, plot_names=assessment.study.plots["name"].to_dict())
    expected = [
        place_sentence(number, place, lines[number], names=names, words=words)
        for number, place in zip(found.places.index, rows_of(found.places), strict=True)
    ]
    assert [told(data["said"], each, say) for each in data["places"]["said"]] == expected


def test_what_is_said_often_is_kept_once() -> None:
    say = retelling()
    first, again = (say("shortcut.barrier.tracks", count=2) for _ in range(2))
    assert first == again
    assert len(say.packed()["nodes"]) == 1
    assert say.part(f"{first}, {again}") == say.part(f"{first}, {again}") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_lists_and_phrases_are_said_in_the_language_asked_for(language: Language) -> None:
    say, spoken = retelling(), catalog(language)

    def sentence(by: Catalog) -> str:
        items = [by.metres(1234.6), by.number(-0.126, decimals=2), "æ {b}", by.number(np.nan)]
        return by("shortcut.place.more", items=by.listing(items), count=2.5) + by.metres(np.inf)

    part = say.part(sentence(say))
    assert told(say.packed(), part, spoken) == sentence(spoken)
    phrase = say.part(say("shortcut.place.more", items=Phrase("word.and"), count=1))
    assert spoken.entries["word.and"] in told(say.packed(), phrase, spoken)


def test_an_unknown_text_is_refused_when_the_page_is_made() -> None:
    with pytest.raises(KeyError):
        retelling()("shortcut.no_such_text")


def test_a_name_that_looks_like_a_mark_leads_to_nothing_that_is_not_there() -> None:
    say = retelling()
    part = say.part(say("shortcut.pair.saves", metres="\ufdd00\ufdd1"))
    assert told(say.packed(), part, catalog("nb")) == catalog("nb")(
        "shortcut.pair.saves", metres="0"
    )


# --- what is shown -------------------------------------------------------------------------------


def test_pairs_that_count_most_come_first_and_only_so_many() -> None:
    data = data_of(many_pairs(6))
    assert data["pairs"]["names"] == ["Stopp 0", "Stopp 1", "Stopp 2", "Stopp 3"]
    assert unpacked_numbers(data["plots"]["pairs"])[:2] == [4, 0]
    said = [told(data["said"], each, catalog("nb")) for each in data["plots"]["found"][0]]
    assert said[-1] == "Fant 6 utrygge snarveier blant veiene til 6 målpunkter. Disse teller mest:"


def test_where_there_are_very_many_pairs_fewer_of_each_plot_are_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert len(data_of(fabricated_assessment())["pairs"]["said"]) == 3
    monkeypatch.setattr(shortcuts, "MOST_IN_ALL", 3)
    data = data_of(fabricated_assessment())
    assert unpacked_numbers(data["plots"]["pairs"])[:3] == [1, 1, 0]


def test_only_what_belongs_to_the_plots_on_the_page_is_in_it() -> None:
    assessment = fabricated_assessment()
    data = shortcut_data(assessment, ["T03", "T02"])
    assert unpacked_numbers(data["plots"]["pairs"]) == [0, 1]
    assert [unpacked_numbers(each) for each in data["places"]["plots"]] == [[1], []]
    assert unpacked_numbers(data["places"]["count"]) == [2, 1]


def test_both_ways_are_drawn_where_they_are_and_a_missing_one_is_not() -> None:
    assessment = fabricated_assessment()
    found, pairs = assessment.shortcuts, data_of(assessment)["pairs"]
    assert unpacked_numbers(pairs["safe"]["parts"]) == [1, 1, 0]
    assert unpacked_numbers(pairs["tempting"]["parts"]) == [1, 1, 1]
    counts = unpacked_numbers(pairs["tempting"]["points"])
    drawn = np.split(unpacked_points(pairs["tempting"]["xy"]), np.cumsum(counts)[:-1])
    for way, line in zip(found.tempting_paths.geometry, drawn, strict=True):
        expected = degrees(shapely.get_coordinates(way), crs=assessment.study.crs)
        np.testing.assert_allclose(line, expected, atol=6e-7)


def test_a_winding_way_is_drawn_with_fewer_corners_and_stays_within_a_metre() -> None:
    assessment = fabricated_assessment()
    found = assessment.shortcuts
    start = found.tempting_paths.geometry.iloc[0].coords[0]
    way = LineString([(start[0] + x, start[1] + 0.4 * (x % 2)) for x in range(200)])
    lines = [way, *found.tempting_paths.geometry.iloc[1:]]
    data = data_of(
        with_findings(assessment, tempting_paths=found.tempting_paths.set_geometry(lines))
    )
    assert unpacked_numbers(data["pairs"]["tempting"]["points"])[0] < 10


def test_crossings_carry_their_place_and_those_in_none_carry_none() -> None:
    assessment = fabricated_assessment()
    crossings = assessment.shortcuts.crossings.copy()
    crossings.loc[crossings["place"] == 2, "place"] = pd.NA
    pairs = data_of(with_findings(assessment, crossings=crossings))["pairs"]
    assert unpacked_numbers(pairs["crossings"]) == [1, 1, 1]
    assert unpacked_numbers(pairs["place"]) == [1, 0, 1]
    assert unpacked_numbers(pairs["severe"]) == [1, 0, 1]
    at = degrees(shapely.get_coordinates(crossings.geometry), crs=assessment.study.crs)
    np.testing.assert_allclose(unpacked_points(pairs["at"]), at, atol=6e-7)


def test_places_on_the_extracts_edge_or_in_a_bend_are_marked_as_doubtful() -> None:
    assessment = fabricated_assessment()
    places = assessment.shortcuts.places
    for column in ("edge", "winding"):
        doubtful = places.assign(**{column: [False, True]})
        data = data_of(with_findings(assessment, places=doubtful))["places"]
        assert unpacked_numbers(data["doubtful"]) == [0, 1]
    assert unpacked_numbers(data_of(assessment)["places"]["doubtful"]) == [0, 0]


def test_only_the_first_places_are_shown_and_the_others_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shortcuts, "MOST_PLACES", 1)
    places = data_of(fabricated_assessment())["places"]
    assert unpacked_numbers(places["number"]) == [1]
    assert places["left_out"] == 1


def test_what_has_no_degrees_is_left_out() -> None:
    assessment = fabricated_assessment()
    found = assessment.shortcuts
    nowhere = LineString([(1e12, 1e12), (2e12, 1e12)])
    paths = found.tempting_paths.set_geometry([nowhere, *found.tempting_paths.geometry.iloc[1:]])
    places = found.places.set_geometry([nowhere, Point(found.places.geometry.iloc[1])])
    data = data_of(with_findings(assessment, tempting_paths=paths, places=places))
    assert unpacked_numbers(data["plots"]["pairs"])[:2] == [1, 1]
    assert unpacked_numbers(data["places"]["number"]) == [2]
    shown: ShortcutFindings = replace(found, tempting_paths=paths)
    order = assessment.study.plots.index.tolist()
    drawable = drawable_ways(shown, order)
    assert len(drawable) == len(found.safe_paths) + len(found.tempting_paths) - 1
    assert len(drawable_ways(shown, ["T02"])) == 1
    assert "NaN" not in as_json(
        payload(with_findings(assessment, tempting_paths=paths), say=catalog("nb"))
    )


def test_nothing_found_is_said_with_what_was_looked_at() -> None:
    data = data_of(without_findings())
    said = [told(data["said"], each, catalog("nb")) for each in data["plots"]["found"][0]]
    assert said[-1].startswith("Fant ingen utrygg snarvei")
    assert said[-1].endswith("blant veiene til 2 målpunkter.")
    assert data["pairs"]["said"] == []
    assert data["places"]["said"] == []


def test_what_was_found_does_not_depend_on_the_order_of_rows() -> None:
    assessment = fabricated_assessment()
    found = assessment.shortcuts
    turned = {
        name: getattr(found, name).iloc[::-1]
        for name in ("pairs", "crossings", "safe_paths", "tempting_paths", "must_clear")
    }
    assert as_json(data_of(with_findings(assessment, **turned))) == as_json(data_of(assessment))


def test_hostile_names_come_back_whole() -> None:
    data = data_of(fabricated_assessment(barrier_name=HOSTILE))
    say = catalog("nb")
    assert HOSTILE in told(data["said"], data["pairs"]["said"][0], say)
    assert HOSTILE in told(data["said"], data["places"]["said"][0], say)
