from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from pydantic import ValidationError

from derm_xai.assess import assess, judge
from derm_xai.classify.lesion import lesion
from derm_xai.classify.retake import CUT_OFF, SPOILING, TOO_SMALL
from derm_xai.counterfactual import notes_changes
from derm_xai.errors import PhotoError
from derm_xai.notes.prefill import Told
from derm_xai.records import Assessment, ClinicalContext
from derm_xai.settings import Settings
from derm_xai.triage.steps import pathway_words
from derm_xai.vocabulary import Urgency, VisualConcept

CONTEXT = ClinicalContext(age=54, grew=True, notes="Seit drei Wochen dunkler.")
AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


@pytest.fixture
def assessment(model, settings, clinical, dermoscopic):
    return assess([clinical, dermoscopic], CONTEXT, model, settings, at=AT)


def test_the_same_input_gives_the_same_bytes(assessment, model, settings, clinical, dermoscopic):
    again = assess([clinical, dermoscopic], CONTEXT, model, settings, at=AT)
    assert again.model_dump_json() == assessment.model_dump_json()


def test_another_seed_gives_another_spread(assessment, model, settings, clinical, dermoscopic):
    other = assess([clinical, dermoscopic], CONTEXT, model, settings.model_copy(update={"seed": 9}), at=AT)
    assert other.ledger.spread != assessment.ledger.spread
    assert other.provenance.settings_sha256 != assessment.provenance.settings_sha256


def test_it_can_be_written_and_read_back(assessment):
    assert Assessment.model_validate_json(assessment.model_dump_json()) == assessment


def test_it_cannot_be_changed(assessment):
    with pytest.raises(ValidationError):
        assessment.context = ClinicalContext()


def test_three_leading_differentials_have_a_grad_cam_of_each_photo(assessment):
    leading = [each.diagnosis for each in assessment.prediction.ranked[:3]]
    assert [(cam.image_type, cam.diagnosis) for cam in assessment.grad_cams] == [
        (photo.image_type, diagnosis) for photo in assessment.photos for diagnosis in leading
    ]


def test_settings_the_given_size_and_what_was_read_reach_their_places(model, clinical):
    few, read = Settings(samples=4, seed=9, pathway="uk"), {"nail_band": Told(True, "a stripe of the nail")}
    context = ClinicalContext(diameter_mm=8)
    made = assess([clinical], context, model, few, from_note=read, at=AT)
    assert made.triage.pathway == pathway_words("uk") != pathway_words("generic")
    assert [shape.diameter_mm for shape in made.shapes] == [8]
    assert (made.provenance.samples, made.provenance.seed, made.provenance.assessed_at) == (4, 9, AT)
    judged = judge([clinical], context, model, few, from_note=read)
    with_note, without = (
        notes_changes(judged.evidence, context, judged.prediction, judged.photos, model, from_note=note) for note in (read, {})
    )
    assert made.changes == with_note != without


def test_free_text_is_kept_and_not_scored(assessment, model, settings, clinical, dermoscopic):
    silent = assess([clinical, dermoscopic], CONTEXT.model_copy(update={"notes": ""}), model, settings, at=AT)
    assert assessment.context.notes == CONTEXT.notes
    assert silent.prediction == assessment.prediction
    assert silent.triage == assessment.triage


def test_each_photo_says_what_is_to_be_seen_in_it(assessment, model, settings, clinical, dermoscopic):
    close_up, dermoscopy = assessment.photos
    assert (close_up.width, close_up.height) == (256, 192)
    assert (len(close_up.lesion.mask), len(close_up.lesion.mask[0])) == (56, 72)
    assert (len(dermoscopy.lesion.mask), len(dermoscopy.lesion.mask[0])) == (64, 64)
    evidence = judge([clinical, dermoscopic], CONTEXT, model, settings).evidence
    for record, found in zip(assessment.photos, evidence.photos, strict=True):
        assert list(record.concepts) == list(VisualConcept)
        assert list(record.concepts.values()) == pytest.approx(found.concepts.tolist())
        assert record.lesion == lesion(found.outline)


def test_a_judgement_is_the_assessment_without_its_explanations(assessment, model, settings, clinical, dermoscopic):
    judged = judge([clinical, dermoscopic], CONTEXT, model, settings)
    assert (judged.prediction, judged.photos, judged.triage) == (
        assessment.prediction,
        assessment.photos,
        assessment.triage,
    )


def test_what_the_network_sees_can_ask_for_another_photo(model, settings, clinical):
    strict = {"lesion_share": 1.1, "edge_share": -0.1, "concepts": dict.fromkeys(SPOILING, -0.1)}
    manifest = model.manifest.model_dump()
    manifest["thresholds"] |= {"quality": strict, "abstention": {"score": "predictive entropy", "limit": 9.0}}
    stricter = replace(model, manifest=type(model.manifest)(**manifest))
    judged = judge([clinical], ClinicalContext(), stricter, settings)
    reasons = (*SPOILING.values(), TOO_SMALL, CUT_OFF)
    assert judged.photos[0].quality.reasons == reasons
    assert judged.triage.abstained_because == tuple(f"clinical photo: {reason}" for reason in reasons)
    assert judged.triage.urgency.rank >= Urgency.RETAKE_PHOTO.rank
    # with the toy model's own limits, which nothing can pass, the same photo is good
    assert judge([clinical], ClinicalContext(), model, settings).photos[0].quality.ok


def test_each_photo_is_measured_and_the_answers_that_would_change_the_urgency_are_named(assessment, clinical, dermoscopic):
    assert [shape.image_type for shape in assessment.shapes] == [clinical.image_type, dermoscopic.image_type]
    assert assessment.changes
    assert all((each.urgency.rank > assessment.triage.urgency.rank) == each.raises for each in assessment.changes)


def test_progress_goes_forward(model, settings, clinical):
    shares = []
    assess([clinical], CONTEXT, model, settings, progress=lambda _, share: shares.append(share))
    assert shares == sorted(shares)
    assert len(shares) >= 3


def test_no_photo_is_refused(model, settings):
    for verb in (assess, judge):
        with pytest.raises(PhotoError, match="close-up"):
            verb([], CONTEXT, model, settings)


def test_the_explanations_cost_at_most_eight_more_passes(model, settings, clinical, dermoscopic):
    seen = []
    hook = model.network.columns[0].features[0].register_forward_hook(lambda _, given, __: seen.append(len(given[0])))
    try:
        assess([clinical, dermoscopic], CONTEXT, model, settings)
    finally:
        hook.remove()
    assert 0 < sum(seen) - 2 <= 8


def test_the_leading_diagnosis_is_explained_in_full(assessment):
    leader, *others = [each.diagnosis for each in assessment.prediction.ranked]
    assert [(each.this, each.that) for each in assessment.contrasts] == [(leader, other) for other in others[:4]]
    assert [(card.image_type, card.diagnosis) for card in assessment.report_cards] == [
        (photo.image_type, leader) for photo in assessment.photos
    ]
    for shown in assessment.ledger.photos:
        for cells, sums in zip(shown.mean, shown.regions, strict=True):
            assert sum(sums.model_dump().values()) == pytest.approx(np.sum(cells), abs=1e-9)
