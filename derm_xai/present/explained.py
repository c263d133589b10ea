"""How far to trust a map, why not another diagnosis, and what to ask next, as sentences."""

from derm_xai.explain.cardlimits import FAIR_FROM, finding, spec, title, word_of
from derm_xai.language import _, decimal, later, retold, written
from derm_xai.present.verdict import Check
from derm_xai.present.words import FIELDS, TO, diagnosis_words, field_words, joined, percent, photo_words, recorded, signed
from derm_xai.records import Assessment, CardCheck, Contrast, Question, Range, Regions, ReportCard, StressLine, StressTest
from derm_xai.vocabulary import CONCEPTS, Diagnosis

ASKED = 3
"""How many questions are shown: a short list gets asked."""
LEAST_MOVE = 0.01
"""Of probability. An answer that moves the malignancy by less than a hundredth is not worth the question."""
FITTED_ON = later("fitted on {count} calibration cases of the three sets with {model}")


def card_sentence(card: ReportCard) -> str:
    """Return what the whole card says."""
    return _("Map of the {photo} for {diagnosis}: {reading}").format(
        photo=photo_words(card.image_type), diagnosis=diagnosis_words(card.diagnosis), reading=_(card.overall).upper()
    )


def card_checks(card: ReportCard) -> tuple[Check, ...]:
    """Return the card's lines: what was measured, what it is held against, and what it counts."""
    return tuple(
        Check(
            _(title(check.name)),
            _("{verdict} Grade {grade}: 0 at {poor}, 1 at {good}; {counts}.").format(
                verdict=_verdict(check),
                grade=decimal(check.grade, 2),
                poor=written(check.poor, ".4g"),
                good=written(check.good, ".4g"),
                counts=_counts(check.weight),
            ),
            care=check.grade < FAIR_FROM,
        )
        for check in card.checks
    )


def _verdict(check: CardCheck) -> str:
    found = _(finding(check.name)).format(number=written(check.number, spec(check.name)))
    return _("{word}: {found}.").format(word=_(word_of(check.grade)), found=found)


def _counts(weight: float) -> str:
    if weight <= 0:
        return _("counts nothing, since it tells right from wrong no better than chance")
    return _("counts {weight}").format(weight=written(weight, ".0%"))


def card_note(card: ReportCard) -> str:
    """Return how the lines make the whole, and where the limits are from."""
    sources = joined([retold(source, [FITTED_ON]) for source in dict.fromkeys(check.source for check in card.checks)])
    return _(
        "The grades, each by its weight, make {score} of 1. A map whose hottest fifth matters no more than the rest is read "
        "with care at best. Limits and weights: {sources}."
    ).format(score=decimal(card.score, 2), sources=sources)


def region_sentence(sums: Regions) -> str:
    """Return a map's four sums."""
    return _(
        "Inside the lesion outline {for_inside} for and {against_inside} against; outside {for_outside} for and "
        "{against_outside} against. The four add up to the photo's line."
    ).format(**{name: signed(value) for name, value in sums})


def contrast_sentences(contrast: Contrast) -> tuple[str, ...]:
    """Return what the contrast comes to, and which fields tip it."""
    this, that = diagnosis_words(contrast.this), diagnosis_words(contrast.that)
    held = {term.name: term for term in contrast.terms if term.source == "notes"}
    fields = [f"{field_words(name)} ({signed(held[name].mean)})" for name in contrast.tipping]
    whole = _("All together {score} ± {spread}: for {that} to draw level, {gap} log-odds would have to change.").format(
        score=signed(contrast.score), spread=decimal(contrast.spread, 2), that=that, gap=decimal(abs(contrast.score), 2)
    )
    if not fields:
        return whole, _("No recorded answer tips it.")
    weighing = _("Answers that weigh most between {this} and {that}: {fields}.")
    return whole, weighing.format(this=this, that=that, fields=joined(fields))


def question_sentences(assessment: Assessment) -> tuple[str, ...]:
    """Return what to ask next and which answers the leading diagnosis hangs on; exact, since the notes' terms add."""
    asked = assessment.questions
    if asked is None:
        return ()
    leader = assessment.prediction.ranked[0].diagnosis
    telling = [each for each in asked.ask if each.could_lead or each.malignancy.high - each.malignancy.low >= LEAST_MOVE]
    sentences = [_question(question, leader) for question in telling[:ASKED]]
    if not telling:
        sentences.append(_("No open question could move this result by much."))
    if asked.flip:
        names = joined([field_words(name) for name in asked.flip.fields])
        flip = _("The leading diagnosis rests on these answers: {names}. Without them {diagnosis} would lead.")
        sentences.append(flip.format(names=names, diagnosis=diagnosis_words(asked.flip.then)))
    elif recorded(assessment.context):
        sentences.append(_("{diagnosis} would lead without the notes too.").format(diagnosis=_(CONCEPTS[leader].name)))
    return tuple(sentences)


def _question(question: Question, leader: Diagnosis) -> str:
    others = joined([diagnosis_words(diagnosis) for diagnosis in question.could_lead])
    return _("{field}? By the answer, a malignancy at {malignancy}, {leader} at {leading}{others}.").format(
        field=_(FIELDS[question.field]),
        malignancy=_between(question.malignancy),
        leader=diagnosis_words(leader),
        leading=_between(question.leading),
        others=_("; {others} could lead").format(others=others) if others else "",
    )


def _between(values: Range) -> str:
    low, high = percent(values.low), percent(values.high)
    return low if low == high else _(TO).format(low=low, high=high)


def stress_sentence(test: StressTest) -> str:
    """Return whether the leading diagnosis held."""
    tried, flipped = (sum(getattr(line, what) for line in test.lines) for what in ("tried", "flipped"))
    if not flipped:
        return _("{diagnosis} leads under all {tried} changes.").format(diagnosis=_(CONCEPTS[test.leading].name), tried=tried)
    return _("Another diagnosis than {diagnosis} leads under {flipped} of {tried} changes: do not lean on it.").format(
        diagnosis=diagnosis_words(test.leading), flipped=flipped, tried=tried
    )


def stress_checks(test: StressTest) -> tuple[Check, ...]:
    """Return a line for each kind of change."""
    named = [(_(line.change), line) for line in test.lines]
    return tuple(Check(name[0].upper() + name[1:], _stressed(line), care=line.flipped > 0) for name, line in named)


def _stressed(line: StressLine) -> str:
    lowest = percent(line.lowest)
    if not line.flipped:
        held = _("Holds in {tried} of {tried}; its chance falls to {lowest} at the lowest.")
        return held.format(tried=line.tried, lowest=lowest)
    return _("{flipped} of {tried} give {instead} instead; its chance falls to {lowest} at the lowest.").format(
        flipped=line.flipped, tried=line.tried, instead=joined([diagnosis_words(each) for each in line.instead]), lowest=lowest
    )
