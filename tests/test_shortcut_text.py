"""Unsafe shortcuts in words, held to sentences written by hand."""

import math
import re
from typing import Any

import pytest
from shapely import LineString, Point

from tomteanalyse.scoring.barrier_text import barrier_text
from tomteanalyse.scoring.shortcut_text import (
    index_sentence,
    pair_figures,
    pair_notes,
    pair_sentence,
    place_sentence,
)
from tomteanalyse.scoring.wording import Words
from tomteanalyse.texts import LANGUAGES, NBSP, Language, catalog

FLAGS = (
    *("edge", "no_safe_route", "implied", "unverified", "unverified_grade"),
    *("default_speed", "few_crossings_mapped"),
)


def pair(**parts: object) -> dict[str, Any]:
    usual = {
        "category": "shop",
        "name": "Bunnpris",
        "safe_distance_m": 1121.4,
        "tempting_distance_m": 234.6,
        "saving_m": 511.2,
        "saving_at_least": False,
        "severity": 0.998,
        "temptation": 0.994,
        "risk": 0.99,
        "weight": 0.5,
        "flags": (),
        "fine": True,
    }
    return usual | parts


def motorway(way: int, metres: float, **parts: object) -> dict[str, Any]:
    usual = {
        "barrier": "road",
        "road_class": "motorway",
        "name": None,
        "ref": "E 6",
        "way": way,
        "speed_kmh": 100.0,
        "speed_assumed": False,
        "lanes": 2.0,
        "severe": True,
        "metres": metres,
        "place": 3,
    }
    return usual | parts


def track(way: int, metres: float, **parts: object) -> dict[str, Any]:
    unknown = {"speed_kmh": math.nan, "lanes": math.nan, "ref": math.nan, "road_class": "rail"}
    return motorway(way, metres, barrier="rail", **(unknown | parts))


def stretch(metres: float, **parts: object) -> dict[str, Any]:
    return {"barrier": "road", "name": None, "ref": "E 6", "metres": metres} | parts


def said(
    each: dict[str, Any],
    crossings: tuple[dict[str, Any], ...] = (),
    stretches: tuple[dict[str, Any], ...] = (),
    language: Language = "nb",
) -> str:
    return pair_sentence(each, crossings, stretches, say=catalog(language)).replace(NBSP, " ")


BOTH = (motorway(7, 110.0), motorway(8, 131.0))


def test_the_example_of_the_method_reads_as_it_was_asked_for() -> None:
    assert said(pair(), BOTH) == (
        "Til Bunnpris: trygg vei 1 121 m, fristende vei ca. 235 m. Den krysser E 6 (motorvei,"
        " 2 kjørebaner, 100 km/t) ved punkt 3 og sparer 511 m mot beste vei uten kryssing."
    )
    assert said(pair(), BOTH, language="nn") == (
        "Til Bunnpris: trygg veg 1 121 m, freistande veg ca. 235 m. Han kryssar E 6 (motorveg,"
        " 2 køyrebaner, 100 km/t) ved punkt 3 og sparer 511 m mot beste veg utan kryssing."
    )
    assert said(pair(), BOTH, language="en") == (
        "To Bunnpris: safe way 1,121 m, tempting way about 235 m. It crosses E 6 (motorway,"
        " 2 carriageways, 100 km/h) at point 3 and saves 511 m against the best way without"
        " crossing."
    )


def test_a_road_in_one_piece_is_told_by_its_lanes_not_by_carriageways() -> None:
    street = motorway(9, 40.0, road_class="primary", name="Storgata", ref="9900", speed_kmh=50.0)
    assert "9900 Storgata (hovedvei, 2 kjørefelt, 50 km/t)" in said(pair(), (street,))
    narrow = {**street, "lanes": 1.0}
    assert "9900 Storgata (hovedvei, 1 kjørefelt, 50 km/t)" in said(pair(), (narrow,))


def test_a_speed_that_was_assumed_is_told_as_assumed_and_one_of_trains_not_at_all() -> None:
    assumed = motorway(9, 40.0, speed_assumed=True)
    assert "antatt 100 km/t" in said(pair(), (assumed,))
    train = track(9, 40.0, name="Dovrebanen", speed_kmh=100.0, speed_assumed=True)
    assert "krysser Dovrebanen (jernbane) ved punkt 3" in said(pair(), (train,))
    known = track(9, 40.0, name="Dovrebanen", speed_kmh=130.0)
    assert "Dovrebanen (jernbane, 130 km/t)" in said(pair(), (known,))


def test_several_crossings_are_told_in_walking_order() -> None:
    street = motorway(
        *(9, 305.6),
        road_class="tertiary",
        name="Solslettvegen",
        ref=None,
        speed_kmh=50.0,
        severe=False,
        place=None,
    )
    assert said(pair(), (*BOTH, street)).endswith(
        "Den krysser E 6 (motorvei, 2 kjørebaner, 100 km/t) ved punkt 3, så Solslettvegen"
        " (samlevei, 2 kjørefelt, 50 km/t) om lag 306 m fra tomta og sparer 511 m mot beste vei"
        " uten kryssing."
    )
    ramp = motorway(6, 80.0, road_class="motorway_link", lanes=1.0, speed_kmh=60.0)
    assert "krysser E 6 (motorveirampe, 1 kjørefelt, 60 km/t) ved punkt 3, så E 6 (motorvei" in (
        said(pair(), (ramp, *BOTH))
    )


def test_the_same_road_crossed_again_far_on_is_told_again() -> None:
    twice = (motorway(7, 110.0), motorway(7, 400.0))
    assert said(pair(), twice).count("E 6 (motorvei, 2 kjørefelt, 100 km/t)") == 2
    other_place = (motorway(7, 110.0), motorway(8, 131.0, place=4))
    assert "ved punkt 3, så E 6" in said(pair(), other_place)


def test_tracks_side_by_side_are_one_railway_with_so_many_tracks() -> None:
    tracks = (track(1, 50.0, name="Dovrebanen"), track(2, 54.0, name="Dovrebanen"))
    assert "krysser Dovrebanen (jernbane, 2 spor) ved punkt 3" in said(pair(), tracks)
    assert "krysser en jernbane ved punkt 3" in said(pair(), (track(1, 50.0),))
    assert "kryssar ein jernbane ved punkt 3" in said(pair(), (track(1, 50.0),), language="nn")


@pytest.mark.parametrize(
    ("road_class", "severe", "words"),
    [
        ("rail", False, "et sidespor eller lite brukt spor"),
        ("narrow_gauge", False, "et sidespor eller lite brukt spor"),
        ("light_rail", True, "en bybane"),
        ("subway", True, "en T-bane"),
        ("tram", False, "et trikkespor"),
        ("preserved", False, "en museumsjernbane"),
        ("monorail", True, "en jernbane"),
    ],
)
def test_every_kind_of_track_has_its_word(road_class: str, *, severe: bool, words: str) -> None:
    line = track(1, 50.0, road_class=road_class, severe=severe)
    assert barrier_text([line], say=catalog("nb")) == words


def test_a_road_without_name_or_number_is_told_so() -> None:
    bare = motorway(1, 50.0, ref=None)
    assert barrier_text([bare], say=catalog("nb")) == (
        "en motorvei uten navn i kartet (2 kjørefelt, 100 km/t)"
    )
    odd = motorway(1, 50.0, ref=None, road_class="escape", speed_kmh=math.nan, lanes=math.nan)
    assert barrier_text([odd], say=catalog("nb")) == "en vei uten navn i kartet"


def test_two_numbers_of_one_road_are_told_both() -> None:
    assert barrier_text([motorway(1, 50.0, ref="E 6;E 39")], say=catalog("en")).startswith(
        "E 6/E 39 ("
    )


def test_where_there_is_no_safe_way_that_is_said_and_nothing_is_reckoned_from_it() -> None:
    lost = pair(safe_distance_m=math.inf, saving_at_least=True, saving_m=2274.6)
    assert said(lost, BOTH) == (
        "Til Bunnpris: ingen trygg vei er funnet, fristende vei ca. 235 m. Den krysser E 6"
        " (motorvei, 2 kjørebaner, 100 km/t) ved punkt 3 og sparer minst 2 275 m; en vei uten"
        " kryssing er lengre enn det som måles, eller finnes ikke."
    )


def test_a_way_along_a_hazard_tells_how_far_and_along_what() -> None:
    beside = (stretch(80.0), stretch(60.4), stretch(12.0, barrier="rail", ref=None))
    assert said(pair(), (), beside) == (
        "Til Bunnpris: trygg vei 1 121 m, fristende vei ca. 235 m. Den går 140 m langs E 6 og 12 m"
        " langs et spor, der det ikke er trygt å gå, og sparer 511 m mot beste vei utenom."
    )
    assert "100 km/t) ved punkt 3, går 140 m langs E 6, der det ikke er trygt å gå, og sparer" in (
        said(pair(), BOTH, beside[:2])
    )


def test_a_few_metres_along_a_hazard_are_told_only_where_nothing_is_crossed() -> None:
    assert "langs" not in said(pair(), BOTH, (stretch(9.0),))
    assert "går 9 m langs E 6" in said(pair(), (), (stretch(9.0),))


def test_where_nothing_was_found_that_is_said() -> None:
    quiet = pair(risk=0.0)
    assert said(quiet) == "Til Bunnpris: trygg vei 1 121 m. Ingen utrygg snarvei er funnet."
    assert said(quiet, language="nn") == (
        "Til Bunnpris: trygg veg 1 121 m. Ingen utrygg snarveg er funnen."
    )
    assert said(quiet, language="en") == (
        "To Bunnpris: safe way 1,121 m. No unsafe shortcut was found."
    )
    lost = pair(risk=0.0, safe_distance_m=math.inf)
    assert said(lost).startswith(
        "Til Bunnpris: ingen trygg vei er funnet, og ingen utrygg snarvei."
    )


@pytest.mark.parametrize("category", ["bus", "shop", "service", "visit"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_place_without_a_name_is_told_by_what_it_is(language: Language, category: str) -> None:
    told = said(pair(name=math.nan, category=category), BOTH, language=language)
    assert catalog(language)(f"shortcut.unnamed.{category}") in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_flag_says_what_it_means_and_what_to_do(language: Language) -> None:
    notes = pair_notes(pair(flags=FLAGS), say=catalog(language))
    assert len(notes) == len(FLAGS) + 1
    # At least two statements each: what is so, and what to do about it.
    assert all(len(re.findall(r"[.;] ?", note)) >= 2 for note in notes[:-1])
    assert notes[-1] != pair_notes(pair(fine=False), say=catalog(language))[-1]


def test_the_figures_of_a_pair_are_those_of_the_method() -> None:
    assert pair_figures(pair(), say=catalog("nb")) == (
        "Alvorlighet 1,00, fristelse 0,99, indeks 0,99, vekt 0,50."
    )


def place(**parts: object) -> dict[str, Any]:
    usual = {
        "severe": True,
        "median_saving_m": 511.2,
        "median_safe_distance_m": 1121.4,
        "plots": ("T02",),
        "destinations": ("n1", "n2", "n3"),
        "edge": False,
        "winding": False,
        "peak": Point(568040.4, 7023765.2),
        "geometry": Point(568040.4, 7023765.2),
    }
    return usual | parts


def told_place(each: dict[str, Any], language: Language = "nb") -> str:
    words = Words(catalog(language), plot_names={"T02": "Støyskjermen"})
    # Two quays of one stop have one name.
    names = {"n1": "Sletta", "n2": "Bunnpris", "n3": "Sletta"}
    return place_sentence(3, each, BOTH, names=names, words=words).replace(NBSP, " ")


def test_a_crossing_place_tells_what_where_from_to_and_what_it_saves() -> None:
    assert told_place(place()) == (
        "Punkt 3 (alvorlig): E 6 (motorvei, 2 kjørebaner, 100 km/t), ved 568040 øst, 7023765 nord."
        " Utrygg snarvei fra T02 Støyskjermen til Bunnpris og Sletta. Kryssingen sparer 511 m"
        " (median). Den trygge veien er 1 121 m (median)."
    )
    assert told_place(place(severe=False), "en") == (
        "Point 3 (moderate): E 6 (motorway, 2 carriageways, 100 km/h), at 568040 east, 7023765"
        " north. Unsafe shortcut from T02 Støyskjermen to Bunnpris and Sletta. Crossing saves 511 m"
        " (median). The safe way is 1,121 m (median)."
    )
    assert told_place(place(), "nn").startswith(
        "Punkt 3 (alvorleg): E 6 (motorveg, 2 køyrebaner, 100 km/t), ved 568040 aust, 7023765 nord."
        " Utrygg snarveg frå T02 Støyskjermen til Bunnpris og Sletta."
    )


def test_a_crossing_place_of_many_plots_names_some_and_counts_all() -> None:
    many = tuple(f"T{number:02}" for number in range(10, 18))
    assert "fra 8 tomter (T10, T11, T12, T13, T14 og 3 til) til" in told_place(place(plots=many))


def test_a_stretch_is_told_by_its_length_unless_it_is_no_more_than_a_road_s_width() -> None:
    long = place(geometry=LineString([(0, 0), (60, 0)]))
    assert ", en strekning på 60 m ved 568040 øst" in told_place(long)
    assert "strekning" not in told_place(place(geometry=LineString([(0, 0), (20, 0)])))


def test_what_makes_a_crossing_place_doubtful_is_told() -> None:
    assert "utenfor kartutsnittet" in told_place(place(edge=True))
    assert "svinger" in told_place(place(winding=True))
    lost = told_place(place(median_safe_distance_m=math.inf))
    assert "sparer minst 511 m (median). For de fleste er det ikke funnet noen trygg vei." in lost


def test_an_index_is_told_with_two_decimals_and_as_no_probability() -> None:
    say = catalog("nb")
    assert index_sentence(0.938, math.nan, say=say) == (
        "Indeks 0,94 av 1 i det grove gjennomsynet av alle tomter. Det er den som gir poeng."
        " Dette er en indeks, ikke en sannsynlighet."
    )
    assert "; 0,93 i det nærmere gjennomsynet." in index_sentence(0.938, 0.931, say=say)
    assert index_sentence(math.nan, math.nan, say=say) == "Indeksen er ukjent."


@pytest.mark.parametrize(("language", "noun"), [("nb", "snarvei"), ("nn", "snarveg")])
def test_no_text_says_shortcut_without_saying_unsafe(language: Language, noun: str) -> None:
    alone = re.compile(rf"(?<!utrygg )(?<!utrygge )(?<!«){noun}", re.IGNORECASE)
    texts = catalog(language).entries.items()
    assert [key for key, text in texts if alone.search(text)] == []


def test_no_english_text_says_shortcut_without_saying_unsafe() -> None:
    # Placeholders, and the criterion's key in the study file, are no words of ours.
    alone = re.compile(r"(?<!unsafe )(?<![{\[])shortcut", re.IGNORECASE)
    texts = {
        key: text for key, text in catalog("en").entries.items() if key != "scaffold.study_file"
    }
    assert [key for key, text in texts.items() if alone.search(text)] == []
