"""How good a model is on cases that were used for nothing else, with intervals."""
