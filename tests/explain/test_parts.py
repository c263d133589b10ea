import numpy as np
import pytest
import torch

from derm_xai.classify.predict import collect
from derm_xai.explain.hidden import hideables
from derm_xai.explain.parts import parts
from derm_xai.records import ClinicalContext

CONTEXT = ClinicalContext(age=50, grew=True)


def test_with_nothing_hidden_a_pass_gives_the_whole_score(model, clinical, dermoscopic):
    for photo in hideables([clinical, dermoscopic], CONTEXT, model):
        (again,) = photo.scores([np.zeros(photo.cells.shape[1:], bool)])
        assert again.numpy() == pytest.approx(photo.whole().numpy(), abs=1e-4)


def test_every_photo_speaks_of_the_same_case_without_dropout(model, clinical, dermoscopic):
    close_up, dermoscopy = hideables([clinical, dermoscopic], CONTEXT, model)
    assert close_up.whole().numpy() == pytest.approx(dermoscopy.whole().numpy())
    evidence = collect([clinical, dermoscopic], CONTEXT, model, samples=2, seed=0)
    with torch.inference_mode():
        terms = [
            each.weight * model.network.class_maps(each.trunk).mean((2, 3))[0] + each.type_term for each in evidence.photos
        ]
        score = evidence.prior + evidence.notes.sum(0) + sum(terms)
    assert close_up.whole().numpy() == pytest.approx(score.numpy(), abs=1e-4)


def test_both_are_tried_for_each_photo_and_progress_goes_forward_to_the_end(model, clinical, dermoscopic):
    shares = []
    found = parts([clinical, dermoscopic], CONTEXT, model, lambda _, share: shares.append(share))
    assert (
        [each.least.image_type for each in found] == [each.curves.image_type for each in found] == ["clinical", "dermoscopic"]
    )
    assert shares == sorted(shares)
    assert shares[-1] == 1
    for each in found:
        assert each.least.leading == each.curves.leading
        assert 0 <= each.least.share <= 0.5
        assert (each.least.then is None) == (each.least.share == 0)
