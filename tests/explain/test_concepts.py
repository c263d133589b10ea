import numpy as np
import pytest
import torch
from scipy.special import expit, logit

from derm_xai.assess import assess
from derm_xai.classify.predict import collect
from derm_xai.explain.concepts import concept_maps
from derm_xai.records import ClinicalContext
from derm_xai.settings import Settings
from derm_xai.vocabulary import VisualConcept


@pytest.fixture(scope="module")
def evidence(model, clinical, dermoscopic):
    return collect([clinical, dermoscopic], ClinicalContext(), model, samples=2, seed=0)


def test_each_concept_of_each_photo_has_a_map_of_what_the_head_makes_of_each_cell(model, evidence):
    maps = concept_maps(evidence, model.network)
    assert [(each.photo, each.concept) for each in maps] == [(place, concept) for place in (0, 1) for concept in VisualConcept]
    weight, bias = model.network.concepts.weight[:, :, 0, 0].numpy(), model.network.concepts.bias.numpy()
    for place, photo in enumerate(evidence.photos):
        with torch.inference_mode():
            activations = model.network.activations(photo.trunk)[0].numpy()
        expected = expit(np.einsum("kc,chw->khw", weight, activations) + bias[:, None, None])
        assert np.allclose([each.cells for each in maps if each.photo == place], expected, atol=1e-5)


def test_the_cells_add_up_to_the_photos_value_as_log_odds(model, evidence):
    for each in concept_maps(evidence, model.network):
        assert np.mean(logit(np.array(each.cells))) == pytest.approx(logit(each.value), abs=1e-3)


def test_an_assessment_tells_where_it_saw_what_its_record_says(model, clinical):
    assessment = assess([clinical], ClinicalContext(), model, Settings(samples=2))
    assert {each.concept: each.value for each in assessment.concept_maps} == assessment.photos[0].concepts
