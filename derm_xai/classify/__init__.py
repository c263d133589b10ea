"""The evidence-adding classifier: network, weights, prediction, prediction sets, novelty."""
