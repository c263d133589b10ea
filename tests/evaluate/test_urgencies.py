import pytest

from derm_xai.datasets.sources import LabelledCase
from derm_xai.evaluate.judged import Judged
from derm_xai.evaluate.urgencies import TRUTHS, urgencies
from derm_xai.records import ClinicalContext
from derm_xai.vocabulary import Diagnosis, Urgency


def judged(place: int, diagnosis: Diagnosis, urgency: Urgency) -> Judged:
    case = LabelledCase(str(place), f"g{place}", "MILK10k", diagnosis, (), ClinicalContext())
    return Judged(case, None, urgency, {}, ())


def test_the_shares_by_hand():
    """Three of four melanomas referred at once and one sent to a person; the one naevus reassured."""
    asked = [Urgency.SUSPECTED_CANCER] * 3 + [Urgency.SEE_PERSON]
    cases = [judged(place, Diagnosis.MEL, urgency) for place, urgency in enumerate(asked)]
    melanoma, benign = urgencies("MILK10k", [*cases, judged(9, Diagnosis.NV, Urgency.REASSURE)], resamples=50)
    assert (melanoma.data, melanoma.truth, benign.truth) == ("MILK10k", "melanoma", "benign")
    assert {urgency: (each.value, each.n) for urgency, each in melanoma.shares.items()} == {
        Urgency.SEE_PERSON: (0.25, 4),
        Urgency.SUSPECTED_CANCER: (0.75, 4),
    }
    assert melanoma.shares[Urgency.SUSPECTED_CANCER].low < 0.75 <= melanoma.shares[Urgency.SUSPECTED_CANCER].high
    assert benign.shares[Urgency.REASSURE].value == 1


def test_every_diagnosis_is_one_kind_of_thing():
    held = [diagnosis for diagnoses in TRUTHS.values() for diagnosis in diagnoses]
    assert sorted(held) == sorted(Diagnosis)


@pytest.mark.parametrize("diagnosis", [Diagnosis.SCCKA, Diagnosis.MAL_OTH])
def test_other_malignancies_stand_together(diagnosis):
    (only,) = urgencies("", [judged(0, diagnosis, Urgency.SUSPECTED_CANCER)], resamples=2)
    assert only.truth == "another malignancy but BCC"
