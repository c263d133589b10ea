import numpy as np
import pytest
import torch

from derm_xai.classify.predict import collect
from derm_xai.explain.heatmap import agreement, grad_cams
from derm_xai.records import ClinicalContext
from derm_xai.vocabulary import DIAGNOSES, Diagnosis


def test_grad_cam_is_the_class_map_without_dropout(model, clinical, dermoscopic):
    evidence = collect([clinical, dermoscopic], ClinicalContext(), model, samples=4, seed=0)
    cams = grad_cams(evidence, model.network, [Diagnosis.MEL, Diagnosis.NV])
    assert len(cams) == 4
    for cam in cams:
        photo = next(each for each in evidence.photos if each.image_type == cam.image_type)
        with torch.inference_mode():
            maps = model.network.class_maps(photo.trunk)[0, DIAGNOSES.index(cam.diagnosis)]
        assert np.allclose(cam.cells, maps / (maps.numel() * 1.6), atol=1e-5)


def test_agreement_is_pearsons_with_the_ledgers_cells(model, clinical):
    evidence = collect([clinical], ClinicalContext(), model, samples=4, seed=0)
    (cam,) = grad_cams(evidence, model.network, [Diagnosis.BCC])
    cells = evidence.photos[0].cells[:, DIAGNOSES.index(Diagnosis.BCC)].mean(0).numpy()
    assert cam.agreement == pytest.approx(np.corrcoef(np.ravel(cam.cells), cells.ravel())[0, 1], abs=1e-4)
    assert cam.agreement < 1


def test_a_map_that_is_the_same_all_over_agrees_with_none():
    assert agreement(np.zeros((2, 3)), np.arange(6.0).reshape(2, 3)) == 0
