"""Figures against scikit-learn, against the project's own, and against themselves on repeated images."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    brier_score_loss,
    log_loss,
    precision_score,
    recall_score,
    roc_auc_score,
)

from models.compare.figures import (
    BINS,
    DECISION,
    Answers,
    Figures,
    Known,
    even_bins,
    figure_keys,
    mass_bins,
)
from models.train.metrics import balanced_accuracy, concept_accuracies, mean_of_known

CLASSES = ("x", "y", "z")
KEYS = figure_keys(CLASSES, ("g", "h"))


def drawn(seed: int = 0, count: int = 120) -> tuple[Answers, Known]:
    """Answers that are right more often than not; two groups of three and two options, some of them unknown."""
    generator = np.random.default_rng(seed)
    truth = generator.choice(3, count, p=(0.6, 0.3, 0.1))
    logits = generator.normal(size=(count, 3)) * 2
    logits[np.arange(count), truth] += 1.5
    groups = (generator.integers(-1, 3, count), generator.integers(0, 2, count))
    found = tuple(np.where(generator.random(count) < 0.7, np.maximum(group, 0), 0) for group in groups)
    return Answers(logits, found), Known(truth, groups, (3, 2))


def figures(answers: Answers, known: Known, weights: np.ndarray | None = None) -> dict[str, float]:
    weights = np.ones((1, len(known.classes))) if weights is None else weights
    return dict(zip(KEYS, Figures(answers, known)(weights)[0], strict=True))


def test_the_same_as_scikit_learn() -> None:
    answers, known = drawn()
    found, truth, said = figures(answers, known), known.classes, answers.predicted
    probabilities = answers.probabilities
    assert found["accuracy"] == pytest.approx(accuracy_score(truth, said))
    assert found["bmac"] == pytest.approx(balanced_accuracy_score(truth, said))
    assert found["auroc"] == pytest.approx(roc_auc_score(truth, probabilities, multi_class="ovr", average="macro"))
    assert found["brier"] == pytest.approx(brier_score_loss(truth, probabilities, labels=[0, 1, 2]))
    assert found["nll"] == pytest.approx(log_loss(truth, probabilities))
    for label, key in enumerate(CLASSES):
        own, other = truth == label, said == label
        assert found[f"sensitivity.{key}"] == pytest.approx(recall_score(own, other))
        assert found[f"specificity.{key}"] == pytest.approx(recall_score(~own, ~other))
        assert found[f"ppv.{key}"] == pytest.approx(precision_score(own, other))


def test_bmac_is_what_the_project_means_by_it() -> None:
    answers, known = drawn(1)
    found = figures(answers, known)
    assert found["bmac"] == pytest.approx(balanced_accuracy(answers.predicted, known.classes), abs=1e-15)
    groups = [balanced_accuracy(said, true) for said, true in zip(answers.groups, known.groups, strict=True)]
    assert [found["concept_bmac.g"], found["concept_bmac.h"]] == pytest.approx(groups)
    assert found["concept_bmac"] == pytest.approx(mean_of_known(groups))
    scores = np.eye(3, dtype=np.float32)[answers.groups[0]]
    assert concept_accuracies(scores, known.groups[0][:, None], [slice(0, 3)]) == pytest.approx(groups[:1])


def test_ties_count_half() -> None:
    generator = np.random.default_rng(2)
    truth = generator.integers(0, 3, 60)
    answers = Answers(generator.integers(0, 2, (60, 3)).astype(float), ())
    found = Figures(answers, Known(truth))(np.ones((1, 60)))[0, DECISION.index("auroc")]
    assert found == pytest.approx(roc_auc_score(truth, answers.probabilities, multi_class="ovr"))


def test_a_weight_is_so_many_copies() -> None:
    """The bins of equal mass are those of the images themselves, so that figure is left out."""
    answers, known = drawn(3)
    weights = np.random.default_rng(4).integers(0, 4, len(known.classes))
    rows = np.repeat(np.arange(len(weights)), weights)
    copies = Answers(answers.logits[rows], tuple(group[rows] for group in answers.groups))
    truth = Known(known.classes[rows], tuple(group[rows] for group in known.groups), known.options)
    weighted, copied = figures(answers, known, weights[None].astype(float)), figures(copies, truth)
    for key in set(KEYS) - {"ece_mass"}:
        assert weighted[key] == pytest.approx(copied[key]), key


def test_what_images_add_adds_up_to_the_figures() -> None:
    answers, known = drawn(5)
    shares = Figures(answers, known).shares().sum(0)
    found = np.array(list(figures(answers, known).values()))
    without = [key for key, share in zip(KEYS, shares, strict=True) if np.isnan(share)]
    assert without == ["auroc", "ece", "ece_mass", "ppv.x", "ppv.y", "ppv.z"]
    kept = ~np.isnan(shares)
    np.testing.assert_allclose(shares[kept], found[kept], atol=1e-12)


def test_calibration_error_by_hand() -> None:
    """Four images surer than they are right: 0.8 with half of them right, and two rightly sure at 0.5 of two."""
    logits = np.log([[0.8, 0.2]] * 4 + [[0.5 + 1e-9, 0.5 - 1e-9]] * 2)
    found = Figures(Answers(logits), Known(np.array([0, 0, 1, 1, 0, 1])))(np.ones((1, 6)))[0]
    expected = (4 * 0.3 + 2 * 0.0) / 6
    assert found[DECISION.index("ece")] == pytest.approx(expected)
    assert found[DECISION.index("ece_mass")] == pytest.approx(expected)


def test_bins() -> None:
    assert even_bins(np.array([0.0, 1 / BINS, 1 / BINS + 1e-9, 1.0])).tolist() == [0, 0, 1, BINS - 1]
    confidence = np.random.default_rng(6).random(30 * BINS)
    sizes = np.bincount(mass_bins(confidence, np.ones(30 * BINS, bool)), minlength=BINS)
    assert set(sizes.tolist()) <= {29, 30, 31}
    assert len(set(mass_bins(np.full(9, 0.7), np.ones(9, bool)).tolist())) == 1


def test_unknown_truth_is_left_out() -> None:
    answers, known = drawn(7)
    some = np.arange(len(known.classes)) % 3 == 0
    found = figures(answers, Known(np.where(some, -1, known.classes), known.groups, known.options))
    rows = np.flatnonzero(~some)
    kept = Figures(Answers(answers.logits[rows]), Known(known.classes[rows]))(np.ones((1, len(rows))))[0]
    np.testing.assert_allclose([found[key] for key in DECISION[:-1]], kept[: len(DECISION) - 1])
    none = figures(answers, Known(np.full(len(some), -1), known.groups, known.options))
    assert all(np.isnan(none[key]) for key in DECISION[:-1])
    assert not np.isnan(none["concept_bmac"])


def test_a_certain_error_has_a_finite_likelihood() -> None:
    found = Figures(Answers(np.array([[1000.0, 0.0]])), Known(np.array([1])))(np.ones((1, 1)))[0]
    assert found[DECISION.index("nll")] == pytest.approx(1000.0)
    assert np.isnan(found[DECISION.index("auroc")])


def test_other_images_are_refused() -> None:
    with pytest.raises(ValueError, match="truth of 3 images"):
        Figures(Answers(np.zeros((3, 2))), Known(np.zeros(4, np.int64)))
