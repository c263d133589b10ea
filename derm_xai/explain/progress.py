"""What long work tells of itself: what it does, and the share that is done, 0..1."""

from collections.abc import Callable

Progress = Callable[[str, float], None]


def nobody(_what: str, _share: float) -> None:
    """Tell nobody how far it has come."""
