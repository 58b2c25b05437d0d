"""What moves would do, in sentences and short phrases."""

import math

import pandas as pd

from tomteanalyse.dilution.found import Dilution
from tomteanalyse.dilution.moves import EFFECTS, KINDS
from tomteanalyse.dilution.stages import STEPS
from tomteanalyse.scoring.wording import percent_text
from tomteanalyse.texts import MINUS, Catalog
from tomteanalyse.views.monitoring.words import source_text

INDEX_DECIMALS, CHANGE_DECIMALS = 3, 4
SHARE_DECIMALS = 1
IN_PERCENT = ("top_share", "around")
"""What is a share that people read as a percentage; the other indices are bare numbers."""


def move_text(found: Dilution, move: int, say: Catalog) -> str:
    """Say what a move is, e.g. «Salg av 4 av 68 boliger i E001»."""
    row = found.moves.loc[move]
    homes = int(row["homes"])
    counted = homes_text(homes, say)
    if pd.notna(row["unit_id"]):
        all_ = int(found.study.units["homes"].loc[row["unit_id"]])
        if all_ > homes:
            counted = say("dilution.part", count=homes, all=all_)
    return say(
        f"dilution.move.{row['kind']}",
        homes=counted,
        unit=row["unit_id"],
        plot=plot_text(found, row["plot_id"]),
    )


def plot_text(found: Dilution, plot_id: str | None) -> str:
    """Return a plot's id and name; nothing where there is no plot."""
    if pd.isna(plot_id):
        return ""
    name = found.study.plots["name"].loc[plot_id]
    return str(plot_id) if pd.isna(name) or name == plot_id else f"{plot_id} {name}"


def homes_text(count: int, say: Catalog) -> str:
    """Say how many homes."""
    return say("dilution.homes_one") if count == 1 else say("dilution.homes", count=count)


def index_text(name: str, value: float, say: Catalog) -> str:
    """Write the value of an index as people read it."""
    if name in IN_PERCENT and math.isfinite(value):
        return percent_text(value, say, decimals=SHARE_DECIMALS)
    return say.number(value, decimals=INDEX_DECIMALS)


def signed_text(change: float, say: Catalog, *, decimals: int) -> str:
    """Write a change with its sign."""
    written = say.number(change, decimals=decimals)
    is_plain = not math.isfinite(change) or written.startswith(MINUS)
    return written if is_plain or float(round(change, decimals)) == 0.0 else f"+{written}"


def summary(found: Dilution, say: Catalog) -> list[str]:
    """Say what the plan does and what it costs; the last sentences are about all plans."""
    index = say(f"dilution.index.{found.objective}").lower()
    if not found.plan:
        return [say("dilution.plan.empty", index=index), *costs(say)]
    count = len(found.plan)
    told = [
        say("dilution.plan.few_one", index=index)
        if count == 1
        else say("dilution.plan.few", count=count, index=index)
    ]
    first, last = found.steps.iloc[0], found.steps.iloc[-1]
    parameters = found.parameters or {}
    told += [
        say(
            f"dilution.change.{name}",
            before=index_text(name, float(first[name]), say),
            after=index_text(name, float(last[name]), say),
            areas=int(parameters["top_areas"]),
            nearest=int(parameters["around"]),
        )
        for name in sorted(EFFECTS, key=lambda name: name != found.objective)
    ]
    return [*told, *capacity_sentences(found, say), *walk_sentences(found, say), *costs(say)]


def costs(say: Catalog) -> list[str]:
    """Say that spacing can cost people a home, and that nothing is recommended."""
    return [say("dilution.cost"), say("dilution.caveat")]


def capacity_sentences(found: Dilution, say: Catalog) -> list[str]:
    """Say how many homes the plan costs or gives, in all and by step."""
    first, last = found.steps.iloc[0], found.steps.iloc[-1]
    change = int(last["homes"] - first["homes"])
    key = "same" if not change else "lost" if change < 0 else "won"
    told = [
        say(
            f"dilution.plan.{key}",
            count=homes_text(abs(change), say),
            before=say.number(int(first["homes"])),
            after=say.number(int(last["homes"])),
        )
    ]
    parts = []
    for step in STEPS:
        by = int(last[f"homes_step_{step}"] - first[f"homes_step_{step}"])
        if by:
            shown = signed_text(by, say, decimals=0)
            known = step != "unknown"
            parts.append(
                say("dilution.plan.step", step=step, change=shown)
                if known
                else say("dilution.plan.step_unknown", change=shown)
            )
    if parts:
        told.append(say("dilution.plan.by_step", parts=say.listing(parts)))
    return told


def walk_sentences(found: Dilution, say: Catalog) -> list[str]:
    """Say how far people walk before and after the plan."""
    states = (("before", found.steps.iloc[0]), ("after", found.steps.iloc[-1]))
    walk = {
        f"{name}_{state}": say.metres(float(row[f"walk_{name}_m"]))
        for name in ("bus", "grocery")
        for state, row in states
    }
    told = [say("dilution.plan.walk", **walk)]
    without = {
        f"{name}_{state}": int(row[f"no_way_{name}"])
        for name in ("bus", "grocery")
        for state, row in states
    }
    if any(without.values()):
        counted = {name: homes_text(count, say) for name, count in without.items()}
        told.append(say("dilution.plan.no_way", **counted))
    return told


def terms_sentences(found: Dilution, say: Catalog) -> list[str]:
    """Say what the plan keeps to, and what the dwellings were taken from."""
    terms, parameters = found.terms, found.parameters or {}
    told = [
        say("dilution.terms.sell", sell=terms.sell),
        say("dilution.terms.most", most=int(parameters["most_at_once"])),
    ]
    if terms.area is not None:
        name = found.study.areas["name"].loc[terms.area]
        shown = terms.area if pd.isna(name) else str(name)
        told.append(say("dilution.terms.area", area=shown))
    if terms.buy_at:
        plots = [plot_text(found, plot) for plot in sorted(terms.buy_at)]
        told.append(say("dilution.terms.plots", plots=say.listing(plots)))
    else:
        told.append(say("dilution.terms.no_plots"))
    if terms.keep_capacity:
        told.append(say("dilution.terms.keep"))
    if found.basis is not None:
        source = source_text(found.basis, found.study, say)
        told.append(say("dilution.terms.basis", source=source))
    return told


def assumed_sentences(found: Dilution, say: Catalog) -> list[str]:
    """Say what becomes of the dwellings in each kind of move, and how the plan was found."""
    kinds = set(found.moves["kind"])
    told = [
        say(f"dilution.assumed.{kind}", step=found.study.config.profile.step)
        for kind in KINDS
        if kind in kinds
    ]
    return [*told, say("dilution.assumed.plan")]
