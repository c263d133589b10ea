import numpy as np
import pytest
import torch

from derm_xai.train.calibrate import _operating_point, _temperature, calibrate
from derm_xai.train.corpus import Corpus, log_class_mix
from derm_xai.train.evidence import Terms
from derm_xai.vocabulary import DIAGNOSES, URGENT_MALIGNANT


def test_the_temperature_that_made_scores_too_sharp_is_found():
    generator = torch.Generator().manual_seed(0)
    true = torch.randn(20_000, 11, generator=generator) * 1.5
    label = torch.multinomial(true.softmax(1), 1, generator=generator)[:, 0]
    assert _temperature(true * 2.5, torch.zeros(11), label) == pytest.approx(2.5, rel=0.05)


def test_the_operating_point_finds_the_wanted_share():
    probabilities = np.zeros((200, 11))
    melanoma = DIAGNOSES.index("MEL")
    probabilities[:100, melanoma] = np.arange(100) / 100
    label = np.where(np.arange(200) < 100, melanoma, 0)
    threshold = _operating_point(probabilities, label, URGENT_MALIGNANT)
    assert (probabilities[:100, melanoma] >= threshold).mean() >= 0.95
    assert (probabilities[:100, melanoma] > threshold).mean() < 0.96


def made_up(cases: int, seed: int) -> tuple[Corpus, Terms]:
    """Pairs of photos whose evidence favours the right class."""
    generator = torch.Generator().manual_seed(seed)
    label = torch.arange(cases) % 11
    owner = torch.arange(cases).repeat_interleave(2)
    corpus = Corpus(
        photos=(),
        owner=owner,
        image_type=torch.arange(2 * cases) % 2,
        label=label,
        source=torch.zeros(cases, dtype=torch.long),
        levels=torch.zeros(cases, 13, dtype=torch.long),
    )
    views = torch.randn(2 * cases, 11, generator=generator)
    views[torch.arange(2 * cases), label[owner]] += 2
    features = torch.randn(2 * cases, 1280, generator=generator) + 3 * torch.eye(11, 1280)[label[owner]]
    return corpus, Terms(views, torch.zeros(cases, 11), features, owner)


def test_everything_is_fitted():
    corpus, terms = made_up(660, 0)
    calibration = calibrate(corpus, terms, corpus, terms)
    assert set(calibration.temperature) == {"clinical", "dermoscopic", "clinical+dermoscopic", "notes"}
    thresholds = calibration.thresholds
    probabilities = (terms.photos() / calibration.temperature["clinical+dermoscopic"]).double().softmax(1).numpy()
    for index, diagnosis in enumerate(DIAGNOSES):
        own = probabilities[corpus.label.numpy() == index, index]
        assert (own >= thresholds.prediction_set[diagnosis]).mean() >= 0.95
        assert thresholds.prediction_set[diagnosis] > 0


def test_class_mix_by_hand():
    corpus, _ = made_up(22, 0)
    mix = log_class_mix(corpus, torch.where(corpus.label == 0, 12.0, 1.0)).exp()
    # class 0 weighs 24 of 44, the others 2 of 44 each
    assert mix[0, 0] == pytest.approx(24 / 44)
    assert mix[0, 1] == pytest.approx(2 / 44)
    # a source without cases: every class at the floor, so all alike
    assert mix[1].tolist() == pytest.approx([1 / 11] * 11)
