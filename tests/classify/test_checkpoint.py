import json

import pytest
import torch

from derm_xai.classify.checkpoint import load_model, save_model
from derm_xai.errors import ModelError
from derm_xai.vocabulary import DIAGNOSES
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
    from hashlib import sha256

    (folder / "weights.safetensors").write_bytes(b"pickle")
    alter(folder, weights_sha256=sha256(b"pickle").hexdigest())
    with pytest.raises(ModelError, match="do not fit"):
        load_model(folder)
