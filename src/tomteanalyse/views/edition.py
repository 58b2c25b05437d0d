"""Whom a result is for, said on every page, sheet, row, layer and data file of it.

A file is opened apart from its folder, a sheet apart from its file and a layer apart from both;
so each of them says it. Names of files, fields and layers stay as they are.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from html import escape
from pathlib import Path
from typing import Literal

from tomteanalyse.texts import Catalog

Edition = Literal["internal", "public"]
"""Internal: shows or follows from the register of homes. Public: made to give nobody away."""

MARK = "tomteanalyse-edition"
"""What a page's metadata and a GeoPackage's call it."""
COLOURS: dict[Edition, tuple[str, str]] = {
    "internal": ("#a3201a", "#ffffff"),
    "public": ("#dcebe6", "#163d33"),
}
"""Band and its writing, with a contrast of at least 7.5 to 1."""

_METADATA_TABLES = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (
    table_name TEXT,
    column_name TEXT,
    extension_name TEXT NOT NULL,
    definition TEXT NOT NULL,
    scope TEXT NOT NULL,
    CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
);
CREATE TABLE IF NOT EXISTS gpkg_metadata (
    id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL,
    md_scope TEXT NOT NULL DEFAULT 'dataset',
    md_standard_uri TEXT NOT NULL,
    mime_type TEXT NOT NULL DEFAULT 'text/xml',
    metadata TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS gpkg_metadata_reference (
    reference_scope TEXT NOT NULL,
    table_name TEXT,
    column_name TEXT,
    row_id_value INTEGER,
    timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    md_file_id INTEGER NOT NULL,
    md_parent_id INTEGER,
    CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
    CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id)
);
"""
"""As the GeoPackage standard has them (annex F.8)."""
_METADATA_EXTENSION = "http://www.geopackage.org/spec120/#extension_metadata"
_BY_NAME, _IN_WORDS = "http://gdal.org", "urn:tomteanalyse:edition"
"""Say in which form metadata is written. QGIS and GDAL show the first by name and value. Of the
whole file it would have GDAL write a file of its own (``.aux.xml``) beside it at the first look."""


def edition_name(edition: Edition, say: Catalog) -> str:
    """Return its name, e.g. ``INTERN``."""
    return say(f"edition.{edition}.name")


def edition_line(edition: Edition, say: Catalog) -> str:
    """Return its name and what that means in one line: ``INTERN. Inneholder …``."""
    return say(
        "edition.line", name=edition_name(edition, say), words=say(f"edition.{edition}.words")
    )


def titled(title: str, *, edition: Edition, say: Catalog) -> str:
    """Return a title that names the edition: of a page, a workbook, a layer."""
    return say(f"edition.{edition}.title", title=title)


def page_head(edition: Edition, say: Catalog) -> str:
    """Return what the edition adds to a page's ``<head>``: metadata and the looks of its band.

    On paper the edition stands in the margin of every sheet. Comes before `with_policy`, which
    names the hash of the style.
    """
    ground, ink = COLOURS[edition]
    on_paper = ground if edition == "internal" else ink
    # Texts of the catalogue hold no signs that would end the string.
    style = f"""
.edition {{ background: {ground}; color: {ink}; font-size: 13px; line-height: 1.35; padding: 4px 20px; margin: 0; print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
.edition strong {{ letter-spacing: 0.04em; margin-right: 10px; }}
@media (max-width: 899px) {{ .edition {{ font-size: 12.5px; padding: 4px 14px; }} }}
/* A telephone scrolls the whole page; what is seen further down says it too. */
@media screen and (max-width: 899px) and (min-height: 500px) {{
  html {{ scroll-padding-top: 52px; }}
  header:has(> .edition) {{ display: contents; }}
  .edition {{ position: sticky; top: 0; z-index: 1100; }}
}}
@page {{ @top-right {{ content: "{edition_name(edition, say)}"; color: {on_paper}; font: bold 9pt sans-serif; letter-spacing: 0.04em; }} }}
"""  # noqa: E501 - a rule a line
    return f'<meta name="{MARK}" content="{edition}">\n<style>{style}</style>'


def page_band(edition: Edition, say: Catalog) -> str:
    """Return the band that stands on top of a page.

    ``data-say`` names its texts for pages that can be read in several languages.
    """
    name, words = (
        f'data-say="edition.{edition}.{part}">{escape(say(f"edition.{edition}.{part}"))}'
        for part in ("name", "words")
    )
    return f'<p class="edition"><strong {name}</strong> <span {words}</span></p>'


def with_edition_column(
    rows: Sequence[Sequence[str]], *, edition: Edition, say: Catalog
) -> list[list[str]]:
    """Return the rows of a table, headings first, with the edition last in every one.

    A CSV file has no other place for it that a reader would not stumble over; and rows that are
    copied into another file take it with them.
    """
    name = edition_name(edition, say)
    return [[*row, name if at else say("edition.heading")] for at, row in enumerate(rows)]


def mark_geopackage(path: Path, *, edition: Edition, say: Catalog, moment: str) -> None:
    """Say the edition in a finished GeoPackage: of every table in its list, and of the whole.

    Title and description of every layer say it in words; metadata of the file and of every layer
    under the name `MARK` say it to programs. Fields and names of layers stay as they are.

    Parameters
    ----------
    path
        The file; nothing may have marked it before.
    edition
        Which edition it is.
    say
        The texts of its language.
    moment
        What stands as the time of marking: same input, same bytes.

    Raises
    ------
    sqlite3.OperationalError
        If the disk is full or the file cannot be written.
    """
    line = edition_line(edition, say)
    by_name = (
        "<GDALMultiDomainMetadata><Metadata>"
        f'<MDI key="{MARK}">{edition}</MDI><MDI key="{escape(say("edition.heading"))}">'
        f"{escape(line)}</MDI></Metadata></GDALMultiDomainMetadata>"
    )
    with closing(sqlite3.connect(path)) as database, database:
        # Statement by statement: a script would commit, and leave half a mark on a full disk.
        for statement in filter(str.strip, _METADATA_TABLES.split(";")):
            database.execute(statement)
        listed = database.execute(
            "SELECT table_name, identifier, description FROM gpkg_contents ORDER BY rowid"
        ).fetchall()
        for table, identifier, description in listed:
            title = titled(identifier or table, edition=edition, say=say)
            words = f"{line} {description or ''}".strip()
            database.execute(
                "UPDATE gpkg_contents SET identifier = ?, description = ? WHERE table_name = ?",
                (title, words, table),
            )
        of_file, of_layers = (
            database.execute(
                "INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata)"
                " VALUES ('dataset', ?, ?, ?)",
                written,
            ).lastrowid
            for written in (
                (_IN_WORDS, "text/plain", f"{MARK}: {edition}. {line}"),
                (_BY_NAME, "text/xml", by_name),
            )
        )
        targets = [
            ("geopackage", None, of_file),
            *(("table", table, of_layers) for table, *_ in listed),
        ]
        database.executemany(
            "INSERT INTO gpkg_metadata_reference (reference_scope, table_name, timestamp,"
            " md_file_id) VALUES (?, ?, ?, ?)",
            [(scope, table, moment, number) for scope, table, number in targets],
        )
        database.executemany(
            "INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition,"
            " scope) VALUES (?, NULL, 'gpkg_metadata', ?, 'read-write')",
            [
                (table, _METADATA_EXTENSION)
                for table in ("gpkg_metadata", "gpkg_metadata_reference")
            ],
        )
