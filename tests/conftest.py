"""What holds for all tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from browsing import ARGUMENTS, CHROMIUM

# The same examples every time, and no example fails because the machine was busy.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium, closed after each module: while it runs no other event loop can."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield started
        started.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose name has blanks and letters beyond ASCII."""
    made = tmp_path / "Kart og blåbær æøå"
    made.mkdir()
    return made
