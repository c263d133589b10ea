from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.special import softmax
from scipy.stats import entropy

from derm_xai.classify.checkpoint import Model
from derm_xai.classify.doubt import SCORES
from derm_xai.classify.predict import collect, photo_set, predict
from derm_xai.classify.preprocess import resize, scale
from derm_xai.notes.levels import encode
from derm_xai.records import ClinicalContext
from derm_xai.vocabulary import DIAGNOSES, MALIGNANT, Diagnosis, ImageType

CONTEXT = ClinicalContext(age=54, grew=True, itch=False)


def test_two_types_of_photo_also_speak_alone(model, settings, clinical, dermoscopic):
    def seen(*photos):
        evidence = collect(photos, CONTEXT, model, samples=settings.samples, seed=settings.seed)
        return predict(evidence, model)

    both = seen(clinical, dermoscopic)
    assert not seen(clinical).views
    assert [view.image_type for view in both.views] == ["clinical", "dermoscopic"]
    # the Monte Carlo samples of the first photo are the same with or without a second
    alone = seen(clinical).differentials
    leading = max(alone, key=lambda each: each.probability_photo)
    assert both.views[0].leading is leading.diagnosis
    malignant = sum(each.probability_photo for each in alone if each.diagnosis in MALIGNANT)
    assert both.views[0].malignancy == pytest.approx(malignant, abs=1e-5)


def with_thresholds(model: Model, **changes) -> Model:
    thresholds = model.manifest.thresholds.model_copy(update=changes)
    return replace(model, manifest=model.manifest.model_copy(update={"thresholds": thresholds}))


def test_evidence_is_the_networks_own_scores_over_the_temperature(model, clinical, dermoscopic):
    evidence = collect([clinical, dermoscopic], CONTEXT, model, samples=4, seed=1)
    sampler = torch.Generator().manual_seed(1)
    network = model.network
    expected = 0
    with torch.inference_mode():
        for photo, index in ((clinical, 0), (dermoscopic, 1)):
            maps = network.sampled_maps(network.trunk(scale(resize(photo.pixels))[None]), 4, sampler)
            expected = expected + maps.mean((2, 3)) + network.image_type.weight[index]
        assert torch.allclose(evidence.photo_terms(), expected / 1.6, atol=1e-4)


def test_what_else_is_seen_comes_from_the_network_without_dropout(model, dermoscopic):
    (photo,) = collect([dermoscopic], CONTEXT, model, samples=2, seed=1).photos
    network = model.network
    with torch.inference_mode():
        pixels = scale(resize(dermoscopic.pixels))[None]
        last = network.activations(network.trunk(pixels))
        # a concept is judged over the whole photo: the mean over the cells, then the logistic function
        expected = 1 / (1 + np.exp(-network.concepts(last).numpy().mean((2, 3))[0]))
        assert photo.concepts.tolist() == pytest.approx(expected.tolist(), abs=1e-5)
        assert torch.allclose(photo.outline, network.mask(network.steps(pixels))[0], atol=1e-4)
        assert photo.outline.shape == (64, 64)
        # the description opens with the means of the first column at stride 4, and ends with the deviations of the second at 16
        fine, middle = network.columns[0].features[:4](pixels)[0], network.columns[1].features[:16](pixels)[0]
        assert photo.description[:24].tolist() == pytest.approx(fine.mean((1, 2)).tolist(), abs=1e-4)
        assert photo.description[-120:].tolist() == pytest.approx(middle.flatten(1).std(1).tolist(), abs=1e-4)


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
    assert list(prediction.doubts) == list(SCORES)
    assert prediction.doubts["predictive entropy"] == pytest.approx(entropy(samples.mean(0)))
    expected = entropy(samples.mean(0)) - entropy(samples, axis=1).mean()
    assert prediction.doubts["mutual information"] == pytest.approx(expected, abs=1e-12)
    highest = max(each.probability.value for each in prediction.differentials)
    assert prediction.doubts["one minus the highest probability"] == pytest.approx(1 - highest)
    low, high = np.percentile(samples, (5, 95), axis=0)
    assert [each.probability.low for each in prediction.differentials] == pytest.approx(low.tolist())
    assert [each.probability.high for each in prediction.differentials] == pytest.approx(high.tolist())
    malignant = samples[:, [DIAGNOSES.index(each) for each in MALIGNANT]].sum(1)
    interval = prediction.malignancy.low, prediction.malignancy.high
    assert interval == pytest.approx(tuple(np.percentile(malignant, (5, 95))))


def test_each_set_of_photos_has_its_own_limits_for_the_prediction_set(model, clinical, dermoscopic):
    def limits(least: float, **own: float) -> dict[Diagnosis, float]:
        return {diagnosis: own.get(diagnosis, least) for diagnosis in DIAGNOSES}

    strict = with_thresholds(
        model,
        prediction_sets={
            "clinical": {"0.90": limits(1e9), "0.95": limits(1e9, VASC=0.0)},
            "clinical+dermoscopic": {"0.90": limits(1e9, DF=0.0), "0.95": limits(0.0)},
        },
    )
    alone = predict(collect([clinical], CONTEXT, strict, samples=2, seed=0), strict)
    leading = alone.ranked[0].diagnosis
    assert alone.prediction_sets["0.90"] == (leading,)
    assert set(alone.prediction_set) == {leading, Diagnosis.VASC}
    both = predict(collect([clinical, dermoscopic], CONTEXT, strict, samples=2, seed=0), strict)
    assert set(both.prediction_sets["0.90"]) == {both.ranked[0].diagnosis, Diagnosis.DF}
    assert both.prediction_set == both.prediction_sets["0.95"] == DIAGNOSES


def test_a_diagnosis_is_in_the_set_by_how_far_it_is_above_its_share_of_the_cases(model, clinical):
    mix = np.arange(1, 12) / 66
    evidence = collect([clinical], CONTEXT, model, samples=4, seed=0)
    shares = softmax(evidence.scores().double().numpy().mean(0))
    lifted = shares / (shares * mix).sum()
    limit = float(np.sort(lifted)[5:7].mean())
    sets = {"clinical": {"0.95": dict.fromkeys(DIAGNOSES, limit)}}
    mixes = {"clinical": dict(zip(DIAGNOSES, mix.tolist(), strict=True))}
    prediction = predict(evidence, with_thresholds(model, prediction_sets=sets, class_mix=mixes))
    assert prediction.prediction_set == tuple(each for each, lift in zip(DIAGNOSES, lifted, strict=True) if lift >= limit)
    assert len(prediction.prediction_set) == 5


def test_notes_alone_do_not_depend_on_the_photo(model, clinical, dermoscopic):
    voices = [
        [each.probability_notes for each in predict(collect([photo], CONTEXT, model, samples=2, seed=0), model).differentials]
        for photo in (clinical, dermoscopic)
    ]
    assert voices[0] == pytest.approx(voices[1])
    assert voices[0] != pytest.approx([1 / 11] * 11)


def test_notes_alone_are_the_prior_and_the_notes_at_their_own_temperature(model, clinical):
    """The toy model's notes have a temperature of 0.5."""
    prediction = predict(collect([clinical], CONTEXT, model, samples=2, seed=0), model)
    with torch.inference_mode():
        notes = model.network.notes_terms(torch.tensor([encode(CONTEXT)]))[0].sum(0)
        expected = softmax((model.network.prior + notes / 0.5).double().numpy())
    assert [each.probability_notes for each in prediction.differentials] == pytest.approx(expected.tolist(), abs=1e-6)


def test_the_prior_is_in_every_voice(model, clinical):
    network = deepcopy(model.network)
    network.prior[DIAGNOSES.index(Diagnosis.MEL)] = 50
    sure = replace(model, network=network)
    differentials = predict(collect([clinical], CONTEXT, sure, samples=2, seed=0), sure).differentials
    (melanoma,) = [each for each in differentials if each.diagnosis is Diagnosis.MEL]
    assert min(melanoma.probability.value, melanoma.probability_photo, melanoma.probability_notes) > 0.99


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
    evidence = collect([clinical], CONTEXT, model, samples=2, seed=0)
    assert not predict(evidence, model).novelty.flagged
    assert predict(evidence, with_thresholds(model, novelty=0.0)).novelty.flagged


def test_a_photo_at_the_limit_is_not_flagged_and_one_beyond_it_is(model, clinical):
    evidence = collect([clinical], CONTEXT, model, samples=2, seed=0)
    score = predict(evidence, model).novelty.score
    assert not predict(evidence, with_thresholds(model, novelty=score)).novelty.flagged
    assert predict(evidence, with_thresholds(model, novelty=0.99 * score)).novelty.flagged


def test_the_strangest_photo_decides_on_novelty(model, clinical, dermoscopic):
    scores = [
        predict(collect(photos, CONTEXT, model, samples=2, seed=0), model).novelty.score
        for photos in ([clinical], [dermoscopic], [clinical, dermoscopic])
    ]
    assert scores[2] == pytest.approx(max(scores[:2]))
    assert scores[0] != pytest.approx(scores[1])


def test_a_drawn_example_is_not_flagged_as_unlike(model, clinical):
    strict = with_thresholds(model, novelty=0.0)
    evidence = collect([clinical], ClinicalContext(), strict, samples=3, seed=0)
    drawn = replace(evidence, photos=tuple(replace(each, synthetic=True) for each in evidence.photos))
    assert predict(evidence, strict).novelty.flagged
    assert not predict(drawn, strict).novelty.flagged
    assert predict(drawn, strict).novelty.score == predict(evidence, strict).novelty.score


def test_a_drawing_is_not_flagged_and_excuses_no_photo_beside_it(model, clinical, dermoscopic):
    strict = with_thresholds(model, novelty=0.0)
    drawing = replace(clinical, synthetic=True)

    def novelty(*photos):
        return predict(collect(photos, CONTEXT, strict, samples=2, seed=0), strict).novelty

    assert not novelty(drawing).flagged
    assert novelty(drawing).score == novelty(clinical).score > 0
    assert novelty(drawing, dermoscopic).flagged
