"""Ways of doing a thing, timed in turn, so that whatever slows the machine slows all of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median
from time import perf_counter

Ways = Mapping[str, Callable[[], object]]
Seconds = dict[str, list[float]]
"""For each way, one time for each round."""


def in_turn(rounds: Iterable[Ways], warm_up: int = 0) -> Seconds:
    """Run the ways of each round, first to last, and return their times in all rounds after the warm-up."""
    taken = [{name: seconds(way) for name, way in ways.items()} for ways in rounds][warm_up:]
    return {name: [times[name] for times in taken] for name in taken[0]}


def seconds(way: Callable[[], object]) -> float:
    """Return the seconds that one call takes."""
    start = perf_counter()
    way()
    return perf_counter() - start


def ratios(of: Sequence[float], to: Sequence[float]) -> list[float]:
    """Return the ratio in each round."""
    return [one / other for one, other in zip(of, to, strict=True)]


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Return the median with the least and the greatest value."""
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"
