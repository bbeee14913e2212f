"""Codes and tokens in three dimensions (figure 9), and how far apart they are where nothing is projected."""
