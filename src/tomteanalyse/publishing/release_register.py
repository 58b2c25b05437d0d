"""``publiseringer.json``: what has been told so far, without which nothing more may be told.

Only a number that is the same as last time, or differs by the floor or more, may be told; so what
was told last time must be known, for ever, by every study that publishes of the same register: so
it lies beside the register. The file holds nothing that has not been told, except the reasons for a
lower floor. It is only ever added to.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tomteanalyse.errors import DataError, Notice
from tomteanalyse.publishing.area import tree_of
from tomteanalyse.publishing.released import WHOLE, Node, Released, Told, Tree

NAME = "publiseringer.json"
PRODUCT = "tomteanalyse"
FORMAT = 1
"""Counted up when the meaning of a field changes."""


@dataclass(frozen=True)
class Publication:
    """A release and what is written down of it.

    Parameters
    ----------
    day
        The day the register was of.
    released
        What was told.
    reason
        Why the floor was lowered; None where it was not.
    """

    day: date
    released: Released
    reason: str | None = None


def told_digest(publication: Publication) -> str:
    """Return a fingerprint of what an edition tells of a publication, and of nothing else."""
    released = publication.released
    told = [[node.size_m, node.cell, each.homes] for node, each in sorted(released.told.items())]
    return _checksum(
        {
            "day": publication.day.isoformat(),
            "floor": released.floor,
            "reason": publication.reason,
            "told": told,
        }
    )


def read_publications(path: Path) -> tuple[Publication, ...]:
    """Return everything published so far, the first one first; nothing if nothing has been.

    Raises
    ------
    DataError
        ``public.register_damaged`` if the file is not as it was written, ``public.register_newer``
        if a newer version wrote it. Nothing may be told then.
    """
    try:
        written = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise DataError(Notice("public.register_damaged", file=path.name)) from error
    try:
        data = json.loads(written)
        checksum = data.pop("checksum")
        if data["product"] != PRODUCT or checksum != _checksum(data):
            raise ValueError("the checksum is another one")
        if data["format"] > FORMAT:
            raise DataError(Notice("public.register_newer", file=path.name))
        tree = tree_of(int(cell) for cell in data["large_cells"])
        found = tuple(_publication(each, tree) for each in data["publications"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(Notice("public.register_damaged", file=path.name)) from error
    if not found:
        raise DataError(Notice("public.register_damaged", file=path.name))
    return found


def write_publications(publications: Iterable[Publication], path: Path) -> None:
    """Write everything published so far, whole or not at all.

    Raises
    ------
    ValueError
        If there are none, or they are not of the same cells.
    OSError
        If the file cannot be written; what was written before is then as it was.
    """
    listed = list(publications)
    tree = listed[0].released.tree if listed else {}
    if not listed or any(dict(each.released.tree) != dict(tree) for each in listed):
        raise ValueError("what is published is of the same cells, for ever")
    data: dict[str, Any] = {
        "product": PRODUCT,
        "format": FORMAT,
        "large_cells": [node.cell for node in tree[WHOLE]],
        "publications": [_plain(each) for each in listed],
    }
    data["checksum"] = _checksum(data)
    written = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1)
    new = path.with_name(f".{path.name}.{PRODUCT}-new")
    try:
        with new.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(f"{written}\n")
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(path)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise


def _checksum(data: Mapping[str, Any]) -> str:
    plain = json.dumps(
        dict(data), sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(publication: Publication) -> dict[str, Any]:
    released = publication.released
    return {
        "day": publication.day.isoformat(),
        "floor": released.floor,
        "reason": publication.reason,
        "told": [
            [node.size_m, node.cell, told.homes, told.exact]
            for node, told in sorted(released.told.items())
        ],
        "earlier": [
            [node.size_m, node.cell, homes] for node, homes in sorted(released.earlier.items())
        ],
    }


def _publication(data: Mapping[str, Any], tree: Tree) -> Publication:
    nodes = {WHOLE, *tree[WHOLE], *(part for large in tree[WHOLE] for part in tree[large])}

    def node(size_m: int, cell: int) -> Node:
        found = Node(size_m, cell)
        if found not in nodes:
            raise ValueError("there is no such cell")
        return found

    told = {
        node(size_m, cell): Told(int(homes), exact=bool(exact))
        for size_m, cell, homes, exact in data["told"]
    }
    earlier = {node(size_m, cell): int(homes) for size_m, cell, homes in data["earlier"]}
    reason = data["reason"]
    return Publication(
        date.fromisoformat(data["day"]),
        Released(told, tree, int(data["floor"]), earlier),
        None if reason is None else str(reason),
    )
