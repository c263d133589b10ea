"""The benchmarks run, and both ways give the same answers. What they measure is in benchmarks/README.md, not here."""

import pytest
import torch

from benchmarks import assess, batch, obvious
from benchmarks.cases import draw_photos, write_cases
from benchmarks.memory import peak_mib_of_batch
from benchmarks.rounds import in_turn
from benchmarks.setting import PATIENT, prepared
from derm_xai.assess import judge
from derm_xai.batch.cases import read_cases
from tests.conftest import draw, encoded


def test_the_assessment_is_timed_and_reported(model, settings):
    seconds = in_turn([assess.ways(encoded(draw(1)), model, settings)])
    assert {len(each) for each in seconds.values()} == {1}
    assert "An assessment costs" in assess.report(seconds)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    draw_photos(folder, 1)
    return folder


def test_batch_is_timed_and_reported(model, settings, folder):
    (case,) = read_cases(write_cases(folder, 1, 1))
    seconds = in_turn([batch.ways([case], folder, model, settings)])
    assert len(seconds) == 1 + 2 * len(batch.SIZES)
    assert "At least half" in batch.speed_report(seconds)


def test_the_memory_of_batch_is_taken(model_folder, settings, folder):
    chosen = settings.model_copy(update={"model": model_folder})
    assert "| 1 |" in batch.memory_report({1: peak_mib_of_batch(write_cases(folder, 1, 1), folder, chosen)})


def test_the_obvious_way_gives_the_same_answers(model, settings, clinical):
    ours = judge([clinical], PATIENT, model, settings)
    theirs = obvious.assess_obviously(clinical, PATIENT, model, settings.samples, settings.seed)
    assert theirs.prediction.novelty == ours.prediction.novelty
    assert theirs.quality == ours.photos[0].quality
    temperature = model.manifest.temperature["clinical"]
    torch.testing.assert_close(torch.tensor(theirs.notes / temperature).float(), ours.evidence.notes)
    torch.testing.assert_close(
        theirs.grad_cams.sum((1, 2)), model.network.photo_evidence(prepared(clinical.pixels))[0], rtol=1e-3, atol=1e-3
    )


def test_one_by_one_the_dropout_samples_are_as_scattered(model, clinical):
    pixels = prepared(clinical.pixels)
    one_by_one = obvious.monte_carlo(model.network, pixels, 30).mean((2, 3))
    together = model.network.sampled_maps(model.network.trunk(pixels), 30, torch.Generator().manual_seed(0)).mean((2, 3))
    assert (one_by_one.mean(0) - together.mean(0)).abs().mean() < together.std(0).mean()
    assert 0.5 < float(one_by_one.std(0).mean() / together.std(0).mean()) < 2


@pytest.mark.parametrize("command", [assess, batch])
def test_there_is_help(command, capsys):
    with pytest.raises(SystemExit):
        command.main(["--help"])
    assert "--model" in capsys.readouterr().out
