"""What was read in a note, in the words of the form."""

from derm_xai.language import _, later
from derm_xai.notes.findings import Finding, Findings
from derm_xai.notes.prefill import FIELDS_OF
from derm_xai.present.words import FIELDS, level_words

_VALUES = {"present": "yes", "absent": "no", "uncertain": later("unsure"), "family": later("a relative")}


def read_words(findings: Findings) -> str:
    """Return the findings as a list, "Itches: yes; Body site: trunk"."""
    return "; ".join(map(_words, findings.findings))


def _words(finding: Finding) -> str:
    field = FIELDS_OF.get(finding.name, finding.name)
    value = str(finding.value)
    words = _(_VALUES[value]) if value in _VALUES else level_words(field, value)
    return _("{name}: {value}").format(name=_(FIELDS[field]), value=words)
