"""Evaluate a model on the validation part of the public sets, through the same code that assesses a case."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from derm_xai.classify.checkpoint import Model
from derm_xai.datasets.sources import LabelledCase, load_all
from derm_xai.datasets.splits import Part, split
from derm_xai.errors import DataError, PhotoError
from derm_xai.evaluate.concepts import concept_figures
from derm_xai.evaluate.confusion import confusions
from derm_xai.evaluate.doubt import doubts
from derm_xai.evaluate.explanations import explanations
from derm_xai.evaluate.judged import Judged, judge_all, novelty_scores, scored
from derm_xai.evaluate.metrics import CALIBRATION, METRICS, RESAMPLES, intervals
from derm_xai.evaluate.not_lesions import mean_dice, not_lesions
from derm_xai.evaluate.operating import operating_point
from derm_xai.evaluate.records import Evaluation, NotLesions, OperatingPoint, Row
from derm_xai.evaluate.reliability import reliability
from derm_xai.evaluate.scored import Scored
from derm_xai.evaluate.set_coverage import set_coverages
from derm_xai.evaluate.subgroups import subgroups
from derm_xai.evaluate.urgencies import urgencies
from derm_xai.photo import read_photo
from derm_xai.records import ClinicalContext, Differential, LesionPhoto
from derm_xai.settings import Settings
from derm_xai.vocabulary import MALIGNANT, URGENT_MALIGNANT, Diagnosis, ImageType, places

_CLINICAL, _DERMOSCOPIC = frozenset({ImageType.CLINICAL}), frozenset({ImageType.DERMOSCOPIC})


@dataclass(frozen=True)
class _Setting:
    """What is given to the model, and which of its voices is read. `whole`: all that the set holds of a case."""

    data: str
    given: str
    image_types: frozenset[ImageType]
    probability: Callable[[Differential], float]
    whole: bool = False


_SETTINGS = (
    _Setting("MILK10k", "close-up", _CLINICAL, lambda each: each.probability_photo),
    _Setting("MILK10k", "dermoscopic", _DERMOSCOPIC, lambda each: each.probability_photo),
    _Setting("MILK10k", "both photos", _CLINICAL | _DERMOSCOPIC, lambda each: each.probability_photo),
    _Setting("MILK10k", "notes", _CLINICAL | _DERMOSCOPIC, lambda each: each.probability_notes),
    _Setting("MILK10k", "both photos and notes", _CLINICAL | _DERMOSCOPIC, lambda each: each.probability.value, whole=True),
    _Setting("HAM10000 without VASC", "dermoscopic", _DERMOSCOPIC, lambda each: each.probability_photo),
    _Setting("HAM10000 without VASC", "dermoscopic and notes", _DERMOSCOPIC, lambda each: each.probability.value, whole=True),
    _Setting("PAD-UFES-20", "close-up", _CLINICAL, lambda each: each.probability_photo),
    _Setting("PAD-UFES-20", "close-up and notes", _CLINICAL, lambda each: each.probability.value, whole=True),
)


def evaluate(
    data: Path,
    model: Model,
    settings: Settings,
    *,
    others: Path | None = None,
    explained: int = 0,
    resamples: int = RESAMPLES,
) -> Evaluation:
    """Return the figures of the validation part, with bootstrap intervals.

    `explained`: on how many cases the explanations are measured, which takes a second or more for each. `others`: a folder of
    photos that show no lesion, looked through with its subfolders. Raises DataError when no public set is there, or no photo
    among the others.
    """
    shown = _photos(others) if others else []
    cases = split(load_all(data))[Part.VALIDATION]
    parts = _Parts(cases, model, settings)
    wholes: dict[str, tuple[list[Judged], Scored]] = {}
    rows = []
    for setting in _SETTINGS:
        judged = parts.judged(setting)
        if judged:
            read = scored(judged, setting.probability)
            figures = intervals(METRICS | CALIBRATION, read, resamples)
            rows.append(Row(data=setting.data, given=setting.given, classes=len(np.unique(read.label)), figures=figures))
            if setting.whole:
                wholes[setting.data] = judged, read
    analysed = [(name, cases) for name, (_, cases) in wholes.items()]
    return Evaluation(
        model_id=model.manifest.id,
        weights_sha256=model.manifest.weights_sha256,
        rows=tuple(rows),
        reliability=tuple(reliability(name, cases) for name, cases in analysed),
        doubts=tuple(each for name, cases in analysed for each in doubts(name, cases, resamples)),
        sets=tuple(each for name, cases in analysed for each in set_coverages(name, cases, resamples)),
        operating_points=tuple(each for name, cases in analysed for each in _points(name, cases, model, resamples)),
        subgroups=tuple(each for name, cases in analysed for each in subgroups(name, cases, resamples)),
        confusions=tuple(each for name, cases in analysed for each in confusions(name, cases, resamples)),
        urgencies=tuple(each for name, (judged, _) in wholes.items() for each in urgencies(name, judged, resamples)),
        mask_dice=mean_dice([each for judged, _ in wholes.values() for each in judged], resamples),
        concepts=concept_figures([each for judged, _ in wholes.values() for each in judged], resamples),
        not_lesions=_not_lesions(shown, wholes, model, resamples) if shown else None,
        explanations=explanations(cases, model, settings, count=explained, resamples=resamples) if explained else None,
    )


@dataclass
class _Parts:
    """The validation cases, each judged once for each set of photos."""

    cases: Sequence[LabelledCase]
    model: Model
    settings: Settings

    def __post_init__(self) -> None:
        self._done: dict[tuple[str, frozenset[ImageType]], list[Judged]] = {}

    def judged(self, setting: _Setting) -> list[Judged]:
        key = setting.data, setting.image_types
        if key not in self._done:
            chosen = _cases_of(setting.data, self.cases)
            what = f"{setting.data}, {' and '.join(sorted(setting.image_types))}"
            self._done[key] = judge_all(chosen, setting.image_types, what, self.model, self.settings) if chosen else []
        return self._done[key]


def _cases_of(data: str, cases: Sequence[LabelledCase]) -> list[LabelledCase]:
    # HAM10000's vascular photos were at hand as copies of 200 x 150 pixels alone, so they are not judged
    without_vasc = data.startswith("HAM10000")
    return [case for case in cases if data.startswith(case.source) and not (without_vasc and case.diagnosis is Diagnosis.VASC)]


def _points(data: str, cases: Scored, model: Model, resamples: int) -> list[OperatingPoint]:
    thresholds = model.manifest.thresholds
    targets = (
        ("a malignancy", MALIGNANT, thresholds.malignancy),
        ("a melanoma", frozenset({Diagnosis.MEL}), thresholds.melanoma),
        ("a malignancy other than basal cell carcinoma", URGENT_MALIGNANT, thresholds.referral),
    )
    return [
        operating_point(
            data,
            target,
            np.isin(cases.label, places(diagnoses)),
            cases.probabilities[:, places(diagnoses)].sum(1),
            threshold,
            cases.group,
            resamples,
        )
        for target, diagnoses, threshold in targets
    ]


def _photos(folder: Path) -> list[LesionPhoto]:
    photos = [photo for path in sorted(folder.rglob("*")) if path.is_file() and (photo := _photo(path)) is not None]
    if not photos:
        raise DataError("There is no photo in the folder of other photos. Name one that holds JPEG, PNG or WebP files.")
    return photos


def _not_lesions(
    photos: Sequence[LesionPhoto], wholes: dict[str, tuple[list[Judged], Scored]], model: Model, resamples: int
) -> NotLesions:
    lesions = {name: judged for name, (judged, _) in wholes.items()}
    return not_lesions(novelty_scores(photos, model), lesions, model.manifest.thresholds.novelty, resamples)


def _photo(path: Path) -> LesionPhoto | None:
    try:
        return read_photo(path.read_bytes(), ImageType.CLINICAL)
    except (OSError, PhotoError):
        return None


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
