"""Explainable dermatology triage: the score is built from the evidence that is shown."""

__version__ = "0.1.0"
