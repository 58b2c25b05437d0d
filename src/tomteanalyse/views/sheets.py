"""What stands on each sheet of ``rangering.xlsx``."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from tomteanalyse.assessment import Assessment
from tomteanalyse.config import ConstraintConfig
from tomteanalyse.errors import SHOWN
from tomteanalyse.scoring.criteria import source_text
from tomteanalyse.scoring.profiles import shares
from tomteanalyse.scoring.robustness import Robustness
from tomteanalyse.scoring.weight_sets import rank_by_weight_set
from tomteanalyse.scoring.wording import POINT_DECIMALS, anchors_text, decision_text
from tomteanalyse.texts import Catalog, Language
from tomteanalyse.views.concentration_columns import (
    about_rows,
    around_columns,
    building_columns,
    municipality_columns,
)
from tomteanalyse.views.edition import edition_line
from tomteanalyse.views.provenance import run_id, versions, without_folder
from tomteanalyse.views.ranking import plain, ranking_table, undecided
from tomteanalyse.views.ranking_file import internal_ranking
from tomteanalyse.views.shortcut_sheet import shortcut_columns
from tomteanalyse.views.tables import Cell, Column

CLEARED = ("rail", "motorway")
"""What must be cleared wherever an unsafe shortcut crosses it, see `must_clear`."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its key, its columns, and how many of them stay in view when scrolling."""

    key: str
    columns: Sequence[Column]
    frozen_columns: int = 0


def sheets(assessment: Assessment, say: Catalog) -> list[Sheet]:
    """Return the sheets in order; the one on interested parties only where the study has any."""
    listed = [
        Sheet("ranking", internal_ranking(assessment, say), frozen_columns=3),
        Sheet("criteria", _criteria(assessment, say)),
        Sheet("constraints", _constraints(assessment, say)),
        Sheet("shortcuts", shortcut_columns(assessment, say), frozen_columns=2),
        Sheet("concentration", around_columns(assessment, say), frozen_columns=2),
        Sheet("buildings", building_columns(assessment, say), frozen_columns=1),
        Sheet("municipality", municipality_columns(assessment, say)),
    ]
    if assessment.study.config.weight_sets:
        listed.append(Sheet("weight_sets", _weight_sets(assessment, say), frozen_columns=2))
    return [*listed, Sheet("about", _about(assessment, say))]


def _criteria(assessment: Assessment, say: Catalog) -> list[Column]:
    evaluation = assessment.evaluation
    criteria = evaluation.criteria
    keys = [criterion.key for criterion in criteria]
    weight_decisions = [plain(evaluation.weight_decision[key]) for key in keys]
    cells: dict[str, list[Cell]] = {
        "criterion": [say(f"criterion.{key}.name") for key in keys],
        "weight": [100 * float(evaluation.weights[key]) for key in keys],
        "weight_source": [source_text(evaluation.weight_source[key], say) for key in keys],
        "weight_decision": [decision_text(decision, say) for decision in weight_decisions],
        "anchors": [anchors_text(criterion, say) for criterion in criteria],
        "source": [source_text(criterion.source, say) for criterion in criteria],
        "decision": [decision_text(criterion.decision, say) for criterion in criteria],
    }
    columns = [
        Column(name, say(f"tables.criteria.{name}"), values, decimals=1)
        for name, values in cells.items()
    ]
    for each in assessment.study.config.weight_sets:
        weights = shares(pd.Series({key: each.weights.get(key, 0.0) for key in keys}))
        heading = say("tables.criteria.set_weight", name=each.name)
        columns.append(Column("set_weight", heading, [100 * w for w in weights], decimals=1))
    return columns


def _constraints(assessment: Assessment, say: Catalog) -> list[Column]:
    constraints = assessment.study.config.constraints
    rows: list[dict[str, Cell]] = [
        {
            "reason": each.reason,
            "effect": say(f"effect.{each.effect}"),
            "condition": _condition(each, say),
            "source": each.source,
            "decision": decision_text(each.decision, say),
            **_concerned(assessment, each.key, say),
        }
        for each in constraints
    ]
    if not constraints:
        rows = [{"reason": say("tables.constraints.none")}]
    threshold = assessment.shortcuts.parameters["screen"]["must_clear_risk"]
    rows += [
        {
            "reason": say(f"clear.{barrier}"),
            "effect": say("effect.must_clear"),
            "condition": say("tables.constraints.index", least=float(threshold)),
            "source": say("source.clear"),
            "decision": decision_text(None, say),
            **_concerned(assessment, f"unsafe_shortcut_{barrier}", say),
        }
        for barrier in CLEARED
    ]
    names = ("reason", "effect", "condition", "source", "decision", "violated", "unknown")
    return [
        Column(name, say(f"tables.constraints.{name}"), [row.get(name) for row in rows])
        for name in names
    ]


def _concerned(assessment: Assessment, constraint: str, say: Catalog) -> dict[str, Cell]:
    verdicts = assessment.evaluation.verdicts
    mine = verdicts[verdicts["constraint"] == constraint]
    return {
        state: _plots(mine.loc[mine["state"] == state, "plot_id"], say)
        for state in ("violated", "unknown")
    }


def _condition(constraint: ConstraintConfig, say: Catalog) -> str:
    if constraint.criterion is None:
        return say("tables.constraints.outside", file=without_folder(str(constraint.file)))
    limits = [
        say(f"tables.constraints.{name}", limit=say.number(limit, decimals=None))
        for name, limit in (("least", constraint.min), ("most", constraint.max))
        if limit is not None
    ]
    key = f"criterion.{constraint.criterion}.name"
    name = say(key) if key in say else constraint.criterion
    return f"{name}: {say.listing(limits)}"


def _plots(plot_ids: pd.Series, say: Catalog) -> str | None:
    if plot_ids.empty:
        return None
    most = 10 * SHOWN
    ids = sorted(str(each) for each in plot_ids)
    hidden = len(ids) - most
    more = f" {say('notice.more', count=hidden)}" if hidden > 0 else ""
    return f"{', '.join(ids[:most])}{more}"


def _weight_sets(assessment: Assessment, say: Catalog) -> list[Column]:
    table = ranking_table(assessment)
    by_set = rank_by_weight_set(assessment.evaluation, assessment.study.config.weight_sets)
    by_set = by_set.loc[table.index]
    columns = [
        Column("plot_id", say("tables.ranking.plot_id"), [str(each) for each in table.index]),
        Column("name", say("tables.ranking.name"), [plain(each) for each in table["name"]]),
        Column("rank", say("tables.weight_sets.own_rank"), _ranks(table["rank"], say)),
    ]
    for each in assessment.study.config.weight_sets:
        ranks, scores = by_set[each.name, "rank"], by_set[each.name, "score"]
        columns += [
            Column("rank", say("tables.weight_sets.rank", name=each.name), _ranks(ranks, say)),
            Column(
                "score",
                say("tables.weight_sets.score", name=each.name),
                [float(score) for score in scores],
                decimals=POINT_DECIMALS,
            ),
        ]
    return columns


def _ranks(ranks: pd.Series, say: Catalog) -> list[Cell]:
    return [say("tables.unranked") if pd.isna(rank) else int(rank) for rank in ranks]


def _about(assessment: Assessment, say: Catalog) -> list[Column]:
    study, robustness = assessment.study, assessment.robustness
    language: Language = say.language
    profile = study.config.profile
    stamp = study.extract.timestamp
    rows: list[tuple[str, Cell]] = [
        ("edition", edition_line("internal", say)),
        ("study", study.config.name),
        *((("note", study.config.note),) if study.config.note else ()),
        ("profile", f"{say(f'profile.step.{profile.step}')}; {_form(profile.housing_form, say)}"),
        ("osm", say.date(stamp) if stamp else say("tables.about.undated")),
        ("attribution", study.config.extract.attribution or say("map.footer.attribution")),
        ("crs", f"{study.crs.name} ({study.crs.to_string()})"),
        ("run", run_id(assessment)),
        ("version", versions()["tomteanalyse"]),
        ("draws", _drawn(robustness, say)),
        ("undecided", _undecided(assessment, say)),
        ("score", say("tables.about.score_words")),
        ("shortcuts", _shortcuts(assessment, say)),
        ("interval", say("tables.about.interval_words")),
        ("acceptability", say("tables.about.acceptability_words")),
        ("dropped", say("tables.about.dropped_words", count=len(study.dropped))),
        *(("weight_set", f"{each.name}: {each.source}") for each in study.config.weight_sets),
    ]
    told: list[tuple[str, Cell]] = [
        *((say(f"tables.about.{key}"), answer) for key, answer in rows),
        *about_rows(assessment, say),
        *((say("tables.about.warning"), notice.text(language)) for notice in assessment.warnings),
    ]
    return [
        Column("what", say("tables.about.what"), [what for what, _ in told]),
        Column("answer", say("tables.about.answer"), [answer for _, answer in told]),
    ]


def _drawn(robustness: Robustness, say: Catalog) -> str:
    draws = say.number(robustness.draws)
    return say("tables.about.drawn", draws=draws, seed=robustness.seed)


def _shortcuts(assessment: Assessment, say: Catalog) -> str:
    closely = int(assessment.shortcuts.index_fine.notna().sum())
    return say("tables.about.shortcuts_words", count=say.number(closely))


def _form(housing_form: str, say: Catalog) -> str:
    return say(f"profile.form.{housing_form}")


def _undecided(assessment: Assessment, say: Catalog) -> str:
    keys = undecided(assessment)
    if not keys:
        return say("tables.about.all_decided")
    names = say.listing([say(f"criterion.{key}.short") for key in keys])
    return say("tables.about.undecided_words", criteria=names)
