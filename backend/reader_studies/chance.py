"""Seeded chance: the same words give the same draws, on any machine and in any process."""

from __future__ import annotations

import random


def chance(seed: int, *about: object) -> random.Random:
    """A stream of its own for everything that is drawn, so that one draw never moves another.

    Args:
        seed: of the design.
        about: what is drawn, for what.
    """
    return random.Random("/".join(map(str, (seed, *about))))  # noqa: S311 (to be drawn again, not to be secret)
