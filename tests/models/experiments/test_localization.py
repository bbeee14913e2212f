"""Maps against masks, on arrays whose answer is known by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.cbm.network import IVQCBM
from models.checkpoint import load_network, read_checkpoint
from models.concepts import load_concept_set
from models.experiments.images import ExperimentImages
from models.experiments.localization.agreement import THRESHOLDS, Agreement
from models.experiments.localization.random_weights import random_network, rank_correlations
from models.experiments.localization.targets import group_maps, priors, targets
from models.experiments.subjects import Pass
from models.train.data import Split
from models.train.metrics import energy_inside, pointing_hits

SIDE = 6
PATCHES = SIDE * SIDE


def at(*patches: tuple[int, int], value: float = 1.0) -> np.ndarray:
    grid = np.zeros((SIDE, SIDE))
    for row, column in patches:
        grid[row, column] = value
    return grid.reshape(-1)


def agreement(maps: np.ndarray, masks: np.ndarray) -> Agreement:
    """Of one group."""
    return Agreement.of(maps[:, None], masks[:, None], np.ones((len(maps), 1), np.bool_))


def test_a_perfect_map_has_all_and_an_empty_one_nothing() -> None:
    mask = at((1, 1), (1, 2), (2, 1), (2, 2))
    one = agreement(np.stack([mask, np.zeros(PATCHES)]), np.stack([mask, mask]))
    assert one.hits[:, 0].tolist() == [1.0, 0.0]
    assert one.energy[:, 0].tolist() == [1.0, 0.0]
    assert np.all(one.overlaps[0] == 1.0)
    assert np.all(one.overlaps[1] == 0.0)


def test_a_half_covered_patch_counts_by_its_area() -> None:
    one = agreement(at((2, 2))[None], at((2, 2), value=0.5)[None])
    assert one.overlaps[0, 0] == pytest.approx(0.5)  # half a patch of the whole one
    assert one.energy[0, 0] == pytest.approx(0.5)


def test_the_threshold_is_one_for_all_images_and_the_best() -> None:
    mask = at((1, 1))
    wide = at((1, 1)) + at((4, 4), value=0.5)  # above half its maximum only the right patch is left
    one = agreement(np.stack([wide, wide]), np.stack([mask, mask]))
    means = one.overlap_means(np.ones((1, 2)))[0, 0]
    assert means[THRESHOLDS <= 0.5].tolist() == pytest.approx([0.5] * 10)
    assert means[THRESHOLDS > 0.5].tolist() == pytest.approx([1.0] * 9)
    assert one.figures(np.ones((1, 2)))[0, 2] == 1.0


def test_equal_maxima_share_the_hit() -> None:
    one = agreement(at((0, 0), (5, 5))[None], at((0, 0))[None])
    assert one.hits[0, 0] == 0.5


def test_without_ties_it_is_the_pointing_game_of_the_training() -> None:
    generator = np.random.default_rng(0)
    maps = generator.random((40, PATCHES))
    masks = (generator.random((40, PATCHES)) < 0.1).astype(np.float64)
    masks[:, 7] = 1.0
    one = agreement(maps, masks)
    square = (40, SIDE, SIDE)
    own, truth = maps.reshape(square).astype(np.float32), masks.reshape(square).astype(np.float32)
    assert np.array_equal(one.hits[:, 0], pointing_hits(own, truth))
    assert one.energy.mean() == pytest.approx(energy_inside(own, truth), rel=1e-5)


def test_means_are_over_groups_that_are_known() -> None:
    mask = at((3, 3))
    maps, masks = np.tile(mask, (2, 3, 1)), np.tile(mask, (2, 3, 1))
    maps[:, 1] = at((0, 0))
    maps[:, 2] = np.nan  # a group without a map
    known = np.array([[True, True, True], [True, False, True]])
    figures = Agreement.of(maps, masks, known).figures(np.array([[1.0, 1.0], [0.0, 1.0]]))
    assert figures[0, :3].tolist() == pytest.approx([1.0, 0.0, np.nan], nan_ok=True)
    assert figures[0, -3] == 0.5
    assert figures[1, -3] == 1.0  # the second image is drawn alone: it knows the first group only


def test_what_does_not_fit_is_refused() -> None:
    mask = at((3, 3))[None, None]
    with pytest.raises(ValueError, match="one shape"):
        Agreement.of(mask, mask, np.ones((2, 1), np.bool_))
    with pytest.raises(ValueError, match="negative"):
        Agreement.of(-mask, mask, np.ones((1, 1), np.bool_))


def images(masks: np.ndarray | None, lesion: np.ndarray | None, options: np.ndarray) -> ExperimentImages:
    count = len(options)
    data = Split(
        np.zeros((count, 8, 8, 3), np.uint8),
        np.zeros(count, np.int64),
        options,
        None if masks is None else masks.astype(np.float32),
        None if lesion is None else lesion.astype(np.float32),
    )
    keys = tuple(str(place) for place in range(count))
    return ExperimentImages("made", True, keys, data, options >= 0, np.arange(count))


def test_groups_have_their_own_masks_or_that_of_the_lesion() -> None:
    concept_set = load_concept_set("busi")
    groups = len(concept_set.groups)
    own = [index for index, group in enumerate(concept_set.groups) if group.localizable]
    masks = np.zeros((2, len(own), SIDE, SIDE))
    masks[0, 0, 1, 1] = 1.0
    lesion = np.zeros((2, SIDE, SIDE))
    lesion[0, 2, 2] = 1.0
    options = np.zeros((2, groups), np.int64)
    truth = targets(images(masks, lesion, options), concept_set)
    assert truth is not None
    orientation = concept_set.group_keys.index("orientation")
    assert truth.sources[orientation] == "lesion"
    assert {truth.sources[place] for place in own} == {"own"}
    assert np.flatnonzero(truth.masks[0, orientation]).tolist() == [2 * SIDE + 2]
    assert np.flatnonzero(truth.masks[0, own[0]]).tolist() == [SIDE + 1]
    assert truth.found.tolist() == [True, False]
    assert targets(images(None, None, options), concept_set) is None
    assert targets(images(None, np.zeros((2, SIDE, SIDE)), options), concept_set) is None
    lent = targets(images(None, lesion, options), concept_set)
    assert lent is not None
    assert set(lent.sources) == {"lesion"}


def test_the_index_map_of_a_group_is_where_its_codes_are() -> None:
    concept_set = load_concept_set("busi")
    options = concept_set.option_count
    index = np.array([[0, 1, 2, 1]])
    scores = np.arange(options, dtype=np.float32)[None]
    gradcam = np.tile(np.arange(options, dtype=np.float32)[None, :, None], (1, 1, 4))
    assignment = np.full((1, 4, concept_set.group_count), 1 / concept_set.group_count, np.float32)
    found = Pass(np.zeros((1, 3), np.float32), scores, index, np.zeros((1, 4), np.float32), assignment, gradcam)
    maps = group_maps(found, ("shape", "echo", None), concept_set)
    assert maps["index"][0, concept_set.group_keys.index("shape")].tolist() == [1, 0, 0, 0]
    assert maps["index"][0, concept_set.group_keys.index("echo")].tolist() == [0, 1, 0, 1]
    assert np.isnan(maps["index"][0, concept_set.group_keys.index("margin")]).all()
    last = [group.stop - 1 for group in concept_set.group_slices]  # the strongest of every group
    assert maps["gradcam"][0, :, 0].tolist() == last


def test_priors_know_the_middle_and_nothing() -> None:
    made = priors(SIDE)
    hill = made["centre"].reshape(SIDE, SIDE)
    assert np.allclose(hill, hill.T)
    assert np.allclose(hill, hill[::-1])
    assert np.flatnonzero(np.isclose(hill, hill.max())).tolist() == [14, 15, 20, 21]
    assert np.ptp(made["even"]) == 0


def test_rank_correlations() -> None:
    up, even = np.arange(9.0), np.ones(9)
    first = np.stack([up, up, up])[None]
    second = np.stack([up**3, -up, even])[None]
    found = rank_correlations(first, second)[0]
    assert found[:2].tolist() == pytest.approx([1.0, -1.0])
    assert np.isnan(found[2])


def test_random_networks_keep_what_they_should(drawn_model: object) -> None:
    checkpoint = read_checkpoint(drawn_model)  # type: ignore[arg-type]
    trained = load_network(checkpoint)
    side = trained.image_size
    generator = np.random.default_rng(0)
    pictures = generator.integers(0, 255, (8, side, side, 3), dtype=np.uint8)
    count = checkpoint.concept_set.group_count
    data = Split(pictures, np.zeros(8, np.int64), np.zeros((8, count), np.int64), None)
    own = ExperimentImages("made", True, tuple("abcdefgh"), data, np.ones((8, count), np.bool_), np.arange(8))

    def same(one: IVQCBM, other: IVQCBM, part: str) -> bool:
        first, second = (dict(network.named_parameters())[part] for network in (one, other))
        return bool((first == second).all())

    head = random_network(checkpoint, trained, own, "head", 1)
    whole = random_network(checkpoint, trained, own, "network", 1)
    encoder = next(name for name, value in trained.named_parameters() if name.startswith("encoder") and value.ndim > 1)
    for part in ("bottleneck.head.weight", "bottleneck.scorer.projection.weight", "bottleneck.magnet.queries"):
        assert not same(head, trained, part)
    assert same(head, trained, encoder)
    assert not same(whole, trained, encoder)
    for network in (head, whole):
        texts = [each.bottleneck.scorer.text_embeddings.numpy() for each in (network, trained)]
        assert np.abs(texts[0] - texts[1]).max() < 1e-6
    again = random_network(checkpoint, trained, own, "head", 1)
    assert same(head, again, "bottleneck.head.weight")
    assert same(head, again, "bottleneck.magnet.queries")
    assert not same(head, random_network(checkpoint, trained, own, "head", 2), "bottleneck.head.weight")
