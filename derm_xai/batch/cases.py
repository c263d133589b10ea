"""The cases of a table: rows of photos, joined into lesions."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from derm_xai.batch.table import FIELDS, NAMELESS, Row, read_table
from derm_xai.errors import CasesError, ContextError, PhotoError
from derm_xai.notes.form import read_form, readable_form
from derm_xai.photo import photo_bytes, read_photo
from derm_xai.records import ClinicalContext, LesionPhoto
from derm_xai.vocabulary import ImageType


@dataclass(frozen=True)
class Case:
    """The rows of one lesion, as they stand in the table."""

    case_id: str
    rows: tuple[Row, ...]

    def check(self) -> None:
        """Raise CasesError where the rows do not say whose they are, or hold more than the columns name."""
        if not self.case_id.strip():
            raise CasesError("The row has no case_id, so it may be of any patient. Fill in the case_id column.")
        if any(row[NAMELESS] for row in self.rows):
            raise CasesError("A row of this case has more cells than the table names columns. Quote text that holds commas.")

    def photos(self, folder: Path) -> dict[LesionPhoto, Path]:
        """Read the photos, each with its name from the folder on.

        Raises PhotoError for one that cannot be read or lies outside the folder.
        """
        return {
            read_photo(_bytes(file := _file(folder, row)), _image_type(row["image_type"])): file.relative_to(folder.resolve())
            for row in self.rows
        }

    def files(self, folder: Path) -> Iterator[Path]:
        """Yield the files of the photos that are there."""
        for row in self.rows:
            with suppress(PhotoError):
                yield _file(folder, row)

    def context(self) -> ClinicalContext:
        """Return what the rows say; an answer may stand in one row or in all. Raises ContextError when rows disagree."""
        answers: dict[str, Any] = {}
        for row in self.rows:
            for name, answer in _read(_answers(row)).items():
                if answers.setdefault(name, answer) != answer:
                    raise ContextError(f"The rows of this case differ in {name}. Give one answer, or leave all but one empty.")
        return ClinicalContext(**answers)

    def readable(self) -> ClinicalContext:
        """Return the answers that can be read, whatever the others are like: a yes outweighs a no, and all text is notes."""
        notes = "\n".join(dict.fromkeys(row.get(name, "") for row in self.rows for name in ("notes", NAMELESS)))
        apart = (answer for row in self.rows for answer in _answers(row).items() if answer[0] != "notes")
        return readable_form((("notes", notes), *apart))


def read_cases(table: Path) -> Iterator[Case]:
    """Yield the cases in the order of their first rows; a row without a case_id is a case of its own.

    Raises CasesError when the table cannot be used at all.
    """
    grouped: dict[str | int, list[Row]] = {}
    for number, row in enumerate(read_table(table)):
        # rows without an id may be of different patients
        lesion = row["case_id"] if row["case_id"].strip() else number
        grouped.setdefault(lesion, []).append(row)
    if not grouped:
        raise CasesError("The table holds no case. Add a row for each photo.")
    yield from (Case(rows[0]["case_id"], tuple(rows)) for rows in grouped.values())


def _answers(row: Row) -> dict[str, str]:
    return {name: text.strip() for name, text in row.items() if name in FIELDS}


def _read(answers: dict[str, str]) -> dict[str, Any]:
    return read_form(answers).model_dump(exclude_defaults=True)


def _image_type(word: str) -> ImageType:
    try:
        return ImageType(word.strip().lower())
    except ValueError:
        raise PhotoError(
            "The image type of a photo is neither clinical nor dermoscopic. Correct the image_type column."
        ) from None


def _file(folder: Path, row: Row) -> Path:
    # anything may stand in the column, even a note, and what the system says of such a name repeats it
    with suppress(OSError, RuntimeError, ValueError):
        file = (folder / row["photo"]).resolve()
        if file.is_relative_to(folder.resolve()) and file.is_file():
            return file
    raise _unopened()


def _bytes(file: Path) -> bytes:
    try:
        return photo_bytes(file)
    except OSError:
        raise _unopened() from None


def _unopened() -> PhotoError:
    return PhotoError("A photo of this case cannot be opened in the photos folder. Check the photo column and the file.")
