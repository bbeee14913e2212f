"""From tissue to echoes: scatterers, beam, pulse, envelope.

A resolution cell holds many scatterers smaller than the wave. Each returns the pulse with its own phase; the sum is
speckle. The carrier is taken out beforehand: what is left of a scatterer's place within a wave is its phase, so
scatterers are complex random numbers, and the pulse and the beam are real envelopes (Wagner et al., IEEE Trans Sonics
Ultrason 1983;30:156-163).

Shapes: N beams and depths.
"""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.fields import Field, as_field
from models.data.synthetic.streams import Streams
from models.data.synthetic.ultrasound.scanner import LATTICE, Scanner, waves

_BANDS = 16
_DECIBEL = np.float32(np.log(10.0) / 20.0)


def amplitude(decibels: Field) -> Field:
    """DB to amplitude. Any shape."""
    return as_field(cv2.exp(decibels * _DECIBEL))


def decibels(envelope: Field) -> Field:
    """Amplitude to dB. Any shape."""
    return as_field(cv2.log(envelope + np.float32(1e-6)) / _DECIBEL)


def receive(scatter: Field, mirror: Field, scanner: Scanner, streams: Streams) -> Field:
    """The envelope of the received echoes.

    Args:
        scatter: (N, N) amplitude of the scatterers.
        mirror: (N, N) amplitude of what smooth interfaces reflect.
        scanner: pulse, beam and looks.
        streams: of the picture.

    Returns:
        (N, N) amplitude; fat without losses has a root mean square of 1.
    """
    phase = np.float32(2.5) * waves(streams.get("phase"), 5, 10)
    coherent = (mirror * np.cos(phase), mirror * np.sin(phase))
    power = np.zeros_like(scatter)
    for look in range(scanner.looks):
        rng = streams.get(f"scatterers-{look}")
        for part in coherent:
            field = _scatterers(rng) * scatter + part
            field = _focus(field, scanner)
            power += field * field
    power *= np.float32(0.5 / scanner.looks)
    rng = streams.get("electronics")
    noise = cv2.GaussianBlur(_scatterers(rng) ** 2 + _scatterers(rng) ** 2, (0, 0), 0.9, sigmaY=0.4)
    level = np.float32(0.5 * 10 ** (scanner.noise / 10))
    return np.sqrt(power + level * noise)


def _scatterers(rng: np.random.Generator) -> Field:
    """One part of the complex scatterers, (N, N), zero mean and unit variance.

    Even numbers, not normal ones: they are ten times as fast, and a resolution cell adds up dozens of them.
    """
    even = rng.integers(0, 256, (LATTICE, LATTICE), dtype=np.uint8)
    return (even.astype(np.float32) - np.float32(127.5)) * np.float32(1.0 / 73.9)


def _focus(field: Field, scanner: Scanner) -> Field:
    """Convolves with the pulse along the beams and with the beam across them, which widens away from the focus."""
    pulse = _bell(scanner.pulse)
    field = as_field(cv2.sepFilter2D(field, -1, np.ones(1, np.float32), pulse, borderType=cv2.BORDER_REFLECT))
    result = np.empty_like(field)
    edges = np.linspace(0, LATTICE, _BANDS + 1).astype(int)
    for top, bottom in pairwise(edges):
        away = ((top + bottom) / 2 / LATTICE - scanner.focus) / scanner.waist
        wide = _bell(min(scanner.beam * float(np.sqrt(1.0 + away * away)), 12.0))
        result[top:bottom] = cv2.sepFilter2D(
            np.ascontiguousarray(field[top:bottom]), -1, wide, np.ones(1, np.float32), borderType=cv2.BORDER_REFLECT
        )
    return result


def _bell(sigma: float) -> NDArray[np.float32]:
    """A Gaussian of unit energy, so that speckle is as bright wherever it is in focus."""
    reach = int(np.ceil(2.6 * sigma))
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel: NDArray[np.float32] = (bell / np.sqrt(np.sum(bell * bell))).astype(np.float32)
    return kernel
