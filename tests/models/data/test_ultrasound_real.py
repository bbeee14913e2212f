"""The procedural ultrasound beside the real one: grey levels, spectra, grain.

Needs the folder of BUSI (`benign/`, `malignant/`, `normal/`) in the environment variable ``VITRINE_BUSI``.
`pytest -s` prints the figures that docs/adr/0041-procedural-ultrasound.md states.
"""

import os
import sys
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.data.synthetic.ultrasound import CLASS_KEYS, CLASS_PRIOR, render_sample

SIZE, COUNT = 224, 200
BUSI = os.environ.get("VITRINE_BUSI")
pytestmark = pytest.mark.skipif(not BUSI, reason="VITRINE_BUSI names no folder with the images of BUSI")


@pytest.fixture(scope="module")
def real():
    rng, pictures = np.random.default_rng(0), []
    for key in CLASS_KEYS:
        files = sorted(path for path in (Path(BUSI) / key).glob("*.png") if "_mask" not in path.name)
        count = min(len(files), round(COUNT * CLASS_PRIOR[key]))
        for path in rng.choice(np.array(files, object), count, replace=False):
            picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
            pictures.append(cv2.resize(picture, (SIZE, SIZE), interpolation=cv2.INTER_AREA))
    return np.stack(pictures).astype(np.float32)


@pytest.fixture(scope="module")
def drawn():
    return np.stack([render_sample("test", index, SIZE).image.mean(axis=2) for index in range(COUNT)]).astype(
        np.float32
    )


def shown(name, real, drawn):
    sys.stdout.write(f"\n{name}: real {np.round(real, 2)}, drawn {np.round(drawn, 2)}")


def histogram(pictures):
    return np.histogram(pictures, bins=32, range=(0, 256))[0] / pictures.size


def spectrum(pictures):
    """Mean share of the power in rings of spatial frequency, log10; edges in cycles per picture."""
    window = np.outer(np.hanning(SIZE), np.hanning(SIZE))
    power = np.zeros((SIZE, SIZE))
    for picture in pictures:
        one = np.abs(np.fft.fft2((picture - picture.mean()) * window)) ** 2
        power += one / one.sum()
    frequency = np.fft.fftfreq(SIZE, 1 / SIZE)
    radius = np.hypot(frequency[:, None], frequency[None, :])
    edges = [1, 2, 4, 8, 16, 24, 32, 48, 64, 80]
    rings = [power[(radius >= low) & (radius < high)].mean() for low, high in pairwise(edges)]
    return np.log10(np.array(rings) / len(pictures))


def speckle_snr(pictures):
    """Mean over standard deviation in the most even tenth of each picture's mid-grey 13 x 13 windows, quartiles."""
    values = []
    for picture in pictures:
        mean = cv2.blur(picture, (13, 13))
        spread = np.sqrt(np.maximum(cv2.blur(picture * picture, (13, 13)) - mean * mean, 0.25))
        grey = (mean > 40) & (mean < 180)
        if grey.sum() > 500:
            values.append(np.percentile((mean / spread)[grey], 90))
    return np.percentile(values, [25, 50, 75])


def grain(pictures):
    """Median correlation of neighbours 1, 2 and 3 pixels apart, structure taken out: across, then down."""
    across, down = [], []
    for picture in pictures:
        fine = picture - cv2.GaussianBlur(picture, (0, 0), 4)
        power = (fine * fine).mean()
        across.append([(fine[:, gap:] * fine[:, :-gap]).mean() / power for gap in (1, 2, 3)])
        down.append([(fine[gap:] * fine[:-gap]).mean() / power for gap in (1, 2, 3)])
    return np.concatenate([np.median(across, axis=0), np.median(down, axis=0)])


def test_grey_levels(real, drawn):
    shown("mean grey", real.mean(), drawn.mean())
    shown("spread within a picture", real.std(axis=(1, 2)).mean(), drawn.std(axis=(1, 2)).mean())
    shown("spread of the pictures' means", real.mean(axis=(1, 2)).std(), drawn.mean(axis=(1, 2)).std())
    overlap = np.minimum(histogram(real), histogram(drawn)).sum()
    sys.stdout.write(f"\nshared area of the histograms: {overlap:.3f}\n")
    assert abs(real.mean() - drawn.mean()) < 8
    assert overlap > 0.9


def test_brightness_by_depth(real, drawn):
    profiles = [pictures.mean(axis=(0, 2)).reshape(14, 16).mean(axis=1) for pictures in (real, drawn)]
    shown("mean grey by depth", *profiles)
    assert np.abs(profiles[0] - profiles[1]).max() < 16


def test_spectra(real, drawn):
    spectra = spectrum(real), spectrum(drawn)
    shown("log10 of the radial power spectrum", *spectra)
    assert np.abs(spectra[0] - spectra[1]).max() < 0.25


def test_speckle_in_even_tissue(real, drawn):
    ratios = speckle_snr(real), speckle_snr(drawn)
    shown("speckle SNR, quartiles", *ratios)
    assert ratios[1] == pytest.approx(ratios[0], rel=0.25)


def test_grain_of_speckle(real, drawn):
    grains = grain(real), grain(drawn)
    shown("correlation across 1, 2, 3 and down 1, 2, 3", *grains)
    assert np.abs(grains[0] - grains[1]).max() < 0.15
