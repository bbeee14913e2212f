"""What lies on the skin: hairs, bubbles, glints and ruler marks. None of it depends on a label.

Shapes: S pixels a side.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.dermoscopy.scene import Scene
from models.data.synthetic.fields import Ink, soften


def draw_overlays(scene: Scene) -> None:
    """Draws hairs, and now and then bubbles, glints and a ruler."""
    _hairs(scene)
    rng = scene.streams.get("overlays")
    if rng.random() < 0.16:
        _bubbles(scene)
    if rng.random() < 0.22:
        _glints(scene)
    if rng.random() < 0.07:
        _ruler(scene)


def _curve(rng: np.random.Generator, length: float, bend: float) -> NDArray[np.float64]:
    """(N, 2) points of a hair in image coordinates."""
    start = rng.uniform(-0.1, 1.1, 2)
    turn = rng.normal(0, bend)
    heading = (
        rng.uniform(0, 2 * np.pi) + np.linspace(0, turn, 24) + 0.25 * np.sin(np.linspace(0, rng.uniform(1, 5), 24))
    )
    steps = np.stack([np.cos(heading), np.sin(heading)], 1) * (length / 24)
    path: NDArray[np.float64] = start + np.cumsum(steps, 0)
    return path


def _hairs(scene: Scene) -> None:
    rng = scene.streams.get("hairs")
    dark = int(rng.choice([0, 2, 6, 14], p=[0.55, 0.27, 0.13, 0.05]))
    light = int(rng.choice([0, 3, 8], p=[0.6, 0.28, 0.12]))
    if dark:
        ink = Ink()
        thick = rng.uniform(0.002, 0.0045)
        for _ in range(dark):
            ink.line(_curve(rng, rng.uniform(0.3, 1.2), 0.9), thick * rng.uniform(0.7, 1.2), rng.uniform(0.7, 1.0))
        hair = ink.field(scene.size)
        scene.scale(1.0 - 0.25 * soften(hair, 0.006))
        scene.mix((0.20, 0.15, 0.13), 0.78 * hair)
    if light:
        ink = Ink()
        for _ in range(light):
            ink.line(_curve(rng, rng.uniform(0.2, 0.7), 1.4), 0.002, rng.uniform(0.4, 0.9))
        scene.mix((0.93, 0.90, 0.84), 0.55 * ink.field(scene.size))


def _bubbles(scene: Scene) -> None:
    """Air bubbles in the immersion fluid: bright rings, in a chain or a heap."""
    rng = scene.streams.get("bubbles")
    ring, core, at = Ink(), Ink(), rng.uniform(0.05, 0.95, 2)
    turn = np.linspace(0, 2 * np.pi, 20)
    for _ in range(int(rng.integers(3, 16))):
        at = np.clip(at + rng.normal(0, 0.035, 2), 0.0, 1.0)
        radius = rng.uniform(0.006, 0.022)
        ring.line(at + radius * np.stack([np.cos(turn), rng.uniform(0.8, 1.0) * np.sin(turn)], 1), 0.0035)
        core.blob((at[0], at[1]), (radius, radius))
    scene.mix((0.6, 0.57, 0.55), 0.16 * core.field(scene.size))
    scene.mix((0.97, 0.97, 0.96), 0.65 * ring.field(scene.size))


def _glints(scene: Scene) -> None:
    """Short bright reflections of the lamp."""
    rng = scene.streams.get("glints")
    ink = Ink()
    for _ in range(int(rng.integers(2, 9))):
        at, angle, length = rng.random(2), rng.normal(0.2, 0.4), rng.uniform(0.008, 0.03)
        step = np.array([np.cos(angle), np.sin(angle)]) * length
        ink.line(np.stack([at, at + step]), rng.uniform(0.002, 0.005))
    scene.mix((1.0, 1.0, 1.0), 0.75 * ink.field(scene.size, blur=0.001))


def _ruler(scene: Scene) -> None:
    """Millimetre marks along an edge of the picture."""
    rng = scene.streams.get("ruler")
    ink = Ink()
    pitch, edge, flip = rng.uniform(0.035, 0.06), rng.uniform(0.02, 0.06), rng.random() < 0.5
    for number, place in enumerate(np.arange(0.02, 1.0, pitch)):
        length = 0.05 if number % 5 == 0 else 0.028
        mark = np.array([[place, edge], [place, edge + length]])
        ink.line(mark[:, ::-1] if flip else mark, 0.004)
    scene.mix((0.12, 0.12, 0.14), 0.75 * ink.field(scene.size))
