"""The cases of one data set as arrays, ready to be counted."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Scored:
    """`probabilities` [case, class] in ISIC order, `label` [case] as an index into it, `group` [case]: lesion or patient.

    `doubts`: uncertainty scores [case] by name, higher is less sure. `sets`: by level (0.9, 0.95), who is in the set
    [case, class]. `attributes`: by name ("skin tone", "age band", "sex", "site", "image type", "confirmed by"), the group of
    each case, "" where unknown. `classes`: those of the judged set, where the cases are a resample of it.
    """

    probabilities: NDArray[np.float64]
    label: NDArray[np.int64]
    group: NDArray[np.str_]
    doubts: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    sets: dict[float, NDArray[np.bool_]] = field(default_factory=dict)
    attributes: dict[str, NDArray[np.str_]] = field(default_factory=dict)
    classes: NDArray[np.int64] | None = None

    @property
    def held(self) -> NDArray[np.int64]:
        """The classes that a mean over classes is over."""
        return np.unique(self.label) if self.classes is None else self.classes

    def take(self, rows: NDArray[np.int64]) -> "Scored":
        """Return some of the cases, repeats allowed."""
        return Scored(
            self.probabilities[rows],
            self.label[rows],
            self.group[rows],
            {name: values[rows] for name, values in self.doubts.items()},
            {level: members[rows] for level, members in self.sets.items()},
            {name: values[rows] for name, values in self.attributes.items()},
        )
