import pytest

from derm_xai.classify.checkpoint import Abstention, Manifest
from derm_xai.language import speak
from derm_xai.present.alarm import alarm
from derm_xai.present.look_alikes import look_alike_rows
from derm_xai.present.reasons import lesser_rules, reason_rows, rows_of
from derm_xai.present.rows import differential_rows
from derm_xai.present.text import as_text
from derm_xai.present.verdict import (
    NO_DIAGNOSIS,
    about_rows,
    checks,
    malignancy_sentence,
    urgency_parts,
)
from derm_xai.present.words import NO_BREAK
from derm_xai.records import ClinicalContext, Fact, Feature, LookAlike, Novelty, Reason
from derm_xai.triage.engine import rule_book
from derm_xai.vocabulary import CONCEPTS, AnatomSite, Diagnosis, ImageType, Urgency
from tests.conftest import manifest

LIKE_THIS = "Was it tested on patients like this?"


def test_reasons_name_facts_points_and_source(assessment):
    first, second = reason_rows(assessment)
    assert first.rule_id == "R1"
    assert first.facts == "3 points from the form: change in size 2, oozing or bleeding 1"
    assert first.source == "A source, read at the source"
    assert (second.rule_id, second.source) == ("M1", "A source")


def test_a_rule_on_the_models_probability_says_it_beside_its_limit(assessment):
    _, model = reason_rows(assessment)
    assert model.facts.replace(NO_BREAK, " ") == "chance 65 %, limit 2 %"
    assert f"[{model.facts}]" in as_text(assessment)


@pytest.mark.parametrize(
    ("grade", "source"),
    [("A", "lu à la source"), ("B", "lu dans une page qui le rapporte"), ("A/B", "lu en partie à la source")],
)
def test_french_readers_are_told_in_french_where_a_source_was_read(grade, source):
    fired = [rule for rule in rule_book().rule if rule.grade == grade]
    asked = [Reason(rule_id=rule.id, urgency="same_day", text="", source=rule.source, grade=grade, facts=()) for rule in fired]
    speak("fr")
    try:
        assert [row.source for row in rows_of(asked)] == [f"{rule.source}, {source}" for rule in fired]
    finally:
        speak("en")


def test_rules_that_ask_for_less_are_named(assessment):
    assert lesser_rules(assessment) == "Rules that fired and ask for less: M2."


def test_the_rules_are_the_reason(assessment):
    because, following = urgency_parts(assessment)
    assert (because.tag, following.tag) == ("because", "next")
    assert [row.rule_id for row in because.rules] == ["R1", "M1"]
    assert following.lines == ("Refer.",)


def test_a_conflict_stands_beside_the_rule_that_prevails(assessment):
    conflict = assessment.triage.model_copy(update={"conflicts": ("They disagree.",)})
    parts = urgency_parts(assessment.model_copy(update={"triage": conflict}))
    assert [part.tag for part in parts] == ["because", "but", "next"]
    assert parts[1].lines == ("They disagree.",)


def test_an_emergency_comes_before_anything_that_the_model_says(assessment):
    emergency = assessment.triage.reasons[0].model_copy(update={"rule_id": "E1", "urgency": Urgency.EMERGENCY})
    reasons = (emergency, *assessment.triage.reasons)
    update = {"urgency": Urgency.EMERGENCY, "reasons": reasons, "conflicts": ("They disagree.",)}
    parts = urgency_parts(assessment.model_copy(update={"triage": assessment.triage.model_copy(update=update)}))
    assert [part.tag for part in parts] == ["because", "next", "model"]
    assert [row.rule_id for row in parts[0].rules] == ["E1"]
    assert not parts[0].lines
    assert parts[2].lines[-1] == "They disagree."


def test_why_a_calm_case_is_not_reassured_is_said(assessment):
    update = {"urgency": Urgency.REVIEW_8_WEEKS, "not_reassured_because": ("No reassurance: too dark.",)}
    calm = assessment.model_copy(update={"triage": assessment.triage.model_copy(update=update)})
    parts = urgency_parts(calm)
    assert [part.tag for part in parts] == ["because", "note", "next"]
    assert parts[1].lines == ("No reassurance: too dark.",)
    assert "No reassurance: too dark." in as_text(calm)


def test_a_rule_that_asks_for_a_person_is_the_reason_where_nothing_else_is(assessment):
    person = assessment.triage.model_copy(update={"urgency": Urgency.SEE_PERSON})
    parts = urgency_parts(assessment.model_copy(update={"triage": person}))
    assert [part.tag for part in parts] == ["because", "next"]


def test_the_words_of_a_note_are_quoted(assessment):
    read = Fact(text="change in size", origin="note", words="has doubled", points=2)
    rule = assessment.triage.reasons[0].model_copy(update={"facts": (read, *assessment.triage.reasons[0].facts[1:])})
    quoted = assessment.model_copy(update={"triage": assessment.triage.model_copy(update={"reasons": (rule,)})})
    (row,) = reason_rows(quoted)
    assert row.facts == "3 points from the form: oozing or bleeding 1; from the note: change in size (“has doubled”) 2"


def test_a_rule_of_this_project_claims_no_grade_of_evidence(assessment):
    rule = assessment.triage.reasons[0].model_copy(update={"grade": "own", "source": "This project's own rule"})
    own = assessment.model_copy(update={"triage": assessment.triage.model_copy(update={"reasons": (rule,)})})
    (row,) = reason_rows(own)
    assert row.source == "This project's own rule"
    assert row.facts.startswith("3 points")


def test_what_a_diagnosis_is_mistaken_for(assessment):
    features = (
        Feature(text="it itches", speaks_for="look_alike", status="present"),
        Feature(text="even colour", speaks_for="diagnosis", status="not recorded"),
    )
    pair = LookAlike(diagnosis=Diagnosis.NV, name="Melanoma", features=features, source="A source")
    triage = assessment.triage.model_copy(update={"look_alikes": (pair,)})
    (row,) = look_alike_rows(assessment.model_copy(update={"triage": triage}))
    assert row.question == "Melanocytic naevus, or melanoma?"
    assert row.lines == (
        "Melanoma: it itches (present).",
        "Melanocytic naevus: even colour (not recorded).",
        "Source: A source.",
    )


def test_the_notes_alone_raise_an_alarm():
    urgency, parts = alarm(ClinicalContext(new_drug=True, blisters=True, fever=True), "uk")
    assert urgency is Urgency.EMERGENCY
    assert [row.rule_id for row in parts[0].rules] == ["E1"]
    assert "Call 999." in parts[1].lines
    assert alarm(ClinicalContext(grew=True), "uk") is None


def test_where_the_system_abstains_that_is_the_reason(assessment):
    update = {"urgency": Urgency.SEE_PERSON, "abstained": True, "abstained_because": ("Too strange.",)}
    parts = urgency_parts(assessment.model_copy(update={"triage": assessment.triage.model_copy(update=update)}))
    assert [part.tag for part in parts] == ["because", "also", "next"]
    assert parts[0].lines == ("Too strange.",)


def test_the_chance_of_a_strange_photo_is_not_given(assessment):
    strange = assessment.prediction.model_copy(update={"novelty": Novelty(score=3, limit=2, flagged=True)})
    assert "not used" in malignancy_sentence(assessment.model_copy(update={"prediction": strange}))


def test_the_chance_of_a_malignancy(assessment):
    sentence = malignancy_sentence(assessment).replace("\N{NO-BREAK SPACE}", " ")
    assert sentence == "Chance of a malignancy of any kind: 70 % (56 to 84)."


def test_checks_say_what_was_found(assessment, thresholds):
    findings = {check.question: check for check in checks(assessment, thresholds)}
    assert not any(check.care for check in findings.values())
    possible = findings["Which diagnoses stay possible?"].finding
    assert possible == (
        "Conformal prediction set, 95 %: melanoma and melanocytic naevus. "
        "Too rare in the calibration cases to be ruled out: vascular lesion."
    )
    sure = findings["How sure is the model?"].finding
    assert "Predictive entropy: 0.90; it abstains above 1.50." in sure
    assert sure.endswith("The others: mutual information 0.05.")
    seen = findings["Has it seen photos like this?"].finding
    assert "1.10, limit 2.00: not judged, since the photo is a drawn example" in seen


def test_a_photo_that_nobody_drew_is_judged_for_likeness(assessment, thresholds):
    taken = tuple(photo.model_copy(update={"synthetic": False}) for photo in assessment.photos)
    seen = {check.question: check for check in checks(assessment.model_copy(update={"photos": taken}), thresholds)}
    assert "1.10, limit 2.00: like them" in seen["Has it seen photos like this?"].finding


def test_the_score_that_the_model_abstains_by_is_the_one_that_is_shown(assessment, thresholds):
    other = thresholds.model_copy(update={"abstention": Abstention(score="mutual information", limit=0.04)})
    sure = checks(assessment, other)[1]
    assert sure.finding.startswith("Mutual information: 0.05; it abstains above 0.04.")
    assert sure.finding.endswith("The others: predictive entropy 0.90.")
    assert sure.care


def test_which_diagnoses_are_too_rare_depends_on_the_photos_at_hand(assessment, thresholds):
    dermoscopic = assessment.photos[0].model_copy(update={"image_type": ImageType.DERMOSCOPIC})
    possible = checks(assessment.model_copy(update={"photos": (dermoscopic,)}), thresholds)[0]
    assert possible.finding == "Conformal prediction set, 95 %: melanoma, melanocytic naevus and vascular lesion."


def test_checks_ask_for_care(assessment, thresholds):
    doubts = {"predictive entropy": 2.0, "mutual information": 0.0}
    strange = assessment.prediction.model_copy(update={"novelty": Novelty(score=3, limit=2, flagged=True), "doubts": doubts})
    photo = assessment.photos[0]
    blurred = photo.model_copy(update={"quality": photo.quality.model_copy(update={"ok": False, "reasons": ("Blurred.",)})})
    poor = assessment.model_copy(update={"prediction": strange, "photos": (blurred,)})
    assert [check.care for check in checks(poor, thresholds)] == [True, True, True, True]
    assert checks(poor, thresholds)[-1].finding == "Blurred."


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"age": 7}, "children"),
        ({"skin_tone": 0}, "skin tone"),
        ({"fitzpatrick": 6}, "Fitzpatrick"),
        ({"fitzpatrick": 4}, "Fitzpatrick"),
        ({"anatom_site": AnatomSite.GENITAL}, "genital"),
        ({"acral_or_mucosal_site": True}, "mucous"),
        ({"nail_band": True}, "Nails"),
    ],
)
def test_patients_it_was_hardly_tested_on_are_named(assessment, thresholds, known, said):
    told = [check for check in _checks_of(assessment, thresholds, known) if check.question == LIKE_THIS]
    assert [(check.care, said in check.finding) for check in told] == [(True, True)]


@pytest.mark.parametrize("known", [{}, {"age": 18, "skin_tone": 2, "fitzpatrick": 2, "anatom_site": AnatomSite.TRUNK}])
def test_other_patients_get_no_such_line(assessment, thresholds, known):
    assert LIKE_THIS not in [check.question for check in _checks_of(assessment, thresholds, known)]


def _checks_of(assessment, thresholds, known):
    return checks(assessment.model_copy(update={"context": ClinicalContext(**known)}), thresholds)


def test_about_a_result(assessment):
    rows = dict(about_rows(assessment, Manifest(**manifest(), weights_sha256="cd" * 32)))
    assert rows["Assessed at"].startswith("21 November 2026, 22:00:00")
    assert rows["Weights SHA-256"] == "cdcdcdcdcdcdcdcd"
    assert rows["Monte Carlo samples"] == "5, seed 3"
    assert "SYNTHETIC" in rows["Photos"]


def test_a_photo_of_something_else_gets_no_disease(assessment, thresholds):
    strange = assessment.prediction.model_copy(update={"novelty": Novelty(score=3, limit=2, flagged=True)})
    cat = assessment.model_copy(update={"prediction": strange})
    text = as_text(cat) + " ".join(check.finding for check in checks(cat, thresholds))
    assert NO_DIAGNOSIS in text
    assert not [name for name in (concept.name for concept in CONCEPTS.values()) if name.lower() in text.lower()]
    assert differential_rows(assessment)[0].name in as_text(assessment)


def test_what_this_project_adds_to_a_source_is_said_beside_it():
    (rule,) = (rule for rule in rule_book().rule if rule.id == "R8")
    reason = Reason(
        rule_id="R8", urgency=rule.urgency, text=rule.text.en, source=rule.source, grade=rule.grade, ours=rule.ours.en, facts=()
    )
    (row,) = rows_of([reason])
    assert row.source == "Abbasi 2004 (JAMA 292, 2771), abstract, read at the source; that it takes two is this project's"
    speak("fr")
    try:
        (french,) = rows_of([reason])
    finally:
        speak("en")
    assert french.source.endswith(f"lu à la source{NO_BREAK}; en demander deux relève de ce projet")
