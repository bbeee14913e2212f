"""Near-duplicates: the same picture under another name, stored anew, cropped, annotated or mirrored (docs/adr/0015).

Two looks. The first compares all pairs at once by a perceptual hash: the coarse picture, without what all pictures of
the set have in common. The second aligns the few pairs that are left and compares their details, which pictures of the
same kind do not share, however alike they are.

Shapes: N images, S the side of a small grey copy, P pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.data.alignment import SIDE, detail_correlation
from models.data.pool import processors
from models.data.splitting import Forest

Grey = NDArray[np.uint8]
FloatArray = NDArray[np.float32]

# First look: side of the coarse picture, and the correlation from which a pair gets the second look.
COARSE_SIDE = 16
COARSE = 0.5
# Second look: correlation of details that makes a match; less is enough where the coarse pictures agree well.
DETAIL = 0.42
DETAIL_IF_ALIKE = 0.30
ALIKE = 0.75
# How far beyond what is usual among unrelated pictures of the set a match must be: the distance from their median to
# their 95th percentile, so many times over.
_BEYOND = 2.0
_BEYOND_IF_ALIKE = 1.5
_UNRELATED = 256
_FEW = 16
_STRICTEST = 0.9
_MEAN_WEIGHT = 50.0
# Pairs per image that get the second look: what bounds the time where all pictures of a set are alike.
_NEIGHBOURS = 12
_PAIRS_PER_IMAGE = 4
# Of a small set, whose mean is not yet what all its pictures share, as many as take a few seconds.
_PAIRS_AT_LEAST = 1000
_BLOCK = 1024
_BATCH = 64
# Grey levels; below, a picture is blank, and correlations mean nothing.
_BLANK = 1.5


@dataclass(frozen=True)
class Match:
    """Two images that show the same, by index; a < b.

    Attributes:
        a: the one.
        b: the other.
        similarity: correlation of the details after alignment; 1 for equal pixels.
        flipped: whether one is the mirror image of the other.
    """

    a: int
    b: int
    similarity: float
    flipped: bool = False


def small_grey(pixels: NDArray[np.uint8]) -> Grey:
    """The copy of an image, (H, W, 3) uint8, that is compared: (S, S) uint8 grey, squashed to a square."""
    small = cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))


def find_matches(
    greys: Sequence[Grey], digests: Sequence[str], progress: Callable[[int, int], None] | None = None
) -> list[Match]:
    """All near-duplicates.

    Images with equal pixels are linked to the first of them, and only that one is compared with others.

    Args:
        greys: (N,) from ``small_grey``.
        digests: (N,) of the pixels.
        progress: called with (done, all); may raise to stop.

    Raises:
        ValueError: if the numbers of copies and digests differ.
    """
    if len(greys) != len(digests):
        raise ValueError(f"{len(greys)} grey copies and {len(digests)} digests; expected as many")
    tell = progress or (lambda _done, _all: None)
    first: dict[str, int] = {}
    matches = []
    for index, digest in enumerate(digests):
        original = first.setdefault(digest, index)
        if original != index:
            matches.append(Match(original, index, 1.0))
    distinct = [index for index in first.values() if greys[index].std() >= _BLANK]
    if len(distinct) < 2:
        tell(1, 1)
        return matches
    copies = [greys[index] for index in distinct]
    tell(0, 100)
    plain, mirrored = coarse_pictures(copies)
    # The blocks of the first look, then the pairs of the second: both as hundredths of the whole.
    pairs = _candidates(plain, mirrored, lambda share: tell(int(20 * share), 100))
    chance = [digests[index] for index in distinct]
    thresholds = _thresholds(copies, plain, chance, lambda share: tell(20 + int(10 * share), 100))
    matches += [
        Match(distinct[match.a], distinct[match.b], match.similarity, match.flipped)
        for match in _second_look(copies, pairs, thresholds, lambda share: tell(30 + int(70 * share), 100))
    ]
    return sorted(matches, key=lambda match: (match.a, match.b))


def coarse_pictures(greys: Sequence[Grey]) -> tuple[FloatArray, FloatArray]:
    """The perceptual hash of pictures and of their mirror images: (N, 256) float32 whose products are correlations.

    The mean of the set is taken out, so that what all its pictures share (the dark round of a fundus photograph, the
    bright upper layers of an ultrasound scan) does not make them alike. Of a handful of pictures only a part of it,
    since the mean of two copies is the copy. From mirror images the mean of the pictures as they are is taken too.

    Args:
        greys: (N,) of (S, S).
    """
    size = (COARSE_SIDE, COARSE_SIDE)
    small = np.empty((len(greys), *size), np.float32)
    for index, grey in enumerate(greys):
        small[index] = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    small -= small.mean(axis=(1, 2), keepdims=True)
    small /= np.maximum(np.linalg.norm(small, axis=(1, 2), keepdims=True), 1e-6)
    mean = small.mean(axis=0) * np.float32(len(greys) / (len(greys) + _MEAN_WEIGHT))
    return _unit(small - mean), _unit(small[:, :, ::-1] - mean)


def _unit(pictures: FloatArray) -> FloatArray:
    vectors = pictures.reshape(len(pictures), -1)
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6))


@dataclass(frozen=True, eq=False)
class _Pairs:
    """(P,) candidates, the most alike first."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    flipped: NDArray[np.bool_]
    coarse: FloatArray


def _candidates(plain: FloatArray, mirrored: FloatArray, tell: Callable[[float], None]) -> _Pairs:
    found = []
    for start in range(0, len(plain), _BLOCK):
        for flipped, others in ((False, plain), (True, mirrored)):
            found.append(_in_block(plain, others, start, flipped))
        tell(min(1.0, (start + _BLOCK) / len(plain)))
    a, b, values, flips = (np.concatenate([piece[part] for piece in found]) for part in range(4))
    order = _worth_a_look(np.lexsort((b, a, -values)), a, b, max(len(plain) * _PAIRS_PER_IMAGE, _PAIRS_AT_LEAST))
    return _Pairs(a[order], b[order], flips[order].astype(bool), values[order])


def _worth_a_look(order: NDArray[np.int64], a: NDArray[np.int64], b: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """The first pairs, and of the others those that link what no pair before them does.

    Of a film, all of whose frames are alike, the first pairs would leave it in pieces.
    """
    if len(order) <= most:
        return order
    forest = Forest(int(b.max()) + 1)
    links = []
    for place, pair in enumerate(order.tolist()):
        left, right = int(a[pair]), int(b[pair])
        if forest.root(left) != forest.root(right):
            forest.join(left, right)
            links.append(place)
    return order[[*range(most), *(place for place in links if place >= most)]]


def _in_block(
    plain: FloatArray, others: FloatArray, start: int, flipped: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64], FloatArray, NDArray[np.bool_]]:
    """Candidates (a, b, coarse, flipped) with a in one block of rows and b > a, a few per row at most."""
    best: list[tuple[NDArray[np.int64], NDArray[np.int64], FloatArray]] = []
    block = plain[start : start + _BLOCK]
    for left in range(start, len(others), 8 * _BLOCK):
        similar = block @ others[left : left + 8 * _BLOCK].T
        rows, columns = np.nonzero(similar >= COARSE)
        values = similar[rows, columns]
        a, b = rows + start, columns + left
        later = b > a
        best.append((a[later], b[later], values[later]))
    a, b, values = (np.concatenate([piece[part] for piece in best]) for part in range(3))
    order = np.lexsort((b, -values, a))
    a, b, values = a[order], b[order], values[order]
    # Rank within the row: a sorted array's first occurrences tell where each row begins.
    firsts = np.searchsorted(a, a)
    near = np.arange(len(a)) - firsts < max(_NEIGHBOURS, 2 * _PAIRS_AT_LEAST // len(plain))
    return a[near], b[near], values[near].astype(np.float32), np.full(int(near.sum()), flipped)


@dataclass(frozen=True)
class _Thresholds:
    """What details must correlate by, for pairs that are alike at first look and for others."""

    alike: float
    other: float


def _thresholds(
    greys: Sequence[Grey], coarse: FloatArray, digests: Sequence[str], tell: Callable[[float], None]
) -> _Thresholds:
    """Thresholds for a set: higher where even unrelated pictures have details in common, as chest radiographs do.

    Unrelated are pairs that chance has put together and the first look told apart. Where it tells hardly any apart, as
    among a few dozen pictures of one round field of view, chance alone must do: copies are rare among its pairs. Chance
    is the pixels' digest, so that neither names nor the order of files matter.
    """
    pairs = _by_chance(digests)
    apart = [(a, b) for a, b in pairs if coarse[a] @ coarse[b] < COARSE]
    unrelated = (apart if len(apart) >= _FEW else pairs)[:_UNRELATED]
    if len(unrelated) < _FEW:
        return _Thresholds(DETAIL_IF_ALIKE, DETAIL)
    found = np.empty(len(unrelated))
    with _one_opencv_thread():
        for index, (a, b) in enumerate(unrelated):
            found[index] = detail_correlation(greys[a], greys[b])
            tell((index + 1) / len(unrelated))
    # The upper end of what is usual; not the extremes, among which there may be a copy all the same.
    middle, usual = float(np.median(found)), float(np.quantile(found, 0.95))
    alike, other = (min(usual + share * (usual - middle), _STRICTEST) for share in (_BEYOND_IF_ALIKE, _BEYOND))
    return _Thresholds(max(DETAIL_IF_ALIKE, alike), max(DETAIL, other))


def _by_chance(digests: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of different images, each once, in an order that depends on the digests only."""
    order = np.argsort(np.array(digests)).tolist()
    count = len(order)
    pairs: dict[frozenset[int], tuple[int, int]] = {}
    for step in (count // 2, 1, 3, 2, 5, 7):
        for place in range(count):
            a, b = order[place], order[(place - step) % count]
            if a != b:
                pairs.setdefault(frozenset((a, b)), (a, b))
    return list(pairs.values())


def _second_look(
    greys: Sequence[Grey], pairs: _Pairs, thresholds: _Thresholds, tell: Callable[[float], None]
) -> list[Match]:
    def look(start: int) -> list[Match]:
        found = []
        for index in range(start, min(start + _BATCH, len(pairs.a))):
            a, b, flipped = int(pairs.a[index]), int(pairs.b[index]), bool(pairs.flipped[index])
            detail = detail_correlation(greys[a], greys[b][:, ::-1] if flipped else greys[b])
            if detail >= (thresholds.alike if pairs.coarse[index] >= ALIKE else thresholds.other):
                found.append(Match(a, b, min(detail, 0.9999), flipped))
        return found

    best: dict[tuple[int, int], Match] = {}
    # Threads: OpenCV, where the time goes, lets others run meanwhile. Its own would only wait for each other.
    with _one_opencv_thread(), ThreadPoolExecutor(processors()) as executor:
        starts = range(0, len(pairs.a), _BATCH)
        for start, matches in zip(starts, executor.map(look, starts), strict=True):
            for match in matches:
                known = best.get((match.a, match.b))
                if known is None or match.similarity > known.similarity:
                    best[match.a, match.b] = match
            tell(min(1.0, (start + _BATCH) / len(pairs.a)))
    tell(1.0)
    return list(best.values())


@contextmanager
def _one_opencv_thread() -> Iterator[None]:
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)
