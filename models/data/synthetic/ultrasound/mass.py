"""The mass in the tissue: groups ``margin``, ``echo`` and ``posterior``.

Shapes: N beams and depths.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.fields import Field, as_field, smoothstep
from models.data.synthetic.ultrasound.outline import Mass
from models.data.synthetic.ultrasound.scanner import LATTICE, waves
from models.data.synthetic.ultrasound.tissue import Tissue


@dataclass(frozen=True, eq=False)
class Placed:
    """A mass on the lattice.

    Attributes:
        mass: its geometry.
        rho: (N, N) relative distance from the centre.
        share: (N, N) how much of the tissue is mass, 0 to 1.
        shading: (N, N) dB by which what lies behind is brighter (+) or darker (-).
        behind: (N, N) bool, the column behind the mass.
    """

    mass: Mass
    rho: Field
    share: Field
    shading: Field
    behind: NDArray[np.bool_]


def place_mass(tissue: Tissue, mass: Mass, posterior: str, echo: str) -> Placed:
    """Puts the mass into the tissue."""
    rho, bins = mass.rho(tissue.lattice)
    share = _share(tissue, mass, rho, bins)
    _surround(tissue, mass, rho, bins)
    interior = _homogeneous(tissue, mass) if echo == "homogeneous" else _heterogeneous(tissue, mass)
    tissue.echo += share * (interior - tissue.echo)
    tissue.mirror *= (1.0 - share) ** 2
    if mass.variant == "sharp":
        _capsule(tissue, mass, rho)
    if echo == "heterogeneous":
        _specks(tissue, mass, rho)
    shading, behind = _behind(tissue, rho, posterior)
    tissue.loss *= 1.0 - 0.6 * share
    return Placed(mass, rho, share, shading, behind)


def _share(tissue: Tissue, mass: Mass, rho: Field, bins: NDArray[np.int64]) -> Field:
    """How much mass there is: an abrupt edge, or a wide uneven one, with spicules. (N, N)."""
    rng = tissue.streams.get("transition")
    pixel = 1.0 / (LATTICE * mass.size)
    if mass.variant == "indistinct":
        wide = rng.uniform(0.22, 0.42)
        uneven = np.float32(0.10) * waves(tissue.streams.get("blur"), 16, 20, 2)
        return smoothstep(rho + uneven, 1.0 + wide, 1.0 - wide)
    wide = 1.5 * pixel if mass.variant != "spiculated" else max(0.08, 2.0 * pixel)
    uneven = np.float32(min(0.02, 0.8 * pixel)) * waves(tissue.streams.get("blur"), 24, 24, 2)
    share = smoothstep(rho + uneven, 1.0 + wide, 1.0 - wide)
    if mass.variant == "spiculated":
        reach = mass.spikes[bins]
        fading = np.clip(1.0 - (rho - 1.0) / np.maximum(reach, np.float32(1e-3)), 0.0, 1.0)
        share = np.maximum(share, np.float32(0.85) * np.sqrt(fading) * (reach > 0.02))
    return share


def _surround(tissue: Tissue, mass: Mass, rho: Field, bins: NDArray[np.int64]) -> None:
    """A bright rim of reactive tissue about a margin that is not circumscribed, brightest between spicules."""
    rng = tissue.streams.get("halo")
    if mass.variant == "sharp" or rng.random() < 0.4:
        return
    ring = smoothstep(rho, 0.8, 1.05) * smoothstep(rho, 1.75, 1.15)
    tissue.echo += np.float32(rng.uniform(1.0, 6.0)) * ring * (1.0 - 0.5 * (mass.spikes[bins] > 0.02))


def _homogeneous(tissue: Tissue, mass: Mass) -> Field:
    """Black fluid with some haze at its front wall, or even grey. dB, (N, N)."""
    rng = tissue.streams.get("interior")
    if rng.random() < 0.55:
        v = (tissue.lattice.y - np.float32(mass.centre[1])) / np.float32(mass.half[1])
        haze = np.float32(rng.uniform(4, 16)) * smoothstep(v, rng.uniform(-0.4, 0.4), -1.0)
        return np.float32(rng.uniform(-38, -20)) + haze
    # Even for a reader, not for a ruler: a trace of the tissue's own layers.
    trace = np.float32(rng.uniform(0.05, 0.2)) * (tissue.echo - cv2.blur(tissue.echo, (81, 81)))
    return np.float32(rng.uniform(-11, -4)) + np.float32(0.9) * waves(tissue.streams.get("even"), 6, 9, 3) + trace


def _heterogeneous(tissue: Tissue, mass: Mass) -> Field:
    """Markedly hypoechoic, uneven: darker and brighter parts. dB, (N, N)."""
    rng, get = tissue.streams.get("interior"), tissue.streams.get
    count = int(np.clip(rng.uniform(2.0, 3.5) / mass.size / 2, 5, 24))
    patches = waves(get("patches"), count, count, 3, 0.7)
    level = rng.uniform(-17, -8)
    echo = np.float32(level) + np.float32(rng.uniform(3.5, 6.5)) * patches
    kind = rng.random()
    if kind < 0.3:
        echo += np.float32(rng.uniform(8, 16)) * smoothstep(
            waves(get("core"), count // 2 + 2, count // 2 + 2), 0.6, 1.4
        )
    elif kind < 0.5:
        echo -= np.float32(20) * smoothstep(waves(get("core"), count // 2 + 2, count // 2 + 2), 0.7, 1.1)
    return echo


def _capsule(tissue: Tissue, mass: Mass, rho: Field) -> None:
    """A thin bright wall where it faces the probe, at times all around."""
    rng = tissue.streams.get("capsule")
    v = (tissue.lattice.y - np.float32(mass.centre[1])) / np.float32(mass.half[1])
    facing = v * v / (1.0 + v * v) * 2.0
    wide = np.float32(1.3 / (LATTICE * mass.size))
    wall = np.exp(-(((rho - 1.0) / wide) ** 2))
    some = smoothstep(waves(tissue.streams.get("capsule-some"), 12, 12, 2), -0.8, 1.2)
    front, back = rng.uniform(0.0, 2.5), rng.uniform(0.2, 4.0)
    tissue.mirror += wall * some * facing * facing * np.where(v < 0, np.float32(front), np.float32(back))
    tissue.echo += np.float32(rng.uniform(0, 5)) * wall * some


def _specks(tissue: Tissue, mass: Mass, rho: Field) -> None:
    """Small bright reflections inside, some of the time."""
    rng = tissue.streams.get("specks")
    if rng.random() < 0.6:
        return
    for _ in range(int(rng.integers(3, 14))):
        angle, far = rng.uniform(-np.pi, np.pi), 0.75 * np.sqrt(rng.random())
        x = (mass.centre[0] + mass.half[0] * far * np.cos(angle)) * LATTICE
        y = (mass.centre[1] + mass.half[1] * far * np.sin(angle)) * LATTICE
        row, column = int(np.clip(y, 1, LATTICE - 2)), int(np.clip(x, 1, LATTICE - 3))
        if rho[row, column] < 0.9:
            tissue.mirror[row, column : column + 2] += np.float32(rng.uniform(2, 9))


def _behind(tissue: Tissue, rho: Field, posterior: str) -> tuple[Field, NDArray[np.bool_]]:
    """Brightness behind the mass in dB, and the column behind it, (N, N) each.

    The mass attenuates more or less than the tissue around it, so what lies behind depends on the path through it. The
    path is taken relative to the longest one, and its root: a small mass shows its sign as a large one does.
    """
    rng = tissue.streams.get("posterior")
    body = (rho < 1.0).astype(np.float32)
    path = np.cumsum(body, axis=0, dtype=np.float32)
    longest = max(float(path[-1].max()), 1.0)
    relative = np.sqrt(path / np.float32(longest))
    rows = np.arange(LATTICE, dtype=np.float32)[:, None]
    last = (rows * body).max(axis=0, keepdims=True)
    below = np.clip(rows - last, 0.0, None) / np.float32(LATTICE)
    reach = min(1.6 * longest / LATTICE, 0.45) + 0.08
    behind = (below > 0) & (below < reach) & (path[-1:] > 0.35 * longest)
    if posterior == "none":
        return np.zeros_like(rho), behind
    if posterior == "enhancement":
        strength, fading = rng.uniform(9, 16), np.exp(-below / np.float32(rng.uniform(0.3, 0.9)))
        shading = np.float32(strength) * relative * fading * smoothstep(below, 0.0, 0.012)
    else:
        strength = rng.uniform(10, 27)
        shading = -np.float32(strength) * relative * (0.55 + 0.45 * smoothstep(below, 0.0, 0.06))
    ragged = 1.0 + np.float32(0.16) * waves(tissue.streams.get("ragged"), 10, 3, 3)
    wide = rng.uniform(4.0, 9.0) if posterior == "enhancement" else rng.uniform(5.0, 13.0)
    soft = cv2.GaussianBlur(shading, (0, 0), wide, sigmaY=1.0, borderType=cv2.BORDER_REFLECT)
    return as_field(soft) * ragged, behind
