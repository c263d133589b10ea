"""The dial "What if these were your patients?": the same evidence at another prevalence. It changes nothing else."""

from collections.abc import Mapping

import streamlit as st

from derm_xai.explain.prevalence import MIXES, Population, at_prevalence, malignancy_share
from derm_xai.language import _, decimal, later, written
from derm_xai.present.words import diagnosis_words, joined, percent
from derm_xai.records import Assessment, Vector
from derm_xai.ui import markup
from derm_xai.ui.parts import named
from derm_xai.ui.tables import Cell, table
from derm_xai.vocabulary import CONCEPTS, DIAGNOSES, MALIGNANT, Diagnosis, places

TITLE = later("What if these were your patients?")
AS_IT_IS = 0.0
SHARES = (AS_IT_IS, 0.01, 0.06, 0.20)
DIAL_NOTE = later(
    "This dial changes the table below and nothing else. The next step above stays as it is: the written rules, the prediction "
    "set and the threshold for referral keep to the reference, where every diagnosis is equally likely beforehand."
)
MIX_NOTE = later("The move is exact where a diagnosis looks alike there and only its share differs.")
ABSTAINED = later("The system abstains on this case: do not rely on these chances either.")


def prevalence(assessment: Assessment) -> None:
    """Show the dial and what follows from it."""
    with st.expander(_(TITLE), key="prevalence"):
        left, right = st.columns(2, gap="large", vertical_alignment="top")
        with left:
            name = st.selectbox(
                _("Population"), list(MIXES), format_func=named(MIXES, _), key="population", persist_state="session"
            )
        with right:
            share = st.select_slider(
                _("Share of malignant lesions"),
                SHARES,
                format_func=named(SHARES, _share_words),
                key="malignant-share",
                persist_state="session",
            )
        st.html(markup.quiet(_(DIAL_NOTE)))
        mix = MIXES[name].counts if share == AS_IT_IS else malignancy_share(share, MIXES[name].counts)
        _outcome(assessment, at_prevalence(assessment.ledger, mix), MIXES[name])
        st.html(markup.quiet(" ".join((_source(MIXES[name], mix), _(MIX_NOTE), _absent(MIXES[name])))))


def _outcome(assessment: Assessment, chances: Vector, population: Population) -> None:
    if assessment.triage.abstained:
        st.html(markup.care(_(ABSTAINED)))
    st.html(prevalence_table(assessment, chances))
    st.markdown(natural_frequency(chances, population))


def prevalence_table(assessment: Assessment, chances: Vector) -> str:
    """Return each diagnosis' chance as shown and with the stated prevalence, most probable first as above."""
    rows = [
        (
            _(CONCEPTS[each.diagnosis].name),
            Cell(percent(each.probability.value)),
            Cell(percent(chances[_place(each.diagnosis)])),
        )
        for each in assessment.prediction.ranked
    ]
    head = (_("Diagnosis"), _("As shown"), _("At this prevalence"))
    return table(_("Chances as shown, and at the prevalence set above"), head, rows)


def natural_frequency(chances: Vector, population: Population) -> str:
    """Return the chance of a malignancy as a number of patients, and which malignancies it cannot speak of."""
    count = round(1000 * sum(chances[place] for place in places(MALIGNANT)))
    about = _("about {count}").format(count=count)
    words = _("fewer than 1") if count < 1 else _("more than 999") if count > 999 else about
    missing = _missing(population, among=MALIGNANT)
    but = _(", apart from {missing}, of which this population tells nothing").format(missing=joined(missing)) if missing else ""
    sentence = _("Of {of} patients whose evidence looks like this, in such a clinic, {count} would have a malignancy{but}.")
    return sentence.format(of=decimal(1000, 0), count=words, but=but)


def _place(diagnosis: Diagnosis) -> int:
    return DIAGNOSES.index(diagnosis)


def _share_words(share: float) -> str:
    return _("as in the population") if share == AS_IT_IS else written(share, ".0%")


def _source(population: Population, mix: Mapping[Diagnosis, float]) -> str:
    malignant = sum(mix[diagnosis] for diagnosis in MALIGNANT) / sum(mix.values())
    sentence = _("Population: {source} Malignant before any evidence: {share}.")
    return sentence.format(source=_(population.source), share=percent(malignant))


def _absent(population: Population) -> str:
    names = _missing(population, among=frozenset(DIAGNOSES))
    if not names:
        return ""
    return _(
        "Not among its lesions: {names}. They count as one in a million here, which speaks of the set and not of your patient."
    ).format(names=joined(names))


def _missing(population: Population, *, among: frozenset[Diagnosis]) -> list[str]:
    counts = population.counts.items()
    return [diagnosis_words(diagnosis) for diagnosis, count in counts if count == 0 and diagnosis in among]
