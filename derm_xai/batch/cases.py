"""The table of cases: rows of photos, joined into lesions."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from derm_xai.errors import CasesError, ContextError, PhotoError
from derm_xai.notes.form import read_form
from derm_xai.photo import read_photo
from derm_xai.records import ClinicalContext, LesionPhoto
from derm_xai.vocabulary import ImageType

REQUIRED = ("case_id", "photo", "image_type")


@dataclass(frozen=True)
class Case:
    """The rows of one lesion, as they stand in the table."""

    case_id: str
    rows: tuple[dict[str, str], ...]

    def photos(self, folder: Path) -> list[LesionPhoto]:
        """Read the photos from the folder. Raises PhotoError for one that cannot be read or lies outside the folder."""
        return [_photo(folder, row) for row in self.rows]

    def context(self) -> ClinicalContext:
        """Return what the rows say; an answer may stand in one row or in all. Raises ContextError when rows disagree."""
        answers: dict[str, str] = {}
        for row in self.rows:
            for name, answer in row.items():
                if name in ClinicalContext.model_fields and answer and answers.setdefault(name, answer) != answer:
                    raise ContextError(f"The rows of this case differ in {name}. Give one answer, or leave all but one empty.")
        return read_form(answers)


def read_cases(table: Path) -> Iterator[Case]:
    """Yield the cases in the order of their first rows. Raises CasesError when the table cannot be used at all."""
    try:
        with table.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, restval="")
            columns = reader.fieldnames or ()
            missing = [name for name in REQUIRED if name not in columns]
            if missing:
                raise CasesError(f"The table of cases has no column {' and no column '.join(missing)}. Add it and start again.")
            grouped: dict[str, list[dict[str, str]]] = {}
            for row in reader:
                grouped.setdefault(row["case_id"], []).append({name: text for name, text in row.items() if name})
    except (OSError, UnicodeDecodeError, csv.Error):
        raise CasesError("The table of cases cannot be read. Give a CSV file in UTF-8.") from None
    yield from (Case(case_id, tuple(rows)) for case_id, rows in grouped.items())


def _photo(folder: Path, row: dict[str, str]) -> LesionPhoto:
    try:
        image_type = ImageType(row["image_type"].strip().lower())
    except ValueError:
        raise PhotoError(
            "The image type of a photo is neither clinical nor dermoscopic. Correct the image_type column."
        ) from None
    path = (folder / row["photo"]).resolve()
    if not row["photo"] or not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise PhotoError("A photo of this case is not in the photos folder. Check the photo column.")
    try:
        data = path.read_bytes()
    except OSError:
        raise PhotoError("A photo of this case cannot be opened. Check that the file may be read.") from None
    return read_photo(data, image_type)
