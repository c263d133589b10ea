from dataclasses import replace

import pytest
import torch

from derm_xai.notes.levels import FIELDS
from derm_xai.train.weigh import weigh_notes
from tests.conftest import make_network
from tests.train.test_calibrate import made_up


def test_notes_that_speak_twice_as_loud_as_they_should_are_halved():
    """Labels are drawn from photos and notes together; then the notes are told to count double."""
    corpus, terms = made_up(3000, 0)
    generator = torch.Generator().manual_seed(1)
    notes = torch.randn(3000, 11, generator=generator)
    views = torch.zeros_like(terms.views)
    views[::2] = torch.randn(3000, 11, generator=generator)
    label = torch.multinomial((views[::2] + notes).softmax(1), 1, generator=generator)[:, 0]
    network = make_network()
    before = [network.get_parameter(f"fields.{index}.weight").clone() for index in range(len(FIELDS))]
    weighed = weigh_notes(network, replace(corpus, label=label), replace(terms, views=views, notes=2 * notes))
    assert torch.allclose(weighed.notes, notes, atol=0.3)
    factor = float((weighed.notes / (2 * notes)).mean())
    for index, table in enumerate(before):
        assert torch.allclose(network.get_parameter(f"fields.{index}.weight"), factor * table, atol=1e-5)
    assert factor == pytest.approx(0.5, abs=0.08)
