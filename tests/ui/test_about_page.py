from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from derm_xai.settings import Settings
from derm_xai.vocabulary import DISCLAIMER
from tests.ui.test_assess_page import APP, shown

ABOUT = "derm_xai/ui/pages/about.py"


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_file(str(APP), default_timeout=300).run().switch_page(ABOUT).run()


def test_it_says_what_this_is_and_is_not(page):
    text = shown(page)
    assert not page.exception
    assert DISCLAIMER in text
    assert "not for patients" in text
    assert "Few training photos show dark skin" in text


def test_it_shows_the_models_own_card(page):
    card = (Settings().model_folder() / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert card.strip() in shown(page)


def test_without_a_model_it_says_so_in_one_sentence(monkeypatch, tmp_path: Path):
    monkeypatch.delenv("DERM_XAI_MODEL", raising=False)
    monkeypatch.setattr("derm_xai.settings.MODELS", tmp_path)
    page = AppTest.from_file(str(APP), default_timeout=300).run().switch_page(ABOUT).run()
    assert [error.value for error in page.error] == [
        "There is no model in models/. Train one with derm-xai train, or name a folder in DERM_XAI_MODEL."
    ]
