"""Assess a table of cases, one line of JSON for each, written as it comes."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tqdm import tqdm

from derm_xai.assess import judge
from derm_xai.batch.cases import Case
from derm_xai.classify.checkpoint import Model
from derm_xai.errors import DermXaiError
from derm_xai.records import LesionPhoto, Prediction, TriageAdvice
from derm_xai.settings import Settings
from derm_xai.vocabulary import DISCLAIMER


def run(cases: Iterable[Case], photos: Path, out: Path, model: Model, settings: Settings) -> int:
    """Write one line for each case and return how many could not be assessed."""
    failed = 0
    with out.open("w", encoding="utf-8") as lines:
        for case in tqdm(cases, "cases", unit="case"):
            line = _line(case, photos, model, settings)
            failed += "error" in line
            lines.write(json.dumps(line, ensure_ascii=False) + "\n")
            lines.flush()
    return failed


def _line(case: Case, folder: Path, model: Model, settings: Settings) -> dict[str, Any]:
    try:
        photos = case.photos(folder)
        _, prediction, triage = judge(photos, case.context(), model, settings)
    except DermXaiError as error:
        return {"case_id": case.case_id, "error": str(error), "disclaimer": DISCLAIMER}
    return {"case_id": case.case_id, **_reply(photos, prediction, triage)}


def _reply(photos: list[LesionPhoto], prediction: Prediction, triage: TriageAdvice) -> dict[str, Any]:
    differentials = prediction.differentials
    return {
        "probabilities": {each.diagnosis: each.probability.value for each in differentials},
        "probabilities_photo": {each.diagnosis: each.probability_photo for each in differentials},
        "probabilities_notes": {each.diagnosis: each.probability_notes for each in differentials},
        "malignancy": prediction.malignancy.value,
        "malignancy_interval": [prediction.malignancy.low, prediction.malignancy.high],
        "prediction_set": prediction.prediction_set,
        "predictive_entropy": prediction.predictive_entropy,
        "mutual_information": prediction.mutual_information,
        "novelty": prediction.novelty.model_dump(),
        "quality": {
            "ok": all(photo.quality.ok for photo in photos),
            "reasons": [f"{photo.image_type}: {reason}" for photo in photos for reason in photo.quality.reasons],
        },
        "urgency": triage.urgency,
        "reasons": [reason.rule_id for reason in triage.reasons],
        "conflicts": triage.conflicts,
        "abstained": triage.abstained,
        "abstained_because": triage.abstained_because,
        "synthetic": any(photo.synthetic for photo in photos),
        "model_id": prediction.model_id,
        "disclaimer": DISCLAIMER,
    }
