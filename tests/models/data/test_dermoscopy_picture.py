"""The procedural pictures: pure, the same at every size, and a function of the options alone."""

from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.data.synthetic.dermoscopy import (
    CLASS_KEYS,
    GROUP_KEYS,
    LOCALIZABLE,
    OPTION_KEYS,
    render_options,
    render_sample,
    streams_of,
)
from models.data.synthetic.dermoscopy import render as render_module

SIZE = 96
PLAIN = {
    "color": "uniform_brown",
    "shape": "round",
    "border": "sharp",
    "pattern": "regular_network",
    "texture": "smooth",
    "symmetry": "symmetric",
    "elevation": "flat",
}
ALL_OPTIONS = [(group, option) for group in GROUP_KEYS for option in OPTION_KEYS[group]]


def options_with(**changes):
    chosen = PLAIN | changes
    return np.array([OPTION_KEYS[group].index(chosen[group]) for group in GROUP_KEYS])


@given(split=st.sampled_from(["train", "validation", "test"]), index=st.integers(0, 100_000))
@settings(max_examples=15, deadline=None)
def test_a_picture_is_a_pure_function_of_its_arguments(split, index):
    first, second = render_sample(split, index, SIZE), render_sample(split, index, SIZE)

    assert np.array_equal(first.image, second.image)
    assert first.class_index == second.class_index
    assert np.array_equal(first.options, second.options)
    assert all(np.array_equal(first.masks[key], second.masks[key]) for key in LOCALIZABLE)


@given(
    index=st.integers(0, 100_000),
    options=st.tuples(*(st.integers(0, len(OPTION_KEYS[group]) - 1) for group in GROUP_KEYS)),
)
@settings(max_examples=60, deadline=None)
def test_every_combination_of_options_has_a_picture_and_masks(index, options):
    image, masks = render_options(np.array(options), streams_of("train", index), SIZE)

    assert image.shape == (SIZE, SIZE, 3)
    assert image.dtype == np.uint8
    assert tuple(masks) == LOCALIZABLE
    for key, mask in masks.items():
        assert mask.shape == (SIZE, SIZE), key
        assert mask.dtype == np.bool_, key
        assert mask.any(), key
        assert not mask.all(), key


def test_splits_show_different_pictures():
    pictures = [render_sample(split, 5, SIZE).image.astype(float) for split in ("train", "validation", "test")]

    for one in range(3):
        assert np.abs(pictures[one] - pictures[one - 1]).mean() > 4


def test_neighbours_show_different_pictures():
    assert (
        np.abs(render_sample("train", 0, SIZE).image.astype(float) - render_sample("train", 1, SIZE).image).mean() > 4
    )


@pytest.mark.parametrize("index", range(0, 40, 4))
def test_the_same_lesion_at_every_size(index):
    small, large = render_sample("test", index, 224), render_sample("test", index, 448)

    assert small.class_index == large.class_index
    assert np.array_equal(small.options, large.options)
    reduced = cv2.resize(large.image, (224, 224), interpolation=cv2.INTER_AREA).astype(float)
    assert np.abs(reduced - small.image).mean() < 4.0
    for key in LOCALIZABLE:
        halved = cv2.resize(large.masks[key].astype(np.uint8), (224, 224), interpolation=cv2.INTER_AREA).astype(bool)
        assert (halved & small.masks[key]).sum() > 0.75 * (halved | small.masks[key]).sum(), key


def test_the_class_is_seen_through_the_options_only(monkeypatch):
    fixed = options_with(pattern="lacunae", color="red_purple")
    monkeypatch.setattr(render_module, "draw_options", lambda _rng, _class_index: fixed)

    pictures = [render_sample("train", 3, SIZE, class_index) for class_index in range(len(CLASS_KEYS))]

    assert [picture.class_index for picture in pictures] == list(range(len(CLASS_KEYS)))
    for picture in pictures[1:]:
        assert np.array_equal(picture.image, pictures[0].image)
        assert all(np.array_equal(picture.masks[key], pictures[0].masks[key]) for key in LOCALIZABLE)


@cache
def picture_of(group, option):
    image, masks = render_options(options_with(**{group: option}), streams_of("train", 11), 128)
    return image.astype(float), masks["color"] | masks["texture"]


@pytest.mark.parametrize(("group", "option"), ALL_OPTIONS)
def test_every_option_is_told_from_the_others_by_looking_at_the_lesion(group, option):
    shown, lesion = picture_of(group, option)

    for other in OPTION_KEYS[group]:
        if other != option:
            difference = np.abs(shown - picture_of(group, other)[0]).mean(axis=2)
            assert difference[lesion].mean() > 1.5, other


def test_nuisances_do_not_follow_the_options():
    """Far from the lesion the picture is the same whatever the lesion shows."""
    one, masks = render_options(options_with(), streams_of("train", 17), SIZE)
    other, _ = render_options(
        options_with(color="red_purple", pattern="lacunae", texture="verrucous"), streams_of("train", 17), SIZE
    )
    far = ~cv2.dilate((masks["color"] | masks["border"]).astype(np.uint8), np.ones((17, 17))).astype(bool)

    assert far.sum() > 500
    assert np.array_equal(one[far], other[far])


def test_structures_often_fill_only_a_part_of_the_lesion():
    shares = []
    for index in range(40):
        masks = render_sample("validation", index, SIZE).masks
        shares.append((masks["pattern"] & masks["color"]).sum() / masks["color"].sum())

    assert np.mean(np.array(shares) < 0.6) > 0.25


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("holdout", 0, 224), "expected one of train, validation, test"),
        (("train", -1, 224), "expected 0 or more"),
        (("train", 0, 32), "below 64 pixels"),
        (("train", 0, 224, 7), "expected 0 to 6"),
    ],
)
def test_bad_arguments_are_refused_with_what_would_do(arguments, message):
    with pytest.raises(ValueError, match=message):
        render_sample(*arguments)


def test_bad_options_are_refused():
    with pytest.raises(ValueError, match=r"shape \(3,\); expected \(7,\)"):
        render_options(np.zeros(3, int), streams_of("train", 0), SIZE)
    with pytest.raises(ValueError, match="border has no option 3"):
        render_options(np.array([0, 0, 3, 0, 0, 0, 0]), streams_of("train", 0), SIZE)
