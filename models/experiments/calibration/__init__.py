"""Calibration: do the probabilities say how often the model is right, before and after one temperature?"""
