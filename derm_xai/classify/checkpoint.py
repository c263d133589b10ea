"""A model folder: weights.safetensors and model.json, checked against each other before anything is computed."""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.novelty import FeatureSpace
from derm_xai.errors import ModelError
from derm_xai.notes.levels import FIELDS
from derm_xai.records import Record
from derm_xai.vocabulary import DIAGNOSES

WEIGHTS, MANIFEST, CARD = "weights.safetensors", "model.json", "MODEL_CARD.md"


class TrainingData(Record):
    """A data set the weights were trained on, with the cases of each part."""

    name: str
    licence: str
    source: str
    train: int
    calibration: int
    validation: int


class Thresholds(Record):
    """Operating points, all chosen on the calibration part; probabilities in 0..1.

    `referral`: probability of a malignancy for which NICE names the suspected-cancer pathway. `malignancy`: of any.
    `entropy`: predictive entropy in nats. `prediction_set`: for each diagnosis the least probability at which it is in the set.
    """

    malignancy: float
    referral: float
    entropy: float
    novelty: float
    prediction_set: dict[str, float]


class Manifest(Record):
    """What a regulator asks of a model file, written by training and read by everything else."""

    id: str
    created: str
    architecture: str
    labels: tuple[str, ...]
    fields: dict[str, tuple[str, ...]]
    input: dict[str, Any]
    dropout: float
    temperature: dict[str, float]
    thresholds: Thresholds
    data: tuple[TrainingData, ...]
    pretrained: str
    licence: str
    command: str
    recipe: dict[str, Any]
    git_commit: str
    weights_sha256: str


@dataclass(frozen=True)
class Model:
    """A network ready to assess, what is known of its features, and its manifest."""

    network: EvidenceNet
    feature_space: FeatureSpace
    manifest: Manifest


def load_model(folder: Path) -> Model:
    """Read a model folder. Raises ModelError when a file is missing or altered, or the labels or fields are others."""
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
        weights = (folder / WEIGHTS).read_bytes()
    except (OSError, ValidationError):
        raise ModelError(
            "The model folder lacks a readable model.json or weights.safetensors. Train or copy it again."
        ) from None
    if sha256(weights).hexdigest() != manifest.weights_sha256:
        raise ModelError("The weights are not the ones that model.json describes (SHA-256 differs). Copy the folder again.")
    if manifest.labels != tuple(DIAGNOSES) or manifest.fields != {field.name: field.levels for field in FIELDS}:
        raise ModelError(
            "The model was trained for other diagnoses or notes fields than this version knows. Use one that matches."
        )
    try:
        tensors = load(weights)
        network = EvidenceNet(manifest.dropout)
        space = FeatureSpace(**{name: tensors.pop(f"novelty.{name}") for name in FeatureSpace._fields})
        network.load_state_dict(tensors)
    except (SafetensorError, KeyError, RuntimeError):
        raise ModelError(
            "The weights do not fit this version's network. Use the model that came with it, or train again."
        ) from None
    return Model(network.eval().requires_grad_(False), space, manifest)


def save_model(folder: Path, network: EvidenceNet, space: FeatureSpace, manifest: dict[str, Any]) -> Manifest:
    """Write the folder and return its manifest, completed with the hash of the weights."""
    tensors: dict[str, Tensor] = {name: tensor.contiguous().cpu() for name, tensor in network.state_dict().items()}
    tensors |= {f"novelty.{name}": tensor.contiguous() for name, tensor in space._asdict().items()}
    weights = save(tensors)
    complete = Manifest(**manifest, weights_sha256=sha256(weights).hexdigest())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WEIGHTS).write_bytes(weights)
    (folder / MANIFEST).write_text(json.dumps(complete.model_dump(mode="json"), indent=2) + "\n", encoding="utf-8")
    return complete
