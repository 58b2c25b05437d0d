"""What corrections would change, in sentences and short phrases."""

import pandas as pd

from tomteanalyse.difference import BETTER, CHANGES, WORSE, Difference
from tomteanalyse.scoring.barrier_text import Row, barrier_text, missing
from tomteanalyse.scoring.shortcut_rows import lines_by_place, rows_of
from tomteanalyse.scoring.wording import Words
from tomteanalyse.texts import Catalog

SMALL_LOAD = 0.1


def words_of(found: Difference, say: Catalog) -> Words:
    """Return a language with the names of the study's plots."""
    names = found.plots["name"]
    return Words(
        say,
        plot_names={
            str(plot_id): str(plot_id) if pd.isna(name) else str(name)
            for plot_id, name in names.items()
        },
    )


def summary(found: Difference, say: Catalog) -> list[str]:
    """Say in a few sentences what changes, and whether the problem may move.

    The list ends with what a reader must know of the figures.
    """
    words = words_of(found, say)
    changed = found.plots[found.plots["changed"]]
    told = [_plots_sentence(changed, words)]
    counts = found.places["change"].value_counts()
    parts = [
        _counted(f"whatif.places.{change}", int(counts[change]), say)
        for change in CHANGES
        if change != "same" and change in counts
    ]
    told.append(
        say("whatif.places.changed", parts=say.listing(parts))
        if parts
        else say("whatif.places.unchanged")
    )
    told += worse_sentences(found, say)
    if found.moved:
        told.append(say("whatif.moved"))
    elif {*found.places["change"]} & WORSE:
        told.append(say("whatif.worse_only"))
    elif {*found.places["change"]} & BETTER:
        told.append(say("whatif.better_only"))
    return [*told, say("whatif.load_meaning")]


def worse_sentences(found: Difference, say: Catalog) -> list[str]:
    """Say of every place that gets worse what is crossed there, by whom, and how much worse."""
    words = words_of(found, say)
    crossed = crossed_texts(found, say)
    worse = found.places[found.places["change"].isin(list(WORSE))]
    return [
        say(
            f"whatif.place.{row['change']}",
            what=what,
            place=int(row["place_after"]),
            before=load_text(row["load_before"], say),
            after=load_text(row["load_after"], say),
            plots=say.listing([words.plot(each) for each in row["plots_after"]]),
        )
        for row, what in zip(rows_of(worse), crossed.loc[worse.index].tolist(), strict=True)
    ]


def crossed_texts(found: Difference, say: Catalog) -> pd.Series:
    """Return what is crossed at each place of a difference, in words, on its rows."""
    before, after = (lines_by_place(each.shortcuts) for each in (found.before, found.after))

    def crossed(row: Row) -> str:
        now = row["place_after"]
        lines = before[int(row["place_before"])] if missing(now) else after[int(now)]
        return barrier_text(lines, say=say)

    return pd.Series(
        [crossed(row) for row in rows_of(found.places)], index=found.places.index, dtype="str"
    )


def load_text(load: float, say: Catalog) -> str:
    """Write the load of a crossing place; a small one with one digit more."""
    return say.number(load, decimals=2 if load == 0.0 or load >= SMALL_LOAD else 3)


def place_text(number: object, say: Catalog) -> str:
    """Write the number of a crossing place, a dash where there is none."""
    return say("whatif.none") if missing(number) else str(number)


def list_text(*, severe: bool, unsure: bool, say: Catalog) -> str:
    """Write on which list a crossing place stands, and whether it is sure."""
    listed = say(f"shortcut.place.{'severe' if severe else 'moderate'}")
    return say("whatif.unsure", list=listed) if unsure else listed


def _plots_sentence(changed: pd.DataFrame, words: Words) -> str:
    say = words.say
    if changed.empty:
        return say("whatif.plots.unchanged")
    told = []
    for direction, rows in (
        ("better", changed[changed["score_change"] > 0]),
        ("worse", changed[changed["score_change"] < 0]),
        ("other", changed[~(changed["score_change"] != 0)]),
    ):
        if len(rows):
            plots = [words.plot(str(plot_id)) for plot_id in rows.index]
            told.append(say(f"whatif.plots.{direction}", plots=say.listing(plots)))
    return " ".join(told)


def unchanged_sentence(found: Difference, say: Catalog) -> str | None:
    """Say how many crossing places are as they were; None where there are none of them."""
    count = int((found.places["change"] == "same").sum())
    return _counted("whatif.places.same", count, say) if count else None


def _counted(key: str, count: int, say: Catalog) -> str:
    return say(f"{key}_one") if count == 1 else say(key, count=say.number(count))
