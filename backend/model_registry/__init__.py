"""Model versions: which exist, and which one is active per data set."""
