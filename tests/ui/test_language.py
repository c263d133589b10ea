"""The page in French: nothing escapes the catalogue, and a switch of the language keeps all that was entered and found."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from derm_xai.examples import CATALOGUE
from derm_xai.language import speak, spoken
from derm_xai.records import Assessment
from derm_xai.settings import Settings
from derm_xai.ui import parts
from derm_xai.ui.services import Case
from derm_xai.vocabulary import Diagnosis
from tests.conftest import draw
from tests.present.conftest import assessment  # noqa: F401
from tests.ui import pseudo
from tests.ui.test_assess_page import APP, PATIENCE, load, shown, upload

ROOT = Path(__file__).resolve().parents[2]
PAGES = {name: f"derm_xai/ui/pages/{name}.py" for name in ("about", "performance")}


@pytest.fixture(scope="module", autouse=True)
def few_samples() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DERM_XAI_SAMPLES", "3")
        yield


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    pseudo.speak_pseudo(monkeypatch)


def opened(language: str = "fr", case: Case | None = None) -> AppTest:
    page = AppTest.from_file(str(APP), default_timeout=PATIENCE)
    page.session_state["language"] = language
    if case is not None:
        page.session_state["case"] = case
    return page.run()


def press(page: AppTest, key: str) -> AppTest:
    return page.button(key=key).click().run()


def made(result: Assessment, **changes: object) -> Case:
    return Case((), (draw(1),), result.context, result.model_copy(update=changes))


def test_a_word_outside_the_catalogue_is_found():
    def page() -> None:
        import streamlit as st

        st.html('<p aria-label="Stray label">⟦kept⟧ stray <i class="icon">x</i></p>')
        st.selectbox("⟦kept⟧", ["⟦kept⟧", "odd"], help="lost", key="box")
        with st.expander("loose"):
            st.markdown("⟦kept⟧ MILK10k R1 0,62")

    words = [found.split(" | ")[0] for found in pseudo.escaped(AppTest.from_function(page, default_timeout=PATIENCE).run())]
    assert sorted(words) == ["Stray", "label", "loose", "lost", "odd", "stray"]


def test_nothing_on_the_empty_page_escapes_the_catalogue(marked):
    page = opened()
    assert not page.exception
    assert len(pseudo.shown(page)) > 100
    assert pseudo.escaped(page) == []


def test_nothing_on_a_finished_result_escapes_the_catalogue(marked):
    page = load(opened(), CATALOGUE[0].title)
    press(page, "assess-now")
    page.toggle(key="voices").set_value(True)
    press(page, "stress-run")
    assert not page.exception
    assert "⟦What it could be⟧" in shown(page)
    assert pseudo.escaped(page) == []
    page.segmented_control(key="map-view").set_value("Grad-CAM check")
    page.selectbox(key="evidence-for").set_value(Diagnosis.VASC)
    page.selectbox(key="population").set_value("HAM10000 (dermoscopy clinics)")
    page.segmented_control(key="note-bleed").set_value("yes").run()
    assert page.warning
    assert pseudo.escaped(page) == []


def test_nothing_escapes_the_catalogue_where_something_is_wrong(marked):
    page = press(opened(), "assess-now")
    upload(page, 0, b"not a photo")
    upload(page, 1, b"")
    page.segmented_control(key="note-facial_swelling_or_breathing").set_value("yes")
    page.text_area(key="note-notes").set_value("Fever.").run()
    assert len(page.error) == 2
    assert [found for found in pseudo.escaped(page) if not found.startswith("Fever")] == []


def test_nothing_escapes_the_catalogue_where_the_system_abstains(marked, monkeypatch, model_folder, assessment):  # noqa: F811
    monkeypatch.setenv("DERM_XAI_MODEL", str(model_folder))
    why = "The photo is too dark: add light without casting a shadow, and take it again."
    photo = assessment.photos[0]
    poor = photo.model_copy(update={"quality": photo.quality.model_copy(update={"ok": False, "reasons": (why,)})})
    advice = assessment.triage.model_copy(
        update={"abstained": True, "abstained_because": (f"clinical photo: {why}",), "reasons": (), "next_steps": ()}
    )
    page = opened(case=made(assessment, photos=(poor,), triage=advice))
    assert not page.exception
    assert f"⟦close-up⟧: ⟦{why}⟧" in shown(page)
    assert pseudo.escaped(page) == []


def test_nothing_escapes_the_catalogue_where_the_photo_shows_something_else(
    marked,
    monkeypatch,
    model_folder,
    assessment,  # noqa: F811
):
    monkeypatch.setenv("DERM_XAI_MODEL", str(model_folder))
    novelty = assessment.prediction.novelty.model_copy(update={"flagged": True})
    advice = assessment.triage.model_copy(update={"reasons": (), "next_steps": ()})
    prediction = assessment.prediction.model_copy(update={"novelty": novelty})
    page = opened(case=made(assessment, prediction=prediction, triage=advice))
    assert not page.exception
    assert "⟦No diagnosis is suggested" in shown(page)
    assert pseudo.escaped(page) == []


def test_nothing_on_the_performance_page_escapes_the_catalogue(marked):
    page = opened().switch_page(PAGES["performance"]).run()
    assert not page.exception
    assert len(page.subheader) == 12
    assert pseudo.escaped(page) == []


def test_nothing_on_the_about_page_escapes_the_catalogue_but_the_models_card(marked):
    page = opened().switch_page(PAGES["about"]).run()
    card = pseudo.plain((Settings().model_folder() / "MODEL_CARD.md").read_text(encoding="utf-8")).strip()
    rest = " ".join(pseudo.outside(card).split())
    assert card in [text.strip() for text in pseudo.shown(page)]
    assert [found for found in pseudo.escaped(page) if not found.endswith(rest)] == []
    assert "⟦The card is made from the model" in shown(page)


def test_a_switch_keeps_answers_and_result_and_speaks_french():
    page = press(load(opened("en"), CATALOGUE[0].title), "assess-now")
    page.segmented_control(key="note-fever").set_value("no")
    page.selectbox(key="note-fitzpatrick").set_value("3").run()
    page.select_slider(key="malignant-share").set_value(0.06).run()
    before = {key: page.session_state[key] for key in page.session_state if key.startswith("note-")}
    case = page.session_state["case"]
    page.segmented_control(key="language").set_value("fr").run()
    assert not page.exception
    assert page.session_state["case"] is case
    assert {key: page.session_state[key] for key in page.session_state if key.startswith("note-")} == before
    assert page.segmented_control(key="note-fever").value == "no"
    assert page.select_slider(key="malignant-share").value == 0.06
    assert page.selectbox(key="example").value == CATALOGUE[0].title
    # the browser holds a choice by its words, so it has to be given the new ones
    sites, shares = page.selectbox(key="note-anatom_site").proto, page.select_slider(key="malignant-share").proto
    assert (sites.set_value, sites.raw_value) == (True, "tronc")
    assert shares.set_value
    text = shown(page)
    assert "Démonstrateur de recherche, pas un dispositif médical" in text
    assert "Ce que cela pourrait être" in text
    assert "Mélanome" in text
    assert "Melanoma" not in text
    assert re.search(r"[+−]\d,\d\d", text)
    page.segmented_control(key="language").set_value("en").run()
    assert page.session_state["case"] is case
    assert "What it could be" in shown(page)
    page.switch_page(PAGES["about"]).run()
    page.segmented_control(key="language").set_value("fr").run()
    page.switch_page("derm_xai/ui/pages/assess.py").run()
    assert page.session_state["case"] is case
    assert "Ce que cela pourrait être" in shown(page)


def test_an_example_brings_its_note_in_the_language_of_the_page():
    page = load(opened(), CATALOGUE[0].title)
    assert page.text_area(key="note-notes").value.startswith("PATIENT FICTIF.")
    assert page.number_input(key="note-age").value == CATALOGUE[0].context.age


@pytest.mark.parametrize(("locale", "heading"), [("fr-CA", "Évaluer une lésion"), ("de", "Assess one lesion")])
def test_the_first_language_is_the_browsers(monkeypatch, locale, heading):
    monkeypatch.setattr(ContextProxy, "locale", locale)
    page = AppTest.from_file(str(APP), default_timeout=PATIENCE).run()
    assert heading in [each.value for each in page.subheader]


def test_a_part_that_runs_alone_speaks_the_language_of_the_page(monkeypatch):
    heard = []
    stub = SimpleNamespace(fragment=lambda part: part, session_state={"language": "fr"}, context=SimpleNamespace(locale=None))
    monkeypatch.setattr(parts, "st", stub)
    try:
        parts.fragment(lambda: heard.append(spoken()))()
    finally:
        speak("en")
    assert heard == ["fr"]


def test_no_part_runs_alone_but_in_the_language_of_the_page():
    ui = ROOT / "derm_xai" / "ui"
    assert [path for path in ui.rglob("*.py") if "st.fragment" in path.read_text(encoding="utf-8")] == [ui / "parts.py"]
