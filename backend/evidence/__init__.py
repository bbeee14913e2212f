"""Evidence: how far the explanations of a model version can be trusted, as it was measured."""
