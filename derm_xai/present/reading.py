"""What was read in a note, in the words of the form."""

from derm_xai.notes.findings import Finding, Findings
from derm_xai.notes.prefill import FIELDS_OF
from derm_xai.present.words import FIELDS, level_words

_VALUES = {"present": "yes", "absent": "no", "uncertain": "unsure", "family": "a relative"}


def read_words(findings: Findings) -> str:
    """Return the findings as a list, "Itches: yes; Body site: trunk"."""
    return "; ".join(map(_words, findings.findings))


def _words(finding: Finding) -> str:
    field = FIELDS_OF.get(finding.name, finding.name)
    value = str(finding.value)
    return f"{FIELDS[field]}: {_VALUES.get(value, level_words(field, value))}"
