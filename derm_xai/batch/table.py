"""A table of cases as rows by column: a CSV file as spreadsheets write it, and nothing of it lost unseen."""

import csv
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from io import StringIO
from itertools import zip_longest
from pathlib import Path

from derm_xai.errors import CasesError
from derm_xai.records import ClinicalContext

Row = dict[str, str]
REQUIRED = ("case_id", "photo", "image_type")
FIELDS = tuple(ClinicalContext.model_fields)
NAMELESS = ""
"""The key of a row for what stands in it under no column's name."""
_ALIKE = 0.8
"""From here on two names are taken for one that is misspelt: "fevr", but not "photo_id", which tables do hold."""


def read_table(table: Path) -> Iterator[Row]:
    """Yield the rows that hold anything, by the columns' names; say once which columns are not read.

    Raises CasesError when the table cannot be read, or a column is missing, stands twice or seems misspelt.
    """
    try:
        # once, since the table may come through a pipe
        text = StringIO(table.read_bytes().decode("utf-8-sig"), newline="")
        yield from _rows(text)
    except (OSError, UnicodeDecodeError):
        raise CasesError("The table of cases cannot be read. Give a CSV file in UTF-8.") from None
    except csv.Error:
        raise CasesError(
            "The table of cases has a quotation mark that is not closed, or text right after one that is. "
            "Correct it and start again."
        ) from None


def _rows(text: StringIO) -> Iterator[Row]:
    delimiter = max(",;\t", key=text.readline().count)
    text.seek(0)
    # a cell that is too long is an error of its case alone
    csv.field_size_limit(2**31 - 1)
    lines = csv.reader(text, delimiter=delimiter, strict=True)
    columns = _columns(next(lines, []))
    for cells in lines:
        if any(map(str.strip, cells)):
            named = list(zip_longest(columns, cells, fillvalue=""))
            yield {**dict(named), NAMELESS: ",".join(cell for name, cell in named if name == NAMELESS and cell.strip())}


def _columns(header: list[str]) -> list[str]:
    columns = [name.strip().lower() for name in header]
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise CasesError(
            f"The table of cases has no column {' and no column '.join(missing)}. "
            "Add it, with commas, semicolons or tabs between the columns, and start again."
        )
    named = [name for name in columns if name != NAMELESS]
    twice = [name for name in named if named.count(name) > 1]
    if twice:
        raise CasesError(f"The table of cases has the column {twice[0]} twice. Take one out and start again.")
    unread = [name for name in named if name not in (*REQUIRED, *FIELDS)]
    _refuse_misspelt(unread, [name for name in FIELDS if name not in named])
    if unread:
        print(f"derm-xai: The table's columns that are not read: {', '.join(map(_printable, unread))}.", file=sys.stderr)
    return columns


def _printable(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())


def _refuse_misspelt(unread: list[str], absent: list[str]) -> None:
    for name in unread:
        for meant in get_close_matches(name, absent, 1, _ALIKE):
            raise CasesError(f"The table of cases has a column {name}, which is not read. Call it {meant}, or take it out.")
