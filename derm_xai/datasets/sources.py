"""MILK10k, HAM10000 and PAD-UFES-20 as labelled cases, from their published folders or from one zip and one CSV each.

Never inputs: PAD-UFES-20's `biopsed`, MILK10k's `diagnosis_full`, `diagnosis_confirm_type` and
`invasion_thickness_interval`, since they tell the label. Names of the columns are those of the publishers.
"""

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from derm_xai.errors import DataError
from derm_xai.notes.form import read_form
from derm_xai.records import ClinicalContext
from derm_xai.vocabulary import DIAGNOSES, Diagnosis, ImageType, VisualConcept

Row = dict[str, str]
SAME_LESION = Path(__file__).with_name("same_lesion.csv")
"""Pairs of MILK10k and HAM10000 lesion ids that are one lesion (photos matched by SIFT, labels agree)."""

_FROM_HAM = {"akiec": "AKIEC", "bcc": "BCC", "bkl": "BKL", "df": "DF", "mel": "MEL", "nv": "NV", "vasc": "VASC"}
_FROM_PAD = {"ACK": "AKIEC", "BCC": "BCC", "MEL": "MEL", "NEV": "NV", "SCC": "SCCKA", "SEK": "BKL"}
_PAD_ANSWERS = ("itch", "grew", "hurt", "changed", "bleed", "elevation", "skin_cancer_history", "cancer_history")


@dataclass(frozen=True)
class Source:
    """A public photo set: its name, licence, and where it is published."""

    name: str
    licence: str
    address: str


SOURCES = (
    Source("MILK10k", "CC BY-NC 4.0", "https://challenge.isic-archive.com/data/#milk10k"),
    Source("HAM10000", "CC BY-NC 4.0", "https://doi.org/10.7910/DVN/DBW86T"),
    Source("PAD-UFES-20", "CC BY 4.0", "https://doi.org/10.17632/zr7vgbcyr2.1"),
)


@dataclass(frozen=True)
class LabelledPhoto:
    """A photo on disk: its id, how it was taken, and a function that returns the file's bytes.

    `concepts`: MONET's score of each VisualConcept, 0..1. `read_mask`: the bytes of the lesion's mask. Either may be missing.
    """

    image_id: str
    image_type: ImageType
    read: Callable[[], bytes]
    concepts: tuple[float, ...] | None = None
    read_mask: Callable[[], bytes] | None = None


@dataclass(frozen=True)
class LabelledCase:
    """One example. `group` holds together what must not be split: a lesion (with its twins in other sets) or a patient.

    `confirmed`: how the diagnosis was made, in the set's own word.
    """

    case_id: str
    group: str
    source: str
    diagnosis: Diagnosis
    photos: tuple[LabelledPhoto, ...]
    context: ClinicalContext
    confirmed: str = ""


def read_mask(photo: LabelledPhoto) -> NDArray[np.bool_] | None:
    """Return the lesion's mask [height, width], if there is one."""
    if photo.read_mask is None:
        return None
    return np.asarray(Image.open(io.BytesIO(photo.read_mask())).convert("L")) > 127


def load_all(folder: Path) -> list[LabelledCase]:
    """Return the cases of every set found in the folder. Raises DataError when there is none."""
    cases = [case for load in (milk10k, ham10000, pad_ufes_20) for case in load(folder)]
    if not cases:
        where = "; ".join(f"{source.name}: {source.address}" for source in SOURCES)
        raise DataError(f"No training photos were found in that folder. Download at least one set ({where}).")
    return cases


def milk10k(folder: Path) -> list[LabelledCase]:
    """Return MILK10k's lesions, each with a close-up and a dermoscopic photo; empty where the set is not there."""
    rows = _table(folder, "milk10k.csv", "MILK10k_Training_Metadata.csv")
    if not rows:
        return []
    labels = _milk_labels(folder, rows)
    images = _images(folder, "milk10k.zip", "MILK10k_Training_Input")
    lesions = defaultdict(list)
    for row in rows:
        lesions[row["lesion_id"]].append(row)
    group = _groups()
    return [
        LabelledCase(
            case_id=lesion_id,
            group=group(lesion_id),
            source="MILK10k",
            diagnosis=labels[lesion_id],
            photos=tuple(
                replace(
                    _photo(images, row.get("isic_id") or row["image_id"], ImageType(row["image_type"].split(":")[0])),
                    concepts=_concepts(row),
                )
                for row in sorted(views, key=lambda row: row["image_type"])
            ),
            context=read_form(
                {
                    "age": views[0]["age_approx"],
                    "sex": views[0]["sex"],
                    "anatom_site": views[0]["site"],
                    "skin_tone": views[0]["skin_tone_class"],
                }
            ),
            confirmed=views[0].get("diagnosis_confirm_type", ""),
        )
        for lesion_id, views in lesions.items()
    ]


def ham10000(folder: Path) -> list[LabelledCase]:
    """Return HAM10000's dermoscopic photos, each a case, grouped by lesion; empty where the set is not there."""
    rows = _table(folder, "ham10000.csv", "HAM10000_metadata.csv", "HAM10000_metadata")
    images = _images(folder, "ham10000.zip", "HAM10000_images_part_1", "HAM10000_images_part_2") if rows else {}
    masks = _masks(folder) if rows else {}
    group = _groups()
    return [
        LabelledCase(
            case_id=row["image_id"],
            group=group(row["lesion_id"]),
            source="HAM10000",
            diagnosis=Diagnosis(_FROM_HAM[row["dx"]]),
            photos=(replace(_photo(images, row["image_id"], ImageType.DERMOSCOPIC), read_mask=masks.get(row["image_id"])),),
            context=read_form({"age": row["age"], "sex": row["sex"], "anatom_site": row["localization"]}),
            confirmed=row.get("dx_type", ""),
        )
        for row in rows
    ]


def pad_ufes_20(folder: Path) -> list[LabelledCase]:
    """Return PAD-UFES-20's smartphone photos, each a case, grouped by patient; empty where the set is not there."""
    rows = _table(folder, "pad_ufes_20.csv", "metadata.csv", column="img_id")
    images = _images(folder, "pad_ufes_20.zip", "images") if rows else {}
    return [
        LabelledCase(
            case_id=row["img_id"].removesuffix(".png"),
            group=row["patient_id"],
            source="PAD-UFES-20",
            diagnosis=Diagnosis(_FROM_PAD[row["diagnostic"]]),
            photos=(_photo(images, row["img_id"].removesuffix(".png"), ImageType.CLINICAL),),
            context=read_form(
                {
                    "age": row["age"],
                    "sex": row["gender"],
                    "anatom_site": row["region"],
                    "fitzpatrick": row["fitspatrick"],
                    **{name: row[name] for name in _PAD_ANSWERS},
                }
            ),
            confirmed={"True": "histopathology", "False": "clinical"}.get(row.get("biopsed", ""), ""),
        )
        for row in rows
    ]


def _table(folder: Path, *names: str, column: str = "") -> list[Row]:
    """Return the first table of these names, with this column where one is named; other sets' tables may be called the same."""
    for name in names:
        for path in (folder / name, *sorted(folder.glob(f"*/{name}"))):
            if path.is_file():
                with path.open(encoding="utf-8-sig", newline="") as lines:
                    table = csv.DictReader(lines)
                    if not column or column in (table.fieldnames or ()):
                        return list(table)
    return []


def _milk_labels(folder: Path, rows: list[Row]) -> dict[str, Diagnosis]:
    if "dx" in rows[0]:
        return {row["lesion_id"]: Diagnosis(row["dx"]) for row in rows}
    truth = _table(folder, "MILK10k_Training_GroundTruth.csv")
    if not truth:
        raise DataError("MILK10k's metadata is there but its ground truth is not: add MILK10k_Training_GroundTruth.csv.")
    return {row["lesion_id"]: next(d for d in DIAGNOSES if float(row[d]) == 1) for row in truth}


def _concepts(row: Row) -> tuple[float, ...] | None:
    scores = [row.get(f"MONET_{concept}") for concept in VisualConcept]
    return tuple(float(score) for score in scores if score) if all(scores) else None


def _images(folder: Path, archive: str, *folders: str) -> dict[str, Callable[[], bytes]]:
    if (folder / archive).is_file():
        return dict(_zipped(folder / archive, "images/"))
    roots = [path for name in folders for path in (folder / name, *folder.glob(f"*/{name}")) if path.is_dir()]
    return {path.stem: path.read_bytes for root in roots for path in sorted(root.rglob("*.*"))}


def _masks(folder: Path) -> dict[str, Callable[[], bytes]]:
    if (folder / "ham10000.zip").is_file():
        return dict(_zipped(folder / "ham10000.zip", "masks/"))
    published = _images(folder, "", "HAM10000_segmentations_lesion_tschandl")
    return {name.removesuffix("_segmentation"): read for name, read in published.items()}


def _zipped(archive: Path, inside: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
    opened = zipfile.ZipFile(io.BytesIO(archive.read_bytes()))
    for name in opened.namelist():
        if name.startswith(inside) and not name.endswith("/"):
            yield Path(name).stem, lambda name=name: opened.read(name)  # type: ignore[misc]


def _photo(images: dict[str, Callable[[], bytes]], image_id: str, image_type: ImageType) -> LabelledPhoto:
    if image_id not in images:
        raise DataError(f"The photo {image_id} is named in the table but is not among the pictures. Download the set again.")
    return LabelledPhoto(image_id, image_type, images[image_id])


def _groups() -> Callable[[str], str]:
    """Return a function from a lesion id to the first id of all that are the same lesion (transitively)."""
    parent: dict[str, str] = {}

    def root(lesion_id: str) -> str:
        while lesion_id in parent:
            lesion_id = parent[lesion_id]
        return lesion_id

    with SAME_LESION.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            first, second = sorted((root(row["lesion_id"]), root(row["same_as"])))
            if first != second:
                parent[second] = first
    return root
