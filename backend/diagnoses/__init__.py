"""Diagnoses: what a model version shows about each of its concepts over a data set."""
