import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from derm_xai.assess import assess
from derm_xai.classify.checkpoint import load_model
from derm_xai.classify.columns import MOBILENET_V2
from derm_xai.classify.doubt import SCORES
from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.preprocess import INPUT
from derm_xai.datasets.sources import load_all
from derm_xai.datasets.splits import Part, split
from derm_xai.notes.levels import FIELDS
from derm_xai.photo import read_photo
from derm_xai.records import ClinicalContext
from derm_xai.settings import Settings
from derm_xai.train.corpus import read_corpus
from derm_xai.train.loop import SNAPSHOT, _Trainer
from derm_xai.train.recipes import Recipe
from derm_xai.train.run import train
from derm_xai.train.sense import RED_FLAGS, level_counts
from derm_xai.vocabulary import MALIGNANT, places
from tests.conftest import draw, encoded
from tests.datasets import published

RECIPE = Recipe(epochs=2, small_epochs=2, batch=12)
RECIPES = {
    "mobilenet_v2": {"first": RECIPE, "second": replace(RECIPE, epochs=1, frozen=4, mixup=0.5)},
    "efficientnet_lite2": {"only": replace(RECIPE, epochs=1, frozen=8)},
}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return published.all_sets(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def pretrained(tmp_path_factory):
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("weights") / "mobilenet.safetensors"
    save_file(EvidenceNet(columns=[MOBILENET_V2]).columns[0].state_dict(), path)
    return path


@pytest.fixture(scope="module")
def trained(data, pretrained, tmp_path_factory):
    root = tmp_path_factory.mktemp("trained")
    train(data, pretrained, root / "toy", root / "run", RECIPES, "derm-xai train")
    return root


def test_a_model_folder_is_written_and_can_be_read(trained):
    manifest = load_model(trained / "toy").manifest
    assert manifest.id == "toy"
    assert manifest.input == INPUT
    assert manifest.limits == ()
    assert [(each.name, each.train + each.calibration + each.validation) for each in manifest.data] == [
        ("MILK10k", 22),
        ("HAM10000", 40),
        ("PAD-UFES-20", 24),
    ]
    assert manifest.recipe["mobilenet_v2, second"]["seed"] == RECIPE.seed
    assert manifest.recipe["mobilenet_v2, second"]["frozen"] == 4
    assert "efficientnet_lite2, only" in manifest.recipe
    assert set(manifest.thresholds.prediction_sets) == {"clinical", "dermoscopic", "clinical+dermoscopic"}
    assert manifest.thresholds.abstention.score in SCORES
    limits = manifest.thresholds.card
    assert limits is None or "calibration cases of the three sets with toy" in limits.source


def test_the_second_recipe_starts_from_the_first_and_leaves_its_first_layers_alone(trained):
    first, second = (load_file(trained / "run" / "mobilenet_v2" / name / SNAPSHOT) for name in ("first", "second"))
    frozen = [name for name in first if name.startswith(tuple(f"columns.0.features.{layer}." for layer in range(4)))]
    assert len(frozen) > 20
    assert all(torch.equal(first[name], second[name]) for name in frozen)
    assert not torch.equal(first["head.weight"], second["head.weight"])


def test_the_notes_say_no_more_than_they_may(trained, data):
    network = load_model(trained / "toy").network
    counts = level_counts(read_corpus(split(load_all(data))[Part.TRAIN], "photos").levels)
    assert any(count.sum() for count in counts)
    for field, table, count in zip(FIELDS, network.fields, counts, strict=True):
        # a level that no case had says nothing, "not recorded" among them
        assert not table.weight[count == 0].any()
        if field.name in RED_FLAGS:
            no, yes = table.weight[1], table.weight[2]
            assert all(yes[index] >= no[index] - 1e-6 for index in places(MALIGNANT))
    # a field that one answer was given to has a mean of that answer, which says nothing
    itch = next(table for field, table in zip(FIELDS, network.fields, strict=True) if field.name == "itch")
    assert itch.weight.abs().max() < 1e-4


def test_the_trained_model_assesses_a_photo(trained):
    model = load_model(trained / "toy")
    photos = [read_photo(encoded(draw(seed)), image_type) for seed, image_type in ((1, "clinical"), (2, "dermoscopic"))]
    assessment = assess(photos, ClinicalContext(age=50, bleed=True), model, Settings(samples=3))
    assert sum(each.probability.value for each in assessment.prediction.differentials) == pytest.approx(1)
    assert np.isfinite(assessment.prediction.novelty.score)
    assert assessment.provenance.weights_sha256 == model.manifest.weights_sha256


def test_the_log_has_a_line_for_each_epoch(trained):
    lines = [json.loads(line) for line in (trained / "run" / "mobilenet_v2" / "first" / "log.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [1, 2]
    assert all(line["loss"] > 0 and "HAM10000 macro AUC" in line for line in lines)


def test_a_finished_run_is_taken_up_and_gives_the_same_weights(trained, data, pretrained):
    before = (trained / "toy" / "weights.safetensors").read_bytes()
    train(data, pretrained, trained / "toy", trained / "run", RECIPES, "derm-xai train")
    assert (trained / "toy" / "weights.safetensors").read_bytes() == before
    assert len((trained / "run" / "mobilenet_v2" / "first" / "log.jsonl").read_text().splitlines()) == 2


@pytest.mark.parametrize("epoch", [0, RECIPE.small_epochs])
def test_every_batch_has_the_same_number_of_photos(data, epoch):
    corpus = read_corpus(split(load_all(data))[Part.TRAIN], "photos")
    trainer = _Trainer(EvidenceNet(columns=[MOBILENET_V2]), corpus, RECIPE, torch.device("cpu"))
    batches = trainer._batches(epoch, torch.Generator().manual_seed(0))
    assert len({sum(len(trainer.photos_of[case]) for case in batch.tolist()) for batch in batches}) == 1
