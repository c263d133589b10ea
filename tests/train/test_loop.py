import numpy as np
import torch

from derm_xai.classify.network import EvidenceNet
from derm_xai.notes.levels import FIELDS
from derm_xai.train.corpus import Corpus
from derm_xai.train.loop import Recipe, _Trainer


def dark_and_pale(cases: int) -> Corpus:
    """Two classes that a glance tells apart."""
    label = torch.arange(cases) % 2
    return Corpus(
        photos=tuple(np.full((192, 256, 3), 60 + 150 * int(each), np.uint8) for each in label),
        owner=torch.arange(cases),
        image_type=torch.zeros(cases, dtype=torch.long),
        label=label,
        source=torch.zeros(cases, dtype=torch.long),
        levels=torch.zeros(cases, len(FIELDS), dtype=torch.long),
    )


def test_what_can_be_learned_is_learned():
    torch.manual_seed(0)
    trainer = _Trainer(EvidenceNet(), dark_and_pale(64), Recipe(epochs=4, small_epochs=4, batch=8), torch.device("cpu"))
    losses = [trainer.epoch(number) for number in range(4)]
    assert losses[-1] < 0.8 * losses[0]
