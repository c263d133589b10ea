"""The dial "What if these were your patients?": the same evidence at another prevalence. It changes nothing else."""

from collections.abc import Mapping

import streamlit as st

from derm_xai.explain.prevalence import MIXES, Population, at_prevalence, malignancy_share
from derm_xai.present.words import NO_BREAK, joined, percent
from derm_xai.records import Assessment, Vector
from derm_xai.ui import markup
from derm_xai.ui.tables import Cell, table
from derm_xai.vocabulary import CONCEPTS, DIAGNOSES, MALIGNANT, Diagnosis, places

TITLE = "What if these were your patients?"
AS_IT_IS = 0.0
SHARES = (AS_IT_IS, 0.01, 0.06, 0.20)
DIAL_NOTE = (
    "This dial changes the table below and nothing else. The next step above stays as it is: the written rules, the prediction "
    "set and the threshold for referral keep to the reference, where every diagnosis is equally likely beforehand."
)
MIX_NOTE = "The move is exact where a diagnosis looks alike there and only its share differs."
ABSTAINED = "The system abstains on this case: do not rely on these chances either."


def prevalence(assessment: Assessment) -> None:
    """Show the dial and what follows from it."""
    with st.expander(TITLE, key="prevalence"):
        left, right = st.columns(2, gap="large", vertical_alignment="top")
        with left:
            name = st.selectbox("Population", list(MIXES), key="population", persist_state="session")
        with right:
            share = st.select_slider(
                "Share of malignant lesions", SHARES, format_func=_share_words, key="malignant-share", persist_state="session"
            )
        st.html(markup.quiet(DIAL_NOTE))
        mix = MIXES[name].counts if share == AS_IT_IS else malignancy_share(share, MIXES[name].counts)
        _outcome(assessment, at_prevalence(assessment.ledger, mix), MIXES[name])
        st.html(markup.quiet(" ".join((_source(MIXES[name], mix), MIX_NOTE, _absent(MIXES[name])))))


def _outcome(assessment: Assessment, chances: Vector, population: Population) -> None:
    if assessment.triage.abstained:
        st.html(markup.care(ABSTAINED))
    st.html(prevalence_table(assessment, chances))
    st.markdown(natural_frequency(chances, population))


def prevalence_table(assessment: Assessment, chances: Vector) -> str:
    """Return each diagnosis' chance as shown and with the stated prevalence, most probable first as above."""
    rows = [
        (CONCEPTS[each.diagnosis].name, Cell(percent(each.probability.value)), Cell(percent(chances[_place(each.diagnosis)])))
        for each in assessment.prediction.ranked
    ]
    return table("Chances as shown, and at the prevalence set above", ("Diagnosis", "As shown", "At this prevalence"), rows)


def natural_frequency(chances: Vector, population: Population) -> str:
    """Return the chance of a malignancy as a number of patients, and which malignancies it cannot speak of."""
    count = round(1000 * sum(chances[place] for place in places(MALIGNANT)))
    words = "fewer than 1" if count < 1 else "more than 999" if count > 999 else f"about {count}"
    missing = _missing(population, among=MALIGNANT)
    but = f", apart from {joined(missing)}, of which this population tells nothing" if missing else ""
    return f"Of 1,000 patients whose evidence looks like this, in such a clinic, {words} would have a malignancy{but}."


def _place(diagnosis: Diagnosis) -> int:
    return DIAGNOSES.index(diagnosis)


def _share_words(share: float) -> str:
    return "as in the population" if share == AS_IT_IS else f"{100 * share:.0f}{NO_BREAK}%"


def _source(population: Population, mix: Mapping[Diagnosis, float]) -> str:
    malignant = sum(mix[diagnosis] for diagnosis in MALIGNANT) / sum(mix.values())
    return f"Population: {population.source} Malignant before any evidence: {percent(malignant)}."


def _absent(population: Population) -> str:
    names = _missing(population, among=frozenset(DIAGNOSES))
    if not names:
        return ""
    return (
        f"Not among its lesions: {joined(names)}. They count as one in a million here, which speaks of the set and not of your "
        "patient."
    )


def _missing(population: Population, *, among: frozenset[Diagnosis]) -> list[str]:
    counts = population.counts.items()
    return [CONCEPTS[diagnosis].name.lower() for diagnosis, count in counts if count == 0 and diagnosis in among]
