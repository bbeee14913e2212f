"""Heads of which only some weights stay, by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.experiments.decisions import Resampling
from models.experiments.effective_concepts import (
    EffectiveConceptsConfig,
    decisions,
    importance,
    measure,
)
from models.experiments.effective_report import findings
from models.experiments.surroundings import ExperimentError
from models.intervene.scores import DecisionHead
from tests.support.heads import head, random_head

# Both classes look at the first option most; c1 has a bias that the second option takes back.
WEIGHT = np.array([[3.0, 0.0, 0.5], [-3.0, 2.0, 0.0]])


@pytest.fixture
def small() -> DecisionHead:
    """Scores have a mean of 0.5 and a standard deviation of 1 in validation."""
    return head((2, 1), WEIGHT, np.array([0.0, 1.0]))


def config(**changes: Any) -> EffectiveConceptsConfig:
    settings: dict[str, Any] = {"models": ["m"], "dataset": "d", "effective": 1, "draws": 5, "resamples": 100}
    return EffectiveConceptsConfig.model_validate(settings | changes)


def test_importance_is_the_root_mean_square_of_contributions() -> None:
    made = head((2, 1), WEIGHT, np.zeros(2))
    scores = np.random.default_rng(0).normal(0.5, 1.0, (200, 3))
    means, deviations = scores.mean(0).tolist(), scores.std(0).tolist()
    made = replace(made, statistics=made.statistics.model_copy(update={"means": means, "deviations": deviations}))
    parts = made.weight[:, None] * scores[None]
    assert np.allclose(importance(made), np.sqrt((parts**2).mean(1)))
    assert np.allclose(importance(made, about_mean=True), parts.std(1))


def test_decisions_with_some_options_by_hand(small: DecisionHead) -> None:
    scores = np.array([[1.0, 0.0, 0.0], [-1.0, 0.0, 3.0], [0.1, -2.0, 0.0]])
    found = decisions(small, scores, importance(small))
    assert found.shape == (4, 3)
    assert found[0].tolist() == [1, 1, 1]  # the bias alone
    assert found[1].tolist() == [0, 1, 1]  # 3 against -2; -3 against 4; 0.3 against 0.7
    assert found[2].tolist() == [0, 1, 0]  # the third: 0.3 against 0.7 - 4
    assert found[3].tolist() == [0, 1, 0]


def test_what_does_not_stay_has_its_mean_or_nothing(small: DecisionHead) -> None:
    scores = np.array([[0.3, 0.5, 0.5]])
    assert decisions(small, scores, importance(small))[1].tolist() == [0]  # 0.9 against 0.1
    at_mean = decisions(small, scores, importance(small, about_mean=True), at_mean=True)
    assert at_mean[1].tolist() == [0 if 0.9 + 0.25 > 0.1 + 1.0 else 1]
    assert decisions(small, scores + np.array([[-0.05, 0, 0]]), importance(small))[1].tolist() == [0]
    lower = decisions(small, scores + np.array([[-0.05, 0, 0]]), importance(small, about_mean=True), at_mean=True)
    assert lower[1].tolist() == [1]  # 0.75 + 0.25 against 0.25 + 1


def test_every_image_may_have_its_own_options(small: DecisionHead) -> None:
    scores = np.array([[0.1, 1.0, 0.0], [0.1, -1.0, 0.0]])
    assert decisions(small, scores, None)[1].tolist() == [1, 0]  # c1 keeps its second option: 3 and -1 against 0.3


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_with_all_options_every_way_says_what_the_head_says(seed: int) -> None:
    made, _ = random_head(seed)
    scores = np.random.default_rng(seed).normal(size=(20, made.weight.shape[1]))
    said = [made.decide(row).predicted for row in scores]
    for order, at_mean in ((importance(made), False), (importance(made, about_mean=True), True), (None, False)):
        assert decisions(made, scores, order, at_mean=at_mean)[-1].tolist() == said


def test_the_figures_by_hand(small: DecisionHead) -> None:
    scores = np.array([[1.0, 0.0, 0.0], [-1.0, 0.0, 3.0], [0.1, -2.0, 0.0], [9.0, 9.0, 9.0]])
    found = measure(small, scores, np.array([0, 1, 0, -1]), Resampling(np.arange(4), 100, 0), config())
    assert found.full.accuracy.value == 1
    assert found.full.accuracy.n == 3
    assert found.pruned.accuracy.value == pytest.approx(2 / 3)
    assert found.pruned.bmac.value == pytest.approx(0.75)
    assert found.drop.accuracy.value == pytest.approx(-1 / 3)
    assert [point.accuracy.value for point in found.curves["class"]] == pytest.approx([1 / 3, 2 / 3, 1, 1])
    assert found.enough == 2
    assert found.kept == {"c0": ["g0.o0"], "c1": ["g0.o0"]}


def test_options_by_chance_are_the_same_for_the_same_seed(small: DecisionHead) -> None:
    scores = np.random.default_rng(0).normal(size=(30, 3))
    drawn, classes = Resampling(np.arange(30), 100, 0), np.arange(30) % 2
    first = measure(small, scores, classes, drawn, config(seed=3)).curves["random"]
    assert measure(small, scores, classes, drawn, config(seed=3)).curves["random"] == first
    assert first[0] == measure(small, scores, classes, drawn, config()).curves["class"][0]


def test_what_cannot_be_measured(small: DecisionHead) -> None:
    drawn = Resampling(np.arange(2), 100, 0)
    with pytest.raises(ExperimentError, match="no image has a known class"):
        measure(small, np.ones((2, 3)), np.array([-1, -1]), drawn, config())
    with pytest.raises(ExperimentError, match="has 3 options, so 4 cannot stay"):
        measure(small, np.ones((2, 3)), np.array([0, 1]), drawn, config(effective=4))


def test_several_models_are_told_with_their_spread(small: DecisionHead) -> None:
    scores = np.array([[1.0, 0.0, 0.0], [-1.0, 0.0, 3.0], [0.1, -2.0, 0.0]])
    drawn = Resampling(np.arange(3), 100, 0)
    one = measure(small, scores, np.array([0, 1, 0]), drawn, config(effective=2))
    other = measure(small, scores, np.array([0, 1, 1]), drawn, config(effective=2))
    told = findings([({"name": "a"}, one), ({"name": "b"}, other)], {"dataset": "d", "synthetic": True, "images": 3})
    rows = told.tables[0].rows
    assert [row["model"] for row in rows] == ["a", "b", "mean ± sd of 2"]
    assert rows[2]["full"] == "83.33 ± 23.57"
    assert any("2 of 3 is more than half" in line for line in told.sentences)
    axes = told.drawings[0].draw().axes[0]
    assert len(axes.lines) >= 4
    assert list(axes.lines[0].get_ydata()) == [point.bmac.value for point in one.curves["class"]]
