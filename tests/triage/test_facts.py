"""What the model states as facts."""

import pytest

from derm_xai.records import ClinicalContext
from derm_xai.triage.advise import advise
from derm_xai.vocabulary import Diagnosis, ImageType
from tests.triage.toy import THRESHOLDS, ids, photographed, predicted


@pytest.mark.parametrize(("dermoscopic", "fires"), [(Diagnosis.MEL, True), (Diagnosis.NV, False)])
def test_melanoma_leads_both_the_list_and_the_dermoscopic_photo_itself(dermoscopic, fires):
    prediction = predicted(Diagnosis.MEL, views=(Diagnosis.MEL, dermoscopic))
    photos = [photographed(ImageType.CLINICAL), photographed(ImageType.DERMOSCOPIC)]
    assert ("R2" in ids(advise(prediction, ClinicalContext(), photos, THRESHOLDS).reasons)) is fires
