"""What the scanner writes over the picture: marks, calipers, letters, black borders. No label is read here.

Calipers stand about the mass where there is one and about nothing in particular elsewhere, and equally often.

Shapes: N rows and columns.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.synthetic.streams import Streams
from models.data.synthetic.ultrasound.scanner import LATTICE, Scanner

Color = tuple[int, int, int]
Box = tuple[float, float, float, float]
_WHITE: Color = (235, 235, 235)
_LETTERS = "ABCDEILNOPQRSTUX1239"


def write_over(picture: NDArray[np.uint8], box: Box | None, scanner: Scanner, streams: Streams) -> None:
    """Draws into an (N, N, 3) picture.

    Args:
        picture: is changed.
        box: left, top, right, bottom of the mass, shares of the picture, if there is one.
        scanner: for the aspect: letters were squashed with the picture.
        streams: of the picture.
    """
    rng = streams.get("overlays")
    chances = rng.random(6)
    if chances[0] < 0.06:
        _border(picture, rng)
    if chances[1] < 0.6:
        _corner(picture, rng)
    if chances[2] < 0.16:
        _calipers(picture, streams.get("calipers"), box)
    if chances[3] < 0.2:
        _text(picture, streams.get("text"), scanner.aspect)
    if chances[4] < 0.05:
        _body_mark(picture, streams.get("body-mark"))
    if chances[5] < 0.08:
        _ruler(picture, streams.get("ruler"), scanner)


def _border(picture: NDArray[np.uint8], rng: np.random.Generator) -> None:
    wide = int(LATTICE * rng.uniform(0.01, 0.07))
    side = int(rng.integers(0, 4))
    if side == 0:
        picture[:, :wide] = 0
    elif side == 1:
        picture[:, -wide:] = 0
    elif side == 2:
        picture[-wide:] = 0
    else:
        picture[:, :wide] = 0
        picture[:, -wide:] = 0


def _corner(picture: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """The orientation mark of the probe, cut off by the crop."""
    at = (int(rng.integers(0, 9)), int(rng.integers(1, 7)))
    if rng.random() < 0.5:
        cv2.ellipse(picture, at, (4, 4), 0, 0, 360, _WHITE, 1, cv2.LINE_AA)
        cv2.line(picture, at, (at[0] + 4, at[1] + 4), _WHITE, 1, cv2.LINE_AA)
    else:
        text = "".join(rng.choice(list(_LETTERS), 2))
        cv2.putText(picture, text, (at[0] - 4, at[1] + 6), cv2.FONT_HERSHEY_SIMPLEX, 0.3, _WHITE, 1, cv2.LINE_AA)


def _calipers(picture: NDArray[np.uint8], rng: np.random.Generator, box: Box | None) -> None:
    left, top, right, bottom = (rng.uniform(0.15, 0.4), rng.uniform(0.15, 0.4), rng.uniform(0.5, 0.8), 0.0)
    bottom = top + rng.uniform(0.1, 0.25)
    if box is not None:
        left, top, right, bottom = box
    middle, across = (left + right) / 2, (top + bottom) / 2
    lift = rng.uniform(-0.02, 0.02)
    ends = [((left, across + lift), (right, across - lift)), ((middle + lift, top), (middle - lift, bottom))]
    arm = int(rng.integers(4, 7))
    dotted = rng.random() < 0.6
    for pair in ends[: int(rng.integers(1, 3))]:
        points = [(round(x * LATTICE), round(y * LATTICE)) for x, y in pair]
        for x, y in points:
            cv2.line(picture, (x - arm, y), (x + arm, y), _WHITE, 1)
            cv2.line(picture, (x, y - arm), (x, y + arm), _WHITE, 1)
        if dotted:
            _dots(picture, points)


def _dots(picture: NDArray[np.uint8], points: list[tuple[int, int]]) -> None:
    (x0, y0), (x1, y1) = points
    count = max(2, int(np.hypot(x1 - x0, y1 - y0) / 5))
    for share in np.linspace(0, 1, count):
        x, y = round(x0 + share * (x1 - x0)), round(y0 + share * (y1 - y0))
        if 0 <= x < LATTICE and 0 <= y < LATTICE:
            picture[y, x] = 210


def _text(picture: NDArray[np.uint8], rng: np.random.Generator, aspect: float) -> None:
    words = ["".join(rng.choice(list(_LETTERS), int(rng.integers(2, 5)))) for _ in range(int(rng.choice([1, 1, 2, 2])))]
    color: Color = (240, 240, 40) if rng.random() < 0.12 else _WHITE
    canvas = np.zeros((24, 240, 3), np.uint8)
    bold = int(rng.integers(1, 3))
    cv2.putText(canvas, " ".join(words), (2, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.6, color, bold, cv2.LINE_AA)
    scale = rng.uniform(0.75, 1.0)
    canvas = np.asarray(
        cv2.resize(canvas, (int(240 * scale / aspect), int(24 * scale)), interpolation=cv2.INTER_AREA), np.uint8
    )
    high, wide = canvas.shape[:2]
    top = int(rng.uniform(0.05 if rng.random() < 0.15 else 0.55, 0.92) * (LATTICE - high))
    left = int(rng.uniform(0.02, 0.6) * (LATTICE - wide))
    part = picture[top : top + high, left : left + wide]
    np.maximum(part, canvas, out=part)


def _body_mark(picture: NDArray[np.uint8], rng: np.random.Generator) -> None:
    x, y = int(LATTICE * rng.uniform(0.08, 0.9)), int(LATTICE * rng.uniform(0.82, 0.93))
    cv2.ellipse(picture, (x, y), (14, 14), 0, 20, 200, (150, 150, 150), 1, cv2.LINE_AA)
    cv2.line(picture, (x - 14, y), (x - 18, y - 20), (150, 150, 150), 1, cv2.LINE_AA)
    angle = rng.uniform(0, np.pi)
    dx, dy = int(9 * np.cos(angle)), int(9 * np.sin(angle))
    cv2.line(picture, (x - dx, y - dy), (x + dx, y + dy), _WHITE, 2, cv2.LINE_AA)


def _ruler(picture: NDArray[np.uint8], rng: np.random.Generator, scanner: Scanner) -> None:
    """Depth marks at one side and a mark at the focus."""
    x = 2 if rng.random() < 0.5 else LATTICE - 6
    for number in range(1, int(2 * scanner.depth)):
        y = int(number * LATTICE / (2 * scanner.depth))
        cv2.line(picture, (x, y), (x + (4 if number % 2 == 0 else 2), y), (190, 190, 190), 1)
    y = int(scanner.focus * LATTICE)
    cv2.line(picture, (x, y - 3), (x + 3, y), _WHITE, 1)
    cv2.line(picture, (x + 3, y), (x, y + 3), _WHITE, 1)
