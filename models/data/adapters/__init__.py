"""Readers of published data sets, one a file, and of a user's own."""
