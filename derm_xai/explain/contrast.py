"""This diagnosis rather than that one: the ledger's difference, line by line, which adds up to the difference of the scores.

A difference of scores is the log of the ratio of two probabilities, whatever the other diagnoses do. A photo's spread is that
of the difference within each Monte Carlo sample: two terms that rise and fall together differ by less than either varies.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from derm_xai.classify.lesion import lesion
from derm_xai.classify.predict import Evidence, PhotoEvidence
from derm_xai.explain.regions import regions
from derm_xai.notes.levels import FIELDS, encode
from derm_xai.records import ClinicalContext, Contrast, ContrastMap, ContrastTerm, Map, Source
from derm_xai.vocabulary import DIAGNOSES, Diagnosis

TIPPING = 3
LEAST = 0.05
"""Log-odds. A field that moves the odds of two diagnoses by less than 5 % tips nothing."""


def contrasts(evidence: Evidence, context: ClinicalContext, ranked: Sequence[Diagnosis]) -> tuple[Contrast, ...]:
    """Return the leading diagnosis against each of the others that are given, in their order."""
    return tuple(contrast(evidence, context, ranked[0], other) for other in ranked[1:])


@torch.inference_mode()
def contrast(evidence: Evidence, context: ClinicalContext, this: Diagnosis, that: Diagnosis) -> Contrast:
    """Return what speaks for one diagnosis rather than the other, in log-odds; the terms add up to the score."""
    pair = DIAGNOSES.index(this), DIAGNOSES.index(that)
    terms = [_fixed("prior", "prior", "", evidence.prior, pair)]
    for photo in evidence.photos:
        totals = _difference(photo.cells.double(), pair).sum((1, 2))
        mean, spread = float(totals.mean()), float(totals.std())
        terms.append(ContrastTerm(source="photo", name=photo.image_type, level="all cells", mean=mean, spread=spread))
        terms.append(_fixed("image_type", "image type", photo.image_type, photo.type_term, pair))
    notes = [
        _fixed("notes", field.name, field.levels[level], term, pair)
        for field, level, term in zip(FIELDS, encode(context), evidence.notes, strict=True)
    ]
    scores = evidence.scores().double()
    difference = scores[:, pair[0]] - scores[:, pair[1]]
    return Contrast(
        this=this,
        that=that,
        terms=(*terms, *notes),
        photos=tuple(_photo(photo, pair) for photo in evidence.photos),
        score=float(difference.mean()),
        spread=float(difference.std()),
        tipping=_tipping(notes),
    )


def _difference(values: Tensor, pair: tuple[int, int]) -> Tensor:
    """Return [sample, row, column] from [sample, class, row, column]."""
    return values[:, pair[0]] - values[:, pair[1]]


def _photo(photo: PhotoEvidence, pair: tuple[int, int]) -> ContrastMap:
    cells = _difference(photo.cells.double(), pair)
    mean = cells.mean(0)
    return ContrastMap(
        image_type=photo.image_type,
        mean=_map(mean),
        spread=_map(cells.std(0)),
        regions=regions(mean.numpy(), lesion(photo.outline).mask),
    )


def _fixed(source: Source, name: str, level: str, values: Tensor, pair: tuple[int, int]) -> ContrastTerm:
    mean = float(values[pair[0]].double() - values[pair[1]].double())
    return ContrastTerm(source=source, name=name, level=level, mean=mean, spread=0.0)


def _map(values: Tensor) -> Map:
    return tuple(map(tuple, values.tolist()))


def _tipping(notes: Sequence[ContrastTerm]) -> tuple[str, ...]:
    """Return the fields that move the two apart the most, either way, strongest first."""
    strong = sorted((term for term in notes if abs(term.mean) >= LEAST), key=lambda term: -abs(term.mean))
    return tuple(term.name for term in strong[:TIPPING])
