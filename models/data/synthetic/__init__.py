"""Procedural data sets, for demonstration and tests; not clinical evidence."""
