"""What the leading diagnoses are mistaken for, and which of the telling features this patient has. Data: look_alikes.toml."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from derm_xai.language import later
from derm_xai.records import ClinicalContext, Feature, LookAlike, Prediction, Record
from derm_xai.triage.engine import rule_book
from derm_xai.triage.facts import answer
from derm_xai.triage.language import Text, cited
from derm_xai.vocabulary import Diagnosis

LEADING = 2
"""For how many leading diagnoses look-alikes are listed; more would bury the first."""
_STATUS: dict[bool | None, Literal["present", "absent", "not recorded"]] = {
    True: later("present"),
    False: later("absent"),
    None: later("not recorded"),
}


class TellingFeature(Text):
    """Something to look or ask for. `fact`: as in rules.toml, where the form asks for it."""

    fact: str = ""


class Pair(Record):
    """A diagnosis, a condition that looks alike, and the features that speak for each."""

    of: Diagnosis
    name: Text
    for_it: tuple[str, ...]
    for_diagnosis: tuple[str, ...]
    source: str
    grade: str

    @property
    def cited(self) -> Text:
        """The source with where it was read."""
        return cited(self.source, self.grade)


class Catalogue(Record):
    """All of look_alikes.toml."""

    feature: dict[str, TellingFeature]
    pair: tuple[Pair, ...]

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every name, feature and source."""
        return (*self.feature.values(), *(text for pair in self.pair for text in (pair.name, pair.cited)))


@cache
def catalogue() -> Catalogue:
    """Return the look-alikes of look_alikes.toml."""
    text = files(__package__).joinpath("look_alikes.toml").read_text(encoding="utf-8")
    return Catalogue.model_validate(tomllib.loads(text))


def look_alikes_of(prediction: Prediction, context: ClinicalContext) -> tuple[LookAlike, ...]:
    """Return what the leading diagnoses are mistaken for, in their order."""
    leading = [differential.diagnosis for differential in prediction.ranked[:LEADING]]
    return tuple(_look_alike(pair, context) for diagnosis in leading for pair in catalogue().pair if pair.of is diagnosis)


def _look_alike(pair: Pair, context: ClinicalContext) -> LookAlike:
    features = [_feature(name, "look_alike", context) for name in pair.for_it]
    features += [_feature(name, "diagnosis", context) for name in pair.for_diagnosis]
    return LookAlike(diagnosis=pair.of, name=pair.name.en, features=tuple(features), source=pair.cited.en)


def _feature(name: str, speaks_for: Literal["diagnosis", "look_alike"], context: ClinicalContext) -> Feature:
    feature = catalogue().feature[name]
    # what the form does not ask for can only be looked for
    held = answer(context, feature.fact, rule_book().measures) if feature.fact else None
    return Feature(text=feature.en, speaks_for=speaks_for, status=_STATUS[held])
