"""Which split an image goes to: decided by a hash, for whole clusters at a time (docs/adr/0015).

A *cluster* is all that must stay together: images of one patient or lesion, and near-duplicates, and whatever these
links join. It goes by the hash of its key, so the order of files never matters; other images do only in small classes.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import accumulate

from models.data.records import SPLITS, SplitName

Fractions = tuple[float, float, float]

# How far the share of a class may be off, as a part of the smaller split beside the border.
_TOLERANCE = 0.2

# Clusters below which a class is too small to be left to chance.
_SMALL_CLASS = 100


@dataclass(frozen=True)
class Item:
    """What splitting needs to know of an image.

    Attributes:
        key: of the image.
        label: key of its class.
        group: patient or lesion, where the data say so.
        published: the publisher's split; None where there is none or it does not count.
    """

    key: str
    label: str
    group: str | None = None
    published: SplitName | None = None


@dataclass(frozen=True)
class Assignment:
    """The splits of a data set.

    Attributes:
        clusters: key of the cluster of each image, in the order of the items.
        splits: where each image goes; None for those left out.
        crossings: clusters that stand in several published splits.
    """

    clusters: tuple[str, ...]
    splits: tuple[SplitName | None, ...]
    crossings: tuple[str, ...]


def hash_share(key: str) -> float:
    """A number in [0, 1) that depends on the text only, evenly spread over texts."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:6], "big") / 2**48


def cluster_keys(items: Sequence[Item], links: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    """The cluster of each image, by a key that changes as little as possible when images are added.

    A cluster with a patient or lesion is named after the first of them, so that more images of the same patient never
    rename it; any other after the first of its images, in the order of their keys.

    Args:
        items: the images.
        links: pairs of indices of near-duplicates.
    """
    forest = Forest(len(items))
    by_group: dict[str, int] = {}
    for index, item in enumerate(items):
        if item.group is not None:
            forest.join(by_group.setdefault(item.group, index), index)
    for a, b in links:
        forest.join(a, b)
    names: dict[int, tuple[int, str]] = {}
    for index, item in enumerate(items):
        name = (1, f"image:{item.key}") if item.group is None else (0, f"group:{item.group}")
        root = forest.root(index)
        names[root] = min(names.get(root, name), name)
    return tuple(names[forest.root(index)][1] for index in range(len(items)))


def assign_splits(items: Sequence[Item], links: Iterable[tuple[int, int]], fractions: Fractions) -> Assignment:
    """Splits of all images.

    Published splits are kept. A split that the publisher did not make is taken out of their training split, by hash.
    Where a cluster stands in several published splits, the test images stay, and those that would leak what they show
    are left out: validation and training images beside a test image, training images beside a validation image.

    Args:
        items: the images.
        links: pairs of indices of near-duplicates.
        fractions: of train, validation and test, for what is split by hash.

    Raises:
        ValueError: if the fractions are no shares of one.
    """
    check_fractions(fractions)
    clusters = cluster_keys(items, links)
    published: dict[str, set[SplitName]] = defaultdict(set)
    for item, cluster in zip(items, clusters, strict=True):
        if item.published is not None:
            published[cluster].add(item.published)
    made = {split for found in published.values() for split in found}
    strata = _strata(items, clusters, "train" if made else None)
    by_hash = _by_hash(strata, fractions if not made else _without(fractions, made - {"train"}))
    splits = [
        _split_of(item.published, published.get(cluster, set()), by_hash.get(cluster, "train"))
        for item, cluster in zip(items, clusters, strict=True)
    ]
    crossings = sorted(cluster for cluster, found in published.items() if len(found) > 1)
    return Assignment(clusters, tuple(splits), tuple(crossings))


def _split_of(own: SplitName | None, cluster: AbstractSet[SplitName], by_hash: SplitName) -> SplitName | None:
    """Where an image goes: None if its own published split is less strict than another one of its cluster."""
    held_out = [split for split in ("test", "validation") if split in cluster]
    if not held_out:
        return by_hash
    strictest: SplitName = "test" if held_out[0] == "test" else "validation"
    return strictest if own in (None, strictest) else None


def folds_of(items: Sequence[Item], clusters: Sequence[str], count: int) -> tuple[int, ...]:
    """The fold of cross-validation, 0 to ``count - 1``, of each image: whole clusters, classes evenly, by hash.

    Raises:
        ValueError: if there are fewer than two folds.
    """
    if count < 2:
        raise ValueError(f"{count} folds; expected 2 or more")
    folds: dict[str, int] = {}
    for stratum in _strata(items, clusters, None, any_split=True).values():
        # Salted: within a split, the plain hash fills only a part of [0, 1).
        ordered = sorted(stratum, key=lambda cluster: (hash_share(f"fold:{cluster}"), cluster))
        total, before = sum(stratum.values()), 0
        for cluster in ordered:
            folds[cluster] = min(count - 1, (2 * before + stratum[cluster]) * count // (2 * total))
            before += stratum[cluster]
    return tuple(folds[cluster] for cluster in clusters)


def check_fractions(fractions: Fractions) -> None:
    """Raises ``ValueError`` unless these are three shares that add up to one, the first above 0."""
    if min(fractions) < 0 or fractions[0] <= 0 or abs(sum(fractions) - 1) > 1e-6:
        shares = ", ".join(f"{share:g}" for share in fractions)
        raise ValueError(
            f"fractions {shares} of train, validation and test: give three that add up to 1, the first above 0 (all "
            "images of a set that is only tested on are used whatever its fractions)"
        )


def _strata(
    items: Sequence[Item], clusters: Sequence[str], own: SplitName | None, any_split: bool = False
) -> Mapping[str, Mapping[str, int]]:
    """Clusters with their number of images, by the class that most of their images have.

    Args:
        items: the images.
        clusters: of each image.
        own: only images whose published split is this one, or not given, count.
        any_split: all images count.
    """
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    for item, cluster in zip(items, clusters, strict=True):
        if any_split or item.published in (None, own):
            labels[cluster][item.label] += 1
    strata: dict[str, dict[str, int]] = defaultdict(dict)
    for cluster, counts in labels.items():
        most = min(counts, key=lambda label: (-counts[label], label))
        strata[most][cluster] = counts.total()
    return strata


def _by_hash(strata: Mapping[str, Mapping[str, int]], fractions: Fractions) -> Mapping[str, SplitName]:
    splits: dict[str, SplitName] = {}
    for sizes in strata.values():
        ordered = sorted(sizes, key=lambda cluster: (hash_share(cluster), cluster))
        first, second = _borders(ordered, sizes, fractions)
        for place, cluster in enumerate(ordered):
            splits[cluster] = "train" if place < first else "validation" if place < second else "test"
    return splits


def _borders(ordered: Sequence[str], sizes: Mapping[str, int], fractions: Fractions) -> tuple[int, int]:
    """Where validation and test begin among the clusters of a class, which are in the order of their hashes.

    That is where the hash passes the fraction, so that other images do not matter, as long as chance has been fair: the
    class's share of images must be within a fifth of the smaller split beside the border. In a small class it often is
    not, and the border moves just as far as it must.
    """
    cumulative = [0, *accumulate(sizes[cluster] for cluster in ordered)]
    shares = [hash_share(cluster) for cluster in ordered]
    wanted = [split for split, fraction in zip(SPLITS, fractions, strict=True) if fraction > 0]
    borders = []
    for number in (1, 2):
        target = sum(fractions[:number])
        place = bisect_left(shares, target)
        beside = [fraction for fraction in (fractions[number - 1], fractions[number]) if fraction > 0] or [1.0]
        tolerance = _TOLERANCE * min(beside)
        if abs(cumulative[place] / cumulative[-1] - target) > tolerance:
            place = _nearest(cumulative, target, tolerance, place)
        borders.append(place)
    first, second = borders
    if "validation" not in wanted:
        first = second if "test" in wanted else len(ordered)
    if len(ordered) >= len(wanted):  # every wanted split gets something of the class
        after_first, after_second = "validation" in wanted, "test" in wanted
        first = min(max(first, 1), len(ordered) - after_first - after_second)
        second = min(max(second, first + after_first), len(ordered) - after_second)
    return first, (len(ordered) if fractions[2] == 0 else second)


def _nearest(cumulative: Sequence[int], target: float, tolerance: float, place: int) -> int:
    """The place next to ``place`` whose share is within the tolerance of the target, else the one nearest to it."""
    off = [abs(count / cumulative[-1] - target) for count in cumulative]
    fitting = [index for index, distance in enumerate(off) if distance <= tolerance]
    if fitting:
        return min(fitting, key=lambda index: (abs(index - place), index))
    return min(range(len(off)), key=lambda index: (off[index], index))


def _without(fractions: Fractions, splits: Collection[SplitName]) -> Fractions:
    """The fractions over the other splits only."""
    kept = [0.0 if split in splits else fraction for split, fraction in zip(SPLITS, fractions, strict=True)]
    train, validation, test = (share / sum(kept) for share in kept)
    return train, validation, test


class Forest:
    """Union-find over 0 to n - 1."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

    def root(self, index: int) -> int:
        """The representative of the index's tree."""
        parents = self._parents
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    def join(self, a: int, b: int) -> None:
        """Makes two trees one."""
        self._parents[self.root(b)] = self.root(a)
