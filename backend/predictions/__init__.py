"""Predictions: one model version's explained output for one case, and its maps."""
