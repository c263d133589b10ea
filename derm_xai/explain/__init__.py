"""What the score is made of, and independent checks of it."""
