"""Trainings of variants of one design, with several seeds each, and what differs between them."""
