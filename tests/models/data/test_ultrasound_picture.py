"""The procedural ultrasound: pure, the same at every size, and a function of the options alone."""

from functools import cache
from itertools import product

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.data.synthetic.ultrasound import (
    CLASS_KEYS,
    GROUP_KEYS,
    LOCALIZABLE,
    OPTION_KEYS,
    render_options,
    render_sample,
    streams_of,
)
from models.data.synthetic.ultrasound import render as render_module

SIZE = 96
PLAIN = {
    "shape": "oval_round",
    "margin": "circumscribed",
    "orientation": "parallel",
    "posterior": "none",
    "echo": "homogeneous",
}
OF_A_MASS = {group: keys if group == "posterior" else keys[1:] for group, keys in OPTION_KEYS.items()}
MASS_OPTIONS = [(group, option) for group in GROUP_KEYS for option in OF_A_MASS[group]]
NO_MASS = np.zeros(len(GROUP_KEYS), int)


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
    assert np.array_equal(first.lesion, second.lesion)
    assert all(np.array_equal(first.masks[key], second.masks[key]) for key in LOCALIZABLE)


@given(index=st.integers(0, 100_000), chosen=st.sampled_from(list(product(*OF_A_MASS.values()))))
@settings(max_examples=40, deadline=None)
def test_every_mass_has_a_picture_and_masks(index, chosen):
    options = options_with(**dict(zip(GROUP_KEYS, chosen, strict=True)))
    image, masks, lesion = render_options(options, streams_of("train", index), SIZE)

    assert image.shape == (SIZE, SIZE, 3)
    assert image.dtype == np.uint8
    assert image.std() > 5
    assert tuple(masks) == LOCALIZABLE
    for key, mask in (*masks.items(), ("lesion", lesion)):
        assert mask.shape == (SIZE, SIZE), key
        assert mask.dtype == np.bool_, key
        assert mask.any(), key
        assert not mask.all(), key
    assert np.array_equal(masks["shape"], lesion)
    assert np.array_equal(masks["echo"], lesion)
    assert not (masks["posterior"] & lesion).any()


@given(index=st.integers(0, 100_000))
@settings(max_examples=15, deadline=None)
def test_a_normal_picture_has_empty_masks(index):
    image, masks, lesion = render_options(NO_MASS, streams_of("train", index), SIZE)

    assert image.std() > 5
    assert not lesion.any()
    assert not any(mask.any() for mask in masks.values())


# Options and mean grey of 4 x 4 blocks of the first pictures, as shipped models learned from them.
FROZEN = (
    ([1, 2, 1, 1, 2], [[138, 153, 170, 140], [102, 160, 134, 100], [90, 138, 111, 95], [72, 104, 92, 79]]),
    ([1, 2, 1, 1, 1], [[127, 157, 150, 127], [123, 102, 126, 116], [55, 87, 77, 76], [30, 49, 34, 36]]),
    ([1, 1, 2, 0, 1], [[113, 125, 116, 96], [98, 82, 88, 88], [47, 56, 63, 50], [15, 25, 22, 27]]),
    ([0, 0, 0, 0, 0], [[127, 129, 139, 137], [94, 110, 104, 98], [42, 44, 42, 40], [27, 33, 37, 32]]),
)


@pytest.mark.parametrize("index", range(len(FROZEN)))
def test_the_look_is_frozen(index):
    """Not to the byte: image libraries round differently on other processors."""
    options, blocks = FROZEN[index]
    sample = render_sample("train", index, 64)
    means = sample.image.reshape(4, 16, 4, 16, 3).mean(axis=(1, 3, 4))

    assert sample.options.tolist() == options
    assert np.abs(means - np.array(blocks)).max() < 1.5


def test_splits_show_different_pictures():
    pictures = [render_sample(split, 5, SIZE).image.astype(float) for split in ("train", "validation", "test")]

    for one in range(3):
        assert np.abs(pictures[one] - pictures[one - 1]).mean() > 8


@pytest.mark.parametrize("index", range(0, 40, 4))
def test_the_same_mass_at_every_size(index):
    small, large = render_sample("test", index, 112), render_sample("test", index, 448)

    assert small.class_index == large.class_index
    assert np.array_equal(small.options, large.options)
    reduced = cv2.resize(large.image, (112, 112), interpolation=cv2.INTER_AREA).astype(float)
    assert np.abs(reduced - small.image).mean() < 2.0
    for key in LOCALIZABLE:
        shares = cv2.resize(large.masks[key].astype(np.float32), (112, 112), interpolation=cv2.INTER_AREA)
        both, either = (shares > 0.5) & small.masks[key], (shares > 0.5) | small.masks[key]
        assert both.sum() >= 0.9 * either.sum(), key


def test_the_class_is_seen_through_the_options_only(monkeypatch):
    fixed = options_with(posterior="shadowing", echo="heterogeneous")
    monkeypatch.setattr(render_module, "draw_options", lambda _rng, _class_index: fixed)

    pictures = [render_sample("train", 3, SIZE, class_index) for class_index in range(len(CLASS_KEYS))]

    assert [picture.class_index for picture in pictures] == list(range(len(CLASS_KEYS)))
    for picture in pictures[1:]:
        assert np.array_equal(picture.image, pictures[0].image)
        assert all(np.array_equal(picture.masks[key], pictures[0].masks[key]) for key in LOCALIZABLE)


@cache
def picture_of(group, option, index):
    image, masks, lesion = render_options(options_with(**{group: option}), streams_of("train", index), SIZE)
    return image.astype(float), masks[group] if group in ("posterior", "margin") else lesion


@pytest.mark.parametrize(("group", "option"), MASS_OPTIONS)
def test_every_option_is_told_from_the_others_by_looking_at_its_region(group, option):
    for other in OF_A_MASS[group]:
        if other != option:
            differences = []
            for index in range(8):
                shown, region = picture_of(group, option, index)
                differences.append(np.abs(shown - picture_of(group, other, index)[0]).mean(axis=2)[region].mean())
            assert np.median(differences) > (4.0 if group in ("shape", "margin") else 8.0), (other, differences)


@pytest.mark.parametrize("index", [2, 5, 8])
def test_tissue_does_not_follow_the_options(index):
    """Away from the mass, its column and the marks about it the picture is the same whatever the mass shows."""
    one, masks, lesion = render_options(options_with(), streams_of("train", index), SIZE)
    other, *_ = render_options(
        options_with(posterior="shadowing", echo="heterogeneous"), streams_of("train", index), SIZE
    )
    region = cv2.dilate((lesion | masks["margin"]).astype(np.uint8), np.ones((9, 9))).astype(bool)
    columns = cv2.dilate(region.any(axis=0, keepdims=True).astype(np.uint8), np.ones((1, 25)))[0].astype(bool)
    far = np.ones_like(region)
    far[:, columns] = False

    assert far.sum() > 500
    difference = np.abs(one.astype(float) - other).mean(axis=2)[far]
    # Not to the byte: stored as JPEG, blocks next to the column differ.
    assert np.mean(difference > 2.0) < 0.02


def test_masses_stand_anywhere():
    """A map that always points at the middle must not look right."""
    hits, centres = [], []
    for index in range(60):
        _, _, lesion = render_options(options_with(), streams_of("test", index), SIZE)
        hits.append(lesion[SIZE // 2, SIZE // 2])
        centres.append(np.argwhere(lesion).mean(axis=0) / SIZE)

    assert np.mean(hits) < 0.4
    assert np.std(centres, axis=0).min() > 0.08


def test_calipers_are_no_sign_of_a_mass(monkeypatch):
    """They are drawn as often where there is none, so that their presence tells nothing."""
    drawn = []
    monkeypatch.setattr("models.data.synthetic.ultrasound.overlays._calipers", lambda *args: drawn.append(args[2]))
    with_mass = []
    for index in range(40):
        for options in (options_with(), NO_MASS):
            before = len(drawn)
            render_options(options, streams_of("train", index), 64)
            with_mass.append(len(drawn) > before)

    assert with_mass[::2] == with_mass[1::2]
    assert 1 < sum(with_mass[::2]) < 20


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("holdout", 0, 224), "expected one of train, validation, test"),
        (("train", -1, 224), "expected 0 or more"),
        (("train", 0, 32), "below 64 pixels"),
        (("train", 0, 224, 3), "expected 0 to 2"),
    ],
)
def test_bad_arguments_are_refused_with_what_would_do(arguments, message):
    with pytest.raises(ValueError, match=message):
        render_sample(*arguments)


def test_bad_options_are_refused():
    with pytest.raises(ValueError, match=r"shape \(3,\); expected \(5,\)"):
        render_options(np.zeros(3, int), streams_of("train", 0), SIZE)
    with pytest.raises(ValueError, match="margin has no option 3"):
        render_options(np.array([1, 3, 1, 0, 1]), streams_of("train", 0), SIZE)
    with pytest.raises(ValueError, match="expected all of a mass or all of no mass"):
        render_options(np.array([0, 1, 1, 0, 1]), streams_of("train", 0), SIZE)
    with pytest.raises(ValueError, match="expected all of a mass or all of no mass"):
        render_options(np.array([0, 0, 0, 2, 0]), streams_of("train", 0), SIZE)
