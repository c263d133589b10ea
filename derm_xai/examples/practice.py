"""The training gallery: the examples in a fixed order, one of them with another one's assessment.

The wrong one shows a drawn melanoma with what was computed for a drawn benign keratosis: the error that costs most.
"""

from derm_xai.examples.catalogue import CATALOGUE, Example
from derm_xai.records import Record


class Exercise(Record):
    """An example to practise on, and the example whose assessment is shown with it."""

    example: Example
    assessed: Example

    @property
    def wrong(self) -> bool:
        """Whether the assessment is deliberately wrong."""
        return self.assessed != self.example


_MELANOMA, _BASAL_CELL, _NAEVUS, _SQUAMOUS_CELL, _KERATOSIS = CATALOGUE

EXERCISES: tuple[Exercise, ...] = (
    Exercise(example=_BASAL_CELL, assessed=_BASAL_CELL),
    Exercise(example=_NAEVUS, assessed=_NAEVUS),
    Exercise(example=_MELANOMA, assessed=_KERATOSIS),
    Exercise(example=_SQUAMOUS_CELL, assessed=_SQUAMOUS_CELL),
    Exercise(example=_KERATOSIS, assessed=_KERATOSIS),
)
