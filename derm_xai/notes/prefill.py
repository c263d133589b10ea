"""What was read from a note, as answers of the form.

On the page these only pre-fill the form: the clinician confirms them. On the command line nobody can, so there they fire
written rules, which may only raise urgency, and are never scored by the model.
"""

from typing import Any

from derm_xai.notes.findings import Findings

FIELDS_OF = {"change_in_size": "grew", "pain": "hurt", "bleeding": "bleed", "elevated": "elevation"}
"""The form's name for a finding that it calls something else."""
_ANSWERS = {"present": True, "absent": False}
_FAMILY = {"melanoma_history": "family_melanoma"}


def answers(findings: Findings) -> dict[str, Any]:
    """Return answers by their name in ClinicalContext; what is uncertain, or a relative's, is no answer about the patient."""
    filled: dict[str, Any] = {}
    for name, value in findings.values().items():
        if value == "family":
            filled |= {_FAMILY[name]: True} if name in _FAMILY else {}
        elif value != "uncertain":
            filled[FIELDS_OF.get(name, name)] = _ANSWERS.get(str(value), value)
    return filled


def present_words(findings: Findings) -> dict[str, str]:
    """Return the words of each field that the note states to be so, as the rules take them (`triage.advise`, `from_note`)."""
    words = {each.name: " … ".join(span.text for span in each.spans) for each in findings.findings}
    stated = {FIELDS_OF.get(name, name): text for name, text in words.items()} | {
        field: words[name] for name, field in _FAMILY.items() if name in words
    }
    return {field: stated[field] for field, answer in answers(findings).items() if answer is True}
