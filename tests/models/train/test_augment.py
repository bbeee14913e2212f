"""Augmentation: what moves takes its masks along, and each modality gets what its labels survive."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from models.concepts import load_concept_set
from models.train.augment import POLICIES, augment, choose_policy, policy_for
from models.train.settings import Augmentation

SIDE, GRID = 224, 14
ALL = Augmentation(symmetries="all", crop=0.5, stretch=0.3, rotation=20, gain=0.2, offset=0.05, tint=0.1, gamma=0.2)


def _smooth(stream: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """An image that shows its own mask: a soft blob, and the same averaged over patches."""
    centre, radius = stream.uniform(50, 174, 2), stream.uniform(30, 60)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    blob = np.exp(-((rows - centre[0]) ** 2 + (columns - centre[1]) ** 2) / radius**2)
    image = np.repeat(np.rint(255 * blob).astype(np.uint8)[..., None], 3, 2)
    mask = cv2.resize(blob.astype(np.float32), (GRID, GRID), interpolation=cv2.INTER_AREA)
    return image, mask[None]


def _centre(mask: np.ndarray) -> np.ndarray:
    """Centre of mass in patches."""
    places = np.mgrid[:GRID, :GRID]
    return np.asarray((places * mask).sum((1, 2)) / mask.sum())


@pytest.mark.parametrize(
    "policy",
    [
        Augmentation(symmetries="all"),
        Augmentation(symmetries="horizontal"),
        Augmentation(crop=0.5),
        Augmentation(rotation=30),
        Augmentation(symmetries="all", crop=0.6, stretch=0.4, rotation=15),
    ],
    ids=lambda policy: str(policy.model_dump(exclude_defaults=True)),
)
def test_masks_follow_the_image(policy: Augmentation) -> None:
    stream = np.random.default_rng(0)
    changed = 0
    for _ in range(20):
        image, masks = _smooth(stream)
        moved, moved_masks = augment(image, masks, policy, stream)
        assert moved.shape == image.shape
        shown = cv2.resize(moved[..., 0].astype(np.float32) / 255, (GRID, GRID), interpolation=cv2.INTER_AREA)
        # Interpolating among 14 x 14 patches flattens a peak; a shift of half a patch it would not survive.
        np.testing.assert_allclose(moved_masks[0], shown, atol=0.16)
        np.testing.assert_allclose(_centre(moved_masks[0]), _centre(shown), atol=0.12)
        changed += not np.array_equal(moved, image)
    assert changed >= 5


def test_symmetries_are_exact_and_all_eight_occur() -> None:
    stream = np.random.default_rng(0)
    image = stream.integers(0, 255, (8, 8, 3), dtype=np.uint8)
    found = {augment(image, None, Augmentation(symmetries="all"), stream)[0].tobytes() for _ in range(200)}
    turned = [np.rot90(image, turns) for turns in range(4)]
    assert found == {part.tobytes() for turn in turned for part in (turn, turn[:, ::-1])}


def test_ultrasound_is_mirrored_but_never_turned() -> None:
    assert POLICIES["ultrasound"].symmetries == "horizontal"
    assert POLICIES["ultrasound"].rotation == 0
    stream = np.random.default_rng(0)
    image = np.zeros((64, 64, 3), np.uint8)
    image[:24] = 200  # bright skin above, dark depth below
    for _ in range(50):
        changed, _ = augment(image, None, POLICIES["ultrasound"], stream)
        assert changed[:16].mean() > changed[-16:].mean() + 50


def test_grey_stays_grey_unless_the_policy_tints() -> None:
    stream = np.random.default_rng(0)
    image, _ = _smooth(stream)
    for _ in range(10):
        changed, _ = augment(image, None, POLICIES["ultrasound"], stream)
        assert np.array_equal(changed[..., 0], changed[..., 1])
        assert np.array_equal(changed[..., 0], changed[..., 2])
    tinted, _ = augment(image, None, Augmentation(tint=0.2), stream)
    assert not np.array_equal(tinted[..., 0], tinted[..., 1])


def test_light_keeps_the_structure() -> None:
    stream = np.random.default_rng(0)
    image, _ = _smooth(stream)
    policy = Augmentation(gain=0.1, contrast=0.1, gamma=0.1, offset=0.02)
    for _ in range(10):
        changed, _ = augment(image, None, policy, stream)
        assert np.corrcoef(image.ravel(), changed.ravel())[0, 1] > 0.97


def test_speckle_is_multiplicative() -> None:
    image = np.zeros((64, 64, 3), np.uint8)
    image[:, 32:] = 150
    changed, _ = augment(image, None, Augmentation(speckle=0.5), np.random.default_rng(1))
    assert changed[:, :32].max() == 0
    assert changed[:, 32:].std() > 1


def test_the_same_stream_gives_the_same_image_and_the_original_stays() -> None:
    image, masks = _smooth(np.random.default_rng(3))
    kept = image.copy(), masks.copy()
    policy = ALL.model_copy(update={"speckle": 0.2, "blur": 1.0, "erase": 1.0, "contrast": 0.1})
    first, second = (augment(image, masks, policy, np.random.default_rng(9)) for _ in range(2))
    assert np.array_equal(first[0], second[0])
    assert np.array_equal(first[1], second[1])
    assert np.array_equal(image, kept[0])
    assert np.array_equal(masks, kept[1])


def test_no_policy_changes_nothing() -> None:
    image, masks = _smooth(np.random.default_rng(3))
    same, same_masks = augment(image, masks, Augmentation(), np.random.default_rng(0))
    assert np.array_equal(same, image)
    assert np.array_equal(same_masks, masks)


@pytest.mark.parametrize(
    ("modality", "policy"),
    [
        ("dermoscopy", "dermoscopy"),
        ("breast ultrasound", "ultrasound"),
        ("Chest X-ray", "xray"),
        ("fundus photography", "fundus"),
        ("mammography", "mammography"),
        ("histopathology", "histology"),
        ("natural images", "general"),
    ],
)
def test_the_modality_chooses(modality: str, policy: str) -> None:
    assert policy_for(modality) == POLICIES[policy]


def test_settings_override_the_modality() -> None:
    modality = load_concept_set("busi").modality
    assert choose_policy(True, modality) == POLICIES["ultrasound"]
    assert choose_policy(False, modality) == Augmentation()
    assert choose_policy("general", modality) == POLICIES["general"]
    assert choose_policy(ALL, modality) == ALL
