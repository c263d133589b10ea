"""How well the concepts that the network names agree with MONET's scores of the same photos."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from derm_xai.evaluate.judged import Judged
from derm_xai.evaluate.metrics import RESAMPLES, Floats, figure, resampled, spearman
from derm_xai.evaluate.records import ConceptFigures
from derm_xai.vocabulary import VisualConcept

BINS = 10


def concept_figures(judged: Sequence[Judged], resamples: int = RESAMPLES) -> tuple[ConceptFigures, ...]:
    """Return the figures of each concept over the photos with a MONET score; none where no photo has one."""
    pairs = [(each.case.group, *pair) for each in judged for pair in each.concepts]
    if not pairs:
        return ()
    group = np.array([each[0] for each in pairs])
    seen, known = (np.array([each[side] for each in pairs], np.float64) for side in (1, 2))
    rows = list(resampled(group, resamples))
    return tuple(
        ConceptFigures(
            concept=concept,
            calibration_error=figure(
                calibration_error(seen[:, place], known[:, place]),
                np.array([calibration_error(seen[row, place], known[row, place]) for row in rows]),
                len(pairs),
            ),
            rank_correlation=figure(
                spearman(seen[:, place], known[:, place]),
                np.array([spearman(seen[row, place], known[row, place]) for row in rows]),
                len(pairs),
            ),
        )
        for place, concept in enumerate(VisualConcept)
    )


def calibration_error(seen: Floats, known: Floats) -> float:
    """Return the expected calibration error against soft labels: mean gap between both in ten bins of `seen` of equal width."""
    bins: NDArray[np.int64] = np.minimum((seen * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(bins, seen - known, BINS)
    return float(np.abs(gaps).sum() / len(seen))
