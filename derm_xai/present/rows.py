"""The tables of a result: what it could be, how the score adds up, and what the notes say."""

from typing import NamedTuple

from derm_xai.language import _
from derm_xai.notes.levels import NOT_RECORDED, field_names
from derm_xai.present.words import FIELDS, field_words, interval, joined, level_words, percent, photo_words, recorded
from derm_xai.records import Assessment, Contrast, ContrastTerm, GradCam, Term
from derm_xai.triage.engine import fields_read
from derm_xai.vocabulary import CONCEPTS, DIAGNOSES, MALIGNANT, Diagnosis, ImageType


class DifferentialRow(NamedTuple):
    """A diagnosis, and its probability (0..1) with the Monte Carlo interval, as numbers and as text."""

    name: str
    code: str
    malignant: bool
    in_set: bool
    value: float
    low: float
    high: float
    percent: str
    interval: str
    photo_alone: str
    notes_alone: str


class LedgerRow(NamedTuple):
    """A line of the ledger in log-odds. `spread` is None where Monte Carlo dropout does not touch the line."""

    label: str
    detail: str
    mean: float
    spread: float | None


class LedgerTable(NamedTuple):
    """The lines that make one diagnosis' score; `total` is added up from them here, `score` is what the model used."""

    rows: tuple[LedgerRow, ...]
    total: float
    score: float
    spread: float

    @property
    def adds_up(self) -> bool:
        """Whether the lines add up to the score, to a millionth of a log-odds unit or float32's accuracy."""
        return abs(self.total - self.score) <= 1e-5 * max(1.0, sum(abs(row.mean) for row in self.rows))


def differential_rows(assessment: Assessment) -> tuple[DifferentialRow, ...]:
    """Return all diagnoses, most probable first."""
    inside = set(assessment.prediction.prediction_set)
    return tuple(
        DifferentialRow(
            name=_(CONCEPTS[each.diagnosis].name),
            code=CONCEPTS[each.diagnosis].icd10,
            malignant=each.diagnosis in MALIGNANT,
            in_set=each.diagnosis in inside,
            value=each.probability.value,
            low=each.probability.low,
            high=each.probability.high,
            percent=percent(each.probability.value),
            interval=interval(each.probability),
            photo_alone=percent(each.probability_photo),
            notes_alone=percent(each.probability_notes),
        )
        for each in assessment.prediction.ranked
    )


def ledger_table(assessment: Assessment, diagnosis: Diagnosis) -> LedgerTable:
    """Return the lines of one diagnosis' score. Fields that are not recorded have no line: their term is zero."""
    index = DIAGNOSES.index(diagnosis)
    terms = [term for term in assessment.ledger.terms if not (term.source == "notes" and term.level == NOT_RECORDED)]
    rows = tuple(_ledger_row(term, index) for term in terms)
    return LedgerTable(
        rows=rows,
        total=sum(row.mean for row in rows),
        score=assessment.ledger.score[index],
        spread=assessment.ledger.spread[index],
    )


def contrast_table(contrast: Contrast) -> LedgerTable:
    """Return the lines that speak for one diagnosis rather than another."""
    rows = tuple(
        LedgerRow(*_ledger_words(term), term.mean, term.spread if term.source == "photo" else None)
        for term in contrast.terms
        if not (term.source == "notes" and term.level == NOT_RECORDED)
    )
    return LedgerTable(rows, sum(row.mean for row in rows), contrast.score, contrast.spread)


def _ledger_row(term: Term, index: int) -> LedgerRow:
    label, detail = _ledger_words(term)
    return LedgerRow(label, detail, term.mean[index], term.spread[index] if term.source == "photo" else None)


def _ledger_words(term: Term | ContrastTerm) -> tuple[str, str]:
    if term.source == "prior":
        return _("Prior"), _(term.level)
    if term.source == "photo":
        return photo_words(ImageType(term.name)).capitalize(), _("all cells of the evidence map")
    if term.source == "image_type":
        return _("Image type"), photo_words(ImageType(term.level))
    return _(FIELDS[term.name]), level_words(term.name, term.level)


def notes_rows(assessment: Assessment, diagnosis: Diagnosis) -> tuple[LedgerRow, ...]:
    """Return the SHAP value of each recorded field for one diagnosis, in log-odds, strongest first."""
    index = DIAGNOSES.index(diagnosis)
    rows = [
        LedgerRow(_(FIELDS[each.field]), level_words(each.field, each.level), each.values[index], None)
        for each in assessment.notes_shap
    ]
    return tuple(sorted(rows, key=lambda row: -abs(row.mean)))


def notes_sentences(assessment: Assessment) -> tuple[str, ...]:
    """Return which fields are not recorded, and which are read by the written rules alone."""
    held, scored = recorded(assessment.context), field_names()
    missing = [field_words(name) for name in scored if name not in held]
    rules_only = [field_words(name) for name in held if name not in scored and name in fields_read()]
    kept = [name for name in held if name not in scored and name not in fields_read()]
    cautions = [field_words(name) for name in kept if getattr(assessment.context, name) is True]
    unused = [field_words(name) for name in kept if getattr(assessment.context, name) is not True]
    sentences = (
        (_("Not recorded, so without any weight: {fields}."), missing),
        (_("Read by the written rules, not by the model: {fields}."), rules_only),
        (_("Counted neither by a rule nor by the model, but enough not to reassure: {fields}."), cautions),
        (_("Kept with the result, counted neither by a rule nor by the model: {fields}."), unused),
    )
    return (
        *(sentence.format(fields=joined(fields)) for sentence, fields in sentences if fields),
        *([_("The notes in your own words are kept with the result, and not scored.")] if assessment.context.notes else []),
    )


def grad_cam_of(assessment: Assessment, image_type: ImageType, diagnosis: Diagnosis) -> GradCam | None:
    """Return the Grad-CAM check of a photo for a diagnosis; None where it was not computed."""
    return next(
        (cam for cam in assessment.grad_cams if (cam.image_type, cam.diagnosis) == (image_type, diagnosis)),
        None,
    )
