"""Many cases on one machine."""
