from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from benchmarks import baselines, splits
from derm_xai.classify.columns import MOBILENET_V2
from derm_xai.classify.network import EvidenceNet
from derm_xai.datasets.sources import load_all
from derm_xai.datasets.splits import Part
from derm_xai.evaluate.metrics import balanced_accuracy
from derm_xai.evaluate.scored import Scored
from derm_xai.train.corpus import read_corpus
from derm_xai.train.evidence import all_terms
from tests.datasets import published


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    published.milk10k(folder / "MILK10k", lesions=33)  # a lesion of each class in each part
    published.ham10000(folder / "HAM10000")
    published.pad_ufes_20(folder / "PAD-UFES-20")
    return folder


@pytest.fixture(scope="module")
def seen(data, model):
    return baselines.look(model.network, load_all(data), Part.VALIDATION)


def test_the_terms_from_pooled_activations_are_those_of_the_model(data, model, seen):
    corpus = read_corpus(load_all(data), "photos")
    terms = all_terms(model.network, corpus, torch.device("cpu"))
    torch.testing.assert_close(seen.terms[1], terms.notes)
    torch.testing.assert_close(seen.terms[0], terms.photos(), rtol=1e-3, atol=1e-3)


def test_a_photo_that_is_not_there_is_all_zeros(seen):
    (scaled,) = baselines.standardised([seen])
    one_photo = scaled.cases.source > 0
    absent = scaled.photos[one_photo][scaled.photos[one_photo][..., -1] == 0]
    assert len(absent) == one_photo.sum()
    assert not absent.any()
    assert scaled.photos[~one_photo][..., -1].all()


def test_who_was_asked_cannot_be_read_from_the_filled_answers(seen):
    recorded = baselines.recorded_answers(seen.cases)
    levels = seen.cases.levels.clone()
    levels[::2, 0] = 0
    some = replace(seen, cases=replace(seen.cases, levels=levels))
    ages = slice(seen.photos[0].numel(), seen.photos[0].numel() + 8)
    assert not baselines.inputs(some, {})[::2, ages].any()
    assert baselines.inputs(some, recorded)[:, ages].sum(1).eq(1).all()


def test_the_refitted_head_is_additive(seen, monkeypatch):
    monkeypatch.setattr(baselines, "EPOCHS", 1)
    score = baselines.fit(baselines.linear, seen, 1e-4, fill=False)
    nothing = replace(seen.cases, levels=torch.zeros_like(seen.cases.levels))
    close_up, dermoscopic = seen.photos.clone(), seen.photos.clone()
    close_up[:, 1], dermoscopic[:, 0] = 0, 0
    parts = (
        replace(seen, cases=nothing, photos=close_up),
        replace(seen, cases=nothing, photos=dermoscopic),
        replace(seen, photos=torch.zeros_like(seen.photos)),
    )
    torch.testing.assert_close(sum(map(score, parts)), score(seen))


def test_the_difference_of_two_heads_is_that_of_their_figures():
    generator = np.random.default_rng(0)
    label, group = generator.integers(3, size=30), np.arange(30).astype(str)
    one, other = (Scored(generator.random((30, 11)), label, group) for _ in range(2))
    measured = baselines.difference(balanced_accuracy)(baselines.beside(one, other))
    assert measured == balanced_accuracy(one) - balanced_accuracy(other)


def test_every_head_is_reported_on_every_set(data, model_folder, capsys, monkeypatch):
    monkeypatch.setattr(baselines, "EPOCHS", 1)
    monkeypatch.setattr(baselines, "RESAMPLES", 10)
    baselines.main(["--data", str(data), "--model", str(model_folder)])
    printed = capsys.readouterr().out
    for name in (baselines.WHOLE, baselines.PHOTOS, baselines.NOTES, baselines.ADDITIVE, baselines.FUSION, baselines.TOLD):
        assert printed.count(f"| {name} |") == 3


def test_only_the_naive_deal_trains_on_judged_lesions():
    lesion = (np.arange(600) // 2).astype(str)
    label = np.arange(600) // 2 % 3
    dealt = splits.deal(label, lesion)
    assert np.isin(lesion[dealt.judged], lesion[dealt.naive]).any()
    assert not np.isin(lesion[dealt.judged], lesion[dealt.grouped]).any()
    assert not np.isin(dealt.judged, dealt.naive).any()
    np.testing.assert_array_equal(np.bincount(label[dealt.naive]), np.bincount(label[dealt.grouped]))


def test_both_splits_are_trained_and_reported(data, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(splits, "BATCH", 4)
    monkeypatch.setattr(splits, "SHARE", 0.34)
    monkeypatch.setattr(splits, "RESAMPLES", 10)
    save_file(EvidenceNet(columns=[MOBILENET_V2]).columns[0].state_dict(), tmp_path / "trunk.safetensors")
    splits.main(["--data", str(data), "--pretrained", str(tmp_path / "trunk.safetensors"), "--epochs", "1"])
    printed = capsys.readouterr().out
    assert "naive, by photo" in printed
    assert "grouped, by lesion" in printed
