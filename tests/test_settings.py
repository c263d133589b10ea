import pytest

from derm_xai.errors import ModelError, SettingsError
from derm_xai.settings import Settings


@pytest.fixture
def models(tmp_path, monkeypatch):
    monkeypatch.delenv("DERM_XAI_MODEL", raising=False)
    monkeypatch.setattr("derm_xai.settings.MODELS", tmp_path)
    return tmp_path


def test_the_last_model_by_name_is_taken_and_ten_comes_after_nine(models):
    for name in ("evidence-columns-10", "evidence-columns-9", "evidence-2"):
        (models / name).mkdir()
        (models / name / "model.json").touch()
    (models / "unfinished-11").mkdir()
    assert Settings().model_folder() == models / "evidence-columns-10"


def test_a_model_that_is_named_comes_before_all(models, monkeypatch):
    monkeypatch.setenv("DERM_XAI_MODEL", str(models / "mine"))
    assert Settings().model_folder() == models / "mine"


def test_no_model_at_all_is_said(models):
    with pytest.raises(ModelError):
        Settings().model_folder()


@pytest.mark.parametrize(
    ("name", "value"),
    [("SAMPLES", "1"), ("SAMPLES", ""), ("SEED", "-7"), ("SEED", "9" * 23), ("PATHWAY", "mars"), ("BLIND_FIRST", "perhaps")],
)
def test_a_value_that_cannot_be_names_its_variable_and_not_itself(monkeypatch, name, value):
    monkeypatch.setenv(f"DERM_XAI_{name}", value)
    with pytest.raises(SettingsError, match=f"DERM_XAI_{name} ") as caught:
        Settings()
    assert not value or value not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
