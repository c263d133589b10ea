"""How good a model is on cases kept out of training and calibration, with intervals."""
