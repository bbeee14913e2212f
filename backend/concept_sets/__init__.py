"""Concept sets: what models reason with, in revisions that never change."""
