"""A folder of drawn photos, and tables of cases that name them."""

from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.setting import jpeg
from derm_xai.examples import RECIPES, draw
from derm_xai.synthetic_mark import mark_synthetic
from derm_xai.vocabulary import ImageType

SIZE = (320, 240)
VIEWS = tuple(ImageType)
HEAD = "case_id,photo,image_type,age,sex,anatom_site,itch,grew,bleed"
ANSWERS = "58,male,trunk,true,true,false"


def draw_photos(folder: Path, lesions: int) -> None:
    """Write both photos of so many different lesions, as JPEG."""
    kinds = list(RECIPES)
    for lesion in range(lesions):
        for view in VIEWS:
            pixels = mark_synthetic(draw(kinds[lesion % len(kinds)], view, lesion))
            small = Image.fromarray(pixels).resize(SIZE, Image.Resampling.LANCZOS)
            (folder / _name(lesion, view)).write_bytes(jpeg(np.asarray(small)))


def write_cases(folder: Path, cases: int, lesions: int) -> Path:
    """Write a table of cases of two photos each, in which the lesions come round again, and return its path."""
    rows = [f"{case},{_name(case % lesions, view)},{view},{ANSWERS}" for case in range(cases) for view in VIEWS]
    table = folder / f"{cases}.csv"
    table.write_text("\n".join((HEAD, *rows)) + "\n", encoding="utf-8")
    return table


def _name(lesion: int, view: ImageType) -> str:
    return f"{lesion}-{view}.jpg"
