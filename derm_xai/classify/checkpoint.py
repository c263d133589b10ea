"""A model folder: weights.safetensors and model.json, checked against each other before anything is computed."""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch
from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.novelty import FeatureSpace
from derm_xai.classify.preprocess import INPUT
from derm_xai.errors import ModelError
from derm_xai.language import later
from derm_xai.notes.levels import FIELDS
from derm_xai.records import CardLimits, Record
from derm_xai.vocabulary import DIAGNOSES, Diagnosis, VisualConcept

WEIGHTS, MANIFEST, CARD = "weights.safetensors", "model.json", "MODEL_CARD.md"


class TrainingData(Record):
    """A data set the weights were trained on, with the cases of each part."""

    name: str
    licence: str
    source: str
    train: int
    calibration: int
    validation: int


class Abstention(Record):
    """The uncertainty score that best told wrong answers on the calibration part, and its limit."""

    score: str
    limit: float


class QualityLimits(Record):
    """A photo beyond these is to be taken again: shares in 0..1, concepts as the network reads them."""

    lesion_share: float
    edge_share: float
    concepts: dict[VisualConcept, float]


class Thresholds(Record):
    """Operating points, all chosen on the calibration part; probabilities in 0..1.

    `referral`: probability of a malignancy for which NICE names the suspected-cancer pathway. `malignancy`: of any.
    `melanoma`: of melanoma. `abstention`: the score of `classify.doubt` above which the model abstains.
    `prediction_sets`: by set of photos and coverage, for each diagnosis the least lift at which it is in the set.
    `class_mix`: by set of photos, each diagnosis' share of the calibration cases, on which the lift rests.
    `quality`: limits on what the network sees of a photo. `card`: limits of the report card, where the model has its own.
    """

    malignancy: float
    melanoma: float
    referral: float
    abstention: Abstention
    novelty: float
    prediction_sets: dict[str, dict[str, dict[Diagnosis, float]]]
    class_mix: dict[str, dict[Diagnosis, float]]
    quality: QualityLimits
    card: CardLimits | None = None


class Manifest(Record):
    """What a regulator asks of a model file, written by training and read by everything else.

    `limits`: sentences on what this one model's history holds, for its card.
    """

    id: str
    created: str
    architecture: str
    labels: tuple[str, ...]
    fields: dict[str, tuple[str, ...]]
    input: dict[str, Any]
    dropout: float
    four_looks: bool
    temperature: dict[str, float]
    thresholds: Thresholds
    data: tuple[TrainingData, ...]
    pretrained: str
    licence: str
    command: str
    recipe: dict[str, Any]
    limits: tuple[str, ...] = ()
    git_commit: str
    weights_sha256: str


@dataclass(frozen=True)
class Model:
    """A network ready to assess, what is known of its features, and its manifest."""

    network: EvidenceNet
    feature_space: FeatureSpace
    manifest: Manifest


def load_model(folder: Path) -> Model:
    """Read a model folder. Raises ModelError when a file is missing or altered, or labels, fields or input are others."""
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
        weights = (folder / WEIGHTS).read_bytes()
    except (OSError, ValidationError):
        raise ModelError(
            later("The model folder lacks a readable model.json or weights.safetensors. Train or copy it again.")
        ) from None
    if sha256(weights).hexdigest() != manifest.weights_sha256:
        raise ModelError(
            later("The weights are not the ones that model.json describes (SHA-256 differs). Copy the folder again.")
        )
    if manifest.labels != tuple(DIAGNOSES) or manifest.fields != {field.name: field.levels for field in FIELDS}:
        raise ModelError(
            later("The model was trained for other diagnoses or notes fields than this version knows. Use one that matches.")
        )
    if manifest.input != INPUT:
        raise ModelError(
            later("The model was made for photos of another size than this version gives it. Use one that matches.")
        )
    try:
        tensors = load(weights)
        network = EvidenceNet(manifest.dropout, four_looks=manifest.four_looks)
        space = FeatureSpace(**{name: tensors.pop(f"novelty.{name}") for name in FeatureSpace._fields})
        network.load_state_dict(tensors)
    except (SafetensorError, KeyError, RuntimeError):
        raise ModelError(
            later("The weights do not fit this version's network. Use the model that came with it, or train again.")
        ) from None
    return Model(network.eval().requires_grad_(False), space, manifest)


@torch.no_grad()
def storable(network: EvidenceNet) -> EvidenceNet:
    """Round the convolutions to the half precision that a model file holds, and return the network."""
    for parameter in network.parameters():
        if parameter.ndim == 4:
            parameter.copy_(parameter.half())
    return network


def save_model(folder: Path, network: EvidenceNet, space: FeatureSpace, manifest: dict[str, Any]) -> Manifest:
    """Write the folder and return its manifest, completed with the hash of the weights.

    Convolutions are kept in half precision: see `storable`.
    """
    tensors: dict[str, Tensor] = {
        name: (tensor.half() if tensor.ndim == 4 else tensor).contiguous().cpu()
        for name, tensor in network.state_dict().items()
    }
    tensors |= {f"novelty.{name}": tensor.contiguous() for name, tensor in space._asdict().items()}
    weights = save(tensors)
    complete = Manifest(**manifest, weights_sha256=sha256(weights).hexdigest())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WEIGHTS).write_bytes(weights)
    (folder / MANIFEST).write_text(json.dumps(complete.model_dump(mode="json"), indent=2) + "\n", encoding="utf-8")
    return complete
