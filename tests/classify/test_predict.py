import numpy as np
import pytest
import torch
from scipy.special import softmax
from scipy.stats import entropy

from derm_xai.classify.predict import collect, photo_set, predict
from derm_xai.classify.preprocess import resize, scale
from derm_xai.records import ClinicalContext
from derm_xai.vocabulary import DIAGNOSES, MALIGNANT, ImageType

CONTEXT = ClinicalContext(age=54, grew=True, itch=False)


def test_evidence_is_the_networks_own_scores_over_the_temperature(model, clinical, dermoscopic):
    evidence = collect([clinical, dermoscopic], CONTEXT, model, samples=3, seed=1)
    sampler = torch.Generator().manual_seed(1)
    network = model.network
    expected = 0
    with torch.inference_mode():
        for photo, index in ((clinical, 0), (dermoscopic, 1)):
            trunk = network.trunk(scale(resize(photo.pixels))[None])
            maps = network.class_maps(trunk.expand(3, -1, -1, -1), sampler)
            expected = expected + maps.mean((2, 3)) + network.image_type.weight[index]
        assert torch.allclose(evidence.photo_terms(), expected / 1.6, atol=1e-4)


def test_probabilities_are_the_softmax_of_the_mean_score(model, clinical):
    evidence = collect([clinical], CONTEXT, model, samples=6, seed=0)
    prediction = predict(evidence, model)
    scores = evidence.scores().double().numpy()
    expected = softmax(scores.mean(0))
    assert [each.probability.value for each in prediction.differentials] == pytest.approx(expected.tolist())
    malignant = sum(expected[DIAGNOSES.index(each)] for each in MALIGNANT)
    assert prediction.malignancy.value == pytest.approx(malignant)


def test_uncertainty_is_scipys(model, clinical):
    evidence = collect([clinical], CONTEXT, model, samples=6, seed=0)
    prediction = predict(evidence, model)
    samples = softmax(evidence.scores().double().numpy(), axis=1)
    assert prediction.predictive_entropy == pytest.approx(entropy(samples.mean(0)))
    expected = entropy(samples.mean(0)) - entropy(samples, axis=1).mean()
    assert prediction.mutual_information == pytest.approx(expected, abs=1e-12)
    low, high = np.percentile(samples, (5, 95), axis=0)
    assert [each.probability.low for each in prediction.differentials] == pytest.approx(low.tolist())
    assert [each.probability.high for each in prediction.differentials] == pytest.approx(high.tolist())


def test_notes_alone_do_not_depend_on_the_photo(model, clinical, dermoscopic):
    voices = [
        [each.probability_notes for each in predict(collect([photo], CONTEXT, model, samples=2, seed=0), model).differentials]
        for photo in (clinical, dermoscopic)
    ]
    assert voices[0] == pytest.approx(voices[1])
    assert voices[0] != pytest.approx([1 / 11] * 11)


def test_photo_alone_does_not_depend_on_the_notes(model, clinical):
    voices = [
        [
            each.probability_photo
            for each in predict(collect([clinical], context, model, samples=2, seed=0), model).differentials
        ]
        for context in (CONTEXT, ClinicalContext())
    ]
    assert voices[0] == voices[1]


def test_the_same_photo_twice_counts_once(model, clinical):
    without_dropout = [
        collect([clinical] * times, CONTEXT, model, samples=400, seed=0).photo_terms().mean(0) for times in (1, 2)
    ]
    assert torch.allclose(*without_dropout, atol=0.15 * float(without_dropout[0].std()))


def test_photo_set_does_not_depend_on_order():
    both = [ImageType.DERMOSCOPIC, ImageType.CLINICAL]
    assert photo_set(both) == photo_set(both[::-1]) == "clinical+dermoscopic"


def test_a_far_photo_is_flagged(model, clinical):
    from dataclasses import replace

    evidence = collect([clinical], CONTEXT, model, samples=2, seed=0)
    assert not predict(evidence, model).novelty.flagged
    strict = model.manifest.model_copy(update={"thresholds": model.manifest.thresholds.model_copy(update={"novelty": 0.0})})
    assert predict(evidence, replace(model, manifest=strict)).novelty.flagged
