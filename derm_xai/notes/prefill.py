"""What was read from a note, as answers of the form.

On the page they pre-fill the form at the clinician's word. Confirmed or not they fire written rules, which may only raise
urgency, and are never scored by the model.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from derm_xai.errors import ContextError
from derm_xai.notes.findings import Findings
from derm_xai.notes.form import read_form
from derm_xai.records import ClinicalContext

FIELDS_OF = {"change_in_size": "grew", "pain": "hurt", "bleeding": "bleed", "elevated": "elevation"}
"""The form's name for a finding that it calls something else."""
_ANSWERS = {"present": True, "absent": False}
_HIGH_RISK = re.compile(
    r"\b(?:eye\w*|nose|nasal|nostrils?|ears?|earlobe|helix|pinna|lips?|paupi\w+|nez|narines?|oreilles?|l[eè]vres?)\b"
)
"""Sites of NICE NG12 at which a basal cell carcinoma is urgent."""
_FAMILY = {"melanoma_history": "family_melanoma"}


def answers(findings: Findings) -> dict[str, Any]:
    """Return answers by their name in ClinicalContext.

    What is uncertain, or a relative's, is no answer about the patient; nor is what the form refuses, such as 0 mm.
    """
    filled: dict[str, Any] = {}
    for name, value in findings.values().items():
        if value == "family":
            filled |= {_FAMILY[name]: True} if name in _FAMILY else {}
        elif value != "uncertain":
            filled[FIELDS_OF.get(name, name)] = _ANSWERS.get(str(value), value)
    return {name: answer for name, answer in filled.items() if _is_taken(name, answer)}


def _is_taken(name: str, answer: Any) -> bool:
    try:
        read_form({name: answer})
    except ContextError:
        return False
    return True


class Told(NamedTuple):
    """What a note states of a field of ClinicalContext, and its words."""

    value: Any
    words: str


def uncorrected(read: Mapping[str, Told], context: ClinicalContext) -> dict[str, Told]:
    """Return what was read without the signs to which the form says "no": on the page the clinician corrects the reading."""
    return {name: each for name, each in read.items() if getattr(context, name) is not False}


def told(findings: Findings) -> dict[str, Told]:
    """Return each field that the note states to be so or gives a value of, for the rules (`triage.advise`, `from_note`).

    What the note denies is left out: no rule asks for an absence, and only the form can say "no".
    """
    stated: dict[str, Told] = {}
    for finding in findings.findings:
        words = " … ".join(span.text for span in finding.spans)
        for field, answer in answers(Findings(findings=(finding,))).items():
            if answer is not False:
                stated[field] = Told(answer, words)
    if "anatom_site" in stated and _HIGH_RISK.search(stated["anatom_site"].words.lower()):
        stated["high_risk_site"] = Told(True, stated["anatom_site"].words)
    return stated
