"""What to do next, by urgency, by leading diagnosis and by pathway. The sentences are in next_steps.toml."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from derm_xai.records import Record
from derm_xai.triage.language import Text, cited
from derm_xai.vocabulary import Diagnosis, Urgency

Pathway = Literal["generic", "uk", "france"]
_BY_DIAGNOSIS = frozenset({Urgency.SEE_PERSON, Urgency.ROUTINE_REFERRAL, Urgency.SUSPECTED_CANCER})
"""Where a biopsy may be the next question. An emergency comes before it, and a calm lesion does not need one."""


class Step(Text):
    """Something to do, where that is written, and where it was read."""

    source: str = ""
    grade: str = ""

    @property
    def cited(self) -> Text:
        """The sentence with its source."""
        if not self.source:
            return Text(en=self.en, fr=self.fr)
        source = cited(self.source, self.grade)
        return Text(en=f"{self.en} ({source.en})", fr=f"{self.fr} ({source.fr})")


class PathwaySteps(Record):
    """A country's words for each urgency. `name` states its sources."""

    name: Text
    steps: dict[Urgency, tuple[Step, ...]]


class StepBook(Record):
    """All next steps."""

    urgency: dict[Urgency, tuple[Step, ...]]
    image_set: Step
    diagnosis: dict[Diagnosis, tuple[Step, ...]]
    pathway: dict[Pathway, PathwaySteps]

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every sentence, with its source."""
        groups = [*self.urgency.values(), *self.diagnosis.values()]
        groups += [some for pathway in self.pathway.values() for some in pathway.steps.values()]
        names = [pathway.name for pathway in self.pathway.values()]
        return (self.image_set.cited, *names, *(step.cited for some in groups for step in some))


@cache
def step_book() -> StepBook:
    """Return the sentences of next_steps.toml."""
    text = files(__package__).joinpath("next_steps.toml").read_text(encoding="utf-8")
    return StepBook.model_validate(tomllib.loads(text))


def next_steps(urgency: Urgency, leading: Diagnosis | None, pathway: Pathway) -> tuple[str, ...]:
    """Return what to do, in order. `leading`: None where the model has no voice."""
    book = step_book()
    steps = [*book.urgency[urgency], *book.pathway[pathway].steps.get(urgency, ())]
    if urgency in _BY_DIAGNOSIS:
        steps += [book.image_set, *(book.diagnosis[leading] if leading else ())]
    return tuple(step.cited.en for step in steps)


def pathway_words(pathway: Pathway) -> str:
    """Return the pathway's name with its sources."""
    return step_book().pathway[pathway].name.en
