"""Audit: who did what, when and from where, in a chain of hashes that shows every change made to it."""
