"""Tell what selling, buying and moving municipal homes would do."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tomteanalyse.commands.options import HELP, JsonOption, LanguageOption, StudyPath
from tomteanalyse.commands.talk import chosen_language, progress, speaking, warn
from tomteanalyse.errors import Notice, UsageError

if TYPE_CHECKING:
    from tomteanalyse.study import Study

USUAL_SELL = 5
ALL_PLOTS = ("alle", "all")
OBJECTIVES = "dissimilarity|gini|top_share"


def dilute(
    study: StudyPath,
    *,
    sell: Annotated[
        int,
        typer.Option("--sell", metavar="N", help=HELP("cli.help.dilute_sell"), show_default=False),
    ] = USUAL_SELL,
    buy_at: Annotated[
        str, typer.Option("--buy-at", metavar="TOMTER", help=HELP("cli.help.dilute_buy_at"))
    ] = "",
    keep_capacity: Annotated[
        bool, typer.Option("--keep-capacity", help=HELP("cli.help.dilute_keep"))
    ] = False,
    area: Annotated[
        str | None, typer.Option("--area", metavar="NAVN", help=HELP("cli.help.dilute_area"))
    ] = None,
    objective: Annotated[
        str,
        typer.Option(
            "--objective",
            metavar=OBJECTIVES,
            help=HELP("cli.help.dilute_objective"),
            show_default=False,
        ),
    ] = "dissimilarity",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help=HELP("cli.help.dilute_out"))
    ] = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what every move would do, and write a plan of several."""
    from tomteanalyse.dilution.dilute import dilute as dilute_study
    from tomteanalyse.dilution.found import Terms
    from tomteanalyse.dilution.terms import area_meant
    from tomteanalyse.inputs.reading import read_study
    from tomteanalyse.ledger import keep_state
    from tomteanalyse.views.dilution.outputs import default_dilution_folder, write_dilution
    from tomteanalyse.views.dilution.screen import dilution_json, dilution_text
    from tomteanalyse.views.release import check_folder

    with speaking(chosen_language(language)):
        with progress(quiet=as_json, language=chosen_language(language) or "nb") as on_stage:
            on_stage("reading")
            found = read_study(study)
            chosen = chosen_language(language) or found.config.language
            folder = out or default_dilution_folder(found.config.name)
            check_folder(folder, study_folder=found.folder)
            terms = Terms(
                sell,
                buy_at=_plots(found, buy_at),
                keep_capacity=keep_capacity,
                area=None if area is None else area_meant(found, area),
            )
            result = dilute_study(found, terms, objective=objective, on_stage=on_stage)
            on_stage("writing")
            outputs, kept = write_dilution(result, folder, language=chosen)
            notices = (*result.warnings, *kept, *keep_state(found).notices)
        if as_json:
            typer.echo(dilution_json(result, outputs, notices, language=chosen))
        else:
            warn(notices, chosen)
            typer.echo(dilution_text(result, language=chosen))
            for each in outputs:
                typer.echo(folder / each.name)


def _plots(study: "Study", written: str) -> tuple[str, ...]:
    """Return the plots that are meant, by ids or names with commas between; every one by «alle».

    Raises
    ------
    UsageError
        Every plot that the study does not have, or has several of.
    """
    from tomteanalyse.scoring.plot_names import plot_meant

    ids = [str(plot) for plot in study.plots.index]
    asked = [each.strip() for each in written.split(",") if each.strip()]
    if [each.casefold() for each in asked] in [[word] for word in ALL_PLOTS]:
        return tuple(ids)
    named = study.plots["name"].where(study.plots["name"].notna(), study.plots.index)
    names = dict(zip(ids, named.astype("str").tolist(), strict=True))
    found: list[str] = []
    faults: list[Notice] = []
    for each in asked:
        try:
            found.append(plot_meant(each, names))
        except UsageError as error:
            faults += error.notices
    if faults:
        raise UsageError(*faults, language=study.config.language)
    return tuple(sorted(set(found)))
