"""The Performance page by AppTest, with a small model and an evaluation made by hand."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from derm_xai.classify.checkpoint import MANIFEST, WEIGHTS, Manifest
from derm_xai.evaluate.records import EVALUATION, Evaluation
from derm_xai.vocabulary import DISCLAIMER
from tests.ui.evaluations import full, row
from tests.ui.test_assess_page import APP, PATIENCE, shown

PAGE = "derm_xai/ui/pages/performance.py"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, model_folder: Path) -> Path:
    for name in (MANIFEST, WEIGHTS):
        (tmp_path / name).symlink_to(model_folder / name)
    monkeypatch.setenv("DERM_XAI_MODEL", str(tmp_path))
    return tmp_path


def write(folder: Path, **changes: object) -> Evaluation:
    own = Manifest.model_validate_json((folder / MANIFEST).read_bytes()).weights_sha256
    evaluation = full(**{"weights_sha256": own, **changes})
    (folder / EVALUATION).write_text(evaluation.model_dump_json(), encoding="utf-8")
    return evaluation


def opened() -> AppTest:
    return AppTest.from_file(str(APP), default_timeout=PATIENCE).run().switch_page(PAGE).run()


def test_it_shows_every_section_of_a_full_evaluation(folder):
    write(folder)
    page = opened()
    assert not page.exception
    assert not page.error
    assert DISCLAIMER in shown(page)
    assert [heading.value for heading in page.subheader] == [
        "Does it do what was asked of it?",
        "In one glance",
        "How well does it rank?",
        "Is a stated 62 % right 62 % of the time?",
        "Does it know when it is wrong?",
        "Does the prediction set hold the true diagnosis?",
        "What do the model's limits find and miss?",
        "For whom was it tested?",
        "Does it notice a photo of something else?",
        "Does it see where the lesion is?",
        "Can the explanations be relied on?",
        "Does it see what is in the photo?",
    ]
    assert "48\N{NO-BREAK SPACE}%" in shown(page)


def test_a_new_figure_is_shown_without_a_restart(folder):
    write(folder)
    page = opened()
    assert "0.997" not in shown(page)
    write(folder, rows=(row("MILK10k", "both photos and notes", 11, 0.787, 615),))
    assert "0.997" in shown(page.run())


def test_figures_of_another_model_are_not_shown(folder):
    write(folder, weights_sha256="0" * 64)
    page = opened()
    assert "figures in the model's folder are of another model" in shown(page).replace("&#x27;", "'")
    assert not page.subheader


@pytest.mark.parametrize("content", [None, "{", '{"model_id": "toy", "weights_sha256": "0", "rows": []}'])
def test_without_readable_figures_it_says_so_in_a_sentence(folder, content):
    if content is not None:
        (folder / EVALUATION).write_text(content, encoding="utf-8")
    page = opened()
    assert not page.exception
    assert "There are no figures of this model that can be read" in shown(page)
    assert not page.subheader


def test_without_a_model_it_says_so_in_one_sentence(monkeypatch, tmp_path):
    monkeypatch.delenv("DERM_XAI_MODEL", raising=False)
    monkeypatch.setattr("derm_xai.settings.MODELS", tmp_path)
    assert [error.value for error in opened().error] == [
        "There is no model in models/. Train one with derm-xai train, or name a folder in DERM_XAI_MODEL."
    ]
