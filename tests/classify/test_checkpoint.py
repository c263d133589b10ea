import json
import os
from hashlib import sha256

import pytest
import torch
from safetensors.torch import save_file

from derm_xai.classify.checkpoint import SNAPSHOT, load_model, save_model, snapshots, with_weights
from derm_xai.errors import ModelError
from derm_xai.vocabulary import DIAGNOSES, Diagnosis, VisualConcept
from tests.conftest import make_network, make_space, manifest


@pytest.fixture
def folder(tmp_path):
    save_model(tmp_path / "m", make_network(), make_space(), manifest())
    return tmp_path / "m"


def alter(folder, **changes):
    path = folder / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_saved_model_is_the_same_when_read(folder):
    model = load_model(folder)
    photo = torch.rand(1, 3, 64, 96)
    with torch.inference_mode():
        assert torch.equal(model.network.photo_evidence(photo), make_network().photo_evidence(photo))
    assert model.manifest.labels == tuple(DIAGNOSES)
    assert not any(parameter.requires_grad for parameter in model.network.parameters())
    assert all(torch.equal(read, made) for read, made in zip(model.feature_space, make_space(), strict=True))


def test_operating_points_are_read_as_they_were_written(folder):
    thresholds = load_model(folder).manifest.thresholds
    assert (thresholds.abstention.score, thresholds.abstention.limit) == ("predictive entropy", 2.3)
    assert thresholds.prediction_sets["clinical"]["0.90"][Diagnosis.MEL] == 0.15
    assert set(thresholds.quality.concepts) == {VisualConcept.HAIR, VisualConcept.GEL, VisualConcept.INK}


def test_altered_weights_are_refused(folder):
    path = folder / "weights.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelError, match="SHA-256"):
        load_model(folder)


def test_other_labels_are_refused(folder):
    alter(folder, labels=list(reversed(DIAGNOSES)))
    with pytest.raises(ModelError, match="other diagnoses"):
        load_model(folder)


def test_other_fields_are_refused(folder):
    alter(folder, fields={"age": ["not recorded", "old"]})
    with pytest.raises(ModelError, match="notes fields"):
        load_model(folder)


@pytest.mark.parametrize("name", ["weights.safetensors", "model.json"])
def test_a_missing_file_is_one_sentence_without_a_path(folder, name):
    (folder / name).unlink()
    with pytest.raises(ModelError) as caught:
        load_model(folder)
    assert str(folder) not in str(caught.value)


def test_weights_that_are_no_safetensors_are_refused(folder):
    (folder / "weights.safetensors").write_bytes(b"pickle")
    alter(folder, weights_sha256=sha256(b"pickle").hexdigest())
    with pytest.raises(ModelError, match="do not fit"):
        load_model(folder)


def test_the_snapshots_of_a_run_come_in_their_order_without_the_last(tmp_path):
    # later names come first in the alphabet, so that only the time can order them
    for age, name in enumerate(("long", "middle", "after")):
        (tmp_path / name).mkdir()
        path = tmp_path / name / SNAPSHOT
        path.write_bytes(b"")
        os.utime(path, (1_000_000 + age, 1_000_000 + age))
    assert [path.parent.name for path in snapshots(tmp_path)] == ["long", "middle"]


def test_a_run_without_snapshots_has_none(tmp_path):
    assert snapshots(tmp_path) == []
    assert snapshots(tmp_path / "nowhere") == []


def test_a_model_takes_other_weights_and_stays_as_it_was(model, tmp_path):
    other = make_network(seed=2)
    save_file(other.state_dict(), tmp_path / SNAPSHOT)
    photo = torch.rand(1, 3, 64, 96)
    with torch.inference_mode():
        before = model.network.photo_evidence(photo)
        member = with_weights(model, tmp_path / SNAPSHOT)
        assert torch.equal(member.network.photo_evidence(photo), other.photo_evidence(photo))
        assert torch.equal(model.network.photo_evidence(photo), before)
    assert not torch.equal(before, other.photo_evidence(photo))
    assert (member.manifest, member.feature_space) == (model.manifest, model.feature_space)
    assert not any(parameter.requires_grad for parameter in member.network.parameters())


@pytest.mark.parametrize("content", [None, b"pickle", "other tensors"])
def test_weights_of_another_network_are_refused_in_one_sentence_without_a_path(model, tmp_path, content):
    path = tmp_path / SNAPSHOT
    if content == "other tensors":
        save_file({"head.weight": torch.zeros(3)}, path)
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match="do not fit") as caught:
        with_weights(model, path)
    assert str(tmp_path) not in str(caught.value)
