"""Procedural data sets, for demonstration and tests; not clinical evidence.

Each set is a folder that draws one picture; what they share stands here: random streams, noise fields, the tables of
classes and options, arrays, files and contact sheets.
"""
