"""The charts of the Performance page. Vega-Lite comes with Streamlit and draws from the data given here; nothing is fetched."""

from collections.abc import Sequence

import altair as alt
import pandas as pd
from babel.numbers import get_decimal_symbol, get_group_symbol

from derm_xai.evaluate.figures import COLORS, DASHES, GREY
from derm_xai.evaluate.records import Doubt, Reliability
from derm_xai.language import _, spoken
from derm_xai.present.words import joined
from derm_xai.ui.curves import ACCENT
from derm_xai.ui.performance.words import share

SIDE, LEGEND_LINE = 376, 22
"""Three stand side by side on a wide page, two on a narrow one. A title, axes and legend count in the height."""
_VISIBLE = tuple(color for color in COLORS if color != "#F0E442")
"""Yellow cannot be seen on white."""
_PERCENT = alt.Axis(format="%", tickCount=5)


def reliability(diagram: Reliability) -> alt.LayerChart:
    """Return the share that is right against the chance stated, a point for each bin, and the ideal line."""
    table = pd.DataFrame([each.model_dump() for each in diagram.bins])
    whole = alt.Scale(domain=(0, 1))
    ideal = alt.Chart(pd.DataFrame({"at": (0.0, 1.0)})).mark_line(color=GREY, strokeDash=(4, 4)).encode(x="at:Q", y="at:Q")
    across = alt.X("confidence:Q", title=_("Chance stated for the leading diagnosis"), scale=whole, axis=_PERCENT)
    up = alt.Y("accuracy:Q", title=_("Share that is right"), scale=whole, axis=_PERCENT)
    base = alt.Chart(table).encode(x=across, y=up)
    points = base.mark_point(color=ACCENT, filled=True, opacity=0.9).encode(
        size=alt.Size("n:Q", title=_("Cases"), scale=alt.Scale(range=(25, 450)), legend=None),
        tooltip=(
            alt.Tooltip("confidence:Q", title=_("stated"), format=".1%"),
            alt.Tooltip("accuracy:Q", title=_("right answers"), format=".1%"),
            alt.Tooltip("n:Q", title=_("cases"), format=","),
        ),
    )
    layers = [ideal, base.mark_line(color=ACCENT, opacity=0.5), points]
    chart = alt.LayerChart(layer=layers, title=_(diagram.data), width=SIDE, height=SIDE)
    spoken_chart: alt.LayerChart = chart.configure(locale=_locale())
    return spoken_chart


def reliability_alt(diagram: Reliability) -> str:
    """Return the diagram in words."""
    point = _("stated {stated}, right {right}")
    points = (point.format(stated=share(each.confidence), right=share(each.accuracy)) for each in diagram.bins)
    return _("Reliability diagram of {data}: {points}.").format(data=_(diagram.data), points="; ".join(points))


def colours(number: int) -> list[str]:
    """Return a colour for each line."""
    return [_VISIBLE[place % len(_VISIBLE)] for place in range(number)]


def dashes(number: int) -> list[list[float]]:
    """Return dashes for each line; where a colour comes again, it has other dashes."""
    turns = (divmod(place, len(_VISIBLE)) for place in range(number))
    return [[2 * length for length in DASHES[(turn + place) % len(DASHES)]] or [1, 0] for turn, place in turns]


def risk_coverage(doubts: Sequence[Doubt], scores: Sequence[str]) -> alt.Chart:
    """Return the error among the cases answered against their share, a line for each score of one data set."""
    table = pd.DataFrame(
        [(_(each.score), coverage, error) for each in doubts for coverage, error in each.curve],
        columns=["score", "coverage", "error"],
    )
    names = [_(score) for score in scores]
    legend = alt.Legend(title=None, orient="bottom", columns=1, symbolSize=500, symbolStrokeWidth=2, labelLimit=SIDE)
    color = alt.Color("score:N", scale=alt.Scale(domain=names, range=colours(len(names))), legend=legend)
    chart: alt.Chart = (
        alt.Chart(table)
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X(
                "coverage:Q", title=_("Share of cases answered, surest first"), scale=alt.Scale(domain=(0, 1)), axis=_PERCENT
            ),
            y=alt.Y("error:Q", title=_("Share of these that is wrong"), scale=alt.Scale(zero=True), axis=_PERCENT),
            color=color,
            strokeDash=alt.StrokeDash("score:N", scale=alt.Scale(domain=names, range=dashes(len(names))), legend=legend),
            tooltip=(
                alt.Tooltip("score:N", title=_("score")),
                alt.Tooltip("coverage:Q", title=_("answered"), format=".0%"),
                alt.Tooltip("error:Q", title=_("wrong"), format=".1%"),
            ),
        )
        .properties(title=_(doubts[0].data), width=SIDE, height=SIDE + LEGEND_LINE * len(scores))
        .configure(locale=_locale())
    )
    return chart


def risk_coverage_alt(doubts: Sequence[Doubt]) -> str:
    """Return the curves in words: where each begins and ends."""
    end = _("{score} from {low} to {high} wrong")
    ends = [
        end.format(score=_(each.score), low=share(each.curve[0][1]), high=share(each.curve[-1][1]))
        for each in doubts
        if each.curve
    ]
    return _("Risk-coverage curves of {data}: {curves}.").format(data=_(doubts[0].data), curves=joined(ends))


def _locale() -> alt.Locale:
    """Return how numbers are written on axes and in tooltips."""
    written = alt.NumberLocale(
        decimal=get_decimal_symbol(spoken()),
        thousands=get_group_symbol(spoken()),
        grouping=[3],
        currency=["", ""],
        percent="\N{NO-BREAK SPACE}%",
    )
    return alt.Locale(number=written)
