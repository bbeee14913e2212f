"""Score statistics, code associations and familiarity on numbers small enough to check by hand."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from models.statistics import (
    ValidationStatistics,
    code_associations,
    familiarity_quantiles,
    option_means,
    phi_coefficients,
    score_statistics,
)


def _statistics(**changes: object) -> ValidationStatistics:
    values: dict[str, object] = {
        "images": 4,
        "class_means": [[1.0], None],
        "means": [1.0],
        "deviations": [0.5],
        "ranges": [(0.0, 2.0)],
        "codes": [],
        "association_source": "masks",
        "familiarity": [1.0, 2.0, 4.0],
    }
    return ValidationStatistics.model_validate({**values, **changes})


def test_class_means_and_a_class_without_images() -> None:
    scores = np.array([[1.0, 0.0], [3.0, 0.0], [5.0, 2.0]], np.float32)
    found = score_statistics(scores, np.array([0, 0, 2]), 3)
    assert found["class_means"] == [[2.0, 0.0], None, [5.0, 2.0]]
    assert found["means"] == pytest.approx([3.0, 2 / 3])


def test_option_means_are_those_of_the_images_that_have_the_option() -> None:
    scores = np.array([[1.0, 0.0, 5.0], [3.0, 2.0, 7.0], [9.0, 9.0, 9.0]], np.float32)
    options = np.array([[0, 1], [0, 0], [-1, -1]])
    found = option_means(scores, options, (slice(0, 2), slice(2, 3)))
    assert found == [[2.0, 1.0], None, [5.0]]
    with pytest.raises(ValidationError, match="option_means"):
        _statistics(option_means=[[1.0], [1.0]])


def test_phi_is_one_for_a_code_that_is_a_region_and_minus_one_for_its_complement() -> None:
    index_map = np.array([[0, 0, 1, 1]])
    regions = np.array([[[True], [True], [False], [False]]])
    assert phi_coefficients(index_map, regions, 3).tolist() == [[1.0], [-1.0], [0.0]]


def test_phi_equals_the_correlation_coefficient() -> None:
    rng = np.random.default_rng(0)
    index_map = rng.integers(0, 3, (5, 16))
    regions = rng.random((5, 16, 2)) < 0.4
    expected = np.corrcoef((index_map == 1).ravel(), regions[..., 0].ravel())[0, 1]
    assert phi_coefficients(index_map, regions, 3)[1, 0] == pytest.approx(expected)


def test_codes_are_named_only_where_the_association_reaches_the_floor() -> None:
    index_map = np.array([[0, 0, 1, 1]] * 4)
    strong = np.array([[[True], [True], [False], [False]]] * 4)
    codes = code_associations(index_map, strong, ("border",), 3)
    assert (codes[0].group_key, codes[0].association, codes[0].share) == ("border", 1.0, 0.5)
    assert codes[1].group_key is None
    assert codes[1].association == -1.0
    assert codes[2].association is None
    assert codes[2].share == 0.0


def test_percentile_interpolates_and_is_clamped() -> None:
    statistics = _statistics()
    assert [statistics.percentile(value) for value in (0.0, 1.0, 3.0, 99.0)] == [0.0, 0.0, 75.0, 100.0]


def test_quantiles_ascend() -> None:
    quantiles = familiarity_quantiles(np.random.default_rng(0).random(50).astype(np.float32))
    assert quantiles == sorted(quantiles)
    assert len(quantiles) > 100


@pytest.mark.parametrize(
    "changes",
    [{"deviations": []}, {"class_means": [[1.0, 2.0]]}, {"familiarity": [2.0, 1.0]}, {"familiarity": [1.0]}],
)
def test_inconsistent_files_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        _statistics(**changes)
