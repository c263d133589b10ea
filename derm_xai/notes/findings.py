"""What was read from a note: findings with the words they came from."""

from typing import Literal

from derm_xai.records import Record

FindingName = Literal[
    "age", "sex", "anatom_site", "side", "duration_days", "diameter_mm", "change_in_size", "change_in_shape",
    "change_in_colour", "itch", "pain", "altered_sensation", "bleeding", "oozing", "crust", "ulceration",
    "inflammation", "elevated", "new_lesion", "rapid_growth", "melanoma_history", "skin_cancer_history",
    "immunosuppressed", "fever", "mucosal_lesions", "non_blanching", "new_drug",
]  # fmt: skip
AlsoRead = Literal[
    "spreading_redness", "sunburn", "sunbeds", "many_naevi", "unwell", "blisters", "widespread_rash", "erythroderma",
    "facial_swelling_or_breathing", "pain_out_of_proportion", "swelling_beyond_redness", "eye_involved", "irregular_shape",
    "irregular_colour", "firm", "nail_band", "ugly_duckling",
]  # fmt: skip
"""Words that written rules ask for, beside the findings that `derm-xai read-notes --json` promises."""


class Span(Record):
    """Words of the note: characters `start` up to `end`, and the text there."""

    start: int
    end: int
    text: str


class Finding(Record):
    """One finding: `present`, `absent`, `uncertain`, `family`, or a value."""

    name: FindingName | AlsoRead
    value: str | int | float
    spans: tuple[Span, ...]


class Findings(Record):
    """All that a note supports; what it does not is left out."""

    findings: tuple[Finding, ...]

    def values(self) -> dict[str, str | int | float]:
        """Return each finding's value by its name."""
        return {finding.name: finding.value for finding in self.findings}
