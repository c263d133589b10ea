"""The sections of the Performance page. Each leaves itself out where nothing was measured."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

import streamlit as st

from derm_xai.evaluate import operating
from derm_xai.evaluate.criteria import Answer, tally
from derm_xai.evaluate.records import Evaluation, OperatingPoint, Subgroup
from derm_xai.language import _
from derm_xai.ui import markup
from derm_xai.ui.performance import charts, explained, parts, sentences, tables, words


class _OfDataSet(Protocol):
    @property
    def data(self) -> str: ...


Entry = TypeVar("Entry", bound=_OfDataSet)


def acceptance(told: Sequence[Answer]) -> None:
    """Show how many of the acceptance criteria are met, and which."""
    st.subheader(_("Does it do what was asked of it?"), anchor=False)
    st.markdown(tally(told))
    with st.expander(_("The criteria one by one")):
        st.html(tables.acceptance(told))


def _glance(evaluation: Evaluation) -> None:
    if evaluation.rows:
        st.subheader(_("In one glance"), anchor=False)
        st.markdown(sentences.tested_on(evaluation))
        st.html(markup.bullets(sentences.cautions(evaluation)))
        st.html(tables.glance(evaluation.rows))


def _accuracy(evaluation: Evaluation) -> None:
    names = tables.accuracy_names(evaluation)
    if names:
        st.subheader(_("How well does it rank?"), anchor=False)
        st.markdown(_(words.VOICES))
        st.html(tables.metrics(evaluation.rows, names, _("Accuracy")))
        st.html(markup.pairs(words.explained(names)))


def _calibration(evaluation: Evaluation) -> None:
    names = tables.calibration_names(evaluation)
    if evaluation.reliability or names:
        st.subheader(_("Is a stated 62 % right 62 % of the time?"), anchor=False)
    if evaluation.reliability:
        st.markdown(_(words.DIAGRAM))
        with st.container(horizontal=True):
            for diagram in evaluation.reliability:
                st.altair_chart(charts.reliability(diagram), width="content", alt=charts.reliability_alt(diagram))
        st.html(markup.bullets(map(sentences.reliability, evaluation.reliability)))
        with st.expander(_("The points as a table")):
            st.html(tables.bins(evaluation.reliability))
    if names:
        st.html(tables.metrics(evaluation.rows, names, _("Calibration")))
        st.html(markup.pairs(words.explained(names)))


def _doubt(evaluation: Evaluation) -> None:
    if evaluation.doubts:
        st.subheader(_("Does it know when it is wrong?"), anchor=False)
        st.markdown(_(words.CURVES))
        scores = list(dict.fromkeys(each.score for each in evaluation.doubts))
        with st.container(horizontal=True):
            for doubts in _by_data_set(evaluation.doubts).values():
                st.altair_chart(charts.risk_coverage(doubts, scores), width="content", alt=charts.risk_coverage_alt(doubts))
        st.html(markup.bullets(sentences.best_doubt(evaluation.doubts)))
        _each_data_set(evaluation.doubts, lambda doubts: st.html(tables.doubts(doubts)))
        st.html(markup.pairs(words.doubt_explained()))


def _sets(evaluation: Evaluation) -> None:
    if evaluation.sets:
        st.subheader(_("Does the prediction set hold the true diagnosis?"), anchor=False)
        st.html(markup.bullets(sentences.sets(evaluation.sets)))
        _each_data_set(evaluation.sets, lambda entries: st.html(parts.sets(entries)))
        st.html(markup.quiet(sentences.few()))


def _operating(evaluation: Evaluation) -> None:
    if evaluation.operating_points:
        st.subheader(_("What do the model's limits find and miss?"), anchor=False)
        st.markdown(_(words.THRESHOLDS))
        st.html(markup.bullets(map(_, words.USES)))
        st.html(tables.operating(evaluation.operating_points))
        _each_data_set(evaluation.operating_points, lambda points: st.html(tables.patients(points) + _untested_points(points)))
        st.html(markup.quiet(sentences.few()))


def _subgroups(evaluation: Evaluation) -> None:
    if evaluation.subgroups:
        st.subheader(_("For whom was it tested?"), anchor=False)
        st.markdown(_(words.SUBGROUPS))
        _each_data_set(evaluation.subgroups, lambda part: st.html(parts.subgroups(part) + _untested(part)))


def _other_photos(evaluation: Evaluation) -> None:
    if evaluation.not_lesions is not None:
        st.subheader(_("Does it notice a photo of something else?"), anchor=False)
        st.markdown(sentences.not_lesions(evaluation.not_lesions))
        st.html(tables.flagged(evaluation.not_lesions))
    if evaluation.mask_dice is not None:
        st.subheader(_("Does it see where the lesion is?"), anchor=False)
        st.markdown(sentences.mask(evaluation.mask_dice))


def _explanations(evaluation: Evaluation) -> None:
    if (told := evaluation.explanations) is not None:
        st.subheader(_("Can the explanations be relied on?"), anchor=False)
        st.html(explained.maps(told))
        st.html(explained.readings(told))
        st.html(explained.flips(told))
    if evaluation.concepts:
        st.subheader(_("Does it see what is in the photo?"), anchor=False)
        st.html(explained.concepts(evaluation.concepts))


SECTIONS: tuple[Callable[[Evaluation], None], ...] = (
    _glance,
    _accuracy,
    _calibration,
    _doubt,
    _sets,
    _operating,
    _subgroups,
    _other_photos,
    _explanations,
)


def _untested(part: Sequence[Subgroup]) -> str:
    sentence = sentences.untested(part)
    return markup.care(sentence) if sentence else ""


def _untested_points(points: Sequence[OperatingPoint]) -> str:
    return "".join(markup.care(operating.untested(point)) for point in points if not point.at_prevalence)


def _by_data_set(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    grouped: dict[str, list[Entry]] = {}
    for entry in entries:
        grouped.setdefault(entry.data, []).append(entry)
    return grouped


def _each_data_set(entries: Iterable[Entry], show: Callable[[Sequence[Entry]], object]) -> None:
    """Show the first data set, and the others one click away."""
    for place, (data, part) in enumerate(_by_data_set(entries).items()):
        if place == 0:
            st.markdown(f"**{_(data)}**")
            show(part)
        else:
            with st.expander(_(data)):
                show(part)
