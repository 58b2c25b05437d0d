"""Coordinates as bytes: doubles (WKB), floats, whole numbers, and the map page's differences."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from tomteanalyse.publishing.secrets import Frame
from tomteanalyse.publishing.sightings import decimals_of, seen

Bytes = npt.NDArray[np.uint8]

MOST_DECIMALS = 12
MOST_LENGTH = 5
"""Bytes of a number that is written seven bits a byte."""

_FORMS = (("f8", "doubles"), ("f4", "floats"), ("i4", "integers"), ("i8", "integers"))


def packed_kinds(data: bytes, frames: Sequence[Frame]) -> Iterator[str]:
    """Yield as what kinds of numbers a place's coordinates stand side by side in the bytes.

    Parameters
    ----------
    data
        Any bytes; a number may begin at any of them, its lowest or highest byte first.
    frames
        The places.
    """
    if not frames:
        return
    plain = [frame for frame in frames if frame.scale == 1.0]
    whole = [frame for frame in frames if not (frame.degrees and frame.scale == 1.0)]
    for form, kind in _FORMS:
        fitting = whole if kind == "integers" else plain
        if _stands_as(data, form, fitting):
            yield kind


def _stands_as(data: bytes, form: str, frames: Sequence[Frame]) -> bool:
    size = int(form[1])
    sizes = np.concatenate([frame.xy.ravel() for frame in frames])
    low, high = 0.99 * sizes.min(), 1.01 * sizes.max()
    for order in "<>":
        for offset in range(size):
            count = (len(data) - offset) // size
            if count < 2:
                continue
            with np.errstate(invalid="ignore", over="ignore"):
                values = np.frombuffer(data, f"{order}{form}", count, offset).astype(np.float64)
                kept = np.flatnonzero((np.abs(values) >= low) & (np.abs(values) <= high))
            chosen = values[kept]
            decimals = (
                decimals_of(chosen, most=MOST_DECIMALS)
                if form == "f8"
                else np.zeros(kept.size, dtype=np.int64)
            )
            if seen(chosen, decimals, frames, positions=kept, coarse=form == "f4"):
                return True
    return False


def holds_differences(data: bytes, frames: Sequence[Frame]) -> bool:
    """Say whether the bytes are coordinates, or differences of them, seven bits a byte.

    Parameters
    ----------
    data
        All of it, from the first number to the last.
    frames
        The places.
    """
    frames = [frame for frame in frames if not (frame.degrees and frame.scale == 1.0)]
    if not frames:
        return False
    for marks_end in (True, False):
        numbers = _sevens(np.frombuffer(data, np.uint8), marks_end=marks_end)
        if numbers is None or numbers.size < 2:
            continue
        # Bytes of something else can nearly always be told by what would be their first point.
        fitting = [frame for frame in frames if _may_begin(frame, *numbers[:2].tolist())]
        paired = numbers[: numbers.size // 2 * 2].reshape(-1, 2)
        for chosen in (paired, np.cumsum(paired, axis=0)) if fitting else ():
            values = chosen.astype(np.float64).ravel()
            if seen(values, np.zeros(values.size, dtype=np.int64), fitting):
                return True
    return False


def _may_begin(frame: Frame, one: float, other: float) -> bool:
    """Say whether two numbers are somewhere in the country, in either order."""
    (low_x, low_y), (high_x, high_y) = (each.tolist() for each in frame.bounds)
    wide = frame.scale * (20.0 if frame.degrees else 2_000_000.0)
    return any(
        low_x - wide <= x <= high_x + wide and low_y - wide <= y <= high_y + wide
        for x, y in ((abs(one), abs(other)), (abs(other), abs(one)))
    )


def _sevens(data: Bytes, *, marks_end: bool) -> npt.NDArray[np.int64] | None:
    """Return the whole numbers, the sign in their lowest bit; None if that is not what it is.

    ``marks_end`` says whether the highest bit marks a number's last byte (as in the map page) or
    all but the last (as in most formats).
    """
    last = (data >= 128) == marks_end
    if not data.size or not last[-1]:
        return None
    ends = np.flatnonzero(last)
    length = np.diff(ends, prepend=-1)
    if length.max() > MOST_LENGTH:
        return None
    owner = np.repeat(np.arange(ends.size), length)
    place = np.arange(data.size) - np.repeat(ends - length + 1, length)
    shifted = (data & 127).astype(np.uint64) << (7 * place).astype(np.uint64)
    plain = np.zeros(ends.size, dtype=np.uint64)
    np.add.at(plain, owner, shifted)
    half = (plain >> np.uint64(1)).astype(np.int64)
    return np.where(plain & np.uint64(1), -half - 1, half)
