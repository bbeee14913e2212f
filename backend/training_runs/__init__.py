"""Training runs: from a data set, a concept set and perhaps a parent to a model version."""
