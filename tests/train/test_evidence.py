import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from derm_xai.classify.lesion import lesion
from derm_xai.classify.predict import collect, photo_set
from derm_xai.classify.preprocess import scale
from derm_xai.evaluate.metrics import balanced_accuracy
from derm_xai.evaluate.scored import Scored
from derm_xai.notes.form import read_form
from derm_xai.notes.levels import FIELDS, encode
from derm_xai.photo import read_photo
from derm_xai.train.corpus import Corpus
from derm_xai.train.evidence import Terms, all_terms, score_table
from derm_xai.vocabulary import ImageType
from tests.conftest import draw, encoded

CPU = torch.device("cpu")
NOTES = ({"age": 30}, {"sex": "male", "bleed": True}, {})
TYPES = (ImageType.CLINICAL, ImageType.DERMOSCOPIC, ImageType.DERMOSCOPIC, ImageType.CLINICAL)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Three cases, the first with two photos; photos of two shapes, so that they are not met in their order."""
    photos = (draw(1, 224, 288), draw(2, 256, 256), draw(3, 224, 288), draw(4, 256, 256))
    return Corpus(
        photos=photos,
        masks=(np.empty((0, 0), np.uint8),) * 4,
        concepts=torch.full((4, 7), float("nan")),
        owner=torch.tensor([0, 0, 1, 2]),
        image_type=torch.tensor([0, 1, 1, 0]),
        label=torch.tensor([1, 7, 8]),
        source=torch.tensor([0, 1, 2]),
        levels=torch.tensor([encode(read_form(notes)) for notes in NOTES]),
    )


@pytest.fixture(scope="module")
def terms(model, corpus) -> Terms:
    return all_terms(model.network, corpus, CPU, batch=2)


@pytest.fixture(scope="module")
def sampled(model, corpus) -> Terms:
    return all_terms(model.network, corpus, CPU, samples=5, batch=2)


def test_without_samples_it_is_the_evidence_of_the_network_without_dropout(model, corpus, terms):
    network = model.network
    with torch.inference_mode():
        for index, pixels in enumerate(corpus.photos):
            expected = network.photo_evidence(scale(pixels)[None])[0] + network.image_type.weight[corpus.image_type[index]]
            assert torch.allclose(terms.views[index], expected, atol=1e-4)
        assert torch.allclose(terms.notes, network.notes_terms(corpus.levels).sum(1))
    assert terms.samples.shape == (4, 0, 11)


def test_with_samples_the_evidence_is_their_mean(model, corpus, sampled, terms):
    assert sampled.samples.shape == (4, 5, 11)
    assert torch.allclose(sampled.views, sampled.samples.mean(1), atol=1e-5)
    assert not torch.allclose(sampled.views, terms.views, atol=1e-4)
    again = all_terms(model.network, corpus, CPU, samples=5, batch=2)
    assert torch.equal(again.samples, sampled.samples)


def test_photos_and_notes_are_what_the_product_collects(model, corpus, terms):
    """Every photo described, judged and outlined as in an assessment, and the notes' terms before temperature."""
    for case, notes in enumerate(NOTES):
        mine = (corpus.owner == case).nonzero()[:, 0].tolist()
        photos = [read_photo(encoded(corpus.photos[index]), TYPES[index]) for index in mine]
        evidence = collect(photos, read_form(notes), model, samples=2, seed=0)
        assert torch.allclose(evidence.notes.sum(0) * evidence.temperature, terms.notes[case], atol=1e-5)
        assert evidence.temperature == model.manifest.temperature[photo_set([TYPES[index] for index in mine])]
        for index, found in zip(mine, evidence.photos, strict=True):
            assert torch.allclose(found.description, terms.description[index], atol=1e-3)
            assert torch.allclose(found.concepts, terms.concepts[index], atol=1e-4)
            assert lesion(found.outline).share == pytest.approx(terms.lesions[index].share, abs=0.01)


def test_photos_of_a_case_add_up(corpus, sampled):
    photos, samples = sampled.photos(), sampled.sampled_photos()
    assert torch.allclose(photos[0], sampled.views[0] + sampled.views[1])
    assert torch.equal(photos[1:], sampled.views[2:])
    assert torch.allclose(samples[0], sampled.samples[0] + sampled.samples[1])
    assert torch.equal(samples[1:], sampled.samples[2:])


def test_the_table_of_scores_is_the_cards_and_scikit_learns():
    generator = torch.Generator().manual_seed(0)
    label = torch.tensor([1, 7, 8] * 20)
    source = torch.tensor([0] * 30 + [2] * 30)
    levels = torch.zeros(60, len(FIELDS), dtype=torch.long)
    photos = torch.randn(60, 11, generator=generator)
    nothing = torch.zeros(60, 0)
    terms = Terms(photos, nothing, torch.randn(60, 11, generator=generator), nothing, nothing, (), torch.arange(60))
    cases = Corpus((), (), nothing, torch.arange(60), torch.zeros(60, dtype=torch.long), label, source, levels)
    table = score_table(terms, cases)
    probabilities = (photos + terms.notes).softmax(1).numpy()
    for name, rows in (("MILK10k", slice(0, 30)), ("PAD-UFES-20", slice(30, 60))):
        truth, shown = label[rows].numpy(), probabilities[rows]
        # the card's figure: a leading class that the source does not hold is wrong; the mean is over the three that it holds
        leading = shown.argmax(1)
        assert not np.isin(leading, [1, 7, 8]).all()
        recall = [(leading[truth == index] == index).mean() for index in (1, 7, 8)]
        assert np.mean(recall) == pytest.approx(balanced_accuracy(Scored(shown, truth, truth.astype(str))))
        areas = [roc_auc_score(truth == index, shown[:, index]) for index in (1, 7, 8)]
        assert table[f"{name} balanced accuracy"] == pytest.approx(np.mean(recall), abs=1e-4)
        assert table[f"{name} macro AUC"] == pytest.approx(np.mean(areas), abs=1e-4)
    assert not any(name.startswith("HAM10000") for name in table)
