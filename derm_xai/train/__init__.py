"""Training: data sets, splits, augmentation, the loop, calibration, and the model folder."""
