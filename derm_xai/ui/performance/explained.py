"""What the evaluation says of the explanations and concepts, as tables."""

from derm_xai.evaluate.records import ConceptFigures, Explanations
from derm_xai.language import _, later
from derm_xai.present.words import CONCEPT_WORDS
from derm_xai.ui.performance import cells
from derm_xai.ui.tables import table

MAPS = {
    "hot": later("Log-odds that the leading diagnosis loses with the strongest fifth of its map hidden"),
    "elsewhere": later("The same with as much hidden elsewhere"),
    "faithfulness": later("The first over the second: at 1 the map would say nothing of what the network uses"),
    "malignant_inside": later("Malignant cases: evidence inside the lesion's outline, over what chance would put there"),
    "card_auroc": later("AUROC with which the report card's score tells right leading diagnoses from wrong ones"),
    "randomised": later("Rank correlation with the map of a network whose last layers are random: near 1 would be bad"),
    "permuted": later("Rank correlation with the map of a network that learnt shuffled labels: near 1 would be bad"),
}


def maps(told: Explanations) -> str:
    """Return whether the maps show what the network uses, and whether the card tells when to rely on them."""
    figures = {name: figure for name in MAPS if (figure := getattr(told, name)) is not None}
    lines = ((_(MAPS[name]), cells.decimal(figure, 2), cells.count(figure.n)) for name, figure in figures.items())
    return table(_("Whether the maps show what the network uses"), (_("Figure"), _("Value"), "n"), lines)


def readings(told: Explanations) -> str:
    """Return how often the leading diagnosis is right where the report card reads so."""
    lines = ((_(each.reading), cells.percent(each.right), cells.count(each.right.n)) for each in told.readings)
    return table(_("What the report card's verdict is worth"), (_("Report card"), _("Leading diagnosis right"), "n"), lines)


def flips(told: Explanations) -> str:
    """Return how often small changes to the photo move the leading diagnosis."""
    lines = ((_(name), cells.percent(rate), cells.count(rate.n)) for name, rate in told.flips.items())
    return table(_("How often a small change moves the leading diagnosis"), (_("Change"), _("Moved"), "n"), lines)


def concepts(figures: tuple[ConceptFigures, ...]) -> str:
    """Return how well the concepts agree with MONET's scores."""
    lines = (
        (
            _(CONCEPT_WORDS[each.concept]),
            cells.decimal(each.calibration_error),
            cells.decimal(each.rank_correlation),
            cells.count(each.calibration_error.n),
        )
        for each in figures
    )
    heads = (_("Concept"), _("Mean gap"), _("Rank correlation"), "n")
    return table(_("What the network sees in a photo, against the scores of another model (MONET)"), heads, lines)
