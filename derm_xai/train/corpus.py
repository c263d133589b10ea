"""Cases as arrays: every photo decoded once and kept in memory as uint8."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from tqdm import tqdm

from derm_xai.classify.preprocess import AREA, resize
from derm_xai.datasets.sources import SOURCES, LabelledCase, LabelledPhoto, read_mask
from derm_xai.notes.levels import encode
from derm_xai.photo import read_photo
from derm_xai.vocabulary import DIAGNOSES, ImageType, VisualConcept

SOURCE_NAMES = tuple(source.name for source in SOURCES)
IMAGE_TYPES = tuple(ImageType)


@dataclass(frozen=True)
class Corpus:
    """`photos`: network-sized uint8 arrays; `owner[i]` is the case of photo i.

    `concepts` [photo, concept] in 0..1, NaN where not known; `masks`: 0 or 255 in the photo's size, empty where not known.
    The rest has one entry for each case.
    """

    photos: tuple[NDArray[np.uint8], ...]
    masks: tuple[NDArray[np.uint8], ...]
    concepts: Tensor
    owner: Tensor
    image_type: Tensor
    label: Tensor
    source: Tensor
    levels: Tensor

    def __len__(self) -> int:
        return len(self.label)

    def only(self, image_type: ImageType) -> "Corpus":
        """Return the photos of this type alone, with the cases that have one."""
        photos = (self.image_type == IMAGE_TYPES.index(image_type)).nonzero()[:, 0]
        cases, owner = torch.unique(self.owner[photos], return_inverse=True)
        return Corpus(
            photos=tuple(self.photos[place] for place in photos),
            masks=tuple(self.masks[place] for place in photos),
            concepts=self.concepts[photos],
            owner=owner,
            image_type=self.image_type[photos],
            label=self.label[cases],
            source=self.source[cases],
            levels=self.levels[cases],
        )


def read_corpus(cases: Sequence[LabelledCase], what: str, area: int = AREA) -> Corpus:
    """Decode the cases' photos through the product's own door, at this `area`, with a progress bar named `what`."""
    owned = [(index, photo) for index, case in enumerate(cases) for photo in case.photos]
    pixels = partial(_pixels, area=area)
    with ThreadPoolExecutor() as pool:
        photos = tuple(tqdm(pool.map(pixels, [photo for _, photo in owned]), what, len(owned), unit="photo"))
        masks = tuple(pool.map(_mask, [photo for _, photo in owned], photos))
    unknown = (float("nan"),) * len(VisualConcept)
    return Corpus(
        photos=photos,
        masks=masks,
        concepts=torch.tensor([photo.concepts or unknown for _, photo in owned]),
        owner=torch.tensor([index for index, _ in owned]),
        image_type=torch.tensor([IMAGE_TYPES.index(photo.image_type) for _, photo in owned]),
        label=torch.tensor([DIAGNOSES.index(case.diagnosis) for case in cases]),
        source=torch.tensor([SOURCE_NAMES.index(case.source) for case in cases]),
        levels=torch.tensor([encode(case.context) for case in cases]),
    )


def _pixels(photo: LabelledPhoto, area: int) -> NDArray[np.uint8]:
    return resize(read_photo(photo.read(), photo.image_type).pixels, area)


def _mask(photo: LabelledPhoto, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    mask = read_mask(photo)
    if mask is None:
        return np.empty((0, 0), np.uint8)
    height, width = pixels.shape[:2]
    large = Image.fromarray(mask).convert("L").resize((width, height), Image.Resampling.BILINEAR)
    return np.where(np.asarray(large) > 127, np.uint8(255), np.uint8(0))


def log_class_mix(corpus: Corpus, weights: Tensor) -> Tensor:
    """Return the log class frequencies of each source, [source, class], each case counted with its weight.

    A class that a source does not hold counts as one in a hundred, so that its evidence there is still held down.
    """
    mix = torch.zeros(len(SOURCES), len(DIAGNOSES)).index_put((corpus.source, corpus.label), weights, accumulate=True)
    mix = (mix / mix.sum(1, keepdim=True).clamp(min=1e-9)).clamp(min=0.01)
    return (mix / mix.sum(1, keepdim=True)).log()
