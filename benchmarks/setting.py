"""What is measured, and on what: the model, the photos, the patient, the machine."""

import os
import platform
from argparse import ArgumentParser
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from derm_xai.classify.preprocess import resize, scale
from derm_xai.records import ClinicalContext
from derm_xai.settings import Settings
from derm_xai.vocabulary import AnatomSite, Sex

SAMPLES = 30
PATIENT = ClinicalContext(age=58, sex=Sex.MALE, anatom_site=AnatomSite.TRUNK, itch=True, grew=True, bleed=False)
"""Six recorded fields."""


def options(description: str) -> ArgumentParser:
    """Return a parser with the option that both benchmarks have."""
    parser = ArgumentParser(description=description)
    parser.add_argument("--model", type=Path, metavar="DIR", help="a model folder (default: the last in models/ by name)")
    return parser


def settings(model: Path | None) -> Settings:
    """Return the settings with 30 samples, whatever the environment says."""
    chosen = Settings(samples=SAMPLES, seed=0)
    return chosen.model_copy(update={"model": model}) if model else chosen


def machine() -> str:
    """Return one line on the machine."""
    return (
        f"{_processor()}, {os.cpu_count()} cores; torch {torch.__version__}, {torch.get_num_threads()} threads; "
        f"Python {platform.python_version()}, {platform.system()}"
    )


def prepared(pixels: NDArray[np.uint8]) -> Tensor:
    """Return a photo as the network takes it, [1, 3, row, column]."""
    return scale(resize(pixels))[None].contiguous(memory_format=torch.channels_last)


def jpeg(pixels: NDArray[np.uint8]) -> bytes:
    """Return the photo as a JPEG file."""
    file = BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=90)
    return file.getvalue()


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
