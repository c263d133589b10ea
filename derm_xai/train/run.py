"""From public photo sets to a model folder."""

import subprocess
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from derm_xai.classify.checkpoint import Manifest, TrainingData, save_model
from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.preprocess import AREA
from derm_xai.datasets.sources import SOURCES, load_all
from derm_xai.datasets.splits import Part, split
from derm_xai.errors import DataError
from derm_xai.notes.levels import FIELDS
from derm_xai.train.calibrate import calibrate
from derm_xai.train.corpus import read_corpus
from derm_xai.train.evidence import all_terms
from derm_xai.train.loop import Recipe, fit, half_precision
from derm_xai.train.rare import borrow
from derm_xai.train.sense import level_counts, restrain
from derm_xai.vocabulary import DIAGNOSES

PRETRAINED = "MobileNetV2 1.0, ImageNet, Google (google-coral/test_data, tf2_mobilenet_v2_1.0_224_ptq), Apache-2.0"
LICENCE = "CC BY-NC 4.0"
SAMPLES = 30


def train(data: Path, pretrained: Path, out: Path, run: Path, recipes: dict[str, Recipe], command: str) -> Manifest:
    """Train by each recipe in turn, calibrate and write the model folder `out`.

    `run` holds a folder for each recipe with its log and a checkpoint from which to go on.
    `data`: a folder with one or more of the public sets. `pretrained`: ImageNet weights of MobileNetV2, torchvision names.
    Raises DataError when either cannot be used.
    """
    parts = split(load_all(data))
    torch.manual_seed(next(iter(recipes.values())).seed)
    network = _from_imagenet(pretrained)
    train_part = read_corpus(parts[Part.TRAIN], "training photos")
    held = read_corpus(parts[Part.CALIBRATION], "calibration photos")
    for name, recipe in recipes.items():
        network = fit(network, train_part, held, recipe, run / name).cpu()
    fitted = borrow(restrain(network, level_counts(train_part.levels)), train_part.label)
    device = torch.device("cpu")
    terms = all_terms(fitted, held, device, SAMPLES)
    with half_precision(device):
        familiar = all_terms(fitted, train_part, device)
    calibration = calibrate(familiar, train_part, held, terms)
    counts = {part: Counter(case.source for case in cases) for part, cases in parts.items()}
    manifest = {
        "id": out.name,
        "created": datetime.now(UTC).date().isoformat(),
        "architecture": "derm_xai.classify.network.EvidenceNet",
        "labels": tuple(DIAGNOSES),
        "fields": {field.name: field.levels for field in FIELDS},
        "input": {"channels": "RGB", "range": [-1, 1], "area": AREA, "stride": 32, "resampling": "bicubic"},
        "dropout": fitted.dropout,
        "temperature": calibration.temperature,
        "thresholds": calibration.thresholds,
        "data": tuple(
            TrainingData(
                name=source.name,
                licence=source.licence,
                source=source.address,
                **{part.value: counts[part][source.name] for part in Part},
            )
            for source in SOURCES
            if counts[Part.TRAIN][source.name]
        ),
        "pretrained": PRETRAINED,
        "licence": LICENCE,
        "command": command,
        "recipe": {name: asdict(recipe) for name, recipe in recipes.items()},
        "git_commit": _git_commit(),
    }
    return save_model(out, fitted, calibration.space, manifest)


def _from_imagenet(weights: Path) -> EvidenceNet:
    network = EvidenceNet()
    try:
        trunk = {name: tensor for name, tensor in load_file(weights).items() if name.startswith("features.")}
        missing = network.load_state_dict(trunk, strict=False).missing_keys
    except (OSError, SafetensorError, RuntimeError):
        raise DataError("The pretrained weights cannot be read: give MobileNetV2 as safetensors, torchvision names.") from None
    if any(name.startswith("features.") for name in missing):
        raise DataError("The pretrained weights are not those of MobileNetV2 1.0 with torchvision names.")
    return network


def _git_commit() -> str:
    command = ("git", "rev-parse", "HEAD")
    try:
        done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return "not a git checkout"
    return done.stdout.strip()
