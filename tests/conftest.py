"""Small pictures and a small model, drawn and made here, so that no test needs a photo or trained weights."""

import os
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from derm_xai.classify.checkpoint import Model, load_model, save_model, storable
from derm_xai.classify.columns import COLUMNS, Architecture
from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.novelty import FeatureSpace
from derm_xai.classify.preprocess import INPUT, scale
from derm_xai.notes.levels import FIELDS
from derm_xai.photo import read_photo
from derm_xai.records import CardLimits, CheckLimits, LesionPhoto
from derm_xai.settings import Settings
from derm_xai.vocabulary import DIAGNOSES, ImageType, VisualConcept

# the workers share the cores; where there is only this process, more threads than one slow pictures as small as these down
_WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", os.cpu_count() or 1))
torch.set_num_threads(max(1, (os.cpu_count() or 1) // _WORKERS))

PHOTO_SETS = Path(os.environ.get("DERM_XAI_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
"""Where the public photo sets are, if they are on this machine at all: for the tests marked `data`."""


def draw(seed: int, height: int = 192, width: int = 256) -> np.ndarray:
    """A brown spot on pink, with texture, so that it is sharp enough to be judged."""
    noise = np.random.default_rng(seed).normal(0, 12, (height, width, 1))
    rows, columns = np.mgrid[:height, :width]
    inside = ((rows - height / 2) ** 2 + (columns - width / 2) ** 2 < (height / 4 + seed % 5) ** 2)[..., None]
    return (np.where(inside, (110, 70, 50), (220, 170, 150)) + noise).clip(0, 255).astype(np.uint8)


def encoded(picture: np.ndarray | Image.Image, kind: str = "PNG", **options) -> bytes:
    file = BytesIO()
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    image.save(file, kind, **options)
    return file.getvalue()


def make_network(seed: int = 1, columns: Sequence[Architecture] = COLUMNS) -> EvidenceNet:
    """A network whose every term differs from zero, and whose evidence differs from photo to photo."""
    torch.manual_seed(seed)
    network = EvidenceNet(columns=columns).train()
    norms = [module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    with torch.no_grad():
        network.prior.normal_()
        network.image_type.weight.normal_()
        for table in network.fields:
            table.weight[1:].normal_()
        network.head.weight.mul_(4)
        # batch norm takes its statistics from a few photos: without them the deep layers would be silent
        for norm in norms:
            norm.momentum = 1.0
        steps = network.steps(scale(np.stack([draw(seed, 96, 128) for seed in range(6)])))
        network.activations(network.deepen(steps[-1]))
        network.mask(steps)
        for norm in norms:
            norm.momentum = 0.1
    return storable(network).eval()


CARD_LIMITS = CardLimits(
    checks={
        "inside": CheckLimits(poor=1.0, good=5.0, weight=0.0),
        "drop": CheckLimits(poor=-1.0, good=4.0, weight=0.1),
        "stability": CheckLimits(poor=0.9, good=1.0, weight=0.2),
        "agreement": CheckLimits(poor=0.9, good=1.0, weight=0.1),
        "holds": CheckLimits(poor=-2.0, good=4.0, weight=0.3),
        "lead": CheckLimits(poor=0.5, good=10.0, weight=0.3),
        "clear": CheckLimits(poor=0.2, good=1.0, weight=0.0),
    },
    care=0.4,
    read=0.55,
    source="fitted on 300 calibration cases of the three sets with toy",
)


def manifest(**changes) -> dict:
    return {
        "id": "toy",
        "created": "2026-01-01",
        "architecture": "derm_xai.classify.network.EvidenceNet",
        "labels": tuple(DIAGNOSES),
        "fields": {field.name: field.levels for field in FIELDS},
        "input": INPUT,
        "dropout": 0.2,
        "four_looks": False,
        "temperature": {"clinical": 1.25, "dermoscopic": 0.8, "clinical+dermoscopic": 1.6, "notes": 0.5},
        "thresholds": {
            "malignancy": 0.3,
            "melanoma": 0.2,
            "referral": 0.2,
            "abstention": {"score": "predictive entropy", "limit": 2.3},
            "novelty": 1e9,
            "prediction_sets": {
                name: {"0.90": dict.fromkeys(DIAGNOSES, 0.15), "0.95": dict.fromkeys(DIAGNOSES, 0.1)}
                for name in ("clinical", "dermoscopic", "clinical+dermoscopic")
            },
            # with this mix the lift is the probability itself
            "class_mix": {name: dict.fromkeys(DIAGNOSES, 1.0) for name in ("clinical", "dermoscopic", "clinical+dermoscopic")},
            "quality": {
                "lesion_share": 0.0,
                "edge_share": 1.0,
                "concepts": {VisualConcept.HAIR: 1.0, VisualConcept.GEL: 1.0, VisualConcept.INK: 1.0},
            },
            "card": CARD_LIMITS,
        },
        "data": (),
        "pretrained": "none",
        "licence": "Apache-2.0",
        "command": "made in a test",
        "recipe": {},
        "git_commit": "none",
        **changes,
    }


def make_space() -> FeatureSpace:
    features = 2 * sum(sum(column.widths[:3]) for column in COLUMNS)
    return FeatureSpace(
        torch.ones(features), torch.zeros(2, features), torch.eye(3, features), torch.ones(3), torch.tensor(1.0)
    )


@pytest.fixture
def settings() -> Settings:
    return Settings(samples=5, seed=3)


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "toy"
    save_model(folder, make_network(), make_space(), manifest())
    return folder


@pytest.fixture(scope="session")
def model(model_folder: Path) -> Model:
    return load_model(model_folder)


@pytest.fixture(scope="session")
def clinical() -> LesionPhoto:
    return read_photo(encoded(draw(1)), ImageType.CLINICAL)


@pytest.fixture(scope="session")
def dermoscopic() -> LesionPhoto:
    return read_photo(encoded(draw(2, 224, 224)), ImageType.DERMOSCOPIC)
