"""Interventions: edits of what a model believes about an image, and the decision that follows."""
