"""Numbers written as words, English and French (with septante, huitante, nonante), up to 99."""

_EN_SMALL = (
    "one two three four five six seven eight nine ten eleven twelve "
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_FR_SMALL = (
    "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf"
)
_FR_TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "huitante": 80,
            "octante": 80, "quatre-vingt": 80, "nonante": 90}  # fmt: skip
_HALVES = dict.fromkeys(("half", "half a", "half an", "a half"), 0.5)
_ROUND = {**_HALVES, "a": 1, "an": 1, "couple of": 2, "a couple of": 2, "dozen": 12, "a dozen": 12}
_ABOUT = {"demi": 0.5, "un demi": 0.5, "une": 1, "une dizaine de": 10, "une quinzaine de": 15, "une vingtaine de": 20}


def english() -> dict[str, float]:
    """Return the English numbers by their words."""
    small = {word: place for place, word in enumerate(_EN_SMALL.split(), 1)}
    tens = {word: 10 * place for place, word in enumerate(_EN_TENS.split(), 2)}
    units = list(small.items())[:9]
    joined = {f"{ten}{by}{one}": value + unit for ten, value in tens.items() for one, unit in units for by in " -"}
    return {**small, **tens, **joined, **_ROUND}


def french() -> dict[str, float]:
    """Return the French numbers by their words."""
    small = {word: place for place, word in enumerate(_FR_SMALL.split(), 1)} | {"une": 1}
    joined = {
        by.join((ten, one)): value + unit
        for ten, value in _FR_TENS.items()
        for one, unit in small.items()
        for by in ("-", " ", " et ", "-et-")
        if unit < (20 if ten in ("soixante", "quatre-vingt") else 10)
    }
    return {**small, **_FR_TENS, "quatre-vingts": 80, **joined, **_ABOUT}
