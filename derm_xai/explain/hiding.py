"""Hide a part of a photo, and see what the score does: the check that a map points at what the network uses.

After the deletion test of Samek et al. 2017 (arXiv 1509.06321), at one size, against control regions. Departures: the hottest
20 % of the photo is hidden at once, not cell by cell, and the controls have the hot region's own shape, moved around the
photo's edges to a random place, so that only the place differs. What is hidden is filled in with the colour of the skin
around the lesion, softly at the edge, in one way for both. Drops are of the log-odds of the leading diagnosis against all
others together, log p/(1 - p), since that is what the reader is told.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor

from derm_xai.classify.lesion import inside, lesion
from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.predict import Evidence
from derm_xai.classify.preprocess import scale
from derm_xai.explain.finer import finer, outline_guide

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
HOT_SHARE = 0.2
SMOOTHING = 0.08
"""Of the shorter side: maps are smoothed by this much before the hottest part is taken, about half a cell of a 7 by 9 map, so
that it is a region that a reader would point at, not dust. Every method's map is smoothed alike."""
FEATHER = 4.0


def log_odds(scores: Tensor, index: int) -> Tensor:
    """Return the log-odds of one class against all others from scores [..., class]."""
    others = torch.cat([scores[..., :index], scores[..., index + 1 :]], -1)
    return scores[..., index] - others.logsumexp(-1)


def shown(evidence: Evidence, place: int, index: int) -> Array:
    """Return one photo's mean evidence for a class as the page shows it, on the grid of the outline."""
    photo = evidence.photos[place]
    return finer(photo.cells[:, index].double().mean(0).numpy(), outline_guide(lesion(photo.outline).mask))


@torch.inference_mode()
def drops(
    evidence: Evidence, place: int, index: int, pixels: NDArray[np.uint8], regions: list[Mask], network: EvidenceNet
) -> Array:
    """Return by how much the log-odds of a class fall when each region of one photo is hidden; a pass of the network each.

    `pixels`: the photo at the network's size. The other terms stay. Dropout is off before and after.
    """
    photo = evidence.photos[place]
    rest = evidence.scores().mean(0) - photo.cells.sum((2, 3)).mean(0)
    outlined = inside(lesion(photo.outline).mask)
    before = network.head(network.activations(photo.trunk)).mean((2, 3))
    after = photo_scores(network, [filled(pixels, region, outlined) for region in regions])
    odds = log_odds(rest + photo.weight * torch.cat([before, after]), index).double().numpy()
    fall: Array = odds[0] - odds[1:]
    return fall


def hottest(evidence: Array) -> Mask:
    """Return the fifth of the photo with the most evidence, given a map on a fine grid."""
    smooth = ndimage.gaussian_filter(evidence, SMOOTHING * min(evidence.shape), mode="nearest")
    count = max(1, round(HOT_SHARE * smooth.size))
    region = np.zeros(smooth.size, bool)
    region[np.argsort(-smooth.ravel(), kind="stable")[:count]] = True
    return region.reshape(smooth.shape)


def elsewhere(region: Mask, count: int, seed: int) -> list[Mask]:
    """Return the region at random other places, moved around the photo's edges."""
    generator = np.random.default_rng(seed)
    return [np.roll(region, tuple(generator.integers(side) for side in region.shape), (0, 1)) for _ in range(count)]


def filled(pixels: NDArray[np.uint8], region: Mask, lesion: Mask) -> NDArray[np.uint8]:
    """Return the photo [height, width, 3] with the region filled in with the skin's mean colour; masks on any coarser grid."""
    shape = pixels.shape[:2]
    hide, skin = enlarged(region, shape), ~enlarged(lesion, shape)
    colour = pixels[skin if skin.any() else np.ones(shape, bool)].mean(0)
    cover = ndimage.gaussian_filter(hide.astype(np.float64), FEATHER)[..., None]
    mixed: NDArray[np.uint8] = np.rint(pixels * (1 - cover) + colour * cover).astype(np.uint8)
    return mixed


def enlarged(mask: Mask, shape: tuple[int, ...]) -> Mask:
    """Return a mask on a finer grid, each pixel as the one that it lies in."""
    down, across = (np.arange(new) * old // new for new, old in zip(shape, mask.shape, strict=True))
    finer: Mask = mask[down[:, None], across]
    return finer


@torch.inference_mode()
def photo_scores(network: EvidenceNet, variants: list[NDArray[np.uint8]]) -> Tensor:
    """Return the evidence of photos of one size, [photo, class], before temperature, without dropout: one pass each."""
    return network.photo_evidence(scale(np.stack(variants)).contiguous(memory_format=torch.channels_last))
