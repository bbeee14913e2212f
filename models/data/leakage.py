"""The leakage report: near-duplicates, whose labels disagree, and what crosses published splits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from models.data.duplicates import Match
from models.data.manifest import PreparedRow
from models.data.report import Cluster, Crossing, LeakageReport, Pair, ReportedImage, Unreadable
from models.data.splitting import Forest

# Of a set of video frames there can be millions; the clusters say it all.
MAX_PAIRS = 100_000


def leakage_report(
    rows: Sequence[PreparedRow],
    matches: Sequence[Match],
    crossings: Sequence[str],
    unreadable: Sequence[Unreadable],
) -> LeakageReport:
    """Puts together what was found.

    Args:
        rows: of the data set.
        matches: near-duplicates, by indices of rows.
        crossings: keys of the clusters that stand in several published splits.
        unreadable: images and masks that were left out.
    """
    ordered = sorted(matches, key=lambda match: (-match.similarity, match.a, match.b))
    disagreements = [match for match in ordered if rows[match.a].label != rows[match.b].label]
    clusters = _clusters(rows, ordered)
    groups: dict[str, int] = defaultdict(int)
    for row in rows:
        if row.group is not None:
            groups[row.group] += 1
    return LeakageReport(
        clusters=clusters,
        disagreements=tuple(_pair(rows, match) for match in disagreements[:MAX_PAIRS]),
        crossings=_crossings(rows, crossings),
        groups=sum(count > 1 for count in groups.values()),
        unreadable=tuple(unreadable),
        complete=len(ordered) <= MAX_PAIRS,
    )


def _clusters(rows: Sequence[PreparedRow], matches: Sequence[Match]) -> tuple[Cluster, ...]:
    forest = Forest(len(rows))
    for match in matches:
        forest.join(match.a, match.b)
    members: dict[int, set[int]] = defaultdict(set)
    for match in matches:
        members[forest.root(match.a)] |= {match.a, match.b}
    pairs: dict[int, list[Pair]] = defaultdict(list)
    for match in matches[:MAX_PAIRS]:
        pairs[forest.root(match.a)].append(_pair(rows, match))
    found = []
    for root, indices in members.items():
        images = tuple(_image(rows, index) for index in sorted(indices))
        found.append((len({image.label for image in images}) > 1, images, tuple(pairs[root])))
    found.sort(key=lambda cluster: (not cluster[0], -len(cluster[1]), cluster[1][0].key))
    return tuple(
        Cluster(id=number, disagree=disagree, images=images, pairs=linked)
        for number, (disagree, images, linked) in enumerate(found, start=1)
    )


def _crossings(rows: Sequence[PreparedRow], clusters: Sequence[str]) -> tuple[Crossing, ...]:
    members: dict[str, list[int]] = {cluster: [] for cluster in clusters}
    for index, row in enumerate(rows):
        if row.cluster in members:
            members[row.cluster].append(index)
    return tuple(
        Crossing(
            kind="group" if len({rows[index].group for index in indices} - {None}) == 1 else "near-duplicate",
            images=tuple(_image(rows, index) for index in indices),
            left_out=tuple(rows[index].key for index in indices if rows[index].split is None),
        )
        for indices in members.values()
    )


def _image(rows: Sequence[PreparedRow], index: int) -> ReportedImage:
    row = rows[index]
    return ReportedImage(row=index, key=row.key, label=row.label, split=row.split, group=row.group)


def _pair(rows: Sequence[PreparedRow], match: Match) -> Pair:
    return Pair(a=rows[match.a].key, b=rows[match.b].key, similarity=round(match.similarity, 4), flipped=match.flipped)
