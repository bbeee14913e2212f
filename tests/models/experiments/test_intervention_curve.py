"""Correcting concepts, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.experiments.decisions import Resampling
from models.experiments.intervention_curve import (
    InterventionCurve,
    corrections,
    expected_changes,
    labelled_images,
    measure,
    step_hits,
    uncertainties,
)
from models.experiments.intervention_report import findings
from models.experiments.surroundings import ExperimentError
from models.intervene.advice import checks
from models.intervene.batch import Outputs
from models.intervene.editing import Predicted
from models.intervene.scores import DecisionHead
from tests.support.heads import head, random_head

# c1's logit is what the second options are above the first ones; groups of two options each.
WEIGHT = np.array([[0.0, 0, 0, 0], [-1, 1, -3, 3]])
TYPICAL: list[list[float] | None] = [[1, -1], [-1, 1], [1, -1], [-1, 1]]


@pytest.fixture
def two() -> DecisionHead:
    return head((2, 2), WEIGHT, np.zeros(2), typical=TYPICAL)


def outputs_of(made: DecisionHead, scores: list[list[float]]) -> Outputs:
    wide = np.asarray(scores, np.float32)
    return Outputs.of((wide @ made.weight.T + made.bias).astype(np.float32), wide)


def drawn(count: int) -> Resampling:
    return Resampling(np.arange(count), 100, 0)


def test_a_correction_puts_in_what_the_true_option_is_like(two: DecisionHead) -> None:
    scores = np.array([[0.5, 0.0, 0.0, 0.25]])
    labelled = labelled_images(np.array([1]), np.array([[1, 0]]))
    effects = corrections(two, scores, labelled)
    assert effects.shape == (1, 2, 2)
    assert effects[0, :, 0].tolist() == [0, 0]
    assert effects[0, 0, 1] == pytest.approx(2 - (-0.5))  # -1 -> ... the first group told -0.5, tells 2 now
    assert effects[0, 1, 1] == pytest.approx(-6 - 0.75)


def test_a_group_of_one_option_changes_only_where_it_is_wrong() -> None:
    made = head((1,), np.array([[0.0], [1.0]]), np.zeros(2), span=(-4, 3))
    scores = np.array([[2.0], [2.0], [-1.0], [-1.0]])
    labelled = labelled_images(np.array([0, 1, 0, 1]), np.array([[1], [0], [0], [1]]))
    assert corrections(made, scores, labelled)[:, 0, 1].tolist() == [0, -6, 0, 4]


def test_the_curve_by_hand(two: DecisionHead) -> None:
    """Two images of c1. The first is wrong in the second group, which decides; the second in neither."""
    outputs = outputs_of(two, [[-1, 1, 0.2, -0.2], [-1, 1, -1, 1]])
    truth = np.array([1, 1]), np.array([[1, 1], [1, 1]])
    found = measure(two, outputs, truth, drawn(2), 400)
    assert (found.images, found.left_out, found.wrong) == (2, 0, 0.25)
    every = {order: [point.accuracy.value for point in curve] for order, curve in found.curves["every"].items()}
    # Before: 2 - 1.2 > 0 is right already. Both stay right whatever is corrected first.
    assert every["decision"] == [1, 1, 1]
    outputs = outputs_of(two, [[-1, 1, 1, -1], [-1, 1, -1, 1]])
    found = measure(two, outputs, truth, drawn(2), 400)
    wrong = {order: [point.accuracy.value for point in curve] for order, curve in found.curves["wrong"].items()}
    # 2 - 6 < 0: only the second group helps; at random it comes first in half of the orders.
    assert wrong["random"] == [0.5, pytest.approx(0.75, abs=0.05), 1]
    assert wrong["decision"] == [0.5, 1, 1]  # its weights are three times the other's
    assert found.gain["wrong"].accuracy.value == 0.5
    assert found.ahead["wrong"]["decision"].accuracy.value == pytest.approx(0.25, abs=0.05)


def test_steps_follow_the_order() -> None:
    logits = np.array([[0.0, 1.0], [0.0, 1.0]])
    effects = np.array([[[2.0, 0], [0, 3]], [[2.0, 0], [0, 3]]])
    orders = np.array([[[0, 1], [1, 0]]])
    assert step_hits(logits, effects, orders, np.array([0, 0])).tolist() == [[0, 0], [1, 0], [0, 0]]
    both = np.array([[[0, 1], [1, 0]], [[1, 0], [0, 1]]])
    assert step_hits(logits, effects, both, np.array([0, 0]))[1].tolist() == [0.5, 0.5]


def test_uncertainty_is_the_entropy_of_the_group() -> None:
    made, _ = random_head(0, sizes=(3, 1))
    scores = np.array([[2.0, 2, 2, 0], [50, 0, 0, 50]])
    assert uncertainties(made, scores) == pytest.approx(np.array([[np.log(3), np.log(2)], [0, 0]]), abs=1e-9)


def test_the_largest_expected_effect_is_what_is_advised() -> None:
    made, scores = random_head(1)
    outputs = outputs_of(made, [scores.tolist(), (-scores).tolist()])
    found = expected_changes(made, outputs)
    for row in range(2):
        own = Predicted(outputs.scores[row], outputs.logits[row], outputs.probabilities[row])
        assert np.argsort(-found[row], kind="stable").tolist() == [check.group for check in checks(made, own)]


def test_only_images_of_which_all_is_known(two: DecisionHead) -> None:
    classes = np.array([0, 1, -1, 1, 0])
    options = np.array([[0, 1, -1], [1, -1, -1], [0, 0, 0], [1, 1, -1], [0, 0, -1]])
    found = labelled_images(classes, options)
    assert (found.rows.tolist(), found.columns.tolist()) == ([0, 3, 4], [0, 1])
    assert found.options.tolist() == [[0, 1], [1, 1], [0, 0]]


@pytest.mark.parametrize(
    ("classes", "options", "words"),
    [
        ([0, 1], [[-1, -1], [-1, -1]], "2 have a known class and 0 of those a known concept"),
        ([-1, -1], [[0, 1], [1, 0]], "0 have a known class"),
        ([0, 1], [[0, -1], [-1, 1]], "2 of those a known concept, but none has all"),
    ],
    ids=["no concepts", "no classes", "never all"],
)
def test_nothing_that_could_be_corrected(classes: list[int], options: list[list[int]], words: str) -> None:
    with pytest.raises(ExperimentError, match=words):
        labelled_images(np.array(classes), np.array(options))


def measured(two: DecisionHead, options: list[list[int]]) -> InterventionCurve:
    outputs = outputs_of(two, [[-1, 1, 1, -1], [1, -1, -1, 1], [-1, 1, 0, 0]])
    return measure(two, outputs, (np.array([1, 0, 1]), np.array(options)), drawn(3), 10)


def test_labels_that_follow_the_class_are_said_so_loudly(two: DecisionHead) -> None:
    about = {"dataset": "d", "synthetic": False}
    trivial = measured(two, [[1, 1], [0, 0], [1, 1]])
    assert trivial.trivial
    told = findings([({"name": "m"}, trivial)], about)
    assert told.sentences[0].startswith("ATTENTION: in d every concept label follows from the class")
    assert "by construction" in told.drawings[0].draw().get_suptitle()
    partly = measured(two, [[1, 1], [0, 0], [0, 1]])
    assert (partly.trivial, partly.following) == (False, ("g1",))
    assert findings([({"name": "m"}, partly)], about).sentences[0].startswith("The labels of g1 follow")


def test_table_and_figure_hold_the_same(two: DecisionHead) -> None:
    found = measured(two, [[1, 1], [0, 0], [0, 1]])
    told = findings([({"name": "a"}, found), ({"name": "b"}, found)], {"dataset": "d", "synthetic": False})
    rows = told.tables[0].rows
    assert len(rows) == 3 * 6
    assert rows[12]["model"] == "mean ± sd of 2"
    points = [
        row for row in told.tables[1].rows if (row["model"], row["treatment"], row["order"]) == ("a", "every", "random")
    ]
    line = told.drawings[0].draw().axes[0].lines[0]
    assert list(line.get_ydata()) == [row["accuracy"] for row in points]
    assert rows[0]["all"] == f"{100 * points[-1]['accuracy']:.2f}"  # type: ignore[operator]


def test_one_group_has_no_order() -> None:
    made = head((2,), np.array([[0.0, 0], [-1, 1]]), np.zeros(2), typical=[[1, -1], [-1, 1]])
    outputs = outputs_of(made, [[1, -1], [1, -1]])
    found = measure(made, outputs, (np.array([1, 0]), np.array([[1], [0]])), drawn(2), 5)
    assert found.ahead["every"] == {}
    assert [point.accuracy.value for point in found.curves["every"]["random"]] == [0.5, 1]
    assert findings([({"name": "m"}, found)], {"dataset": "d", "synthetic": False}).tables[0].rows[0]["two"] == "–"
