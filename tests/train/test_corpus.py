import numpy as np
import pytest
import torch

from derm_xai.classify.preprocess import resize
from derm_xai.datasets.sources import load_all
from derm_xai.notes.levels import FIELDS
from derm_xai.photo import read_photo
from derm_xai.train.corpus import IMAGE_TYPES, SOURCE_NAMES, Corpus, log_class_mix, read_corpus
from derm_xai.vocabulary import DIAGNOSES, ImageType, VisualConcept
from tests.datasets import published


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    published.milk10k(folder / "MILK10k", 3)
    published.ham10000(folder / "HAM10000", 4)
    published.pad_ufes_20(folder / "PAD-UFES-20", 2)
    return load_all(folder)


@pytest.fixture(scope="module")
def corpus(cases):
    return read_corpus(cases, "photos")


def test_every_photo_is_there_once_as_the_product_would_see_it(corpus, cases):
    photos = [photo for case in cases for photo in case.photos]
    assert len(corpus) == len(cases) == 9
    assert len(corpus.photos) == len(photos) == 12
    assert corpus.owner.tolist() == [0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8]
    for pixels, photo, image_type in zip(corpus.photos, photos, corpus.image_type, strict=True):
        assert np.array_equal(pixels, resize(read_photo(photo.read(), photo.image_type).pixels))
        assert IMAGE_TYPES[image_type] is photo.image_type


def test_photos_and_masks_may_be_asked_for_smaller(corpus, cases):
    small = read_corpus(cases, "photos", 192 * 256)
    assert {pixels.shape[:2] for pixels in corpus.photos} == {(224, 288), (256, 256)}
    assert {pixels.shape[:2] for pixels in small.photos} == {(192, 256), (224, 224)}
    known = [(mask.shape, pixels.shape[:2]) for mask, pixels in zip(small.masks, small.photos, strict=True) if mask.size]
    assert len(known) == 4
    assert all(mask == photo for mask, photo in known)


def test_each_case_has_its_label_source_and_notes(corpus, cases):
    assert [DIAGNOSES[label] for label in corpus.label] == [case.diagnosis for case in cases]
    assert [SOURCE_NAMES[source] for source in corpus.source] == [case.source for case in cases]
    sex = [field.name for field in FIELDS].index("sex")
    itch = [field.name for field in FIELDS].index("itch")
    assert corpus.levels.shape == (9, len(FIELDS))
    assert corpus.levels[:, sex].tolist() == [1, 1, 1, 2, 2, 2, 2, 1, 1]
    assert corpus.levels[:, itch].tolist() == [0] * 7 + [2, 2]


def test_the_photos_of_one_type_come_with_their_cases(corpus):
    close_ups = corpus.only(ImageType.CLINICAL)
    assert len(close_ups) == len(close_ups.photos) == len(close_ups.masks) == 5
    assert close_ups.owner.tolist() == [0, 1, 2, 3, 4]
    assert {IMAGE_TYPES[each] for each in close_ups.image_type} == {ImageType.CLINICAL}
    assert [SOURCE_NAMES[each] for each in close_ups.source] == ["MILK10k"] * 3 + ["PAD-UFES-20"] * 2
    cases = [0, 1, 2, 7, 8]
    assert torch.equal(close_ups.label, corpus.label[cases])
    assert torch.equal(close_ups.levels, corpus.levels[cases])
    for photo, case in zip(close_ups.photos, cases, strict=True):
        assert np.array_equal(photo, corpus.photos[corpus.owner.tolist().index(case)])
    assert torch.equal(close_ups.concepts[:3], corpus.concepts[[0, 2, 4]])
    assert len(corpus.only(ImageType.DERMOSCOPIC)) == 7


def test_concepts_are_known_for_milk10k_alone(corpus):
    known = [[0.0] * 7, [0.0] * 7, [1 / 40] * 7, [1 / 40] * 7, [2 / 40] * 7, [2 / 40] * 7]
    assert corpus.concepts[:6].numpy() == pytest.approx(np.array(known))
    assert corpus.concepts[6:].isnan().all()
    assert corpus.concepts.shape == (12, len(VisualConcept))


def test_masks_are_known_for_ham10000_alone_and_lie_on_their_photos(corpus):
    assert [mask.size > 0 for mask in corpus.masks] == [False] * 6 + [True] * 4 + [False] * 2
    for mask, photo in zip(corpus.masks[6:10], corpus.photos[6:10], strict=True):
        assert mask.shape == photo.shape[:2]
        assert set(np.unique(mask)) == {0, 255}
        # the drawn spot is dark on pale
        dark = photo[..., 0] < 165
        assert (dark == (mask == 255)).mean() > 0.97


def counted(label: torch.Tensor, source: torch.Tensor) -> Corpus:
    nothing = torch.zeros(0, dtype=torch.long)
    levels = torch.zeros(len(label), len(FIELDS), dtype=torch.long)
    return Corpus((), (), torch.zeros(0, 7), nothing, nothing, label, source, levels)


def test_class_mix_by_hand():
    label = torch.arange(22) % 11
    corpus = counted(label, torch.zeros(22, dtype=torch.long))
    mix = log_class_mix(corpus, torch.where(label == 0, 12.0, 1.0)).exp()
    # class 0 weighs 24 of 44, the others 2 of 44 each
    assert mix[0, 0] == pytest.approx(24 / 44)
    assert mix[0, 1] == pytest.approx(2 / 44)
    # a source without cases: every class at the floor, so all alike
    assert mix[1].tolist() == pytest.approx([1 / 11] * 11)


def test_a_class_that_a_source_does_not_hold_counts_as_one_in_a_hundred():
    mix = log_class_mix(counted(torch.tensor([3, 3, 3, 5]), torch.full((4,), 2)), torch.ones(4)).exp()
    assert mix.sum(1).tolist() == pytest.approx([1, 1, 1])
    assert (mix[2] / mix[2, 0]).tolist() == pytest.approx(
        [75 if index == 3 else 25 if index == 5 else 1 for index in range(11)]
    )
