"""Maps as pixels, and shams: hand-computable patch maps on small images."""

from __future__ import annotations

import base64
import hashlib

import numpy as np
import pytest
from PIL import Image

from backend.reader_studies import stimuli
from backend.reader_studies.items import MapPixels
from models.explanation import Region
from tests.support.explainer import explain_by_colour, load_concept_set

CONCEPTS = load_concept_set("busi")
EXPLANATION = explain_by_colour(Image.new("RGB", (64, 48), (90, 20, 200)), CONCEPTS)


def pixels_of(found: MapPixels) -> np.ndarray:
    return np.frombuffer(base64.b64decode(found.values), np.uint8).reshape(found.height, found.width)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((640, 640), (96, 96)),
        ((1000, 500), (96, 48)),
        ((500, 1000), (48, 96)),
        ((48, 32), (96, 64)),
        ((9000, 3), (96, 1)),
    ],
)
def test_a_map_has_the_proportions_of_its_image(size: tuple[int, int], expected: tuple[int, int]) -> None:
    found = stimuli.render(np.eye(4), Region(0, 0, *size), *size)
    assert stimuli.fitted(*size) == (found.width, found.height) == expected


def test_every_map_of_an_image_has_as_many_bytes() -> None:
    random = np.random.default_rng(0)
    maps = [random.random((grid, grid)) * scale for grid in (7, 14, 16) for scale in (0.0, 1e-6, 1.0, 1e6)]
    lengths = {len(stimuli.render(values, Region(0, 0, 640, 480), 640, 480).values) for values in maps}
    assert lengths == {4 * -(-96 * 72 // 3)}


def test_values_lie_where_the_grid_says_and_span_the_whole_range() -> None:
    values = np.array([[0.0, 0.0], [0.0, 5.0]])
    found = pixels_of(stimuli.render(values, Region(0, 0, 200, 200), 200, 200))
    assert (found.min(), found.max()) == (0, 255)
    assert (found[-1, -1], found[0, 0], found[0, -1], found[-1, 0]) == (255, 0, 0, 0)
    # Bilinear between the centres of the patches: half way across at the bottom, half the value.
    assert found[-1, 47] == pytest.approx(127, abs=3)
    assert (np.diff(found[-1].astype(int)) >= 0).all()
    # The own range counts, not its size or its zero.
    assert np.array_equal(found, pixels_of(stimuli.render(values * 7 - 3, Region(0, 0, 200, 200), 200, 200)))


def test_padding_is_cut_off_and_what_was_cropped_away_stays_dark() -> None:
    padded = np.array([[9.0, 9.0, 9.0], [0.0, 1.0, 2.0], [9.0, 9.0, 9.0]])
    found = pixels_of(stimuli.render(padded, Region(0, -100, 300, 300), 300, 100))
    assert found.shape == (32, 96)
    middle = found[16]
    assert (np.diff(middle.astype(int)) >= 0).all()
    cropped = pixels_of(stimuli.render(np.ones((2, 2)) + np.eye(2), Region(100, 0, 100, 100), 300, 100))
    assert (cropped[:, :32] == 0).all()
    assert (cropped[:, 64:] == 0).all()
    assert cropped[:, 32:64].max() == 255


def test_a_flat_map_is_no_amplified_noise() -> None:
    assert stimuli.is_flat(np.full((3, 3), 0.7))
    assert not pixels_of(stimuli.render(np.full((3, 3), 0.7), Region(0, 0, 9, 9), 9, 9)).any()


def test_a_map_that_holds_no_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="not finite"):
        stimuli.render(np.array([[0.0, np.nan]]), Region(0, 0, 9, 9), 9, 9)


def test_the_digest_is_of_the_bytes() -> None:
    found = stimuli.render(np.eye(3), Region(0, 0, 10, 10), 10, 10)
    assert stimuli.sha256_of(found) == hashlib.sha256(pixels_of(found).tobytes()).hexdigest()


def test_which_map_is_meant() -> None:
    option = CONCEPTS.option_ids[3]
    group = stimuli.group_of(option)
    gradcam = stimuli.patch_map(EXPLANATION, "gradcam", option)
    magnet = stimuli.patch_map(EXPLANATION, "magnet", option)
    assert np.array_equal(gradcam, EXPLANATION.gradcam[3])
    assert np.array_equal(magnet, EXPLANATION.magnet[CONCEPTS.group_keys.index(group)])
    with pytest.raises(ValueError, match=r"no option 'margin\.unheard_of'"):
        stimuli.patch_map(EXPLANATION, "gradcam", "margin.unheard_of")
    with pytest.raises(ValueError, match="no kind of map"):
        stimuli.patch_map(EXPLANATION, "saliency", option)


def test_shuffled_patches_are_the_same_ones_elsewhere() -> None:
    values = np.arange(196.0).reshape(14, 14)
    once, again = (stimuli.shuffled(values, 5, "task", 1, "a.b") for _ in range(2))
    assert np.array_equal(once, again)
    assert np.array_equal(np.sort(once, axis=None), values.reshape(-1))
    assert (once != values).mean() > 0.9
    others = [stimuli.shuffled(values, 6, "task", 1, "a.b"), stimuli.shuffled(values, 5, "task", 2, "a.b")]
    assert all((once != other).mean() > 0.9 for other in others)


def test_a_sham_shows_something_where_the_real_map_does() -> None:
    """Else whoever sees an empty map would know that it is a real one."""
    flat, seen = np.zeros((2, 2)), np.eye(2)
    assert stimuli.first_like(seen, [flat, seen, seen]) == 1
    assert stimuli.first_like(flat, [seen, seen, flat]) == 2
    assert stimuli.first_like(seen, [flat, flat]) == stimuli.first_like(flat, [seen, seen]) == 0
