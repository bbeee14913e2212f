"""Splits: whole clusters, by hash, fair to small classes, the publisher's where there is one."""

from __future__ import annotations

import random
from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.data.records import SPLITS, SplitName
from models.data.splitting import Assignment, Item, assign_splits, cluster_keys, folds_of, hash_share

USUAL = (0.7, 0.15, 0.15)
NO_TEST = (0.85, 0.15, 0.0)


def items(count: int, label: str = "a", start: int = 0, group_size: int = 0) -> list[Item]:
    return [
        Item(f"{label}/{number}.png", label, f"{label}-p{number // group_size}" if group_size else None)
        for number in range(start, start + count)
    ]


def split_by_key(found: Assignment, of: list[Item]) -> dict[str, SplitName | None]:
    return {item.key: split for item, split in zip(of, found.splits, strict=True)}


def test_the_hash_never_changes() -> None:
    # imports of different versions and machines must agree: these numbers may not change
    assert hash_share("image:benign/benign (1).png") == pytest.approx(0.43447167, abs=1e-8)
    assert hash_share("") == 0xE3B0C44298FC / 2**48  # SHA-256 of nothing


def test_the_hash_is_even() -> None:
    shares = [hash_share(f"image:{number}") for number in range(4000)]
    tenths = Counter(int(share * 10) for share in shares)
    assert set(tenths) == set(range(10))
    assert all(330 < count < 470 for count in tenths.values())


def test_links_and_patients_join_whatever_they_touch() -> None:
    own = [Item("a", "x", "p2"), Item("b", "x"), Item("c", "x", "p1"), Item("d", "x"), Item("e", "x", "p2")]
    keys = cluster_keys(own, [(0, 1), (1, 2)])
    assert keys[0] == keys[1] == keys[2] == keys[4] == "group:p1"
    assert keys[3] == "image:d"


def test_shares_come_out_as_asked() -> None:
    counts = Counter(assign_splits(items(5000), [], USUAL).splits)
    assert counts["train"] == pytest.approx(3500, abs=150)
    assert counts["validation"] == pytest.approx(750, abs=110)
    assert Counter(assign_splits(items(5000), [], NO_TEST).splits)["test"] == 0
    assert set(assign_splits(items(50), [], (1.0, 0.0, 0.0)).splits) == {"train"}
    assert Counter(assign_splits(items(200), [], (0.8, 0.0, 0.2)).splits)["validation"] == 0


def test_added_images_move_nobody() -> None:
    old = items(2000) + items(1500, "b", group_size=3)
    before = split_by_key(assign_splits(old, [], USUAL), old)
    more = [*items(300, start=5000), *old, *items(200, "b", start=1500, group_size=3), *items(40, "new")]
    after = split_by_key(assign_splits(more, [], USUAL), more)
    assert {key: after[key] for key in before} == before


def test_another_image_of_a_patient_goes_where_the_patient_is() -> None:
    old = items(900, group_size=3)
    before = split_by_key(assign_splits(old, [], USUAL), old)
    new = Item("A earlier than all others.png", "a", "a-p17")
    after = split_by_key(assign_splits([new, *old], [], USUAL), [new, *old])
    assert after[new.key] == before["a/51.png"]
    assert {key: after[key] for key in before} == before


def test_the_order_of_files_does_not_matter() -> None:
    own = items(300, group_size=2) + items(30, "b")
    shuffled = own.copy()
    random.Random(0).shuffle(shuffled)
    assert split_by_key(assign_splits(own, [], USUAL), own) == split_by_key(
        assign_splits(shuffled, [], USUAL), shuffled
    )


@pytest.mark.parametrize("count", [3, 4, 7, 12, 25, 60])
def test_small_classes_get_their_share_of_every_split(count: int) -> None:
    for number in range(12):  # whatever the hashes of their names are
        own = items(400) + items(count, f"rare{number}")
        splits = Counter(assign_splits(own, [], USUAL).splits[400:])
        for split, share in zip(SPLITS, USUAL, strict=True):
            assert splits[split] >= 1, (number, splits)
            assert abs(splits[split] - share * count) <= max(1.2, 0.06 * count), (number, splits)


def test_a_class_of_one_or_two_clusters_is_at_least_trained_on() -> None:
    for number in range(20):
        own = items(50) + items(1, f"one{number}") + items(2, f"two{number}")
        assert "train" in (
            assign_splits(own, [], USUAL).splits[50],
            *assign_splits(own, [], USUAL).splits[51:],
        )


def test_large_patients_do_not_unbalance_a_small_class() -> None:
    for number in range(30):
        own = [Item(f"{number}/{index}", "a", f"{number}-big") for index in range(30)]
        own += [Item(f"{number}/{index + 30}", "a", f"{number}-{index // 3}") for index in range(70)]
        splits = Counter(assign_splits(own, [], USUAL).splits)
        assert splits["validation"] <= 35
        assert splits["train"] >= 50


PUBLISHED = [
    Item("1", "a", published="train"), Item("2", "a", published="test"), Item("3", "a", published="test"),
    Item("4", "a", published="train"), Item("5", "a"), Item("6", "a"),
]  # fmt: skip


def test_a_published_split_is_kept_and_what_would_leak_is_left_out() -> None:
    found = assign_splits(PUBLISHED, [(0, 1), (2, 4)], (0.5, 0.5, 0.0))
    assert found.splits[1] == found.splits[2] == "test"
    assert found.splits[0] is None  # a training image that shows a test image
    assert found.splits[4] == "test"  # nobody's, so it may follow its likeness
    assert {found.splits[3], found.splits[5]} == {"train", "validation"}
    assert found.crossings == (found.clusters[0],)


def test_a_missing_split_is_taken_out_of_training_only() -> None:
    own = [Item(f"{number}", "a", published="train" if number % 5 else "test") for number in range(2000)]
    found = assign_splits(own, [], USUAL)
    counts = Counter(found.splits)
    assert counts["test"] == 400
    assert counts["validation"] == pytest.approx(1600 * 0.15 / 0.85, abs=70)
    assert all((item.published == "test") == (split == "test") for item, split in zip(own, found.splits, strict=True))


def test_all_three_published_are_left_as_they_are() -> None:
    own = [Item(f"{number}", "a", published=SPLITS[number % 3]) for number in range(30)]
    assert assign_splits(own, [], USUAL).splits == tuple(item.published for item in own)


@pytest.mark.parametrize("fractions", [(0.5, 0.2, 0.2), (1.2, -0.1, -0.1), (0.0, 0.5, 0.5), (0.0, 0.0, 0.0)])
def test_fractions_that_are_none_are_refused(fractions: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="three that add up to 1"):
        assign_splits(items(3), [], fractions)


LABELS = st.sampled_from("abc")
GROUPS = st.none() | st.sampled_from(["p1", "p2", "p3", "p4"])
PUBLISHERS = st.none() | st.sampled_from(SPLITS)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), count=st.integers(1, 40), fractions=st.sampled_from([USUAL, NO_TEST, (1.0, 0.0, 0.0)]))
def test_whatever_the_data_nothing_that_belongs_together_is_in_two_splits(data, count, fractions) -> None:
    own = [
        Item(f"{n}", data.draw(LABELS), data.draw(GROUPS), data.draw(PUBLISHERS)) for n in range(count)
    ]  # fmt: skip
    number = st.integers(0, count - 1)
    links = data.draw(st.lists(st.tuples(number, number), max_size=20))
    found = assign_splits(own, links, fractions)
    of_cluster: dict[str, set[SplitName | None]] = defaultdict(set)
    for cluster, split in zip(found.clusters, found.splits, strict=True):
        of_cluster[cluster] |= {split} - {None}
    assert all(len(splits) <= 1 for splits in of_cluster.values())
    assert all(found.clusters[a] == found.clusters[b] for a, b in links)
    for item, split in zip(own, found.splits, strict=True):
        assert split is not None or item.published is not None  # only what a publisher placed is ever left out
        assert item.published != "test" or split == "test"


def test_folds_are_of_whole_clusters_and_even() -> None:
    own = items(203, group_size=2) + items(21, "b")
    clusters = cluster_keys(own, [])
    folds = folds_of(own, clusters, 5)
    assert len(set(zip(clusters, folds, strict=True))) == len(set(clusters))
    for label, each in (("a", 203 / 5), ("b", 21 / 5)):
        counts = Counter(fold for item, fold in zip(own, folds, strict=True) if item.label == label)
        assert len(counts) == 5
        assert all(abs(count - each) <= 2 for count in counts.values())
    shuffled = list(zip(own, clusters, strict=True))
    random.Random(1).shuffle(shuffled)
    again = folds_of([item for item, _ in shuffled], [cluster for _, cluster in shuffled], 5)
    assert dict(zip([item.key for item, _ in shuffled], again, strict=True)) == dict(
        zip([item.key for item in own], folds, strict=True)
    )
    with pytest.raises(ValueError, match="2 or more"):
        folds_of(own, clusters, 1)
