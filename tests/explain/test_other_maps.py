import numpy as np
import pytest
import torch

from derm_xai.assess import assess
from derm_xai.classify.predict import collect
from derm_xai.classify.preprocess import resize, scale
from derm_xai.explain.heatmap import grad_cams
from derm_xai.explain.hiding import log_odds
from derm_xai.explain.other_maps import METHODS, _log_odds, _summed, other_maps
from derm_xai.records import ClinicalContext
from derm_xai.settings import Settings
from derm_xai.vocabulary import DIAGNOSES, ImageType


def test_each_method_has_a_value_for_each_place_of_the_outline(model, dermoscopic):
    evidence = collect([dermoscopic], ClinicalContext(), model, samples=3, seed=0)
    index = DIAGNOSES.index(evidence.leader)
    for make in METHODS.values():
        values = make(evidence, 0, index, resize(dermoscopic.pixels), model.network)
        assert values.shape == tuple(evidence.photos[0].outline.shape)
        assert np.isfinite(values).all()


class Linear(torch.nn.Module):
    """Evidence that is the mean of red for the first class, and nothing for the others."""

    def photo_evidence(self, pixels):
        return torch.nn.functional.pad(pixels[:, :1].mean((2, 3)), (0, 10))


def test_integrated_gradients_are_complete_on_a_network_that_is_linear(model, clinical):
    """They sum to the difference from the baseline (Sundararajan et al., section 3), which has no red above the mean."""
    evidence = collect([clinical], ClinicalContext(), model, samples=3, seed=0)
    seen, pixels = evidence.photos[0], resize(clinical.pixels)
    values = METHODS["integrated gradients"](evidence, 0, 0, pixels, Linear())
    assert values.sum() == pytest.approx(0, abs=1e-5)
    red = scale(pixels)[0].mean()
    # the log-odds rise one for one with the class's score, so each pixel has its own distance from the mean
    own = torch.nn.functional.adaptive_avg_pool2d((scale(pixels)[:1] - red)[None], values.shape)[0, 0].numpy()
    assert values == pytest.approx(own * seen.weight / pixels[..., 0].size, abs=1e-6)


def test_occlusion_of_a_network_that_is_linear_by_hand(model, clinical):
    """A bright block in a corner: covering what is darker than the mean colour raises the class, so it counts against it.

    A window of 48 by 48 pixels, over all pixels, is what the mean of red changes by; it covers three colours, which are summed.
    """
    pixels = np.full((224, 288, 3), 100, np.uint8)
    pixels[:24, :24] = 250
    evidence = collect([clinical], ClinicalContext(), model, samples=2, seed=0)
    values = METHODS["occlusion"](evidence, 0, 0, pixels, Linear())
    mean = 100 + 150 * 24**2 / (224 * 288)
    window = (100 - mean) / 127.5 * 48**2 / (224 * 288)
    assert values[28, 36] == pytest.approx(3 * evidence.photos[0].weight * window, rel=0.02)
    assert values[0, 0] > 0 > values[28, 36]


def test_grad_cam_of_the_second_photo_is_its_own(model, clinical, dermoscopic):
    evidence = collect([clinical, dermoscopic], ClinicalContext(), model, samples=3, seed=0)
    values = METHODS["Grad-CAM"](evidence, 1, 3, resize(dermoscopic.pixels), model.network)
    own = np.array(grad_cams(evidence, model.network, [DIAGNOSES[3]])[1].cells)
    assert np.corrcoef(_summed(values, own.shape).ravel(), own.ravel())[0, 1] > 0.9


def test_what_is_explained_is_the_log_odds_of_the_case_with_this_photo_in_it_once(model, clinical, dermoscopic):
    evidence = collect([clinical, dermoscopic], ClinicalContext(age=50), model, samples=3, seed=0)
    first, second = evidence.photos
    pixels = scale(resize(clinical.pixels))[None]
    with torch.inference_mode():
        photos = first.weight * model.network.photo_evidence(pixels)[0] + second.cells.sum((2, 3)).mean(0)
        score = evidence.prior + evidence.notes.sum(0) + photos + first.type_term + second.type_term
        found = _log_odds(evidence, 0, 3, model.network)(pixels)
    assert float(found[0]) == pytest.approx(float(log_odds(score, 3)), abs=1e-4)


def test_a_cell_is_the_sum_of_what_lies_in_it():
    fine = np.arange(16.0).reshape(4, 4)
    assert _summed(fine, (2, 2)).tolist() == [[0 + 1 + 4 + 5, 2 + 3 + 6 + 7], [8 + 9 + 12 + 13, 10 + 11 + 14 + 15]]


def test_a_case_gets_each_photos_maps_with_their_agreement(model, clinical, dermoscopic):
    photos, told = [clinical, dermoscopic], []
    assessment = assess(photos, ClinicalContext(), model, Settings(samples=2))
    found = other_maps(photos, assessment, model, lambda what, share: told.append((what, share)))
    assert [(each.image_type, each.method) for each in found] == [
        (image_type, method)
        for image_type in (ImageType.CLINICAL, ImageType.DERMOSCOPIC)
        for method in ("integrated gradients", "occlusion")
    ]
    leader = DIAGNOSES.index(assessment.prediction.ranked[0].diagnosis)
    for place, each in ((0, found[1]), (1, found[2])):
        own = np.array(assessment.ledger.photos[place].mean[leader])
        assert np.shape(each.cells) == own.shape
        assert each.agreement == pytest.approx(np.corrcoef(np.ravel(each.cells), own.ravel())[0, 1])
    assert [share for _, share in told] == [0, 0.25, 0.5, 0.75]
