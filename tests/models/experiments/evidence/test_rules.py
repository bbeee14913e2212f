"""When a concept is called reliable, on made-up figures."""

from __future__ import annotations

import pytest

from models.experiments.evidence.rules import Read, reliability, skill
from models.experiments.evidence.settings import Rules
from models.experiments.spread import Estimate

RULES = Rules()


def read(value: float | None, low: float | None, n: int = 200, **changes: object) -> Read:
    own = Estimate(value, low, None if low is None else min(1.0, value + (value - low)), n)
    return Read(**{"labels": "image", "follows": False, "accuracy": own, "occurring": 2} | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("accuracy", "chance", "expected"), [
    (0.5, 0.5, 0.0), (1.0, 0.5, 1.0), (0.8, 0.5, 0.6), (0.4, 0.2, 0.25), (0.1, 0.2, -0.125),
], ids=str)  # fmt: skip
def test_skill_goes_from_chance_to_always_right(accuracy: float, chance: float, expected: float) -> None:
    assert skill(accuracy, chance) == pytest.approx(expected)


@pytest.mark.parametrize(("low", "occurring", "expected"), [
    (0.81, 2, "good"), (0.79, 2, "limited"), (0.51, 2, "limited"), (0.5, 2, "poor"), (0.3, 2, "poor"),
    (0.71, 4, "good"), (0.69, 4, "limited"), (0.26, 4, "limited"), (0.25, 4, "poor"),
], ids=str)  # fmt: skip
def test_the_lower_end_of_the_interval_decides(low: float, occurring: int, expected: str) -> None:
    grade, reason = reliability(read(0.95, low, occurring=occurring), RULES)
    assert grade == expected
    assert f"0.95 ({low:.2f} to " in reason
    assert "200 images" in reason
    assert f"by chance {1 / occurring:.2f}" in reason


@pytest.mark.parametrize(("one", "words"), [
    (read(0.99, 0.97, labels="class"), "table by class"),
    (read(0.99, 0.97, labels="class", follows=True), "table by class"),
    (read(0.99, 0.97, follows=True), "only repeats the class"),
    (read(0.99, 0.97, n=19), "Only 19 images"),
    (read(0.99, 0.97, occurring=1), "the same label"),
    (read(None, None, n=0, labels="none", occurring=0), "No image has a label"),
    (read(0.99, None), "no interval"),
], ids=["class table", "class table and follows", "follows", "few", "one option", "none", "no interval"])  # fmt: skip
def test_what_nobody_could_check_is_unverified_however_high_it_is(one: Read, words: str) -> None:
    grade, reason = reliability(one, RULES)
    assert grade == "unverified"
    assert words in reason


def test_twenty_images_are_enough_and_the_thresholds_are_settings() -> None:
    assert reliability(read(0.99, 0.97, n=20), RULES)[0] == "good"
    assert reliability(read(0.99, 0.97, n=20), Rules(labelled=21))[0] == "unverified"
    assert reliability(read(0.8, 0.7), RULES)[0] == "limited"
    assert reliability(read(0.8, 0.7), Rules(good=0.3))[0] == "good"
