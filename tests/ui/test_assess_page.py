"""The Assess page by AppTest, with the committed model."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from derm_xai.examples import CATALOGUE
from derm_xai.vocabulary import DISCLAIMER, Diagnosis, Urgency
from tests.conftest import draw, encoded

APP = Path(__file__).resolve().parents[2] / "app.py"
PATIENCE = 600
EMERGENCY = "Rash since lamotrigine was started 2 weeks ago, mouth ulcers, fever 39.5."


@pytest.fixture(autouse=True)
def few_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DERM_XAI_SAMPLES", "3")


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_file(str(APP), default_timeout=PATIENCE).run()


@pytest.fixture(scope="module")
def example() -> Iterator[AppTest]:
    """The first example, assessed once; tests that change it start from `page`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DERM_XAI_SAMPLES", "3")
        page = AppTest.from_file(str(APP), default_timeout=PATIENCE).run()
        yield press(load(page, CATALOGUE[0].title))


def load(page: AppTest, title: str) -> AppTest:
    return page.selectbox(key="example").set_value(title).run()


def press(page: AppTest, label: str = "Assess") -> AppTest:
    next(button for button in page.button if button.label == label).click()
    return page.run()


def upload(page: AppTest, slot: int, content: bytes) -> AppTest:
    page.file_uploader[slot].set_value(("Jane Doe 1950.png", content, "image/png"))
    return page.run()


def shown(page: AppTest) -> str:
    elements = (*page.markdown, *page.caption, *page.html, *page.error, *page.warning, *page.subheader)
    return "\n".join(str(getattr(element, "value", None) or getattr(element, "body", "")) for element in elements)


def test_the_page_opens_with_the_disclaimer(page):
    assert not page.exception
    assert DISCLAIMER in shown(page)
    assert "urgency" not in page.session_state


def test_nothing_is_recorded_at_first(page):
    press(page)
    assert [error.value for error in page.error] == [
        "There is no photo to assess. Add a close-up, a dermoscopic photo, or both."
    ]
    assert page.number_input(key="note-age").value is None
    assert {control.value for control in page.segmented_control if control.key.startswith("note-")} == {"not recorded"}


def test_an_example_is_assessed_from_end_to_end(example):
    assert not example.exception
    assert not example.error
    text = shown(example)
    assert DISCLAIMER in text
    assert "SYNTHETIC" in text
    assert '<section class="urgency"' in text
    assert "Melanoma" in text
    assert "which equals the score" in text
    assert example.session_state["case"].context == CATALOGUE[0].context


@pytest.mark.parametrize("title", [each.title for each in CATALOGUE[1:]])
def test_every_example_fills_the_form_with_its_own_context(page, title):
    press(load(page, title))
    assert not page.exception
    case = page.session_state["case"]
    expected = next(each for each in CATALOGUE if each.title == title)
    assert case.context == expected.context
    assert tuple(photo.image_type for photo in case.photos) == expected.views


def test_a_result_stays_while_the_reader_looks_around_in_it(example):
    case = example.session_state["case"]
    example.slider(key="map-opacity").set_value(80)
    example.selectbox(key="evidence-for").set_value(Diagnosis.VASC)
    example.segmented_control(key="map-view").set_value("Grad-CAM check")
    example.toggle(key="voices").set_value(True)
    example.run()
    assert not example.exception
    assert example.session_state["case"] is case
    assert "Notes alone" in shown(example)
    assert not example.warning


def test_a_new_result_opens_at_its_own_leading_diagnosis(page):
    press(load(page, CATALOGUE[2].title))
    page.selectbox(key="evidence-for").set_value(Diagnosis.VASC).run()
    page.segmented_control(key="note-bleed").set_value("yes").run()
    press(page)
    leading = page.session_state["case"].assessment.prediction.ranked[0].diagnosis
    assert page.selectbox(key="evidence-for").value == leading


def test_answers_and_result_outlive_a_visit_to_another_page(example):
    case = example.session_state["case"]
    example.switch_page("derm_xai/ui/pages/about.py").run()
    example.switch_page("derm_xai/ui/pages/assess.py").run()
    assert example.session_state["case"] is case
    assert example.number_input(key="note-age").value == CATALOGUE[0].context.age
    assert not example.warning


def test_a_changed_answer_marks_the_result_and_a_removed_photo_drops_it(page):
    press(load(page, CATALOGUE[2].title))
    page.segmented_control(key="note-bleed").set_value("yes").run()
    assert any("Assess again" in each.value for each in page.warning)
    press(page, "Remove")
    assert "case" not in page.session_state
    assert '<section class="urgency"' not in shown(page)


def test_a_file_that_is_no_photo_costs_one_sentence_and_nothing_typed(page):
    page.number_input(key="note-age").set_value(44)
    page.segmented_control(key="note-grew").set_value("yes")
    upload(page, 1, b"not a photo")
    assert [error.value for error in page.error] == [
        "Dermoscopic photo: The file is not a photo that can be opened. Please choose a JPEG, PNG, WebP or HEIC photo."
    ]
    assert page.number_input(key="note-age").value == 44
    assert page.segmented_control(key="note-grew").value == "yes"
    assert "Jane Doe" not in shown(page)
    assert not page.exception


def test_an_upload_is_assessed(page):
    press(upload(page, 0, encoded(draw(1))))
    case = page.session_state["case"]
    assert not page.exception
    assert [photo.image_type for photo in case.photos] == ["clinical"]
    assert "SYNTHETIC" not in shown(page)


def test_red_flags_alone_give_the_emergency_before_any_photo(page):
    for flag in ("new_drug", "fever", "mucosal_lesions"):
        page.segmented_control(key=f"note-{flag}").set_value("yes")
    text = shown(page.run())
    assert not page.exception
    assert "Emergency: send to hospital now" in text
    assert "<b>E1</b>" in text
    assert "Chance of a malignancy" not in text
    page.segmented_control(key="note-fever").set_value("no")
    page.segmented_control(key="note-mucosal_lesions").set_value("no")
    assert "Emergency" not in shown(page.run())


def test_a_note_too_long_takes_no_red_flag_along(page):
    for flag in ("new_drug", "fever", "mucosal_lesions"):
        page.segmented_control(key=f"note-{flag}").set_value("yes")
    page.text_area(key="note-notes").set_value("word " * 5000)
    text = shown(page.run())
    assert not page.exception
    assert "up to 20,000 characters" in text
    assert "Emergency: send to hospital now" in text


def test_an_emergency_stands_above_what_the_model_says(page):
    load(page, CATALOGUE[4].title)
    page.segmented_control(key="note-facial_swelling_or_breathing").set_value("yes")
    text = shown(press(page))
    assert text.count("Emergency: send to hospital now") == 1
    assert text.index("<b>E4-airway</b>") < text.index("Chance of a malignancy")


def test_what_it_is_mistaken_for_is_on_the_page(example):
    text = shown(example)
    assert "Melanoma, or seborrhoeic keratosis?" in text
    assert "it itches (present)" in text
    assert "(not recorded)" in text


def test_clear_takes_everything_out(page):
    load(page, CATALOGUE[0].title)
    press(page, "Clear")
    assert page.number_input(key="note-age").value is None
    assert page.text_area(key="note-notes").value == ""
    assert len(page.file_uploader) == 2


def test_a_note_only_prefills_the_form_and_what_was_answered_stays(page):
    page.session_state["note-bleed"] = "yes"
    page.text_area(key="note-notes").set_value(
        "62F. No bleeding. Itches a lot. Growing for 3 months on the left forearm."
    ).run()
    assert "<mark>" in shown(page)
    assert page.session_state["note-itch"] == "not recorded"
    press(page, "Fill in the form with what was read")
    assert not page.exception
    assert page.session_state["note-itch"] == "yes"
    assert page.session_state["note-age"] == 62
    assert page.session_state["note-sex"] == "female"
    # the clinician's own answer stands against the note
    assert page.session_state["note-bleed"] == "yes"


@pytest.mark.parametrize("note", ["Itches. Red patch 70 x 60 cm.", "Itches. Spot 0 mm."])
def test_a_number_in_a_note_that_the_form_refuses_is_left_out(page, note):
    page.text_area(key="note-notes").set_value(note).run()
    press(page, "Fill in the form with what was read")
    assert not page.exception
    assert page.number_input(key="note-diameter_mm").value is None
    assert page.session_state["note-itch"] == "yes"


def test_words_of_an_emergency_are_answered_before_any_photo_or_model(page):
    page.text_area(key="note-notes").set_value(EMERGENCY).run()
    assert not page.exception
    assert "Emergency" in shown(page)
    assert "case" not in page.session_state


def test_words_of_an_emergency_count_in_the_result_before_anyone_confirms_them(page):
    load(page, CATALOGUE[2].title)
    page.text_area(key="note-notes").set_value(EMERGENCY).run()
    assert shown(page).count("Emergency: send to hospital now") == 1
    text = shown(press(page))
    assert not page.exception
    assert page.session_state["case"].assessment.triage.urgency is Urgency.EMERGENCY
    assert text.count("Emergency: send to hospital now") == 1
    assert text.index("Emergency: send to hospital now") < text.index("Chance of a malignancy")


def test_a_note_fires_on_the_page_what_it_fires_on_the_command_line_until_the_form_says_no(page):
    upload(page, 0, encoded(draw(1)))
    page.text_area(key="note-notes").set_value("Mole grew, irregular colour, 9 mm.").run()
    press(page)
    assert "R1" in {reason.rule_id for reason in page.session_state["case"].assessment.triage.reasons}
    for field in ("grew", "irregular_colour"):
        page.segmented_control(key=f"note-{field}").set_value("no")
    press(page)
    assert "R1" not in {reason.rule_id for reason in page.session_state["case"].assessment.triage.reasons}


def test_a_form_that_holds_another_answer_than_the_note_is_pointed_out(page):
    page.number_input(key="note-age").set_value(67).run()
    page.text_area(key="note-notes").set_value("31 F. Itches.").run()
    (warning,) = [each.value for each in page.warning if "other answers" in each.value]
    assert "Age" in warning
    page.number_input(key="note-age").set_value(31).run()
    assert not [each for each in page.warning if "other answers" in each.value]


def test_a_picture_in_both_places_counts_once(page):
    upload(upload(page, 0, encoded(draw(1))), 0, encoded(draw(1)))
    assert any("same picture" in each.value for each in page.warning)


def test_an_overlong_note_is_refused_and_the_form_stays(page):
    page.text_area(key="note-notes").set_value("a" * 20_001).run()
    assert not page.exception
    assert any("20,000" in each.value for each in page.error)
    assert page.number_input(key="note-age").value is None


def test_the_report_card_and_the_contrast_are_a_click_away(example):
    text = shown(example)
    card = example.session_state["case"].assessment.report_cards[0]
    assert card.overall.upper() in text
    assert card.checks[0].verdict in text
    assert "would have to change" in text
    assert "What to ask next" in [each.value for each in example.subheader]


def test_small_changes_are_tried_when_asked_for(example):
    assert "<dt>JPEG" not in shown(example)
    example.button(key="stress-run").click().run()
    assert not example.exception
    assert "<dt>JPEG" in shown(example)
