"""Small pictures and a small model, drawn and made here, so that no test needs a photo or trained weights."""

import os
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from derm_xai.classify.checkpoint import Model, load_model, save_model
from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.novelty import FeatureSpace
from derm_xai.notes.levels import FIELDS
from derm_xai.photo import read_photo
from derm_xai.records import LesionPhoto
from derm_xai.settings import Settings
from derm_xai.vocabulary import DIAGNOSES, ImageType

PHOTO_SETS = Path(os.environ.get("DERM_XAI_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
"""Where the public photo sets are, if they are on this machine at all: for the tests marked `data`."""


def draw(seed: int, height: int = 192, width: int = 256) -> np.ndarray:
    """A brown spot on pink, with texture, so that it is sharp enough to be judged."""
    noise = np.random.default_rng(seed).normal(0, 12, (height, width, 1))
    rows, columns = np.mgrid[:height, :width]
    inside = ((rows - height / 2) ** 2 + (columns - width / 2) ** 2 < (height / 4 + seed % 5) ** 2)[..., None]
    return (np.where(inside, (110, 70, 50), (220, 170, 150)) + noise).clip(0, 255).astype(np.uint8)


def encoded(pixels: np.ndarray, kind: str = "PNG", **options) -> bytes:
    file = BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def make_network(seed: int = 1) -> EvidenceNet:
    """A network whose every term differs from zero."""
    torch.manual_seed(seed)
    network = EvidenceNet()
    with torch.no_grad():
        network.prior.normal_()
        network.image_type.weight.normal_()
        for table in network.fields:
            table.weight[1:].normal_()
        network.head.weight.mul_(20)
    return network.eval()


def manifest(**changes) -> dict:
    return {
        "id": "toy",
        "created": "2026-01-01",
        "architecture": "derm_xai.classify.network.EvidenceNet",
        "labels": tuple(DIAGNOSES),
        "fields": {field.name: field.levels for field in FIELDS},
        "input": {"area": 49152},
        "dropout": 0.2,
        "temperature": {"clinical": 1.25, "dermoscopic": 0.8, "clinical+dermoscopic": 1.6, "notes": 0.5},
        "thresholds": {
            "malignancy": 0.3,
            "referral": 0.2,
            "entropy": 2.3,
            "novelty": 1e9,
            "prediction_set": dict.fromkeys(DIAGNOSES, 0.1),
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
    return FeatureSpace(torch.zeros(2, 1280), torch.eye(3, 1280), torch.ones(3), torch.tensor(1.0))


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
