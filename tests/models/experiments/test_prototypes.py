"""Corrected p-values, associations and ranks by hand, and the whole on codes whose use is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.experiments.prototypes.figures import codes, options
from models.experiments.prototypes.measures import holm, measure_prototypes, phi_of, rank
from models.experiments.settings import AnalysisConfig
from models.experiments.subjects import Subject, subjects
from models.experiments.surroundings import Surroundings
from models.statistics import phi_coefficients
from tests.support.checkpoints import drawn_here

STREAM = np.random.default_rng(0)


@pytest.fixture(scope="module")
def subject(drawn_model: Path) -> Subject:
    config = AnalysisConfig(models=("m",), dataset="synthetic-dermoscopy", drawn=64, resamples=100)
    with drawn_here():
        return next(subjects(config, Surroundings(lambda _: drawn_model, str)))


def test_holm_by_hand() -> None:
    found = holm(np.array([[0.01, 0.04], [0.03, 0.005]]))
    assert found == pytest.approx(np.array([[0.03, 0.06], [0.06, 0.02]]))
    assert holm(np.array([0.6, 0.7])).tolist() == [1.0, 1.0]


def test_phi_with_weights_is_phi_of_the_images_drawn() -> None:
    index_map, regions = STREAM.integers(0, 3, (6, 16)), STREAM.random((6, 16, 2)) < 0.4
    both = np.stack(
        [
            [np.bincount(one[inside[:, g]], minlength=3) for g in range(2)]
            for one, inside in zip(index_map, regions, strict=True)
        ]
    ).transpose(0, 2, 1)
    counts = np.stack([np.bincount(one, minlength=3) for one in index_map])
    weights = np.array([[1, 1, 1, 1, 1, 1], [0, 2, 1, 0, 3, 0]], np.float64)
    found = phi_of(weights, both.astype(float), counts.astype(float), regions.sum(1).astype(float), 16)
    for row, drawn in zip(found, weights, strict=True):
        rows = np.repeat(np.arange(6), drawn.astype(int))
        assert row.reshape(3, 2) == pytest.approx(phi_coefficients(index_map[rows], regions[rows], 3))


def test_ranks_by_hand() -> None:
    found = rank([(1, 10.0), (2, 20.0), (3, 30.0), (4, 40.0), (5, 50.0), (6, 60.0), (9, None)], 0)
    assert found is not None
    assert found.rho == pytest.approx(1.0)
    assert found.n == 6
    assert found.p == pytest.approx(2 / 720, abs=0.002)
    assert rank([(1, 1.0)] * 4, 0) is None
    assert rank([(1, 1.0)] * 9, 0) is None


def used(subject: Subject, index_map: Any) -> Subject:
    """The subject with other nearest codes."""
    return replace(subject, found=replace(subject.found, index_map=index_map))


def test_one_code_for_all_patches(subject: Subject) -> None:
    found = measure_prototypes(
        used(subject, np.zeros_like(subject.found.index_map)), permutations=19, resamples=100, seed=0
    )
    first, *others = found.codes
    assert (first.share.value, first.ratio) == (1.0, 7.0)
    assert not first.dormant
    assert all(one.dormant and one.patches == 0 and one.group is None for one in others)
    assert found.perplexity.value == pytest.approx(1)
    assert all(one.dormant == "no code is counted to it" for one in found.groups)
    assert sum(one.assigned for one in found.options) == 0


def test_codes_evenly_used(subject: Subject) -> None:
    even = np.arange(subject.found.index_map.size).reshape(subject.found.index_map.shape) % 7
    found = measure_prototypes(used(subject, even), permutations=19, resamples=100, seed=0)
    assert found.perplexity.value == pytest.approx(7, abs=0.01)
    assert found.dormant_codes == []
    assert sum(one.patches for one in found.codes) == found.patches == subject.found.index_map.size


def test_a_code_on_a_groups_region_is_counted_to_it(subject: Subject) -> None:
    """Code 3 wherever group 2 has the Magnet, which is elsewhere in every image; code 0 in all other patches."""
    stream = np.random.default_rng(1)
    count, patches = subject.found.index_map.shape
    inside = stream.random((count, patches)) < 0.3
    assignment = np.full(subject.found.assignment.shape, 0.05, np.float32)
    assignment[..., 2] = np.where(inside, 0.7, 0.05)
    found = replace(subject.found, index_map=np.where(inside, 3, 0), assignment=assignment)
    result = measure_prototypes(replace(subject, found=found), permutations=199, resamples=100, seed=0)
    group = subject.checkpoint.concept_set.group_keys[2]
    code = result.codes[3]
    assert code.group == group
    assert code.best.phi.value == pytest.approx(1)
    assert code.best.p == pytest.approx(1 / 200)
    assert code.best.p_holm == pytest.approx(49 / 200)
    assert result.groups[2].assigned == inside.sum()
    assert result.groups[2].ratio.value == pytest.approx(inside.mean() * 7)
    own = [one for one in result.options if one.id.startswith(f"{group}.")]
    assert sum(one.assigned for one in own) == inside.sum()


def test_labels_of_single_images_are_held_against_patches(subject: Subject) -> None:
    found = measure_prototypes(subject, permutations=19, resamples=100, seed=0)
    told = [one for one in found.options if one.auroc is not None]
    assert told
    assert all(20 <= one.labelled <= 44 for one in told)
    assert found.own_masks is True
    for drawing in (codes(found, "m"), options(found, "m")):
        assert drawing.axes
