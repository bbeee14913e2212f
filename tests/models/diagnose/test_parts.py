"""What a diagnosis is computed from, on arrays small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from models.concepts import ConceptSet, Group, Option
from models.concepts.schema import ClassLabel
from models.diagnose.codes import assigned_patches, codes_of_groups
from models.diagnose.contingency import Contingency
from models.diagnose.embedding import NEIGHBOURS, embed, principal_axes
from models.diagnose.images import diagnosed_data
from models.diagnose.localization import LocalizationSums
from models.diagnose.nearest import NearestPatches, TokenSample
from models.diagnose.options import auroc, auroc_interval, margins, readability
from models.diagnose.presence import labelled_options, present_options, shown_options
from models.diagnose.settings import DiagnoseSettings
from models.statistics import phi_coefficients


def _options(*keys: str) -> tuple[Option, ...]:
    return tuple(Option(key=key, text=key, source="none") for key in keys)


@pytest.fixture
def concept_set() -> ConceptSet:
    """A group of two options and a group of one."""
    return ConceptSet(
        name="small",
        version=1,
        title="small",
        modality="none",
        prompt="{group}: {option}",
        classes=(ClassLabel(key="a", name="A"), ClassLabel(key="b", name="B")),
        groups=(
            Group(key="edge", name="edge", localizable=True, options=_options("sharp", "soft")),
            Group(key="veil", name="veil", options=_options("veil")),
        ),
    )


def test_present_and_labelled_options(concept_set: ConceptSet) -> None:
    scores = np.array([[1.0, 2.0, -0.1], [3.0, 2.0, 0.1]], np.float32)
    assert present_options(scores, concept_set).tolist() == [[False, True, False], [True, False, True]]
    options = np.array([[0, -1], [1, 1]])
    assert labelled_options(options, concept_set).tolist() == [[1, 0, -1], [0, 1, 1]]
    # The first image's edge is labelled in the image and counts against the model; the second's only by its class.
    own = np.array([[True, True], [False, True]])
    assert shown_options(scores, options, own, concept_set).tolist() == [[True, False, False], [True, False, True]]


def test_margin_is_the_log_odds_within_the_group(concept_set: ConceptSet) -> None:
    scores = np.array([[1.0, 2.5, -0.7]], np.float32)
    odds = np.exp(scores[0, :2]) / np.exp(scores[0, :2]).sum()
    expected = [np.log(odds[0] / odds[1]), np.log(odds[1] / odds[0]), -0.7]
    assert margins(scores, concept_set)[0] == pytest.approx(expected, abs=1e-6)


def test_auroc_counts_pairs() -> None:
    values, labels = np.array([0.1, 0.4, 0.4, 0.9]), np.array([False, True, False, True])
    assert auroc(values, labels) == pytest.approx((1 + 0.5 + 1 + 1) / 4)
    low, high = auroc_interval(0.5, 50, 50)
    assert 0.5 - low == pytest.approx(high - 0.5)
    assert 0.35 < low < 0.5
    assert auroc_interval(1.0, 5, 5) == (1.0, 1.0)


def test_labels_of_images_and_of_classes_are_told_apart() -> None:
    margin = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
    labels, own = np.array([0, 1, 1, 0, -1]), np.array([True, True, False, False, True])
    found = {entry.source: entry for entry in readability(margin, margin.astype(np.float32), labels, own)}
    assert (found["image"].auroc, found["image"].present, found["image"].absent) == (1.0, 1, 1)
    assert found["class"].auroc == 0.0
    assert readability(margin, margin.astype(np.float32), np.full(5, 1), own) == []


def _maps(stream: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """20 images of 16 patches: code 1 lies in region 0, which is elsewhere in each; region 1 is a fixed half."""
    regions = np.zeros((20, 16, 2), np.bool_)
    regions[:, :8, 1] = True
    index_map = np.zeros((20, 16), np.int64)
    for image in range(20):
        start = stream.integers(0, 13)
        regions[image, start : start + 4, 0] = True
        index_map[image, start : start + 4] = 1
    return index_map, regions


def test_association_over_all_batches_is_that_over_the_whole() -> None:
    index_map, regions = _maps(np.random.default_rng(0))
    counted = Contingency(3, 2, np.arange(20))
    for begin in range(0, 20, 7):
        counted.add(begin, index_map[begin : begin + 7], regions[begin : begin + 7])
    assert counted.phi() == pytest.approx(phi_coefficients(index_map, regions, 3))
    assert counted.phi()[1, 0] == pytest.approx(1.0)
    assert not counted.phi()[2].any()


def test_permutation_tells_what_images_share_from_what_goes_together() -> None:
    index_map, regions = _maps(np.random.default_rng(0))
    index_map[:, :8] = np.where(index_map[:, :8] == 0, 2, index_map[:, :8])  # code 2 fills region 1 in every image
    index_map[:, :8] = np.where(index_map[:, :8] == 1, 1, 2)
    counted = Contingency(3, 2, np.arange(20))
    counted.add(0, index_map, regions)
    chance = counted.chance(99, np.random.default_rng(1))
    assert chance[1, 0] == pytest.approx(0.01)
    # The fixed half is the same in every image, so laying it over another image changes nothing: no evidence at all.
    assert counted.phi()[2, 1] > 0.5
    assert chance[2, 1] == 1.0
    assert np.array_equal(chance, counted.chance(99, np.random.default_rng(1)))


def test_prototype_assignment_by_hand(concept_set: ConceptSet) -> None:
    phi = np.array([[0.5, 0.2], [0.4, 0.6], [0.1, 0.2], [0.9, 0.0]])
    owner = codes_of_groups(phi, np.array([True, True, True, False]), floor=0.3)
    assert owner.tolist() == [0, 1, -1, -1]  # under the floor, and never used
    counts = np.array([[5, 3, 2, 0], [1, 4, 5, 0]])
    present = np.array([[True, False, False], [False, True, True]])
    by_group, by_option = assigned_patches(counts, owner, present, concept_set)
    assert by_group.tolist() == [6, 7]
    assert by_option.tolist() == [5, 1, 4]


def test_nearest_patches_are_of_different_images() -> None:
    stream = np.random.default_rng(0)
    distances = stream.random((9, 6, 2)).astype(np.float32)
    kept = NearestPatches(2, 4)
    for begin in range(0, 9, 4):
        kept.add(begin, distances[begin : begin + 4])
    for code in range(2):
        rows = np.argsort(distances[:, :, code].min(1))[:4]
        assert [patch.row for patch in kept.of(code)] == rows.tolist()
        assert [patch.patch for patch in kept.of(code)] == distances[rows, :, code].argmin(1).tolist()
        assert kept.of(code)[0].distance == pytest.approx(distances[:, :, code].min())


def test_sampled_tokens_are_those_of_their_rows() -> None:
    tokens = np.arange(10 * 4 * 3, dtype=np.float32).reshape(10, 4, 3)
    index_map = np.arange(40).reshape(10, 4)
    sample = TokenSample(10, 4, 15, np.random.default_rng(2))
    for begin in range(0, 10, 3):
        sample.add(begin, tokens[begin : begin + 3], index_map[begin : begin + 3])
    assert 0 < len(sample.tokens) <= 15
    assert np.array_equal(sample.tokens, tokens[sample.rows, sample.patch])
    assert np.array_equal(sample.codes, index_map[sample.rows, sample.patch])
    assert len(TokenSample(2, 4, 100, np.random.default_rng(2)).places) == 8


LINEAR = DiagnoseSettings(umap=False)


def _sample(tokens: NDArray[np.float32]) -> TokenSample:
    """All tokens of one image."""
    sample = TokenSample(1, len(tokens), len(tokens), np.random.default_rng(0))
    sample.add(0, tokens[None], np.zeros((1, len(tokens)), np.int64))
    return sample


def test_principal_axes_of_a_flat_cloud() -> None:
    stream = np.random.default_rng(0)
    plane = stream.normal(size=(200, 2)) * [5.0, 1.0]
    tokens = np.concatenate([-plane[:, :1], plane[:, 1:], np.full((200, 2), 3.0)], 1).astype(np.float32)
    mean, axes, shares = principal_axes(tokens)
    assert mean[2:] == pytest.approx([3.0, 3.0])
    assert axes[0] == pytest.approx([1.0, 0.0, 0.0, 0.0], abs=0.05)
    assert shares[0] > 0.9
    assert shares[2] == 0
    assert not axes[2].any()
    (placed,) = embed(_sample(tokens), tokens[:2], LINEAR)
    assert placed.codes == [point.place for point in placed.tokens[:2]]  # a code on a token lies on its point


def _clouds(width: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Three clouds of 20 tokens far apart, and their centres."""
    stream = np.random.default_rng(0)
    centres = stream.normal(size=(3, width)) * 20
    return (np.repeat(centres, 20, 0) + stream.normal(size=(60, width))).astype(np.float32), centres.astype(np.float32)


@pytest.mark.slow
@pytest.mark.parametrize("width", [8, 2])  # two channels have no third axis to start from
def test_neighbours_stay_together_by_umap(width: int) -> None:
    tokens, centres = _clouds(width)
    first, second = (embed(_sample(tokens), centres, DiagnoseSettings(seed=4)) for _ in range(2))
    linear, placed = first
    assert (linear.method, placed.method, placed.explained) == ("pca", "umap", None)
    assert first == second
    assert embed(_sample(tokens), centres, DiagnoseSettings(seed=5))[1].codes != placed.codes
    places = np.array([point.place for point in placed.tokens])
    together = np.concatenate([places, placed.codes])
    assert np.abs(together).max() == pytest.approx(1.0)
    assert together.max(0) == pytest.approx(-together.min(0), abs=1e-4)
    nearest = np.linalg.norm(places[:, None] - np.array(placed.codes), axis=-1).argmin(1)
    assert nearest.tolist() == np.repeat([0, 1, 2], 20).tolist()


@pytest.mark.parametrize("tokens", [np.eye(NEIGHBOURS, 20), np.ones((40, 20))], ids=["too few", "all the same"])
def test_no_umap_of_what_has_no_neighbours(tokens: NDArray[np.float64]) -> None:
    found = embed(_sample(tokens.astype(np.float32)), np.zeros((2, 20), np.float32), DiagnoseSettings())
    assert [embedding.method for embedding in found] == ["pca"]


def test_an_even_map_is_as_concentrated_as_its_shuffle() -> None:
    sums = LocalizationSums(2, 5)
    maps = torch.zeros(1, 2, 25)
    maps[0, 0] = 2.0
    maps[0, 1, 12] = 7.0
    sums.add(maps, np.ones((1, 2), np.bool_), None)
    even, point = sums.result(0), sums.result(1)
    assert even.peak == pytest.approx(1.0)
    assert even.energy == pytest.approx(1.0)
    assert point.peak == pytest.approx(25.0)
    assert point.concentration == pytest.approx(1.0)
    assert point.shuffled == pytest.approx(1.0)
    assert point.pointing is None


def test_shuffled_concentration_is_the_mean_over_shuffles() -> None:
    stream = np.random.default_rng(0)
    values = stream.random(49)

    def measured(map_: NDArray[np.float64]) -> tuple[float, float]:
        sums = LocalizationSums(1, 7)
        sums.add(torch.tensor(map_)[None, None], np.ones((1, 1), np.bool_), None)
        found = sums.result(0)
        return float(found.concentration), float(found.shuffled)

    drawn = [measured(stream.permutation(values)) for _ in range(800)]
    assert np.ptp([expected for _, expected in drawn]) < 1e-9
    assert np.mean([seen for seen, _ in drawn]) == pytest.approx(drawn[0][1], abs=0.01)


def test_pointing_with_maps_of_other_images_counts_pairs() -> None:
    stream = np.random.default_rng(3)
    places = stream.integers(0, 49, 6)
    maps = torch.zeros(6, 1, 49)
    maps[torch.arange(6), 0, torch.from_numpy(places)] = 1.0
    masks = np.zeros((6, 1, 7, 7), np.float32)
    for image, place in enumerate(places):
        masks[image, 0, place // 7, place % 7] = 1.0
    masks[5] = 0  # without a mask: asked nothing
    sums = LocalizationSums(1, 7)
    sums.add(maps[:2], np.ones((2, 1), np.bool_), masks[:2])
    sums.add(maps[2:], np.ones((4, 1), np.bool_), masks[2:])
    found = sums.result(0)
    near = [
        abs(places[one] // 7 - places[two] // 7) <= 1 and abs(places[one] % 7 - places[two] % 7) <= 1
        for one in range(5)
        for two in range(5)
        if one != two
    ]
    assert (found.pointing, found.masks, found.images) == (1.0, 5, 6)
    assert found.pointing_others == pytest.approx(np.mean(near))


def test_absent_options_and_empty_maps_do_not_count() -> None:
    sums = LocalizationSums(2, 3)
    sums.add(torch.zeros(2, 2, 9), np.array([[True, False], [True, False]]), np.ones((2, 2, 3, 3), np.float32))
    assert (sums.result(0).images, sums.result(0).empty) == (0, 2)
    assert (sums.result(1).images, sums.result(1).empty, sums.result(1).masks) == (0, 0, 0)
    with pytest.raises(ValueError, match=r"expected maps \(B, 2, 9\), got \(1, 2, 16\)"):
        sums.add(torch.zeros(1, 2, 16), np.ones((1, 2), np.bool_), None)


def test_what_is_read_or_drawn(tmp_path: Path) -> None:
    drawn = diagnosed_data("synthetic-dermoscopy", 70)
    assert (drawn.kind, drawn.train, drawn.validation, drawn.test) == ("procedural", 70, 70, 70)
    assert diagnosed_data(tmp_path, 70).folder == tmp_path
