"""Three parts that share no lesion and no patient: train, calibration, validation.

Groups are ordered by the SHA-256 of their name within each class, and dealt out in twenties: of each twenty, three
go to validation and two to calibration. So the split depends on names alone, and every class is in every part.

The sets hold a few pictures under two lesion ids, as equal files or near copies. A case with a picture that an earlier part
holds is left out of the later one.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256

import numpy as np

from derm_xai.datasets.near_duplicates import known_copies
from derm_xai.datasets.sources import LabelledCase


class Part(StrEnum):
    """What a case is used for. Validation is used for the reported figures and for nothing else."""

    TRAIN = "train"
    CALIBRATION = "calibration"
    VALIDATION = "validation"


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
