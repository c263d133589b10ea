import numpy as np
import pytest
from scipy.stats import spearmanr

from derm_xai.datasets.sources import LabelledCase
from derm_xai.evaluate.card_explained import concepts
from derm_xai.evaluate.concepts import calibration_error, concept_figures
from derm_xai.evaluate.judged import Judged
from derm_xai.evaluate.records import Evaluation
from derm_xai.records import ClinicalContext
from derm_xai.vocabulary import Diagnosis, VisualConcept


def judged(group: str, seen: float, known: float) -> Judged:
    case = LabelledCase(
        source="MILK10k",
        case_id=group,
        group=group,
        diagnosis=Diagnosis.NV,
        photos=(),
        context=ClinicalContext(),
    )
    count = len(VisualConcept)
    return Judged(case, None, None, {}, (), (((seen,) * count, (known,) * count),))


def test_the_gap_is_that_of_bins_by_hand():
    """Bin 0.1: mean gap (0.05 - 0.05) cancels; bin 0.9: a gap of 0.2 on two of four photos."""
    seen, known = np.array([0.10, 0.15, 0.95, 0.95]), np.array([0.15, 0.10, 0.75, 0.75])
    assert calibration_error(seen, known) == pytest.approx(0.1)
    assert calibration_error(np.array([1.0]), np.array([1.0])) == 0


def test_every_concept_gets_its_figures_and_its_line():
    pairs = [(0.1, 0.0), (0.4, 0.7), (0.6, 0.5), (0.9, 1.0)]
    figures = concept_figures([judged(str(index), *pair) for index, pair in enumerate(pairs)], resamples=10)
    assert [each.concept for each in figures] == list(VisualConcept)
    assert figures[0].rank_correlation.value == pytest.approx(spearmanr(*zip(*pairs, strict=True)).statistic)
    assert figures[0].calibration_error.n == 4
    text = concepts(Evaluation.model_construct(concepts=figures))
    assert all(f"| {each.value} | 4 |" in text for each in VisualConcept)


def test_without_scores_there_is_nothing_to_say():
    assert concept_figures([]) == ()
    assert concepts(Evaluation.model_construct(concepts=())) == ""
