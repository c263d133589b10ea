"""The training gallery: a case's notes as rows, what gives a wrong assessment away, and the count at the end."""

from collections.abc import Sequence
from typing import NamedTuple

from derm_xai.classify.lesion import inside
from derm_xai.language import _
from derm_xai.present.explained import card_sentence
from derm_xai.present.said import all_advice
from derm_xai.present.words import FIELDS, field_words, joined, level_words, percent, photo_words, recorded
from derm_xai.records import Assessment, ClinicalContext, Lesion
from derm_xai.vocabulary import Diagnosis

FITS = 0.8
"""Least overlap (intersection over union) of two outlines that a reader would take for the same lesion."""


class Practised(NamedTuple):
    """What came of one case: as drawn, as the assessment put it, and the reader's answer before and after seeing that."""

    wrong: bool
    drawn: Diagnosis
    shown: Diagnosis | None
    first: Diagnosis | None
    final: Diagnosis | None

    @property
    def followed(self) -> bool:
        """Whether the reader went over to the assessment's diagnosis after seeing it."""
        return self.final is not None and self.final is self.shown and self.first is not self.shown


class Signs(NamedTuple):
    """What on the page gave the wrong assessment away, and what did not; sentences each."""

    told: tuple[str, ...]
    silent: tuple[str, ...]


def notes_as_rows(context: ClinicalContext) -> tuple[tuple[str, str], ...]:
    """Return what the notes record, as pairs of a question and its answer."""
    return tuple((_(FIELDS[name]), _answer(name, getattr(context, name))) for name in recorded(context))


def _answer(name: str, value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return level_words(name, str(value))


def signs(shown: Assessment, own: Assessment) -> Signs:
    """Return what tells that `shown` is of another lesion than `own`, measured on these two."""
    found = (_notes(shown, own), _rules(shown, own), *_outlines(shown, own), _cards(shown), _novelty(shown), _voices(shown))
    return Signs(tuple(words for told, words in found if told), tuple(words for told, words in found if not told))


def _notes(shown: Assessment, own: Assessment) -> tuple[bool, str]:
    there, here = _held(shown.context), _held(own.context)
    added = [field_words(name) for name in there if there[name] != here.get(name)]
    missing = [field_words(name) for name in here if name not in there]
    sentences = []
    if added:
        sentences.append(_("It counts answers that these notes do not hold: {fields}.").format(fields=joined(added)))
    if missing:
        sentences.append(_("It takes answers for not recorded that these notes hold: {fields}.").format(fields=joined(missing)))
    return bool(sentences), " ".join(sentences) or _("The answers it counts are those of these notes.")


def _held(context: ClinicalContext) -> dict[str, object]:
    return {name: getattr(context, name) for name in recorded(context)}


def _rules(shown: Assessment, own: Assessment) -> tuple[bool, str]:
    fired = {reason.rule_id for reason in shown.triage.reasons}
    missing = [reason.rule_id for reason in own.triage.reasons if reason.rule_id not in fired]
    if not missing:
        return False, _("No rule that this case fires is missing.")
    return True, _("Written rules that this case fires are missing: {rules}.").format(rules=joined(missing))


def _outlines(shown: Assessment, own: Assessment) -> tuple[tuple[bool, str], ...]:
    return tuple(
        _outline(photo_words(this.image_type), that.lesion, this.lesion)
        for that, this in zip(shown.photos, own.photos, strict=True)
    )


def _outline(photo: str, drawn: Lesion, lesion: Lesion) -> tuple[bool, str]:
    there, here = inside(drawn.mask), inside(lesion.mask)
    both, either = (there & here).sum(), (there | here).sum()
    if both >= FITS * either:
        return False, _("The outline on the {photo} fits the lesion.").format(photo=photo)
    words = _(
        "The outline on the {photo} is off: it leaves out {missed} of the lesion, and {beside} of it lies beside the lesion."
    )
    missed, beside = (percent(1 - both / max(1, area.sum())) for area in (here, there))
    return True, words.format(photo=photo, missed=missed, beside=beside)


def _cards(shown: Assessment) -> tuple[bool, str]:
    poor = [card_sentence(card) for card in shown.report_cards if card.overall != "read this map"]
    return bool(poor), ". ".join(poor) + "." if poor else _("The report card warns of no map.")


def _novelty(shown: Assessment) -> tuple[bool, str]:
    flagged = shown.prediction.novelty.flagged
    return flagged, _("The photo is flagged as unlike the training photos.") if flagged else _("Novelty raises no flag.")


def _voices(shown: Assessment) -> tuple[bool, str]:
    conflicts = shown.triage.conflicts
    return bool(conflicts), " ".join(all_advice(conflicts)) or _("Photo, notes and rules are in no conflict with each other.")


def summary(done: Sequence[Practised]) -> tuple[str, ...]:
    """Return how often the reader and the assessments named what was drawn, and whether the wrong one was followed."""
    n = len(done)
    lines = [
        _("Of {n} cases, your first answer named what was drawn in {count}.").format(n=n, count=_hits(done, "first")),
        _("Your final answer, after the assessment, did in {count} of {n}.").format(n=n, count=_hits(done, "final")),
        _("The assessments shown did in {count} of {n}.").format(n=n, count=_hits(done, "shown")),
    ]
    wrong = [each for each in done if each.wrong]
    if wrong:
        words = _("You went over to the deliberately wrong assessment in {count} of {n}.")
        lines.append(words.format(count=sum(each.followed for each in wrong), n=len(wrong)))
    return tuple(lines)


def _hits(done: Sequence[Practised], answer: str) -> int:
    return sum(getattr(each, answer) is each.drawn for each in done)
