"""What the notes alone ask for today, before there is any photo: emergencies do not wait for a model."""

from collections.abc import Mapping, Sequence

from derm_xai.language import _
from derm_xai.notes.prefill import Told
from derm_xai.present.reasons import rows_of
from derm_xai.present.said import all_advice
from derm_xai.present.verdict import Part
from derm_xai.records import ClinicalContext
from derm_xai.triage.advise import alarms
from derm_xai.triage.facts import NOTHING_READ
from derm_xai.triage.steps import Pathway, next_steps
from derm_xai.vocabulary import Urgency


def alarm(
    context: ClinicalContext, pathway: Pathway, from_note: Mapping[str, Told] = NOTHING_READ
) -> tuple[Urgency, Sequence[Part]] | None:
    """Return the urgency that the notes ask for, with its reasons and next steps; None where it is less than same day.

    `from_note`: what free text tells of a field, with its words. An emergency does not wait for anybody to confirm them.
    """
    reasons = alarms(context, from_note)
    if not reasons:
        return None
    urgency = reasons[0].urgency
    return urgency, (Part(_("because"), (), rows_of(reasons)), Part(_("next"), all_advice(next_steps(urgency, None, pathway))))
