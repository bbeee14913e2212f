"""Labels match what is drawn, and the physics that draws it: measured on pictures."""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest

from models.data.synthetic.fields import as_field
from models.data.synthetic.ultrasound import GROUP_KEYS, OPTION_KEYS, render_options, render_sample, streams_of
from models.data.synthetic.ultrasound import outline as outline_module
from models.data.synthetic.ultrasound.beam import receive
from models.data.synthetic.ultrasound.scanner import LATTICE, Lattice, draw_scanner

SIZE = 192
INDICES = range(16)
PLAIN = {
    "shape": "oval_round",
    "margin": "circumscribed",
    "orientation": "parallel",
    "posterior": "none",
    "echo": "homogeneous",
}


@cache
def drawn(index, variant=None, **changes):
    """Grey picture, masks and lesion; ``variant`` fixes which kind of margin that is not circumscribed."""
    chosen = PLAIN | changes | ({"margin": "not_circumscribed"} if variant else {})
    options = np.array([OPTION_KEYS[group].index(chosen[group]) for group in GROUP_KEYS])
    with pytest.MonkeyPatch.context() as patch:
        if variant:
            patch.setattr(outline_module, "_variant", lambda _streams, _margin: variant)
        image, masks, lesion = render_options(options, streams_of("validation", index), SIZE)
    return image.astype(float).mean(axis=2), masks, lesion


def contour(mask):
    lines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return max(lines, key=cv2.contourArea)


def solidity(mask):
    line = contour(mask)
    return cv2.contourArea(line) / cv2.contourArea(cv2.convexHull(line))


def eroded(mask, width):
    return cv2.erode(mask.astype(np.uint8), np.ones((width, width))).astype(bool)


@pytest.mark.parametrize("shape", ["oval_round", "irregular"])
def test_a_parallel_mass_is_wider_than_tall_and_the_other_taller_than_wide(shape):
    for index in INDICES:
        for orientation, wider in (("parallel", True), ("not_parallel", False)):
            _, _, lesion = drawn(index, shape=shape, orientation=orientation)
            rows, columns = np.nonzero(lesion)
            assert (np.ptp(columns) > 1.05 * np.ptp(rows)) == wider, (index, orientation)
            assert (np.ptp(rows) > 1.05 * np.ptp(columns)) != wider, (index, orientation)


def test_an_oval_is_convex_and_an_irregular_form_is_not():
    ovals = [solidity(drawn(index)[2]) for index in INDICES]
    uneven = [solidity(drawn(index, shape="irregular")[2]) for index in INDICES]

    assert min(ovals) > 0.93
    assert np.median(uneven) < 0.92
    assert np.mean(np.array(uneven) < min(ovals)) > 0.6


def test_the_column_behind_is_darker_with_a_shadow_and_brighter_with_enhancement():
    """The same picture but for the option: what lies behind the mass, against the one without either."""
    for option, sign in (("shadowing", -1), ("enhancement", 1)):
        changes = []
        for index in INDICES:
            plain, masks, _ = drawn(index)
            changed = drawn(index, posterior=option)[0]
            changes.append(sign * (changed - plain)[masks["posterior"]].mean())
        assert min(changes) > 0, option
        assert np.median(changes) > 15, option


def test_the_column_differs_from_the_tissue_beside_it():
    """Without a second picture to compare with, as a reader sees it."""
    levels: dict[str, list[float]] = {}
    for option in OPTION_KEYS["posterior"]:
        levels[option] = []
        for index in INDICES:
            grey, masks, _ = drawn(index, posterior=option)
            behind = masks["posterior"]
            columns = behind.any(axis=0)
            near = cv2.dilate(columns.astype(np.uint8)[None], np.ones((1, 41)))[0].astype(bool)
            clear = cv2.dilate(columns.astype(np.uint8)[None], np.ones((1, 9)))[0].astype(bool)
            beside = behind.any(axis=1)[:, None] & (near & ~clear)[None] & (grey > 0)
            levels[option].append(grey[behind].mean() - grey[beside].mean())

    assert np.median(levels["shadowing"]) < -15
    assert np.median(levels["enhancement"]) > 12
    assert abs(np.median(levels["none"])) < 8
    darker = np.array(levels["shadowing"])[:, None] < np.array(levels["none"])
    brighter = np.array(levels["enhancement"])[:, None] > np.array(levels["none"])
    assert darker.mean() > 0.9
    assert brighter.mean() > 0.8


def steepness(grey, lesion):
    """Gradient across the outline relative to the contrast between inside and outside."""
    kernel = np.ones((3, 3), np.uint8)
    body = lesion.astype(np.uint8)
    edge = (cv2.dilate(body, kernel) - cv2.erode(body, kernel)).astype(bool)
    inside = eroded(lesion, 9) if eroded(lesion, 9).any() else eroded(lesion, 3)
    outside = cv2.dilate(body, np.ones((17, 17))).astype(bool) & ~cv2.dilate(body, np.ones((9, 9))).astype(bool)
    soft = cv2.GaussianBlur(grey, (0, 0), 1.0)
    slope = np.hypot(cv2.Sobel(soft, cv2.CV_64F, 1, 0), cv2.Sobel(soft, cv2.CV_64F, 0, 1))[edge].mean() / 8
    return slope / max(grey[outside].mean() - grey[inside].mean(), 10.0)


def test_an_indistinct_edge_is_flatter_than_a_circumscribed_one():
    sharp = [steepness(*drawn(index)[::2]) for index in INDICES]
    blurred = [steepness(*drawn(index, "indistinct")[::2]) for index in INDICES]

    assert np.median(sharp) > 1.4 * np.median(blurred)
    assert np.mean(np.array(sharp) > np.array(blurred)) > 0.85


@pytest.mark.parametrize("variant", ["angular", "microlobulated"])
def test_an_angular_or_lobulated_edge_leaves_the_ellipse(variant):
    def misfit(mask):
        line = contour(mask)
        ellipse = np.zeros(mask.shape, np.uint8)
        cv2.ellipse(ellipse, cv2.fitEllipse(line), 1, -1)
        return 1 - (mask & ellipse.astype(bool)).sum() / (mask | ellipse.astype(bool)).sum()

    smooth = [misfit(drawn(index)[2]) for index in INDICES]
    uneven = [misfit(drawn(index, variant)[2]) for index in INDICES]

    assert np.median(uneven) > np.median(smooth) + 0.015
    assert np.mean(np.array(uneven) > np.array(smooth)) > 0.75


def test_spicules_reach_beyond_the_outline():
    beyond = []
    for index in INDICES:
        _, masks, lesion = drawn(index, "spiculated")
        reach = cv2.distanceTransform((~lesion).astype(np.uint8), cv2.DIST_L2, 5)[masks["margin"]].max()
        beyond.append(reach / np.sqrt(lesion.sum() / np.pi))

    assert min(beyond) > 0.15
    assert np.median(beyond) > 0.25


def test_a_heterogeneous_interior_varies_more():
    def spread(index, echo):
        grey, _, lesion = drawn(index, echo=echo)
        inside = eroded(lesion, 7) if eroded(lesion, 7).sum() > 20 else lesion
        return cv2.GaussianBlur(grey, (0, 0), 2.0)[inside].std()

    even = np.array([spread(index, "homogeneous") for index in INDICES])
    uneven = np.array([spread(index, "heterogeneous") for index in INDICES])

    assert np.median(uneven) > 1.4 * np.median(even)
    assert np.mean(uneven > even) > 0.75


def test_the_margin_band_lies_about_the_outline():
    for index in INDICES:
        _, masks, lesion = drawn(index)
        edge = np.zeros_like(lesion, np.uint8)
        cv2.drawContours(edge, [contour(lesion)], -1, 1, 1)
        assert masks["margin"][edge.astype(bool)].mean() > 0.95
        assert 0 < (masks["margin"] & lesion).sum() < lesion.sum()


def test_echoes_fade_with_depth():
    pictures = np.stack([render_sample("validation", index, 64).image.mean(axis=2) for index in range(40)])
    profile = pictures.mean(axis=(0, 2))

    assert profile[:16].mean() > 1.5 * profile[-16:].mean()


def uniform(looks, **changes):
    scanner = replace(draw_scanner(streams_of("train", 0)), fan=0.0, noise=-80.0, looks=looks, **changes)
    still = np.ones((LATTICE, LATTICE), np.float32)
    return receive(still, np.zeros_like(still), scanner, streams_of("train", 1))


def test_speckle_of_even_tissue_is_fully_developed():
    """The envelope of many scatterers is Rayleigh: its mean is 1.91 standard deviations (Wagner 1983)."""
    envelope = uniform(1)

    assert np.sqrt(np.mean(envelope**2)) == pytest.approx(1.0, abs=0.03)
    assert envelope.mean() / envelope.std() == pytest.approx(1.91, abs=0.08)


def test_compounding_evens_speckle_out():
    one, three = (envelope.mean() / envelope.std() for envelope in (uniform(1), uniform(3)))

    assert three == pytest.approx(one * np.sqrt(3), rel=0.08)


def test_grain_is_finest_at_the_focus():
    envelope = uniform(1, focus=0.3, waist=0.3)

    def width(rows):
        part = envelope[rows] - envelope[rows].mean()
        return (part[:, 3:] * part[:, :-3]).mean() / part.var()

    assert width(slice(80, 120)) < width(slice(200, 240)) < width(slice(290, 330))


def test_a_fanned_field_has_black_corners_and_beams_that_part():
    scanner = replace(draw_scanner(streams_of("train", 0)), fan=0.3, apex=1.2)
    lattice = Lattice.of(scanner)
    picture = lattice.to_picture(np.ones((LATTICE, LATTICE), np.float32))

    assert picture[2, 2] == 0
    assert picture[2, LATTICE // 2] == 1
    assert scanner.half_width(1.0) > scanner.half_width(0.0)
    # A coordinate carried to the picture is itself again.
    again = lattice.to_picture(lattice.x)
    expected = as_field((np.arange(LATTICE) + 0.5) / LATTICE)[None, :] * np.ones((LATTICE, 1), np.float32)
    inside = eroded(picture > 0.99, 5)
    assert np.abs(again - expected)[inside].max() < 0.002
