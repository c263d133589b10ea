"""Evaluate a model on the validation part of the public sets, through the same code that assesses a case."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from derm_xai.classify.checkpoint import Model
from derm_xai.classify.predict import collect, predict
from derm_xai.datasets.sources import LabelledCase, load_all
from derm_xai.datasets.splits import Part, split
from derm_xai.evaluate.metrics import METRICS, RESAMPLES, Figure, Scored, with_interval
from derm_xai.photo import read_photo
from derm_xai.records import ClinicalContext, Differential, Prediction, Record
from derm_xai.settings import Settings
from derm_xai.vocabulary import DIAGNOSES, Diagnosis, ImageType

EVALUATION = "evaluation.json"


class Row(Record):
    """The figures of one data set with one kind of input."""

    data: str
    given: str
    classes: int
    figures: dict[str, Figure]


class Evaluation(Record):
    """All figures of one model on the validation part."""

    model_id: str
    weights_sha256: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class _Setting:
    """What is given to the model, and which of its voices is read."""

    data: str
    given: str
    image_types: frozenset[ImageType]
    probability: Callable[[Differential], float]


_CLINICAL, _DERMOSCOPIC = frozenset({ImageType.CLINICAL}), frozenset({ImageType.DERMOSCOPIC})
_SETTINGS = (
    _Setting("MILK10k", "close-up", _CLINICAL, lambda each: each.probability_photo),
    _Setting("MILK10k", "dermoscopic", _DERMOSCOPIC, lambda each: each.probability_photo),
    _Setting("MILK10k", "both photos", _CLINICAL | _DERMOSCOPIC, lambda each: each.probability_photo),
    _Setting("MILK10k", "notes", _CLINICAL | _DERMOSCOPIC, lambda each: each.probability_notes),
    _Setting("MILK10k", "both photos and notes", _CLINICAL | _DERMOSCOPIC, lambda each: each.probability.value),
    _Setting("HAM10000 without VASC", "dermoscopic", _DERMOSCOPIC, lambda each: each.probability_photo),
    _Setting("HAM10000 without VASC", "dermoscopic and notes", _DERMOSCOPIC, lambda each: each.probability.value),
    _Setting("PAD-UFES-20", "close-up", _CLINICAL, lambda each: each.probability_photo),
    _Setting("PAD-UFES-20", "close-up and notes", _CLINICAL, lambda each: each.probability.value),
)


def evaluate(data: Path, model: Model, settings: Settings, resamples: int = RESAMPLES) -> Evaluation:
    """Return the figures of the validation part, with bootstrap intervals. Raises DataError when no public set is there."""
    cases = split(load_all(data))[Part.VALIDATION]
    predictions: dict[tuple[str, frozenset[ImageType]], tuple[list[LabelledCase], list[Prediction]]] = {}
    rows = []
    for setting in _SETTINGS:
        chosen = _cases_of(setting.data, cases)
        if not chosen:
            continue
        key = setting.data, setting.image_types
        if key not in predictions:
            what = f"{setting.data}, {' and '.join(sorted(setting.image_types))}"
            shown = tqdm(chosen, what, unit="case")
            predictions[key] = chosen, [_predict(case, setting.image_types, model, settings) for case in shown]
        scored = _score(*predictions[key], setting.probability)
        figures = {name: with_interval(metric, scored, resamples) for name, metric in METRICS.items()}
        classes = len(np.unique(scored.label))
        rows.append(Row(data=setting.data, given=setting.given, classes=classes, figures=figures))
    manifest = model.manifest
    return Evaluation(model_id=manifest.id, weights_sha256=manifest.weights_sha256, rows=tuple(rows))


def _cases_of(data: str, cases: Sequence[LabelledCase]) -> list[LabelledCase]:
    # HAM10000's vascular photos were only to be had as altered copies, so they are not judged
    without_vasc = data.startswith("HAM10000")
    return [case for case in cases if data.startswith(case.source) and not (without_vasc and case.diagnosis is Diagnosis.VASC)]


def _predict(case: LabelledCase, image_types: frozenset[ImageType], model: Model, settings: Settings) -> Prediction:
    photos = [read_photo(photo.read(), photo.image_type) for photo in case.photos if photo.image_type in image_types]
    evidence = collect(photos, case.context, model, samples=settings.samples, seed=settings.seed)
    return predict(evidence, model)


def _score(
    cases: Sequence[LabelledCase], predictions: Sequence[Prediction], probability: Callable[[Differential], float]
) -> Scored:
    return Scored(
        probabilities=np.array([[probability(each) for each in prediction.differentials] for prediction in predictions]),
        label=np.array([DIAGNOSES.index(case.diagnosis) for case in cases]),
        group=np.array([case.group for case in cases]),
    )


def write_cases(data: Path, out: Path) -> int:
    """Write the validation part as photos and a CASES.csv for each set, as `derm-xai batch` reads them; return the cases."""
    cases = split(load_all(data))[Part.VALIDATION]
    (out / "photos").mkdir(parents=True, exist_ok=True)
    fields = [name for name in ClinicalContext.model_fields if name != "notes"]
    for source in sorted({case.source for case in cases}):
        with (out / f"{source}.csv").open("w", encoding="utf-8", newline="") as lines:
            table = csv.DictWriter(lines, ["case_id", "photo", "image_type", *fields])
            table.writeheader()
            for case in cases:
                if case.source == source:
                    answers = case.context.model_dump(mode="json", exclude_none=True, exclude={"notes"})
                    for photo in case.photos:
                        (out / "photos" / photo.image_id).write_bytes(photo.read())
                        table.writerow(
                            {"case_id": case.case_id, "photo": photo.image_id, "image_type": photo.image_type, **answers}
                        )
    return len(cases)
