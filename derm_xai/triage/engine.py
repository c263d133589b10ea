"""Facts in, fired rules out. The rules themselves are in rules.toml."""

import tomllib
from functools import cache
from importlib.resources import files

from derm_xai.records import ClinicalContext, Fact, Reason, Record
from derm_xai.triage.facts import SITE, Facts, Measure, Origin
from derm_xai.triage.language import READ, Text, cited
from derm_xai.vocabulary import Urgency

_VOICES = ("form", "note", "model")


class Item(Record):
    """Something a rule counts once, when any of its facts holds. Without a `required` item no rule fires."""

    text: Text
    points: int = 1
    required: bool = False
    any: tuple[str, ...]


class Rule(Record):
    """A rule as it stands in rules.toml. One of last resort fires only where no other does.

    `ours`: what of it the source does not say, but this project.
    """

    id: str
    urgency: Urgency
    needs: int
    last_resort: bool = False
    text: Text
    source: str
    grade: str
    ours: Text | None = None
    items: tuple[Item, ...]


class RuleBook(Record):
    """All rules, the limits on numbers that they ask for, and what is said where nothing speaks against reassuring."""

    measures: dict[str, Measure]
    rule: tuple[Rule, ...]
    reassurance: Rule

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every sentence of the rules, and their sources with where they were read."""
        rules = (*self.rule, self.reassurance)
        sources = (cited(rule.source, rule.grade) for rule in rules if rule.grade in READ)
        ours = (rule.ours for rule in rules if rule.ours is not None)
        return (*(rule.text for rule in rules), *(item.text for rule in rules for item in rule.items), *sources, *ours)


@cache
def rule_book() -> RuleBook:
    """Return the rules of rules.toml."""
    return RuleBook.model_validate(tomllib.loads(files(__package__).joinpath("rules.toml").read_text(encoding="utf-8")))


@cache
def fields_read() -> set[str]:
    """Return the fields of ClinicalContext that some rule reads."""
    book = rule_book()
    facts = {fact for rule in book.rule for item in rule.items for fact in item.any}
    measured = {book.measures[fact].field for fact in facts if fact in book.measures}
    sites = {"anatom_site" for fact in facts if fact.startswith(SITE)}
    return (facts | measured | sites) & ClinicalContext.model_fields.keys()


def fire(facts: Facts) -> tuple[Reason, ...]:
    """Return the rules that the facts fire, most urgent first; those of last resort only where no other does."""
    fired = [(rule, reason) for rule in rule_book().rule if (reason := reason_of(rule, facts)) is not None]
    asked = [reason for rule, reason in fired if not rule.last_resort] or [reason for _, reason in fired]
    return tuple(sorted(asked, key=lambda reason: -reason.urgency.rank))


def reason_of(rule: Rule, facts: Facts) -> Reason | None:
    """Return the rule with the facts that fire it; None where they do not."""
    met = [(item, held) for item in rule.items if (held := [facts[fact] for fact in item.any if fact in facts])]
    lacking = sum(item.required for item in rule.items) - sum(item.required for item, _ in met)
    if lacking or sum(item.points for item, _ in met) < rule.needs:
        return None
    return Reason(
        rule_id=rule.id,
        urgency=rule.urgency,
        text=rule.text.en,
        source=rule.source,
        grade=rule.grade,
        ours=rule.ours.en if rule.ours is not None else "",
        facts=tuple(_fact(item, min(held, key=lambda origin: _VOICES.index(origin.voice))) for item, held in met),
    )


def _fact(item: Item, origin: Origin) -> Fact:
    voice, words, chance, limit = origin
    return Fact(text=item.text.en, origin=voice, words=words, points=item.points, chance=chance, limit=limit)
