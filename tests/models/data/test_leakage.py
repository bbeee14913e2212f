"""The leakage report says what was linked, where labels disagree, and what crosses a published split."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.data import leakage
from models.data.duplicates import Match
from models.data.images import FileImage
from models.data.leakage import leakage_report
from models.data.manifest import PreparedRow
from models.data.records import SplitName
from models.data.report import Unreadable


def row(
    key: str, label: str = "a", split: SplitName | None = "train", cluster: str = "", group: str | None = None
) -> PreparedRow:
    return PreparedRow(key, label, split, None, group, cluster or key, 4, 4, "", FileImage(Path(key)))


ROWS = [row("0"), row("1", "b"), row("2"), row("3"), row("4"), row("5"), row("6", "b"), row("7")]


def test_clusters_that_disagree_come_first_then_the_largest() -> None:
    matches = [Match(2, 3, 0.9), Match(3, 4, 0.8, flipped=True), Match(0, 1, 0.5), Match(5, 7, 1.0)]
    report = leakage_report(ROWS, matches, [], [])
    assert [[image.key for image in cluster.images] for cluster in report.clusters] == [
        ["0", "1"], ["2", "3", "4"], ["5", "7"],
    ]  # fmt: skip
    assert [cluster.disagree for cluster in report.clusters] == [True, False, False]
    assert [cluster.id for cluster in report.clusters] == [1, 2, 3]
    assert report.images_in_clusters == 7
    assert [(pair.a, pair.b, pair.flipped) for pair in report.clusters[1].pairs] == [
        ("2", "3", False),
        ("3", "4", True),
    ]
    assert [image.row for image in report.clusters[2].images] == [5, 7]


def test_pairs_that_disagree_are_listed_most_similar_first() -> None:
    matches = [Match(0, 1, 0.5), Match(2, 6, 0.98765), Match(2, 3, 1.0), Match(3, 6, 0.7)]
    report = leakage_report(ROWS, matches, [], [])
    assert [(pair.a, pair.b, pair.similarity) for pair in report.disagreements] == [
        ("2", "6", 0.9877), ("3", "6", 0.7), ("0", "1", 0.5),
    ]  # fmt: skip


def test_crossings_say_what_links_them_and_what_was_left_out() -> None:
    rows = [
        row("0", cluster="x", split="test"), row("1", cluster="x", split=None), row("2"),
        row("3", cluster="y", group="p", split="test"), row("4", cluster="y", group="p", split=None),
    ]  # fmt: skip
    first, second = leakage_report(rows, [Match(0, 1, 0.9)], ["x", "y"], []).crossings
    assert (first.kind, first.left_out) == ("near-duplicate", ("1",))
    assert (second.kind, second.left_out) == ("group", ("4",))
    assert [image.split for image in first.images] == ["test", None]


def test_patients_are_counted_and_files_listed() -> None:
    rows = [row("0", group="p"), row("1", group="p"), row("2", group="q"), row("3")]
    report = leakage_report(rows, [], [], [Unreadable(key="9", reason="gone")])
    assert report.groups == 1
    assert report.unreadable[0].reason == "gone"
    assert not any([report.clusters, report.disagreements, report.crossings])
    assert report.complete


def test_too_many_pairs_are_cut_but_no_image_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leakage, "MAX_PAIRS", 2)
    report = leakage_report(ROWS, [Match(0, number, 0.5) for number in range(1, 8)], [], [])
    assert not report.complete
    assert report.images_in_clusters == 8
    assert sum(len(cluster.pairs) for cluster in report.clusters) == 2
