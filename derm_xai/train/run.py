"""From public photo sets to a model folder."""

import subprocess
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from math import prod
from pathlib import Path

import torch

from derm_xai.classify.checkpoint import Manifest, Model, TrainingData, save_model, storable
from derm_xai.classify.ensemble import join
from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.preprocess import INPUT
from derm_xai.datasets.sources import SOURCES, LabelledCase, load_all
from derm_xai.datasets.splits import Part, drawn, split
from derm_xai.notes.levels import FIELDS
from derm_xai.train import pretrained
from derm_xai.train.augment import CANVAS
from derm_xai.train.calibrate import calibrate
from derm_xai.train.cards import card_limits
from derm_xai.train.concepts import settle
from derm_xai.train.corpus import Corpus, read_corpus
from derm_xai.train.evidence import all_terms
from derm_xai.train.loop import fit, half_precision
from derm_xai.train.rare import borrow
from derm_xai.train.recipes import Recipe
from derm_xai.train.sense import level_counts, restrain
from derm_xai.vocabulary import DIAGNOSES

LICENCE = "CC BY-NC 4.0"
SAMPLES, CARDS = 30, 240
SEED = 20


def train(data: Path, mobilenet: Path, out: Path, run: Path, recipes: dict[str, dict[str, Recipe]], command: str) -> Manifest:
    """Train each column by its recipes in turn, join them, calibrate and write the model folder `out`.

    `run` holds a folder for each recipe of each column with its log and a checkpoint from which to go on.
    `data`: a folder with one or more of the public sets. `mobilenet`: ImageNet weights of MobileNetV2, torchvision names.
    Raises DataError when either cannot be used.
    """
    parts = split(load_all(data))
    columns = {"mobilenet_v2": lambda: pretrained.mobilenet_v2(mobilenet), "efficientnet_lite2": pretrained.efficientnet_lite2}
    torch.manual_seed(SEED)
    networks = {name: columns[name]() for name in recipes}
    learnt = read_corpus(parts[Part.TRAIN], "training photos", prod(CANVAS))
    held = read_corpus(parts[Part.CALIBRATION], "calibration photos")
    for name, network in networks.items():
        for title, recipe in recipes[name].items():
            network = fit(network, learnt, held, recipe, run / name / title).cpu()
        networks[name] = borrow(restrain(network, level_counts(learnt.levels)), learnt.label)
    return finish(list(networks.values()), held, parts, out, recipes, command)


def finish(
    networks: list[EvidenceNet],
    held: Corpus,
    parts: dict[Part, list[LabelledCase]],
    out: Path,
    recipes: dict[str, dict[str, Recipe]],
    command: str,
) -> Manifest:
    """Join trained networks of one column each, calibrate on the `held` cases and write the model folder `out`."""
    train_part = read_corpus(parts[Part.TRAIN], "training photos as they are seen")
    fitted = storable(join(networks, four_looks=True)).eval()
    device = torch.device("cpu")
    terms = all_terms(fitted, held, device, SAMPLES)
    with half_precision(device):
        # what is familiar is told from the photo as it is
        familiar = all_terms(storable(join(networks)).eval(), train_part, device)
    terms = settle(fitted, terms, held.concepts)
    storable(fitted)
    calibration = calibrate(familiar, train_part, held, terms)
    counts = {part: Counter(case.source for case in cases) for part, cases in parts.items()}
    manifest = {
        "id": out.name,
        "created": datetime.now(UTC).date().isoformat(),
        "architecture": "derm_xai.classify.network.EvidenceNet",
        "labels": tuple(DIAGNOSES),
        "fields": {field.name: field.levels for field in FIELDS},
        "input": INPUT,
        "dropout": fitted.dropout,
        "four_looks": fitted.four_looks,
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
        "pretrained": pretrained.SOURCES,
        "licence": LICENCE,
        "command": command,
        "recipe": {f"{name}, {title}": asdict(recipe) for name, each in recipes.items() for title, recipe in each.items()},
        "git_commit": _git_commit(),
    }
    model = Model(fitted, calibration.space, save_model(out, fitted, calibration.space, manifest))
    limits = card_limits(drawn(parts[Part.CALIBRATION], CARDS), model, SAMPLES, SEED)
    thresholds = calibration.thresholds.model_copy(update={"card": limits})
    return save_model(out, fitted, calibration.space, manifest | {"thresholds": thresholds})


def _git_commit() -> str:
    command = ("git", "rev-parse", "HEAD")
    try:
        done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return "not a git checkout"
    return done.stdout.strip()
