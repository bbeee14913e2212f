"""Silhouettes by hand, and codes that are kept apart or are not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from models.diagnose.embedding import embed
from models.diagnose.nearest import TokenSample
from models.diagnose.settings import DiagnoseSettings
from models.experiments.codebook_map.figures import codebook_map
from models.experiments.codebook_map.measures import effective_rank, measure_codebook_map, silhouettes
from models.experiments.codebook_map.tokens import Tokens


def test_silhouettes_by_hand() -> None:
    values = np.array([[0.0], [1.0], [10.0]])
    found = silhouettes(cdist(values, values), np.array([0, 0, 1]))
    assert found == pytest.approx([(10 - 1) / 10, (9 - 1) / 9, 0])


def test_silhouettes_do_not_hang_on_the_numbers_of_groups() -> None:
    values = np.random.default_rng(0).random((30, 3))
    labels = np.random.default_rng(1).integers(0, 3, 30)
    distances = cdist(values, values)
    assert silhouettes(distances, labels) == pytest.approx(silhouettes(distances, np.array([7, 2, 90])[labels]))


def test_one_group_has_no_silhouette() -> None:
    assert silhouettes(np.zeros((3, 3)), np.zeros(3, np.int64)) is None


def test_effective_rank() -> None:
    assert effective_rank(np.zeros((3, 4))) == 0
    assert effective_rank(np.diag([1.0, 1.0, 1.0])) == 3
    assert effective_rank(np.diag([10.0, 0.5, 0.0])) == 1


def tokens(values: np.ndarray, codebook: np.ndarray, images: int = 20) -> Tokens:
    """Tokens (T, D), evenly from so many images."""
    patches = len(values) // images
    sample = TokenSample(images, patches, len(values), np.random.default_rng(0))
    codes = cdist(values, codebook).argmin(1)
    sample.add_all(values.astype(np.float32), codes)
    return Tokens(sample, sample.rows, codebook.astype(np.float32))


def placed(given: Tokens, umap: bool = False) -> list:
    return embed(given.sample, given.codebook, DiagnoseSettings(umap=umap, embedded_tokens=len(given.sample.tokens)))


def test_islands_are_told_from_a_cloud() -> None:
    stream = np.random.default_rng(0)
    centres = 20 * np.eye(4, 8)
    islands = tokens(centres[np.arange(200) % 4] + stream.standard_normal((200, 8)), centres)
    cloud = stream.standard_normal((200, 8))
    shapeless = tokens(cloud, cloud[:4])
    apart = measure_codebook_map(islands, placed(islands), resamples=100, seed=0)
    mixed = measure_codebook_map(shapeless, placed(shapeless), resamples=100, seed=0)
    assert apart.silhouette.low > 0.7
    assert apart.silhouette.n == 20
    assert apart.silhouette_kmeans == pytest.approx(apart.silhouette.value)
    assert apart.silhouette.value > apart.silhouette_chance[1]
    assert apart.separation > 5
    assert (apart.rank, apart.used, apart.codes) == (3, 4, 4)
    assert mixed.silhouette.value < 0.2
    assert mixed.silhouette.value < mixed.silhouette_chance[2] + 0.05
    assert apart.silhouette_umap is None


def test_a_single_code_is_said_to_be_single() -> None:
    values = np.random.default_rng(0).standard_normal((40, 4))
    given = tokens(values, np.zeros((1, 4)))
    found = measure_codebook_map(given, placed(given), resamples=100, seed=0)
    assert found.silhouette.value is None
    assert (found.separation, found.cosine, found.silhouette_chance) == (None, None, None)
    assert found.to_json()["silhouette"]["value"] is None


@pytest.mark.parametrize("count", [3, 20], ids=["named", "many"])
def test_the_figure_has_a_panel_for_each_method(count: int) -> None:
    stream = np.random.default_rng(0)
    given = tokens(stream.standard_normal((60, 5)), stream.standard_normal((count, 5)))
    figure = codebook_map(placed(given), [f"code {index}" for index in range(count)], "m")
    assert [axes.name for axes in figure.axes] == ["3d"]
    assert "of the variance" in figure.axes[0].get_title()
