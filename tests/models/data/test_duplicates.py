"""Near-duplicates: changed copies are found, different pictures of one kind are not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pytest

from models.data import duplicates
from models.data.duplicates import Match, coarse_pictures, find_matches, small_grey
from models.data.reading import pixels_digest
from models.data.splitting import Forest
from tests.support.scans import CHANGES, Pixels, fundus, scan

SET = 40


def matches(pictures: Sequence[Pixels]) -> list[Match]:
    return find_matches([small_grey(picture) for picture in pictures], [pixels_digest(picture) for picture in pictures])


def pairs(found: Sequence[Match]) -> set[tuple[int, int]]:
    return {(match.a, match.b) for match in found}


@pytest.mark.parametrize("draw", [scan, fundus])
def test_changed_copies_are_found_and_nothing_else(draw: Callable[[int], Pixels]) -> None:
    pictures = [draw(seed) for seed in range(SET)]
    copies = [change(pictures[2 * number]) for number, change in enumerate(CHANGES.values())]
    found = matches(pictures + copies)
    names = {(2 * number, SET + number): change for number, change in enumerate(CHANGES)}
    assert {names.get(pair, pair) for pair in pairs(found)} == set(CHANGES)
    assert [names[match.a, match.b] for match in found if match.flipped] == ["mirrored"]


@pytest.mark.parametrize("draw", [scan, fundus])
@pytest.mark.parametrize("count", [8, 25, 120])
def test_different_pictures_are_not_linked_however_many_there_are(count: int, draw: Callable[[int], Pixels]) -> None:
    assert matches([draw(seed) for seed in range(count)]) == []


def test_two_copies_alone_are_found() -> None:
    # the mean of two copies is the copy: taken out as a whole, nothing would be left to compare
    assert pairs(matches([scan(0), CHANGES["turned 3 degrees"](scan(0))])) == {(0, 1)}


def test_equal_pixels_are_linked_to_the_first_of_them_and_to_its_likes() -> None:
    found = matches([scan(0), scan(1), scan(0), scan(0), CHANGES["darker"](scan(0))])
    assert pairs(found) == {(0, 2), (0, 3), (0, 4)}
    assert [match.similarity == 1.0 for match in found] == [True, True, False]


def test_blank_pictures_are_alike_only_if_equal() -> None:
    blank = [np.full((20, 20, 3), level, np.uint8) for level in (0, 1, 0, 255)]
    assert pairs(matches([*blank, scan(0)])) == {(0, 2)}


def test_what_is_similar_at_first_look_gets_a_second() -> None:
    # the same coarse picture under other detail: two patients' chests, not two copies
    rng = np.random.default_rng(0)
    coarse = cv2.GaussianBlur(scan(5), (0, 0), 12).astype(np.int16)
    alike = [
        np.clip(coarse + rng.integers(-40, 40, coarse.shape[:2])[..., None], 0, 255).astype(np.uint8) for _ in range(20)
    ]
    greys = [small_grey(picture) for picture in alike]
    plain, _ = coarse_pictures([*greys, *(small_grey(scan(seed)) for seed in range(100, 140))])
    assert (plain[0] @ plain[1:20].T > duplicates.ALIKE).all()
    assert matches([*alike, *(scan(seed) for seed in range(100, 140))]) == []


def test_nothing_to_compare() -> None:
    assert find_matches([], []) == []
    assert matches([scan(0)]) == []
    with pytest.raises(ValueError, match="1 grey copies and 0 digests"):
        find_matches([small_grey(scan(0))], [])


def test_matches_do_not_depend_on_the_order_of_files() -> None:
    pictures = [scan(seed) for seed in range(30)] + [CHANGES["darker"](scan(seed)) for seed in range(5)]
    order = np.random.default_rng(1).permutation(len(pictures)).tolist()
    straight = pairs(matches(pictures))
    shuffled = {(order[a], order[b]) for a, b in pairs(matches([pictures[index] for index in order]))}
    assert {frozenset(pair) for pair in straight} == {frozenset(pair) for pair in shuffled}
    assert len(straight) == 5


def count_looks(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Grows by one with every second look; none of them finds a match."""
    looks: list[None] = []

    def look(a: Pixels, b: Pixels) -> float:
        looks.append(None)
        return 0.0

    monkeypatch.setattr(duplicates, "detail_correlation", look)
    return looks


def _frames(count: int) -> list[Pixels]:
    """As of a film: all of them pass the first look."""
    rng, first = np.random.default_rng(3), scan(0)
    return [np.clip(first + rng.integers(0, 9, (120, 160, 1)), 0, 255).astype(np.uint8) for _ in range(count)]


def test_a_set_of_frames_takes_no_more_than_its_share_of_second_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = count_looks(monkeypatch)
    assert matches(_frames(200)) == []
    assert 200 < len(looks) <= max(5 * 200, 1000) + 200 + 256


def test_all_frames_of_a_film_are_linked() -> None:
    found = matches([*_frames(300), *(scan(seed) for seed in range(1, 100))])
    forest = Forest(399)
    for match in found:
        forest.join(match.a, match.b)
    assert len({forest.root(index) for index in range(300)}) == 1
    assert all(match.b < 300 for match in found)


def test_progress_comes_to_its_end_and_may_stop_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = count_looks(monkeypatch)
    frames = [small_grey(picture) for picture in _frames(1000)]
    digests = [str(index) for index in range(1000)]
    seen: list[tuple[int, int]] = []
    find_matches(frames, digests, lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1] == (100, 100)
    everything = len(looks)

    class Stop(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done > 30:
            raise Stop

    looks.clear()
    with pytest.raises(Stop):
        find_matches(frames, digests, stop)
    assert len(looks) < everything / 2
