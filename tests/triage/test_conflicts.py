"""From which number on voices disagree."""

import pytest

from derm_xai.records import ClinicalContext, Prediction
from derm_xai.triage.advise import advise
from derm_xai.vocabulary import Diagnosis
from tests.triage.toy import THRESHOLDS, photographed, predicted


def conflicts(prediction: Prediction, **answers) -> tuple[str, ...]:
    return advise(prediction, ClinicalContext(**answers), [photographed()], THRESHOLDS).conflicts


def of_melanoma(*, photo: float, notes: float) -> Prediction:
    """A naevus leads calmly; by the photo and by the notes alone a melanoma has these chances, no other malignancy any."""
    calm = predicted(Diagnosis.NV)
    differentials = tuple(
        each.model_copy(update={"probability_photo": photo * is_melanoma, "probability_notes": notes * is_melanoma})
        for each in calm.differentials
        for is_melanoma in [each.diagnosis is Diagnosis.MEL]
    )
    return calm.model_copy(update={"differentials": differentials})


@pytest.mark.parametrize(("malignancy", "count"), [(0.299, 1), (0.3, 0)])
def test_a_model_at_its_malignancy_threshold_is_not_calm(malignancy, count):
    calm = predicted(Diagnosis.NV)
    prediction = calm.model_copy(update={"malignancy": calm.malignancy.model_copy(update={"value": malignancy})})
    assert len(conflicts(prediction, grew=True, irregular_colour=True)) == count


@pytest.mark.parametrize(("chance", "count"), [(0.299, 0), (0.3, 1)])
def test_the_photo_alone_suspects_from_the_malignancy_threshold_on(chance, count):
    assert len(conflicts(of_melanoma(photo=chance, notes=0))) == count


@pytest.mark.parametrize(("chance", "count"), [(0.5, 0), (0.501, 1)])
def test_the_notes_alone_suspect_above_one_half(chance, count):
    assert len(conflicts(of_melanoma(photo=0, notes=chance))) == count
