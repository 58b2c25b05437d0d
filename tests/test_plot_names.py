import pytest

from tomteanalyse.errors import UsageError
from tomteanalyse.scoring.plot_names import plot_meant

NAMES = {"T01": "Sentrum", "T02": "Åsen vest", "T03": "T01", "T04": "Myra", "T05": "myra", "6": "6"}


@pytest.mark.parametrize(
    ("written", "plot_id"),
    [("T01", "T01"), ("Sentrum", "T01"), ("  ÅSEN  vest ", "T02"), ("t02", None), ("6", "6")],
)
def test_an_id_goes_before_a_name_and_a_name_is_read_in_any_case(
    written: str, plot_id: str | None
) -> None:
    if plot_id is None:
        with pytest.raises(UsageError, match="Mente du «T02 Åsen vest»"):
            plot_meant(written, NAMES)
    else:
        assert plot_meant(written, NAMES) == plot_id


def test_a_name_that_several_have_is_not_guessed_at() -> None:
    with pytest.raises(UsageError) as caught:
        plot_meant("Myra", NAMES)
    (notice,) = caught.value.notices
    assert (notice.code, notice.ids) == ("explain.shared_name", ("T04", "T05"))


@pytest.mark.parametrize(
    ("written", "guess"), [("Sentrm", "T01 Sentrum"), ("Åsen", "T02 Åsen vest")]
)
def test_a_name_near_what_was_written_is_suggested_with_its_id(written: str, guess: str) -> None:
    with pytest.raises(UsageError) as caught:
        plot_meant(written, NAMES)
    assert caught.value.notices[0].values["guess"] == guess


def test_a_study_without_plots_has_nothing_to_suggest() -> None:
    with pytest.raises(UsageError) as caught:
        plot_meant("T01", {})
    assert caught.value.notices[0].values["guess"] == "–"
