"""What depends on the register, in the words of the public edition."""

from tomteanalyse.public_assessment import PublicAssessment
from tomteanalyse.publishing.classes import Classes, PublicClass, class_of
from tomteanalyse.publishing.released import Node, Released
from tomteanalyse.texts import Catalog, Language, catalog
from tomteanalyse.views.tables import Cell

INSTEAD = "public.instead."
"""Texts that begin so stand instead of the usual ones in a public edition."""


def public_catalog(language: Language) -> Catalog:
    """Return the texts of a language as the public edition says them."""
    usual = catalog(language).entries
    return Catalog(language, {**usual, **public_texts(language)})


def public_texts(language: Language) -> dict[str, str]:
    """Return the texts that are other ones in a public edition, by their usual key."""
    return {
        key.removeprefix(INSTEAD): text
        for key, text in catalog(language).entries.items()
        if key.startswith(INSTEAD)
    }


def class_words(each: PublicClass, say: Catalog) -> str:
    """Return the words of a class."""
    return say(f"map.public.class.{each.key}")


def told_class(value: float, classes: Classes, say: Catalog) -> str:
    """Return the words of the class that counts as a figure, or that it is unknown."""
    found = class_of(value, classes)
    return say.number(float("nan")) if found is None else class_words(found, say)


def counted_words(classes: Classes, say: Catalog) -> str:
    """Return every class with what it counts as."""
    return "; ".join(
        say(
            "public.counts_as",
            words=class_words(each, say),
            number=say.number(each.counts_as, decimals=None),
        )
        for each in classes
    )


def told_homes(released: Released, node: Node, say: Catalog) -> Cell:
    """Return the number told of a cell, or that it was held back."""
    told = released.told.get(node)
    return say("public.held_back") if told is None else told.homes


def edition_notes(found: PublicAssessment, say: Catalog) -> list[str]:
    """Return what a reader must know of a public edition, a sentence each."""
    last = found.publications[-1]
    floor = last.released.floor
    return [
        say("map.public.note.differs"),
        say("map.public.note.classes"),
        say("map.public.note.floor", floor=str(floor), most=str(floor - 1)),
        say("map.public.note.again", floor=str(floor)),
        say("map.public.note.day", day=say.date(last.day.isoformat())),
        *([say("map.public.note.reason", reason=last.reason)] if last.reason else []),
    ]
