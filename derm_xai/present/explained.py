"""How far to trust a map, why not another diagnosis, and what to ask next, as sentences."""

from derm_xai.explain.cardlimits import title
from derm_xai.present.verdict import Check
from derm_xai.present.words import FIELDS, IMAGE_TYPES, joined, percent, recorded, signed
from derm_xai.records import Assessment, Contrast, Question, Range, Regions, ReportCard, StressLine, StressTest
from derm_xai.vocabulary import CONCEPTS, Diagnosis

ASKED = 3
"""How many questions are shown: a short list gets asked."""
LEAST_MOVE = 0.01
"""Of probability. An answer that moves the malignancy by less than a hundredth is not worth the question."""
_POOR = 0.25


def card_sentence(card: ReportCard) -> str:
    """Return what the whole card says."""
    return f"Map of the {IMAGE_TYPES[card.image_type]} for {_name(card.diagnosis)}: {card.overall.upper()}"


def card_checks(card: ReportCard) -> tuple[Check, ...]:
    """Return the card's lines: what was measured, what it is held against, and what it counts."""
    return tuple(
        Check(
            title(check.name),
            f"{check.verdict} Grade {check.grade:.2f}: 0 at {check.poor:.4g}, 1 at {check.good:.4g}; {_counts(check.weight)}.",
            care=check.grade < _POOR,
        )
        for check in card.checks
    )


def _counts(weight: float) -> str:
    return f"counts {weight:.0%}" if weight > 0 else "counts nothing, since it tells right from wrong no better than chance"


def card_note(card: ReportCard) -> str:
    """Return how the lines make the whole, and where the limits are from."""
    sources = joined(list(dict.fromkeys(check.source for check in card.checks)))
    return f"The grades, each by its weight, make {card.score:.2f} of 1. Limits and weights: {sources}."


def region_sentence(sums: Regions) -> str:
    """Return a map's four sums."""
    return (
        f"Inside the lesion outline {signed(sums.for_inside)} for and {signed(sums.against_inside)} against; outside "
        f"{signed(sums.for_outside)} for and {signed(sums.against_outside)} against. The four add up to the photo's line."
    )


def contrast_sentences(contrast: Contrast) -> tuple[str, ...]:
    """Return what the contrast comes to, and which fields tip it."""
    this, that = _name(contrast.this), _name(contrast.that)
    held = {term.name: term for term in contrast.terms if term.source == "notes"}
    fields = [f"{_lower(name)} ({signed(held[name].mean)})" for name in contrast.tipping]
    return (
        f"All together {signed(contrast.score)} ± {contrast.spread:.2f}: for {that} to draw level, {abs(contrast.score):.2f} "
        f"log-odds would have to change.",
        f"Answers that weigh most between {this} and {that}: {joined(fields)}." if fields else "No recorded answer tips it.",
    )


def question_sentences(assessment: Assessment) -> tuple[str, ...]:
    """Return what to ask next and which answers the leading diagnosis hangs on; exact, since the notes' terms add."""
    asked = assessment.questions
    if asked is None:
        return ()
    leader = assessment.prediction.ranked[0].diagnosis
    telling = [each for each in asked.ask if each.could_lead or each.malignancy.high - each.malignancy.low >= LEAST_MOVE]
    sentences = [_question(question, leader) for question in telling[:ASKED]]
    if not telling:
        sentences.append("No open question could move this result by much.")
    if asked.flip:
        names = joined([_lower(name) for name in asked.flip.fields])
        sentences.append(f"Were {names} not recorded, {_name(asked.flip.then)} would lead.")
    elif recorded(assessment.context):
        sentences.append(f"{CONCEPTS[leader].name} would lead without the notes too.")
    return tuple(sentences)


def _question(question: Question, leader: Diagnosis) -> str:
    others = joined([_name(diagnosis) for diagnosis in question.could_lead])
    lead = f"; {others} could lead" if others else ""
    return (
        f"{FIELDS[question.field]}? By the answer, a malignancy at {_between(question.malignancy)}, "
        f"{_name(leader)} at {_between(question.leading)}{lead}."
    )


def _between(values: Range) -> str:
    low, high = percent(values.low), percent(values.high)
    return low if low == high else f"{low} to {high}"


def stress_sentence(test: StressTest) -> str:
    """Return whether the leading diagnosis held."""
    tried, flipped = (sum(getattr(line, what) for line in test.lines) for what in ("tried", "flipped"))
    if not flipped:
        return f"{CONCEPTS[test.leading].name} leads under all {tried} changes."
    return f"Another diagnosis than {_name(test.leading)} leads under {flipped} of {tried} changes: do not lean on it."


def stress_checks(test: StressTest) -> tuple[Check, ...]:
    """Return a line for each kind of change."""
    return tuple(Check(line.change[0].upper() + line.change[1:], _stressed(line), care=line.flipped > 0) for line in test.lines)


def _stressed(line: StressLine) -> str:
    lowest = f"its chance falls to {percent(line.lowest)} at the lowest"
    if not line.flipped:
        return f"Holds in {line.tried} of {line.tried}; {lowest}."
    return f"{line.flipped} of {line.tried} give {joined([_name(each) for each in line.instead])} instead; {lowest}."


def _name(diagnosis: Diagnosis) -> str:
    return CONCEPTS[diagnosis].name.lower()


def _lower(field: str) -> str:
    name = FIELDS[field]
    return name if field == "fitzpatrick" else name[0].lower() + name[1:]
