"""What would change the answer, as sentences: answers of the notes, and parts of a photo."""

from derm_xai.counterfactual import with_answers
from derm_xai.explain.curves import Curves, area
from derm_xai.explain.leastregion import MOST, LeastRegion
from derm_xai.language import _, decimal, later
from derm_xai.notes.levels import FIELDS as SCORED
from derm_xai.notes.levels import encode
from derm_xai.present.words import FIELDS, IMAGE_TYPES, URGENCY, diagnosis_words, level_words, percent
from derm_xai.records import Answer, Assessment, ClinicalContext, NotesChange
from derm_xai.vocabulary import Urgency

NOTE = later(
    "One answer at a time, and two where no single one lowers the urgency. Red flags, which ask for today whatever the lesion, "
    "are left out. What would lower it shows what the result rests on: it is no reason to change an answer."
)


def change_sentences(assessment: Assessment) -> tuple[str, ...]:
    """Return which answers would change the urgency: what raises it, then what it rests on."""
    sentences = [_change(each, assessment.context) for each in assessment.changes]
    if all(each.raises for each in assessment.changes) and assessment.triage.urgency is not Urgency.REASSURE:
        sentences.append(_("No single answer, and no two that were tried, would make it less urgent."))
    return tuple(sentences)


def _change(change: NotesChange, context: ClinicalContext) -> str:
    answers = _(" and ").join(map(_answered, change.answers))
    urgency = _(URGENCY[change.urgency].words)
    if change.always:
        return _("If {answers}, this would become “{urgency}”, as any lesion would.").format(answers=answers, urgency=urgency)
    held = any(getattr(context, each.field) is not None for each in change.answers)
    if held and not change.raises:
        return _("It rests on what is recorded: if {answers}, this would become “{urgency}”.").format(
            answers=answers, urgency=urgency
        )
    return _("If {answers}, this would become “{urgency}”.").format(answers=answers, urgency=urgency)


def _answered(answer: Answer) -> str:
    return _("“{field}” were answered {answer}").format(field=_(FIELDS[answer.field]), answer=answer_words(answer))


def answer_words(answer: Answer) -> str:
    """Return an answer in words; for an age, the ten years that count as one."""
    names = [field.name for field in SCORED]
    if answer.field in names:
        place = names.index(answer.field)
        level = SCORED[place].levels[encode(with_answers(ClinicalContext(), [answer]))[place]]
        return level_words(answer.field, level) if not isinstance(answer.value, bool) else _(level)
    if isinstance(answer.value, bool):
        return _("yes") if answer.value else _("no")
    return decimal(float(answer.value), 1 if answer.field == "diameter_mm" else 0)


def least_sentence(least: LeastRegion) -> str:
    """Return how much of a photo the leading diagnosis hangs on."""
    photo, leading = _(IMAGE_TYPES[least.image_type]), diagnosis_words(least.leading)
    if least.then is None:
        return _("{photo}: {leading} leads with up to {most} of the photo hidden, strongest evidence first.").format(
            photo=photo.capitalize(), leading=leading, most=percent(MOST)
        )
    return _("{photo}: with {share} of it hidden, as outlined, {then} would lead instead of {leading}.").format(
        photo=photo.capitalize(), share=percent(least.share), then=diagnosis_words(least.then), leading=leading
    )


def curves_sentence(curves: Curves) -> str:
    """Return the areas under the two curves against those of random orders, and what they say of the map."""
    areas = {name: area(curves.shares, getattr(curves, name)) for name in ("deletion", "insertion")}
    random = {name: area(curves.shares, getattr(curves, f"random_{name}")) for name in areas}
    better = (areas["deletion"] < random["deletion"]) + (areas["insertion"] > random["insertion"])
    verdict = (
        _("in neither does the map's order do better than chance: do not lean on it"),
        _("in one of the two the map's order does better than chance"),
        _("in both the map's order does better than chance"),
    )[better]
    return _(
        "Area under the curve, random order in brackets: deletion {deletion} ({random_deletion}), lower is better; insertion "
        "{insertion} ({random_insertion}), higher is better; {verdict}."
    ).format(
        **{name: decimal(value, 2) for name, value in areas.items()},
        **{f"random_{name}": decimal(value, 2) for name, value in random.items()},
        verdict=verdict,
    )
