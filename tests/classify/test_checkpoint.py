import json
from hashlib import sha256

import pytest
import torch
from safetensors.torch import load_file

from derm_xai.classify.checkpoint import load_model, save_model
from derm_xai.classify.preprocess import INPUT
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


@pytest.mark.parametrize("changes", [{"area": 49152}, {"range": [0, 1]}])
def test_another_input_is_refused(folder, changes):
    alter(folder, input=dict(INPUT) | changes)
    with pytest.raises(ModelError, match="another size"):
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


def test_a_file_holds_the_convolutions_in_half_precision(folder):
    tensors = load_file(folder / "weights.safetensors")
    assert {tensor.dtype for name, tensor in tensors.items() if tensor.ndim == 4} == {torch.float16}
    assert tensors["image_type.weight"].dtype == torch.float32
