"""Comparisons of two model versions on the same images."""
