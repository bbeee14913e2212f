"""Reviewed revisions, oldest first by their number."""
