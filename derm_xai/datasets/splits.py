"""Three parts that share no lesion and no patient: train, calibration, validation.

`held_out.csv` lists the groups of the public sets that are kept for calibration and validation; all others train. So a group
has its part whatever else is in a collection: a larger download judges no model on what it was trained on.

Of a collection that holds none of them, groups are ordered by the SHA-256 of their name within each class, and dealt out in
twenties: of each twenty, three go to validation and two to calibration. The list was made so, once, from the 4,079 lesions of
MILK10k, 8,794 photos of HAM10000 and 1,020 photos of PAD-UFES-20 that were at hand.

The sets hold a few pictures under two lesion ids, as equal files or near copies. A case with a picture that an earlier part
holds is left out of the later one.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

import numpy as np

from derm_xai.datasets.near_duplicates import known_copies
from derm_xai.datasets.sources import LabelledCase


class Part(StrEnum):
    """What a case is used for. Validation is used for the reported figures and for nothing else."""

    TRAIN = "train"
    CALIBRATION = "calibration"
    VALIDATION = "validation"


HELD_OUT = Path(__file__).with_name("held_out.csv")
_DEAL = (Part.VALIDATION, Part.TRAIN, Part.CALIBRATION, *[Part.TRAIN] * 4) * 2 + (Part.VALIDATION, *[Part.TRAIN] * 5)


def split(cases: Sequence[LabelledCase]) -> dict[Part, list[LabelledCase]]:
    """Return the cases of each part, in their given order; no group and no picture is in two parts."""
    part_of = _parts(cases)
    parts: dict[Part, list[LabelledCase]] = {}
    copies = known_copies()
    seen: set[bytes | str] = set()
    for part in Part:
        mine = [case for case in cases if part_of[case.group] is part]
        pictures = [_pictures(case, copies) for case in mine]
        parts[part] = [case for case, own in zip(mine, pictures, strict=True) if not own & seen]
        seen.update(*pictures)
    return parts


def drawn(cases: Sequence[LabelledCase], count: int) -> list[LabelledCase]:
    """Return up to `count` cases at random, as many from each source, in an order that mixes the sources."""
    generator = np.random.default_rng(0)
    sources = sorted({case.source for case in cases})
    shuffled = [generator.permutation(np.array([i for i, case in enumerate(cases) if case.source == name])) for name in sources]
    turns = [rows[turn] for turn in range(max(map(len, shuffled), default=0)) for rows in shuffled if turn < len(rows)]
    return [cases[row] for row in turns[:count]]


def _pictures(case: LabelledCase, copies: dict[str, str]) -> set[bytes | str]:
    files: set[bytes | str] = {sha256(photo.read()).digest() for photo in case.photos}
    return files | {copies.get(photo.image_id, photo.image_id) for photo in case.photos}


def _parts(cases: Sequence[LabelledCase]) -> dict[str, Part]:
    with HELD_OUT.open(encoding="utf-8", newline="") as lines:
        held_out = {row["group"]: Part(row["part"]) for row in csv.DictReader(lines)}
    groups = {case.group for case in cases}
    return {group: held_out.get(group, Part.TRAIN) for group in groups} if groups & held_out.keys() else _dealt(cases)


def _dealt(cases: Sequence[LabelledCase]) -> dict[str, Part]:
    by_group: dict[str, list[LabelledCase]] = defaultdict(list)
    for case in cases:
        by_group[case.group].append(case)
    strata: dict[tuple[str, str], list[str]] = defaultdict(list)
    for group, members in by_group.items():
        sources = "+".join(sorted({case.source for case in members}))
        # the rarest class of a patient's lesions stands for the patient
        rarest = min(Counter(case.diagnosis for case in members).items(), key=lambda item: (item[1], item[0]))[0]
        strata[sources, rarest].append(group)
    return {
        group: _DEAL[index % len(_DEAL)]
        for groups in strata.values()
        for index, group in enumerate(sorted(groups, key=lambda name: sha256(name.encode()).hexdigest()))
    }
