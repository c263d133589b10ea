import pytest

from derm_xai.present.rows import differential_rows, grad_cam_of, ledger_table, notes_rows, notes_sentences
from derm_xai.records import Term
from derm_xai.vocabulary import Diagnosis, ImageType
from tests.present.conftest import vector


def test_the_differential_is_ranked(assessment):
    rows = differential_rows(assessment)
    assert [row.name for row in rows[:3]] == ["Melanoma", "Melanocytic naevus", "Basal cell carcinoma"]
    assert len(rows) == 11


def test_a_row_of_the_differential(assessment):
    first = differential_rows(assessment)[0]
    assert (first.code, first.malignant, first.in_set) == ("C43", True, True)
    assert first.percent == "62\N{NO-BREAK SPACE}%"
    assert first.interval == "50 to 74"
    assert first.photo_alone == "40\N{NO-BREAK SPACE}%"


def test_the_ledger_lists_what_is_recorded_and_adds_up(assessment):
    table = ledger_table(assessment, Diagnosis.MEL)
    assert [(row.label, row.mean) for row in table.rows] == [
        ("Prior", 0.1),
        ("Close-up", 0.3),
        ("Image type", -0.05),
        ("Age", 0.25),
        ("Grew", 0.4),
    ]
    assert table.total == pytest.approx(1.0)
    assert table.adds_up


def test_the_photo_line_is_the_sum_of_the_map(assessment):
    cells = assessment.ledger.photos[0].mean[list(Diagnosis).index(Diagnosis.MEL)]
    photo = ledger_table(assessment, Diagnosis.MEL).rows[1]
    assert photo.mean == pytest.approx(sum(map(sum, cells)))
    assert photo.spread == 0.08


def test_a_ledger_that_does_not_add_up_says_so(assessment):
    extra = Term(source="notes", name="itch", level="yes", mean=vector(0.01), spread=vector(0.0))
    terms = (*assessment.ledger.terms, extra)
    broken = assessment.model_copy(update={"ledger": assessment.ledger.model_copy(update={"terms": terms})})
    assert not ledger_table(broken, Diagnosis.MEL).adds_up


def test_notes_are_listed_by_strength(assessment):
    assert [(row.label, row.detail, row.mean) for row in notes_rows(assessment, Diagnosis.MEL)] == [
        ("Grew", "yes", 0.4),
        ("Age", "50 to 59", 0.25),
    ]


def test_what_the_notes_leave_out_is_named(assessment):
    missing, rules_only, text = notes_sentences(assessment)
    assert missing.startswith("Not recorded, so without any weight: sex, body site,")
    assert "grew" not in missing
    assert rules_only == "Read by the written rules, not by the model: irregular shape."
    assert "not scored" in text


def test_what_no_rule_counts_is_not_said_to_be_read(assessment):
    notes = {"side": "left", "family_melanoma": True, "many_naevi": True, "sunburn": False, "fever": False}
    context = assessment.context.model_copy(update=notes)
    sentences = notes_sentences(assessment.model_copy(update={"context": context}))
    assert "Read by the written rules, not by the model: irregular shape and fever." in sentences
    cautions = (
        "Counted neither by a rule nor by the model, but enough not to reassure: melanoma in the family and has many naevi."
    )
    assert cautions in sentences
    assert "Kept with the result, counted neither by a rule nor by the model: side and bad sunburns before." in sentences


def test_grad_cam_where_it_was_computed(assessment):
    cam = grad_cam_of(assessment, ImageType.CLINICAL, Diagnosis.MEL)
    assert cam is not None
    assert cam.agreement == 0.98
    assert grad_cam_of(assessment, ImageType.CLINICAL, Diagnosis.NV) is None
