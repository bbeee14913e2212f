"""Agreement, held to published examples and to the libraries that define it."""

from __future__ import annotations

import math
import warnings

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa

from backend.study_results.statistics import alpha as alpha_module
from backend.study_results.statistics.ac2 import Weighting, ac2, agreement_weights
from backend.study_results.statistics.alpha import Level, alpha, counts_of
from backend.study_results.statistics.bootstrap import Resampler
from backend.study_results.statistics.icc import icc_a1
from backend.study_results.statistics.kappa import kappa

NAN = math.nan

# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), example C: four observers, twelve units. Gwet's
# data of four raters (Handbook of Inter-Rater Reliability, 2014, table 2.10; ``raw_4raters`` of irrCAC) are the same.
FOUR_RATERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
)
# Three readers, eight items, nobody chose the highest of five categories.
THREE_RATERS = np.array(
    [[4, 4, 4, NAN, 4, 4, 2, 2], [NAN, 4, 4, NAN, 4, 4, 1, 1], [4, 4, 4, 3, 4, 4, 2, 1]], dtype=np.float64
)


def own_images(ratings: np.ndarray) -> np.ndarray:
    """One image an item."""
    return np.arange(ratings.shape[1])


@pytest.mark.parametrize(("level", "wanted"), [("nominal", 0.743), ("ordinal", 0.815)])
def test_alpha_of_krippendorffs_example(level: Level, wanted: float) -> None:
    found = alpha(FOUR_RATERS - 1, own_images(FOUR_RATERS), 5, level, Resampler(500, 0))
    assert found.value == pytest.approx(wanted, abs=5e-4)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high <= 1


@pytest.mark.parametrize("level", ["nominal", "ordinal"])
def test_every_resample_is_the_alpha_of_the_images_drawn(level: Level) -> None:
    """Against the package, image by image, with two items of an image kept together."""
    ratings = np.random.default_rng(3).integers(0, 5, (3, 10)).astype(np.float64)
    ratings[0, 2] = ratings[1, 7] = NAN
    images = np.array([0, 0, 1, 1, 2, 3, 4, 5, 5, 5])
    resampler = Resampler(40, 1)
    of_level = alpha_module._nominal if level == "nominal" else alpha_module._ordinal
    found = of_level(counts_of(ratings, 5), images, resampler)
    for weights, value in zip(resampler.weights(6), found, strict=True):
        items = np.concatenate([np.tile(np.flatnonzero(images == image), int(weights[image])) for image in range(6)])
        wanted = krippendorff.alpha(
            reliability_data=ratings[:, items], level_of_measurement=level, value_domain=list(range(5))
        )
        assert value == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize(
    ("weighting", "value", "low"),
    [
        ("identity", 0.7754440681, 0.4608133481),
        ("quadratic", 0.9140007236, 0.6851813659),
        ("ordinal", 0.8989397699, 0.6636467004),
    ],
)
def test_ac2_of_gwets_example(weighting: Weighting, value: float, low: float) -> None:
    """Values of irrCAC 0.4.4; Gwet prints 0.775 for AC1."""
    found = ac2(FOUR_RATERS - 1, own_images(FOUR_RATERS), 5, weighting)
    assert found.value == pytest.approx(value, abs=1e-9)
    assert found.low == pytest.approx(low, abs=1e-9)
    assert found.high == 1


@pytest.mark.parametrize(
    ("weighting", "value", "low"),
    [
        ("identity", 0.7783549784, 0.3250389451),
        ("quadratic", 0.9748130657, 0.630237036),
        ("ordinal", 0.9614225437, 0.6113687845),
    ],
)
def test_ac2_with_a_category_that_nobody_chose_and_an_item_of_one_rating(
    weighting: Weighting, value: float, low: float
) -> None:
    """Values of irrCAC 0.4.4 with ``categories=[1, 2, 3, 4, 5]``."""
    found = ac2(THREE_RATERS - 1, own_images(THREE_RATERS), 5, weighting)
    assert found.value == pytest.approx(value, abs=1e-9)
    assert found.low == pytest.approx(low, abs=1e-9)


def test_ordinal_weights_are_gwets() -> None:
    assert agreement_weights(5, "ordinal")[0].tolist() == pytest.approx([1, 0.9, 0.7, 0.4, 0])
    assert agreement_weights(5, "quadratic")[0].tolist() == pytest.approx([1, 15 / 16, 12 / 16, 7 / 16, 0])


def pairs_of(table: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Two raters' categories from their table of counts."""
    cells = [(row, column) for row, line in enumerate(table) for column, count in enumerate(line) for _ in range(count)]
    one, other = zip(*cells, strict=True)
    return np.array(one, dtype=np.float64), np.array(other, dtype=np.float64)


def test_kappa_of_cohens_example() -> None:
    """Cohen, "Weighted kappa" (1968), table 1: two hundred patients, three diagnoses, unweighted kappa 0.492."""
    one, other = pairs_of([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    assert kappa(one, other, np.arange(200), 3, weighted=False).value == pytest.approx(0.492, abs=5e-4)


def test_kappa_of_fleiss_example() -> None:
    """Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions (2003), table 18.1: kappa 0.68."""
    one, other = pairs_of([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
    found = kappa(one, other, np.arange(100), 3, weighted=False)
    assert found.value == pytest.approx(0.676, abs=5e-4)
    assert found.low is not None
    assert found.high is not None
    # Large-sample standard error 0.0877; 99 degrees of freedom, 1.984 standard errors.
    assert (found.high - found.low) / 2 == pytest.approx(1.984 * 0.0877 * math.sqrt(100 / 99), abs=5e-4)


ratings_of_two = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=40)


@given(ratings_of_two, st.booleans())
def test_kappa_is_that_of_scikit_learn(pairs: list[tuple[int, int]], weighted: bool) -> None:
    one, other = (np.array(each, dtype=np.float64) for each in zip(*pairs, strict=True))
    found = kappa(one, other, np.arange(len(pairs)), 5, weighted)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = cohen_kappa_score(one, other, labels=range(5), weights="quadratic" if weighted else None)
    if math.isnan(wanted):
        assert found.value is None
        assert found.note
    else:
        assert found.value == pytest.approx(wanted, abs=1e-9)


@given(ratings_of_two)
def test_quadratic_kappa_is_made_of_means_and_variances(pairs: list[tuple[int, int]]) -> None:
    """Fleiss and Cohen (1973): twice the covariance over the variances and the squared distance of the means."""
    one, other = (np.array(each, dtype=np.float64) for each in zip(*pairs, strict=True))
    below = one.var() + other.var() + (one.mean() - other.mean()) ** 2
    found = kappa(one, other, np.arange(len(pairs)), 5, weighted=True)
    if below == 0:
        assert found.value is None
    else:
        wanted = 2 * ((one - one.mean()) * (other - other.mean())).mean() / below
        assert found.value == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("weighted", [True, False])
def test_error_of_kappa_is_that_of_statsmodels_where_images_have_one_item(weighted: bool) -> None:
    random = np.random.default_rng(5)
    one = random.integers(0, 5, 60).astype(np.float64)
    other = np.clip(one + random.integers(-1, 2, 60), 0, 4)
    table = np.zeros((5, 5))
    np.add.at(table, (one.astype(int), other.astype(int)), 1)
    error = cohens_kappa(table, wt="quadratic" if weighted else None).std_kappa
    found = kappa(one, other, np.arange(60), 5, weighted)
    assert found.low is not None
    assert found.high is not None
    # Student's t with 59 degrees of freedom, and 60/59 for the variance.
    assert (found.high - found.low) / 2 == pytest.approx(2.000995 * error * math.sqrt(60 / 59), rel=1e-5)


def test_items_of_one_image_widen_the_interval() -> None:
    """Every item three times, under the same image: no more is known than from once."""
    random = np.random.default_rng(2)
    one = random.integers(0, 5, 30).astype(np.float64)
    other = np.clip(one + random.integers(-1, 2, 30), 0, 4)
    ratings, images = np.stack([one, other]), np.arange(30)
    once = kappa(one, other, images, 5, weighted=True)
    thrice = kappa(np.tile(one, 3), np.tile(other, 3), np.tile(images, 3), 5, weighted=True)
    assert thrice[:3] == pytest.approx(once[:3])
    assert ac2(np.tile(ratings, 3), np.tile(images, 3), 5)[:3] == pytest.approx(ac2(ratings, images, 5)[:3])


def test_icc_of_shrout_and_fleiss() -> None:
    """Shrout and Fleiss (1979), table 2: ICC(2,1) 0.29, interval from 0.02 to 0.76."""
    ratings = np.array([[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]], dtype=float)
    found = icc_a1(ratings)
    assert found.value == pytest.approx(0.29, abs=5e-3)
    assert found.low == pytest.approx(0.019, abs=5e-4)
    assert found.high == pytest.approx(0.761, abs=5e-4)


def test_icc_uses_items_that_all_rated() -> None:
    ratings = np.random.default_rng(1).integers(1, 6, (3, 9)).astype(np.float64)
    whole = icc_a1(ratings[:, :8])
    ratings[1, 8] = NAN
    assert icc_a1(ratings) == whole
    ratings[1, :4] = NAN
    too_few = icc_a1(ratings)
    assert too_few.value is None
    assert "Items that all 3 readers rated: 4; it takes 5" in str(too_few.note)


ratings_of_many = st.integers(2, 4).flatmap(
    lambda readers: st.lists(
        st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=readers, max_size=readers), min_size=1, max_size=12
    )
)


@given(ratings_of_many, st.randoms(use_true_random=False))
def test_who_is_called_first_does_not_matter(rows: list[list[int | None]], random) -> None:
    ratings = np.array([[NAN if cell is None else cell for cell in row] for row in rows], dtype=np.float64).T
    shuffled = ratings[random.sample(range(len(ratings)), len(ratings))]
    images = own_images(ratings)
    for level in ("nominal", "ordinal"):
        values = [alpha(each, images, 5, level, Resampler(20, 0)) for each in (ratings, shuffled)]
        assert values[0][:3] == pytest.approx(values[1][:3], nan_ok=False)
    assert ac2(ratings, images, 5)[:3] == pytest.approx(ac2(shuffled, images, 5)[:3])
    assert icc_a1(ratings)[:3] == pytest.approx(icc_a1(shuffled)[:3], abs=1e-6)


@given(st.lists(st.integers(0, 4), min_size=5, max_size=15).filter(lambda row: len(set(row)) > 1))
def test_a_reader_and_their_double_agree_wholly(row: list[int]) -> None:
    ratings = np.array([row, row], dtype=np.float64)
    images = own_images(ratings)
    assert alpha(ratings, images, 5, "ordinal", Resampler(20, 0)).value == pytest.approx(1)
    assert alpha(ratings, images, 5, "nominal", Resampler(20, 0)).value == pytest.approx(1)
    assert ac2(ratings, images, 5).value == pytest.approx(1)
    assert kappa(ratings[0], ratings[1], images, 5, weighted=True).value == pytest.approx(1)
    assert icc_a1(ratings).value == pytest.approx(1)


def test_what_cannot_be_told_is_said() -> None:
    alone, same = np.array([[1.0, 2, 3]]), np.full((2, 6), 3.0)
    assert "second reader" in str(alpha(alone, own_images(alone), 5, "ordinal", Resampler(20, 0)).note)
    assert "second reader" in str(ac2(alone, own_images(alone), 5).note)
    assert "second reader" in str(icc_a1(alone).note)
    assert "All answers are the same" in str(alpha(same, own_images(same), 5, "ordinal", Resampler(20, 0)).note)
    assert "All answers are the same" in str(kappa(same[0], same[1], own_images(same), 5, weighted=True).note)
    assert "All ratings are the same" in str(icc_a1(same).note)
    # AC2 stands where kappa and alpha fall.
    assert ac2(same, own_images(same), 5).value == 1
    one_image = alpha(FOUR_RATERS - 1, np.zeros(12, dtype=int), 5, "ordinal", Resampler(20, 0))
    assert one_image.value is not None
    assert one_image.low is None
    assert "one image" in str(one_image.note)
