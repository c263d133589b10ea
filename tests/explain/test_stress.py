import numpy as np
import pytest
import torch

from derm_xai.classify.predict import collect
from derm_xai.explain import stress as module
from derm_xai.explain.stress import CHANGES, _summed_up, crop, gain, jpeg, stress
from derm_xai.records import ClinicalContext
from derm_xai.vocabulary import DIAGNOSES
from tests.conftest import draw

COUNT = sum(map(len, CHANGES.values()))


def test_every_change_keeps_shape_and_kind_and_changes_something():
    pixels = draw(3, 96, 128)
    for group in CHANGES.values():
        for change in group:
            changed = change(pixels)
            assert (changed.shape, changed.dtype) == (pixels.shape, np.uint8)
            assert 0 < np.abs(changed.astype(int) - pixels).mean() < 60


def test_brightness_and_cast_by_hand():
    pixels = np.array([[[100, 200, 250]]], np.uint8)
    assert gain(1.1)(pixels).tolist() == [[[110, 220, 255]]]
    assert gain(1.1, 1, 0.9)(pixels).tolist() == [[[110, 200, 225]]]
    assert crop(0)(draw(1)).tolist() == draw(1).tolist()
    assert np.abs(jpeg(95)(draw(1)).astype(int) - draw(1)).mean() < 12


def test_without_any_change_the_answer_holds(model, clinical, dermoscopic, monkeypatch):
    monkeypatch.setattr(module, "CHANGES", {"nothing": (lambda pixels: pixels, lambda pixels: pixels)})
    test = stress([clinical, dermoscopic], ClinicalContext(age=50), model)
    assert (test.lines[0].flipped, test.lines[0].tried) == (0, 2)
    evidence = collect([clinical, dermoscopic], ClinicalContext(age=50), model, samples=2, seed=0)
    with torch.inference_mode():
        photos = [
            each.weight * model.network.class_maps(each.trunk).mean((2, 3))[0] + each.type_term for each in evidence.photos
        ]
    scores = evidence.prior + evidence.notes.sum(0) + sum(photos)
    assert test.leading == DIAGNOSES[int(scores.argmax())]
    assert test.lines[0].lowest == pytest.approx(float(scores.double().softmax(0).max()), abs=1e-4)


def test_flips_by_hand():
    """All lead with the first class, but two of the first group's changes: one to the second, one to the third."""
    chances = torch.full((1 + COUNT, 11), 0.05).double()
    chances[:, 0] = 0.5
    chances[1, 1], chances[2, 2] = 0.6, 0.7
    test = _summed_up(chances)
    assert (test.lines[0].change, test.lines[0].tried, test.lines[0].flipped) == ("crop", 2, 2)
    assert test.lines[0].instead == (DIAGNOSES[1], DIAGNOSES[2])
    assert all(line.flipped == 0 for line in test.lines[1:])


def test_the_lowest_chance_is_that_of_the_change_that_costs_most_by_hand():
    chances = torch.full((1 + COUNT, 11), 0.05).double()
    chances[:, 0] = 0.5
    chances[2, 0] = 0.3
    assert _summed_up(chances).lines[0].lowest == pytest.approx(0.3)


def test_a_crop_takes_off_all_four_sides():
    pixels = np.full((100, 200, 3), 255, np.uint8)
    pixels[10:-10, 20:-20] = 100
    assert (crop(0.12)(pixels) == 100).mean() > 0.98


def test_progress_goes_forward_to_the_end(model, clinical, dermoscopic):
    shares = []
    test = stress([clinical, dermoscopic], ClinicalContext(), model, lambda _, share: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert sum(line.tried for line in test.lines) == COUNT
