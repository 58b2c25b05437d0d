"""Look through everything that is about to be published for places of the register."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tomteanalyse.errors import Notice, PrivacyError
from tomteanalyse.publishing.containers import (
    Part,
    UnreadableError,
    is_known,
    is_openable,
    parts_of,
)
from tomteanalyse.publishing.disguises import (
    encoded_in,
    is_text,
    separated,
    texts_of,
    undisguised,
    without_tags,
)
from tomteanalyse.publishing.packed import holds_differences, packed_kinds
from tomteanalyse.publishing.pdf_text import PDF_TEXT
from tomteanalyse.publishing.plain import visible
from tomteanalyse.publishing.secrets import Secrets
from tomteanalyse.publishing.written import holds_phrase, holds_place, holds_run_together
from tomteanalyse.texts import Phrase

DEEPEST = 8
"""How many wrappings are taken off: a ZIP in base64 in a ZIP is three."""

TEXT, NAME, COORDINATES, UNREADABLE = "text", "name", "coordinates", "unreadable"
LINK = "link"
KINDS = (TEXT, NAME, COORDINATES, "doubles", "floats", "integers", "differences", UNREADABLE, LINK)
BETWEEN = b"\n\x00\n"
_OWN = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, order=True)
class Leak:
    """Something of the register in a file; what it is is not said.

    Parameters
    ----------
    file
        The file, as seen from the folder; "…" for a name that is a leak itself.
    member
        Where in the file, from the outside in, parted by "›"; empty for the file as it is.
    kind
        One of `KINDS`: ``text`` (id or address), ``name`` (the same in a file's name),
        ``coordinates`` (in text), ``doubles``, ``floats``, ``integers``, ``differences`` (as
        bytes), ``unreadable`` (could not be looked into), ``link`` (to something elsewhere).
    """

    file: str
    member: str
    kind: str


def scan(path: Path, secrets: Secrets) -> tuple[Leak, ...]:
    """Look for places of the register in a file or in all files of a folder.

    Parameters
    ----------
    path
        What to look through, hidden files included. A link in it is not followed: it is refused,
        since what it leads to may be another thing tomorrow.
    secrets
        What must not be found.

    Returns
    -------
    tuple of Leak
        Each kind once for each file and member, sorted.
    """
    folder = path if path.is_dir() else path.parent
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    found: set[Leak] = set()
    for file in files:
        name, named = shown_name(file.relative_to(folder).as_posix(), secrets)
        if named:
            found.add(Leak(name, "", NAME))
        if file.is_symlink():
            found.add(Leak(name, "", LINK))
        elif file.is_file():
            data = file.read_bytes()
            search = _Search(secrets)
            search.in_bytes(data)
            found |= {Leak(name, member, kind) for member, kind in search.found}
            if not is_known(data):
                found.add(Leak(name, "", UNREADABLE))
        elif not file.is_dir():
            found.add(Leak(name, "", UNREADABLE))
    return tuple(sorted(found))


def refuse_leaks(folder: Path, secrets: Secrets) -> None:
    """Stop a publication that would tell of a place in the register.

    Parameters
    ----------
    folder
        What is about to be published.
    secrets
        What must not be found.

    Raises
    ------
    PrivacyError
        ``publishing.leak``, ``publishing.unreadable`` or ``publishing.link`` for every file, none
        with the address or the place.
    """
    told = sorted({(leak.file, leak.kind) for leak in scan(folder, secrets)})
    notices = [
        Notice(f"publishing.{kind}", file=file)
        if kind in (UNREADABLE, LINK)
        else Notice(
            "publishing.leak", file=file, values={"kind": Phrase(f"publishing.kind.{kind}")}
        )
        for file, kind in told
    ]
    if notices:
        raise PrivacyError(*notices)


class _Search:
    """The search through one file.

    Parameters
    ----------
    secrets
        What must not be found.
    """

    def __init__(self, secrets: Secrets) -> None:
        self.found: set[tuple[str, str]] = set()
        self._secrets = secrets
        self._done: set[bytes | str] = set()
        self._pieces: set[bytes] = set()

    def in_bytes(self, data: bytes, *, trail: tuple[str, ...] = ()) -> None:
        if data in self._done:
            return
        self._done.add(data)
        member = " › ".join(trail)
        if len(trail) > DEEPEST:
            self.found.add((member, UNREADABLE))
            return
        if not is_text(data):
            self.found |= {(member, kind) for kind in packed_kinds(data, self._secrets.frames)}
        for text in texts_of(data):
            self._in_text(text, trail=trail)
            if not is_text(data) and holds_run_together(text, self._secrets):
                self.found.add((member, TEXT))
        try:
            for part in parts_of(data):
                self._in_part(part, trail=trail)
        except UnreadableError:
            self.found.add((member, UNREADABLE))

    def _in_part(self, part: Part, *, trail: tuple[str, ...]) -> None:
        name, named = shown_name(part.name, self._secrets)
        inner = (*trail, name)
        if named:
            self.found.add((" › ".join(inner), NAME))
        if isinstance(part.content, bytes):
            self.in_bytes(part.content, trail=inner)
        elif isinstance(part.content, str):
            self._in_text(part.content, trail=inner)
            if name == PDF_TEXT and holds_run_together(part.content, self._secrets):
                self.found.add((" › ".join(inner), TEXT))
        else:
            self._in_many(part.content, trail=inner)

    def _in_many(self, pieces: tuple[bytes, ...], *, trail: tuple[str, ...]) -> None:
        """Look through many small things at once: one by one each costs as much as a file."""
        new = [each for each in dict.fromkeys(pieces) if each not in self._pieces]
        self._pieces.update(new)
        for piece in new:
            if holds_differences(piece, self._secrets.frames):
                self.found.add((" › ".join(trail), "differences"))
            if is_openable(piece):
                self.in_bytes(piece, trail=trail)
        if new:
            self.in_bytes(BETWEEN.join(new), trail=trail)

    def _in_text(self, text: str, *, trail: tuple[str, ...]) -> None:
        text = visible(text)
        if text in self._done:
            return
        self._done.add(text)
        member, secrets = " › ".join(trail), self._secrets
        shown, encoded = encoded_in(text)
        bare = without_tags(shown)
        if any(holds_phrase(each, secrets) for each in {shown, separated(shown) or "", *bare}):
            self.found.add((member, TEXT))
        # Cells of a word processor's table lie a thousand signs apart, tags included.
        if any(holds_place(each, secrets.frames) for each in (shown, *bare[-1:])):
            self.found.add((member, COORDINATES))
        if len(trail) < DEEPEST:
            self._in_many(encoded, trail=(*trail, "<encoded>"))
            for plain in undisguised(shown):
                self._in_text(plain, trail=(*trail, "<escaped>"))


def shown_name(name: str, secrets: Secrets) -> tuple[str, bool]:
    """Return a name that may be told, and whether it had to be another."""
    if _OWN.fullmatch(name) or not (
        holds_phrase(name, secrets) or holds_place(name, secrets.frames)
    ):
        return name, False
    return f"…{PurePosixPath(name).suffix}", True
