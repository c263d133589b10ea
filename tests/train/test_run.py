import json
from dataclasses import replace

import pytest
import torch
from safetensors.torch import save_file

from derm_xai.classify.checkpoint import load_model
from derm_xai.classify.network import EvidenceNet
from derm_xai.datasets.sources import load_all
from derm_xai.datasets.splits import Part, split
from derm_xai.errors import DataError
from derm_xai.train.corpus import read_corpus
from derm_xai.train.loop import Recipe, _Trainer
from derm_xai.train.run import train
from tests.datasets import published

RECIPE = Recipe(epochs=2, small_epochs=2, batch=12)
RECIPES = {"first": RECIPE, "second": replace(RECIPE, epochs=1, frozen=4, mixup=0.5)}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return published.all_sets(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def pretrained(tmp_path_factory):
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("weights") / "mobilenet.safetensors"
    save_file({name: value for name, value in EvidenceNet().state_dict().items() if name.startswith("features.")}, path)
    return path


@pytest.fixture(scope="module")
def trained(data, pretrained, tmp_path_factory):
    root = tmp_path_factory.mktemp("trained")
    train(data, pretrained, root / "toy", root / "run", RECIPES, "derm-xai train")
    return root


def test_a_model_folder_is_written_and_can_be_read(trained):
    manifest = load_model(trained / "toy").manifest
    assert manifest.id == "toy"
    assert [(each.name, each.train + each.calibration + each.validation) for each in manifest.data] == [
        ("MILK10k", 22),
        ("HAM10000", 40),
        ("PAD-UFES-20", 24),
    ]
    assert manifest.recipe["second"]["seed"] == RECIPE.seed


def test_the_log_has_a_line_for_each_epoch(trained):
    lines = [json.loads(line) for line in (trained / "run" / "first" / "log.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [1, 2]
    assert all(line["loss"] > 0 and "HAM10000 macro AUC" in line for line in lines)


def test_a_finished_run_is_taken_up_and_gives_the_same_weights(trained, data, pretrained):
    before = (trained / "toy" / "weights.safetensors").read_bytes()
    train(data, pretrained, trained / "toy", trained / "run", RECIPES, "derm-xai train")
    assert (trained / "toy" / "weights.safetensors").read_bytes() == before
    assert len((trained / "run" / "first" / "log.jsonl").read_text().splitlines()) == 2


@pytest.mark.parametrize("epoch", [0, RECIPE.small_epochs])
def test_every_batch_has_the_same_number_of_photos(data, epoch):
    corpus = read_corpus(split(load_all(data))[Part.TRAIN], "photos")
    trainer = _Trainer(EvidenceNet(), corpus, RECIPE, torch.device("cpu"))
    batches = trainer._batches(epoch, torch.Generator().manual_seed(0))
    assert len({sum(len(trainer.photos_of[case]) for case in batch.tolist()) for batch in batches}) == 1


def test_weights_of_something_else_are_refused(data, tmp_path):
    save_file({"classifier.weight": torch.zeros(3)}, tmp_path / "other.safetensors")
    with pytest.raises(DataError, match="MobileNetV2"):
        train(data, tmp_path / "other.safetensors", tmp_path / "m", tmp_path / "run", RECIPES, "")
