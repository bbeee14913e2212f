"""Which split an image goes to: decided by a hash, for whole clusters at a time (docs/adr/0015).

A *cluster* is all that must stay together: images of one patient or lesion, and near-duplicates, and whatever these
links join. It goes by the hash of its key alone, so neither the order of files nor other images matter.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from models.data.records import SPLITS, SplitName

Fractions = tuple[float, float, float]

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
    labels = _labels(items, clusters, "train" if made else None)
    by_hash = _by_hash(labels, fractions if not made else _without(fractions, made - {"train"}))
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


def folds_of(clusters: Sequence[str], count: int) -> tuple[int, ...]:
    """The fold of cross-validation, 0 to ``count - 1``, that each image belongs to by its cluster's hash.

    Raises:
        ValueError: if there are fewer than two folds.
    """
    if count < 2:
        raise ValueError(f"{count} folds; expected 2 or more")
    # Salted: within a split, the plain hash fills only a part of [0, 1).
    return tuple(int(hash_share(f"fold:{cluster}") * count) for cluster in clusters)


def check_fractions(fractions: Fractions) -> None:
    """Raises ``ValueError`` unless these are three shares that add up to one, the first above 0."""
    if min(fractions) < 0 or fractions[0] <= 0 or abs(sum(fractions) - 1) > 1e-6:
        raise ValueError(f"fractions {fractions} of train, validation and test; expected three that add up to 1")


def _labels(items: Sequence[Item], clusters: Sequence[str], own: SplitName | None) -> Mapping[str, frozenset[str]]:
    """Classes of each cluster, over the images whose published split is ``own`` or not given."""
    labels: dict[str, set[str]] = defaultdict(set)
    for item, cluster in zip(items, clusters, strict=True):
        if item.published in (None, own):
            labels[cluster].add(item.label)
    return {cluster: frozenset(found) for cluster, found in labels.items()}


def _by_hash(labels: Mapping[str, frozenset[str]], fractions: Fractions) -> Mapping[str, SplitName]:
    shares = {cluster: hash_share(cluster) for cluster in labels}
    splits = {cluster: _split_at(share, fractions) for cluster, share in shares.items()}
    members: dict[str, list[str]] = defaultdict(list)
    for cluster in sorted(labels, key=lambda cluster: (shares[cluster], cluster)):
        for label in labels[cluster]:
            members[label].append(cluster)
    for label in sorted(members):
        _fill(splits, members[label], fractions)
    return splits


def _fill(splits: dict[str, SplitName], members: Sequence[str], fractions: Fractions) -> None:
    """Gives every wanted split its share of a class that is small, if the class has enough clusters at all.

    Of a large class chance leaves every split about its share. Of a small one it may leave next to nothing (3 of BUSI's
    56 normal images for validation, where 8 are due), and figures and class averages over so few say nothing. Then the
    clusters whose hashes are nearest to the border change sides.

    Args:
        splits: changed in place.
        members: clusters with the class, by rising hash.
        fractions: 0 for splits that are not wanted.
    """
    wanted = [split for split, fraction in zip(SPLITS, fractions, strict=True) if fraction > 0]
    if len(members) < len(wanted) or len(members) >= _SMALL_CLASS:
        return
    due = {split: max(1, int(fraction * len(members))) for split, fraction in zip(SPLITS, fractions, strict=True)}
    for split in wanted:
        counts = Counter(splits[cluster] for cluster in members)
        most = max(wanted, key=lambda name: counts[name] - due[name])
        donors = [cluster for cluster in members if splits[cluster] == most]
        lacking = min(due[split] - counts[split], len(donors) - 1)
        if lacking <= 0 or split == most:
            continue
        # Rising hashes: the donor's border to the split that lacks some.
        for cluster in donors[-lacking:] if SPLITS.index(split) > SPLITS.index(most) else donors[:lacking]:
            splits[cluster] = split


def _split_at(share: float, fractions: Fractions) -> SplitName:
    if share < fractions[0]:
        return "train"
    # The last split takes what rounding leaves, unless none is wanted.
    return "validation" if share < fractions[0] + fractions[1] or fractions[2] == 0 else "test"


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
