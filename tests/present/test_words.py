import pytest

from derm_xai.present.words import FIELDS, IMAGE_TYPES, URGENCY, interval, joined, level_words, percent, recorded, signed
from derm_xai.records import ClinicalContext, Estimate
from derm_xai.vocabulary import ImageType, Urgency


def luminance(colour: str) -> float:
    """WCAG 2 relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("urgency", Urgency)
def test_every_urgency_can_be_read_on_light_and_dark(urgency):
    look = URGENCY[urgency]
    assert contrast(look.light.ink, look.light.ground) >= 4.5
    assert contrast(look.dark.ink, look.dark.ground) >= 4.5


def test_urgencies_differ_in_words_and_icon_not_in_colour_alone():
    assert len({look.words for look in URGENCY.values()}) == len(Urgency)
    assert len({look.icon for look in URGENCY.values()}) == len(Urgency)


def test_everything_has_a_name():
    assert set(FIELDS) == set(ClinicalContext.model_fields)
    assert set(IMAGE_TYPES) == set(ImageType)


@pytest.mark.parametrize(
    ("probability", "text"), [(0.0, "<1 %"), (0.004, "<1 %"), (0.006, "1 %"), (0.62, "62 %"), (0.994, "99 %"), (0.999, ">99 %")]
)
def test_no_chance_is_shown_as_certain(probability, text):
    assert percent(probability).replace("\N{NO-BREAK SPACE}", " ") == text


def test_intervals():
    assert interval(Estimate(value=0.62, low=0.41, high=0.78)) == "41 to 78"
    assert interval(Estimate(value=0.001, low=0.0, high=0.004)) == "<1"
    assert interval(Estimate(value=0.005, low=0.001, high=0.012)) == "<1 to 1"
    assert interval(Estimate(value=0.99, low=0.98, high=1.0)) == "98 to >99"


@pytest.mark.parametrize(("value", "text"), [(1.728, "+1.73"), (-0.4, "−0.40"), (0.0, "0.00"), (-0.001, "0.00")])
def test_log_odds_have_a_sign(value, text):
    assert signed(value) == text


def test_lists_in_a_sentence():
    assert joined([]) == ""
    assert joined(["a"]) == "a"
    assert joined(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(
    ("field", "level", "words"),
    [
        ("anatom_site", "head_neck_face", "head, neck or face"),
        ("anatom_site", "lower_extremity", "lower extremity"),
        ("skin_tone", "0", "0 (dark)"),
        ("fitzpatrick", "4", "IV"),
        ("fitzpatrick", "not recorded", "not recorded"),
        ("grew", "yes", "yes"),
    ],
)
def test_levels_as_words(field, level, words):
    assert level_words(field, level) == words


def test_no_is_recorded_and_free_text_is_not_a_field():
    assert recorded(ClinicalContext(bleed=False, notes="text")) == ("bleed",)
