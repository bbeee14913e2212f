"""How far a model's own explanations can be trusted: what is measured of it, for its card and its pages."""
