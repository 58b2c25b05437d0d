"""What `explain` says about unsafe shortcuts from a plot, and about the ways to one place."""

from dataclasses import replace

import pandas as pd
import pytest

from fabricated import fabricated_assessment
from fabricated_shortcuts import no_shortcuts
from tomteanalyse.assessment import Assessment
from tomteanalyse.errors import UsageError
from tomteanalyse.measures.shortcuts.findings import ShortcutFindings
from tomteanalyse.pipeline import Result
from tomteanalyse.scoring.comparison_text import comparison_text
from tomteanalyse.scoring.explanation_text import explanation_text
from tomteanalyse.scoring.shortcut_account import MOST_TOLD, shortcut_account
from tomteanalyse.scoring.shortcut_account_text import account_lines
from tomteanalyse.scoring.way_explanation import explain_ways
from tomteanalyse.scoring.way_text import ways_text
from tomteanalyse.texts import NBSP, Language, catalog


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    return fabricated_assessment()


@pytest.fixture(scope="module")
def found(assessment: Assessment) -> ShortcutFindings:
    return assessment.shortcuts


def lines(
    found: ShortcutFindings, plot_id: str, *, language: Language = "nb", most: int | None = None
) -> list[str]:
    told = account_lines(shortcut_account(found, plot_id), say=catalog(language), most=most)
    return [line.replace(NBSP, " ") for line in told]


def with_destinations(found: ShortcutFindings, count: int) -> ShortcutFindings:
    """Return findings in which the first plot has an unsafe shortcut to so many shops."""
    first = found.pairs.iloc[[0]]
    shops = [
        first.assign(
            destination_id=f"n{number:03}",
            category="shop",
            name=f"Butikk {number}",
            risk=0.9 - number / 100,
        )
        for number in range(count)
    ]
    return replace(found, pairs=pd.concat(shops, ignore_index=True))


def test_a_plot_is_told_its_index_what_must_be_cleared_and_what_counts_most(
    found: ShortcutFindings,
) -> None:
    told = lines(found, "T01")
    assert told == [
        "Indeks 0,62 av 1 i det grove gjennomsynet av alle tomter, som gir poeng; 0,64 i det"
        " nærmere gjennomsynet. Dette er en indeks, ikke en sannsynlighet.",
        "Må avklares: kryssing av jernbane eller annet spor ved punkt 1 (0,53 på indeksen).",
        "Fant 2 utrygge snarveier blant veiene til 2 målpunkter.",
        "  Til Tjernsvingen: trygg vei 812 m, fristende vei ca. 240 m. Den krysser Heggdalsbanen"
        " (jernbane) ved punkt 1 og sparer 410 m mot beste vei uten kryssing.",
        "    Alvorlighet 0,90, fristelse 0,98, indeks 0,88, vekt 0,60. Målt i det nærmere"
        " gjennomsynet.",
        "  Til Bakkebua: trygg vei 500 m, fristende vei ca. 380 m. Den krysser 9900 Storgata"
        " (hovedvei, 2 kjørefelt, antatt 50 km/t) ved punkt 2 og sparer 60 m mot beste vei uten"
        " kryssing.",
        "    Alvorlighet 0,24, fristelse 0,45, indeks 0,11, vekt 1,00. Det er regnet med en"
        " kryssing der gater møtes på begge sider av veien, selv om kartet ikke viser noen. Se"
        " etter på stedet. Målt i det nærmere gjennomsynet.",
        "Ikke innen rekkevidde: besøkssted.",
    ]


def test_a_plot_at_the_edge_is_told_so_and_that_what_must_be_cleared_is_unsure(
    found: ShortcutFindings,
) -> None:
    told = "\n".join(lines(found, "T02", language="en"))
    assert "To be cleared: possible crossing of a railway or another track at point 1" in told
    assert "uncertain because a safe way may run outside the map extract" in told
    assert "Found 1 unsafe shortcut among the ways to 1 destination." in told
    assert "To Tjernsvingen: no safe way was found, tempting way about 300 m." in told
    assert "The plot lies near the edge of the map extract." in told


def test_a_plot_from_which_no_way_was_looked_at_has_no_known_index(
    found: ShortcutFindings,
) -> None:
    told = lines(found, "T03")
    assert told[:2] == [
        "Indeksen er ukjent.",
        "Ingen buss, butikk eller tjeneste er innen rekkevidde, så ingen vei er sett på.",
    ]


@pytest.mark.parametrize("slight", [{"risk": 0.0}, {"risk": 0.049}, {"saving_m": 24.9}])
def test_a_plot_without_unsafe_shortcuts_is_told_how_many_ways_were_looked_at(
    found: ShortcutFindings, slight: dict[str, float]
) -> None:
    quiet = replace(found, pairs=found.pairs.assign(**slight))
    assert shortcut_account(quiet, "T01").told == ()
    assert (
        "Fant ingen utrygg snarvei av betydning (minst 25 m spart og 0,05 på indeksen) blant"
        " veiene til 2 målpunkter." in lines(quiet, "T01")
    )


def test_only_those_that_count_most_are_told_and_all_are_counted(found: ShortcutFindings) -> None:
    many = with_destinations(found, MOST_TOLD + 3)
    account = shortcut_account(many, "T01")
    assert [each.pair["name"] for each in account.told] == [
        f"Butikk {number}" for number in range(MOST_TOLD)
    ]
    assert account.found == account.looked_at == MOST_TOLD + 3
    assert "Fant 9 utrygge snarveier blant veiene til 9 målpunkter. Disse teller mest:" in (
        lines(many, "T01")
    )


def test_quays_of_one_stop_are_told_once_by_the_one_that_counts_most(
    found: ShortcutFindings,
) -> None:
    shops = with_destinations(found, 3).pairs.assign(name="Sletta", category="bus")
    account = shortcut_account(replace(found, pairs=shops), "T01")
    assert [each.pair["destination_id"] for each in account.told] == ["n000"]
    assert account.found == 3


def test_explain_and_compare_hold_what_was_found(assessment: Assessment) -> None:
    result = Result(assessment)
    words = result.words("nb")
    text = explanation_text(result.explain("T01"), words)
    assert "\nUtrygge snarveier:\n  Indeks 0,62 av 1" in text
    beside = comparison_text(result.compare("T01", "T02"), words).replace(NBSP, " ")
    assert "Utrygge snarveier fra T01 Møllehagen:\n  Indeks 0,62 av 1" in beside
    assert "Utrygge snarveier fra T02 Gamle sagbruket:\n  Indeks 0,31 av 1" in beside
    # Beside another plot only the sentences are told, not what each is made of.
    assert "Alvorlighet" not in beside


def test_both_ways_are_told_step_by_step_with_metres_and_the_crossing_s_number(
    assessment: Assessment, found: ShortcutFindings
) -> None:
    ways = explain_ways(found, "T01", "Tjernsvingen")
    text = ways_text("T01", ways, Result(assessment).words("nb")).replace(NBSP, " ")
    heading, sentence, *rest = text.splitlines()
    assert heading == "Fra tomt T01 Møllehagen til Tjernsvingen"
    assert sentence.startswith("Til Tjernsvingen: trygg vei 812 m, fristende vei ca. 240 m.")
    assert rest[2:] == [
        "",
        "Trygg vei, 812 m:",
        "  1. Ut fra tomta, 12 m",
        "  2. Storgata, 700 m",
        "  3. Krysser Heggdalsbanen ved en trygg kryssing",
        "  4. Gangvei eller sti, 100 m",
        "",
        "Fristende vei, 240 m:",
        "  1. Ut fra tomta, 12 m",
        "  2. Utenfor vei og sti, 106 m",
        "  3. Krysser Heggdalsbanen uten noen kryssing (punkt 1)",
        "  4. Utenfor vei og sti, 122 m",
    ]


@pytest.mark.parametrize("written", ["tjernsvingen", "  TJERNSVINGEN ", "n100"])
def test_a_destination_is_found_by_its_name_in_any_case_or_its_id(
    found: ShortcutFindings, written: str
) -> None:
    (way,) = explain_ways(found, "T01", written)
    assert way.told.pair["destination_id"] == "n100"
    assert [len(way.safe), len(way.tempting)] == [4, 4]


def test_where_there_is_no_safe_way_only_the_tempting_one_is_told(
    assessment: Assessment, found: ShortcutFindings
) -> None:
    steps = found.steps[found.steps["way"] == "tempting"]
    pairs = found.pairs.assign(safe_distance_m=float("inf"))
    ways = explain_ways(replace(found, steps=steps, pairs=pairs), "T01", "n100")
    text = ways_text("T01", ways, Result(assessment).words("nn"))
    assert "Trygg veg: ingen er funnen i kartet." in text
    assert "Freistande veg, 240" in text


def test_a_tempting_way_that_is_the_safe_one_is_told_once(
    assessment: Assessment, found: ShortcutFindings
) -> None:
    safe = found.steps[found.steps["way"] == "safe"]
    steps = pd.concat([safe, safe.assign(way="tempting")], ignore_index=True)
    ways = explain_ways(replace(found, steps=steps), "T01", "n100")
    text = ways_text("T01", ways, Result(assessment).words("en"))
    assert text.endswith("The tempting way is the same as the safe one.")
    assert "Tempting way," not in text


def test_every_kind_of_step_has_its_words() -> None:
    say = catalog("nb")
    kinds = (
        *("start", "end", "path", "street", "kerb", "bridge", "tunnel", "ground", "along"),
        *("crossing", "tolerable_crossing", "safe_crossing"),
    )
    assert [kind for kind in kinds if f"shortcut.step.{kind}" not in say] == []


def test_an_unknown_destination_gets_the_names_of_those_there_are(
    found: ShortcutFindings,
) -> None:
    with pytest.raises(UsageError) as caught:
        explain_ways(found, "T01", "Tjernsving")
    (notice,) = caught.value.notices
    assert notice.code == "explain.unknown_destination"
    assert "Mente du «Tjernsvingen»? Målpunktene er: Bakkebua; Tjernsvingen." in str(caught.value)


def test_shops_of_one_name_are_told_apart_by_their_ids_and_quays_are_all_told(
    found: ShortcutFindings,
) -> None:
    shops = with_destinations(found, 2).pairs.assign(name="Rema 1000")
    with pytest.raises(UsageError) as caught:
        explain_ways(replace(found, pairs=shops), "T01", "rema 1000")
    assert caught.value.notices[0].code == "explain.shared_destination"
    assert "n000; n001" in str(caught.value)
    quays = shops.assign(category="bus")
    ways = explain_ways(replace(found, pairs=quays), "T01", "rema 1000")
    assert [each.told.pair["destination_id"] for each in ways] == ["n000", "n001"]


def test_a_plot_with_nothing_in_reach_and_one_not_looked_at_closely_say_so(
    found: ShortcutFindings,
) -> None:
    with pytest.raises(UsageError) as caught:
        explain_ways(no_shortcuts(found), "T01", "Tjernsvingen")
    assert caught.value.notices[0].code == "explain.no_destination"
    with pytest.raises(UsageError) as caught:
        explain_ways(found, "T02", "Tjernsvingen")
    assert caught.value.notices[0].code == "explain.not_looked_at"
