"""The answers to the form that the rules or the model can tell apart: one value for each that may make a difference."""

from functools import cache

from derm_xai.records import ClinicalContext
from derm_xai.triage.engine import rule_book
from derm_xai.triage.facts import YES_NO, Measure
from derm_xai.vocabulary import AnatomSite, Sex

Value = bool | int | float | str
_AGES = tuple(range(15, 86, 10))
"""One of each decade that the model knows; the rules' limits on age lie at the decades' ends, and a test says so."""
_CHOICES: dict[str, tuple[Value, ...]] = {
    "age": _AGES,
    "sex": tuple(sex.value for sex in Sex),
    "anatom_site": tuple(site.value for site in AnatomSite),
    "skin_tone": tuple(range(6)),
    "fitzpatrick": tuple(range(1, 7)),
}


@cache
def answers_apart() -> dict[str, tuple[Value, ...]]:
    """Return the values of each field of the form, in the form's order; fields that neither reads are left out."""
    measures = list(rule_book().measures.values())
    measured = {measure.field for measure in measures} - _CHOICES.keys()
    fields = {name: _CHOICES.get(name, (True, False)) for name in (*_CHOICES, *YES_NO)}
    fields |= {name: _numbers([measure for measure in measures if measure.field == name], name) for name in measured}
    return {name: fields[name] for name in ClinicalContext.model_fields if name in fields}


def _numbers(measures: list[Measure], field: str) -> tuple[Value, ...]:
    """Return a number that reaches no limit, and one that just reaches each."""
    beyond = 0.5 if field == "diameter_mm" else 1
    reach = {measure.at_least if measure.at_least is not None else (measure.above or 0) + beyond for measure in measures}
    numbers = [min(reach) // 2, *sorted(reach)]
    return tuple(numbers if field == "diameter_mm" else map(int, numbers))
