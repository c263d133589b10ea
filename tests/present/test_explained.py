import pytest

from derm_xai.assess import assess
from derm_xai.explain.stress import stress
from derm_xai.present.explained import (
    card_checks,
    card_note,
    card_sentence,
    contrast_sentences,
    question_sentences,
    region_sentence,
    stress_checks,
    stress_sentence,
)
from derm_xai.present.rows import contrast_table
from derm_xai.present.text import as_text
from derm_xai.records import ClinicalContext, Flip, Question, Questions, Range, Regions
from derm_xai.settings import Settings
from derm_xai.vocabulary import Diagnosis

CONTEXT = ClinicalContext(age=54, grew=True)


@pytest.fixture(scope="module")
def made(model, clinical):
    return assess([clinical], CONTEXT, model, Settings(samples=4, seed=1))


def test_the_card_says_whole_and_lines_with_their_limits(made):
    (card,) = made.report_cards
    assert card.overall.upper() in card_sentence(card)
    checks = card_checks(card)
    assert len(checks) == len(card.checks)
    assert all(f"Grade {each.grade:.2f}" in line.finding for each, line in zip(card.checks, checks, strict=True))
    assert "calibration" in card_note(card)


def test_the_text_holds_the_card_and_the_questions(made):
    text = as_text(made)
    assert card_sentence(made.report_cards[0]) in text
    assert "What to ask next:" in text


def test_contrasts_add_up_in_words_and_rows(made):
    assert [each.that for each in made.contrasts] == [each.diagnosis for each in made.prediction.ranked[1:5]]
    for contrast in made.contrasts:
        table = contrast_table(contrast)
        assert table.adds_up
        assert {row.label for row in table.rows} == {"Prior", "Close-up", "Image type", "Age", "Grew"}
        assert f"{abs(contrast.score):.2f}" in contrast_sentences(contrast)[0]


def test_regions_in_words():
    sums = Regions(for_inside=1.25, for_outside=0.5, against_inside=-0.25, against_outside=0.0)
    assert "+1.25 for and −0.25 against; outside +0.50 for and 0.00 against" in region_sentence(sums)


def test_questions_in_words(made):
    bleed = Question(
        field="bleed",
        leading=Range(low=0.2, high=0.6),
        malignancy=Range(low=0.1, high=0.55),
        could_lead=(Diagnosis.BCC,),
    )
    dull = bleed.model_copy(update={"malignancy": Range(low=0.1, high=0.105), "could_lead": ()})
    asked = Questions(ask=(bleed, dull), flip=Flip(fields=("age", "grew"), then=Diagnosis.MEL))
    first, flip = question_sentences(made.model_copy(update={"questions": asked}))
    assert first.startswith("Bleeds? By the answer, a malignancy at 10\xa0% to 55\xa0%")
    assert "basal cell carcinoma could lead" in first
    assert flip == "The leading diagnosis rests on these answers: age and grew. Without them melanoma would lead."
    none = made.model_copy(update={"questions": Questions(ask=(dull,), flip=None)})
    assert question_sentences(none)[0].startswith("No open question")
    assert "without the notes too" in question_sentences(none)[1]


def test_the_stress_test_in_words(model, clinical):
    test = stress([clinical], CONTEXT, model)
    line = test.lines[0]
    assert len(stress_checks(test)) == len(test.lines)
    held = test.model_copy(update={"lines": (line.model_copy(update={"flipped": 0}),)})
    assert "leads under all 2 changes" in stress_sentence(held)
    flipped = test.model_copy(update={"lines": (line.model_copy(update={"flipped": 1, "instead": (Diagnosis.DF,)}),)})
    assert "1 of 2" in stress_sentence(flipped)
    assert stress_checks(flipped)[0].care
    assert "dermatofibroma" in stress_checks(flipped)[0].finding
