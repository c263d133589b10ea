"""Assess a table of cases, one line of JSON for each, written as it comes."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tqdm import tqdm

from derm_xai.assess import Judgement, judge, provenance
from derm_xai.batch.cases import Case
from derm_xai.batch.masks import Masks
from derm_xai.classify.checkpoint import Model, Thresholds
from derm_xai.errors import CasesError, DermXaiError
from derm_xai.explain.ledger import ledger
from derm_xai.notes.prefill import told
from derm_xai.notes.reader import read_notes
from derm_xai.photo import distinct
from derm_xai.records import ClinicalContext
from derm_xai.settings import Settings
from derm_xai.triage.advise import alarms
from derm_xai.vocabulary import DIAGNOSES, DISCLAIMER


def run(
    cases: Iterable[Case],
    photos: Path,
    out: Path,
    model: Model,
    settings: Settings,
    masks: Path | None = None,
    *,
    with_ledger: bool = False,
) -> int:
    """Write one line for each case and return how many cases could not be assessed, and masks not written.

    Lesion masks go to `masks`, if given. `with_ledger`: each line also says what its score is made of.
    Raises CasesError without a photos folder, and OSError when a line or the folder of masks cannot be written.
    """
    if not photos.is_dir():
        raise CasesError("There is no photos folder of this name. Give --photos the folder that holds the photos.")
    kept = Masks(masks) if masks is not None else None
    failed = 0
    with out.open("w", encoding="utf-8") as lines:
        for case in tqdm(cases, "cases", unit="case"):
            try:
                line = _assessed(case, photos, model, settings, kept, with_ledger=with_ledger)
            except DermXaiError as error:
                line = {"error": str(error), **_alarm(case.readable()), "disclaimer": DISCLAIMER}
                failed += 1
            lines.write(json.dumps({"case_id": case.case_id, **line}, ensure_ascii=False) + "\n")
            lines.flush()
    if kept is None or not kept.missing:
        return failed
    print(
        f"derm-xai: Masks that could not be written: {kept.missing}. "
        "Check the space on the disk, that no files of their names are there, and that no two photos have names that differ "
        "in the ending alone.",
        file=sys.stderr,
    )
    return failed + kept.missing


def _assessed(
    case: Case, folder: Path, model: Model, settings: Settings, masks: Masks | None, *, with_ledger: bool
) -> dict[str, Any]:
    case.check()
    names = case.photos(folder)
    photos = distinct(names)
    context = case.context()
    judged = judge(photos, context, model, settings, from_note=told(read_notes(context.notes)))
    if masks is not None:
        for photo, found in zip(photos, judged.evidence.photos, strict=True):
            masks.write(names[photo], found.outline, photo)
    made = provenance(model, settings).model_dump(mode="json", exclude={"assessed_at"})
    reply = {**_reply(judged, model.manifest.thresholds), "provenance": made}
    return {**reply, "ledger": _sums(judged, context)} if with_ledger else reply


def _alarm(context: ClinicalContext) -> dict[str, Any]:
    """Return what the notes alone ask for today, which waits for no photo; nothing where it is less."""
    reasons = alarms(context, told(read_notes(context.notes)))
    return {"urgency": reasons[0].urgency, "reasons": [reason.rule_id for reason in reasons]} if reasons else {}


def _sums(judged: Judgement, context: ClinicalContext) -> dict[str, Any]:
    """Return the terms, to be added up to the score; the softmax of the score is the line's probabilities."""
    account = ledger(judged.evidence, context)
    return {
        "diagnoses": DIAGNOSES,
        "terms": [term.model_dump(mode="json", exclude={"spread"}) for term in account.terms],
        "score": account.score,
    }


def _reply(judged: Judgement, thresholds: Thresholds) -> dict[str, Any]:
    prediction, triage, photos = judged.prediction, judged.triage, judged.photos
    differentials = prediction.differentials
    return {
        "probabilities": {each.diagnosis: each.probability.value for each in differentials},
        "probabilities_photo": {each.diagnosis: each.probability_photo for each in differentials},
        "probabilities_notes": {each.diagnosis: each.probability_notes for each in differentials},
        "malignancy": prediction.malignancy.value,
        "malignancy_interval": [prediction.malignancy.low, prediction.malignancy.high],
        "malignancy_threshold": thresholds.malignancy,
        "prediction_set": prediction.prediction_set,
        "prediction_sets": prediction.prediction_sets,
        "predictive_entropy": prediction.doubts["predictive entropy"],
        "mutual_information": prediction.doubts["mutual information"],
        "abstention_score": prediction.doubts[thresholds.abstention.score],
        "doubts": prediction.doubts,
        "novelty": prediction.novelty.model_dump(),
        "quality": {
            "ok": all(photo.quality.ok for photo in photos),
            "reasons": [f"{photo.image_type}: {reason}" for photo in photos for reason in photo.quality.reasons],
        },
        "photos": [
            {
                "image_type": photo.image_type,
                "concepts": photo.concepts,
                "lesion_share": photo.lesion.share,
                "edge_share": photo.lesion.edge_share,
            }
            for photo in photos
        ],
        "urgency": triage.urgency,
        "reasons": [reason.rule_id for reason in triage.reasons],
        "conflicts": triage.conflicts,
        "not_reassured_because": triage.not_reassured_because,
        "next_steps": triage.next_steps,
        "look_alikes": [each.model_dump(mode="json") for each in triage.look_alikes],
        "abstained": triage.abstained,
        "abstained_because": triage.abstained_because,
        "synthetic": any(photo.synthetic for photo in photos),
        "model_id": prediction.model_id,
        "disclaimer": DISCLAIMER,
    }
