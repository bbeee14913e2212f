"""Familiarity: does the distance to the codebook tell images apart that the model was not made for?"""
