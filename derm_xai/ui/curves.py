"""The insertion and deletion curves of one photo's map, drawn small."""

import altair as alt
import pandas as pd

from derm_xai.explain.curves import Curves
from derm_xai.language import _, later
from derm_xai.present.words import percent

ACCENT, GREY = "#2b85a8", "#8a8f98"
"""The page's accent at a lightness that can be seen on white and on the dark page."""
WIDTH, HEIGHT = 320, 290
"""Two stand side by side on a wide page. Titles, axes and legend count in them."""
_PANELS = {"deletion": later("Hidden, strongest first"), "insertion": later("Shown, strongest first")}
_LINES = later("by the map"), later("random order, mean")


def charts(curves: Curves) -> tuple[alt.Chart, ...]:
    """Return the two curves, each with the mean of the random orders."""
    return tuple(_panel(curves, name) for name in _PANELS)


def _panel(curves: Curves, name: str) -> alt.Chart:
    lines = dict(zip(map(_, _LINES), (getattr(curves, name), getattr(curves, f"random_{name}")), strict=True))
    rows = [(label, *point) for label, line in lines.items() for point in zip(curves.shares, line, strict=True)]
    scale = alt.Scale(domain=list(lines), range=[ACCENT, GREY])
    legend = alt.Legend(title=None, orient="bottom", columns=1, symbolType="stroke", symbolSize=400, symbolStrokeWidth=2)
    whole, axis = alt.Scale(domain=(0, 1)), alt.Axis(format="%", tickCount=5)
    drawn: alt.Chart = (
        alt.Chart(pd.DataFrame(rows, columns=["order", "share", "chance"]))
        .mark_line(strokeWidth=2)
        .encode(
            x=alt.X("share:Q", title=_(_PANELS[name]), scale=whole, axis=axis),
            y=alt.Y("chance:Q", title=_("Chance, leading diagnosis"), scale=whole, axis=axis),
            color=alt.Color("order:N", scale=scale, legend=legend),
            strokeDash=alt.StrokeDash("order:N", scale=alt.Scale(domain=list(lines), range=[[1, 0], [5, 4]]), legend=legend),
        )
        .properties(width=WIDTH, height=HEIGHT)
    )
    return drawn


def charts_alt(curves: Curves) -> str:
    """Return the charts in words: the chance at each step."""
    return _(
        "Chance of the leading diagnosis as the photo is hidden, strongest first: {hidden}; as it is shown: {shown}."
    ).format(hidden=", ".join(map(percent, curves.deletion)), shown=", ".join(map(percent, curves.insertion)))
