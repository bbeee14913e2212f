"""Orders of readers: what follows from design, seed and slot alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.reader_studies.design import Arm, Order, Separation, StudyDesign, Task
from backend.reader_studies.orders import (
    OrderItem,
    Placed,
    make_order,
    order_digest,
    order_items,
    repeats_of,
    sessions_of,
)


def items_of(cases: int, arms: Sequence[int], concepts: int = 1, practice: int = 0) -> list[OrderItem]:
    """Of a study whose tasks have so many arms."""
    found: list[OrderItem] = []
    for task, count in enumerate(arms):
        for case in range(1, cases + practice + 1):
            rehearsed = case <= practice
            for _ in range(concepts):
                for arm in range(1 if rehearsed else count):
                    found.append(OrderItem(len(found) + 1, task, arm, count, case, rehearsed))
    return found


def order(**changes: Any) -> Order:
    return Order(**{"seed": 3, "gap": 3, "repeats": 0.1} | changes)


designs = st.builds(
    items_of,
    cases=st.integers(1, 12),
    arms=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    concepts=st.integers(1, 2),
    practice=st.integers(0, 2),
)
orders = st.builds(
    Order,
    seed=st.integers(0, 99),
    separation=st.sampled_from(Separation),
    repeats=st.sampled_from([0, 0.1, 0.3, 0.5]),
    gap=st.integers(0, 6),
    by_task=st.booleans(),
)


@given(items=designs, order=orders, slot=st.integers(0, 9))
def test_every_item_exactly_as_often_as_the_design_says(items: list[OrderItem], order: Order, slot: int) -> None:
    placed = make_order(items, order, slot)
    by_number = {item.number: item for item in items}
    first = Counter(row.item for row in placed if not row.repeated)
    real = [item for item in items if not item.practice]
    assert set(first.values()) <= {1}
    assert {number for number in first if by_number[number].practice} == {
        each.number for each in items if each.practice
    }
    shown = {number for number in first if not by_number[number].practice}
    if order.separation is Separation.SPLIT:
        under = Counter((item.task, item.case) for item in map(by_number.__getitem__, shown))
        arms = {(item.task, item.case, item.arm) for item in map(by_number.__getitem__, shown)}
        assert len(arms) == len(under) == len({(item.task, item.case) for item in real})
        assert sum(under.values()) == sum(item.arm == 0 for item in real)
    else:
        assert shown == {item.number for item in real}
    for session in {row.session for row in placed}:
        rows = [row for row in placed if row.session == session]
        assert [row.position for row in rows] == list(range(len(rows)))
        counted = [row for row in rows if not row.repeated and not by_number[row.item].practice]
        assert sum(row.repeated for row in rows) == repeats_of(len(counted), order.repeats)


@given(items=designs, order=orders, slot=st.integers(0, 9))
def test_a_second_showing_comes_once_and_later(items: list[OrderItem], order: Order, slot: int) -> None:
    placed = make_order(items, order, slot)
    practice = {item.number for item in items if item.practice}
    again = [row for row in placed if row.repeated]
    assert max(Counter(row.item for row in again).values(), default=1) == 1
    assert not practice & {row.item for row in again}
    for row in again:
        (earlier,) = [other for other in placed if other.item == row.item and not other.repeated]
        assert (earlier.session, earlier.position < row.position) == (row.session, True)


@given(items=designs, order=orders, slot=st.integers(0, 9))
def test_practice_comes_first(items: list[OrderItem], order: Order, slot: int) -> None:
    practice = {item.number for item in items if item.practice}
    placed = make_order(items, order, slot)
    places = [place for place, row in enumerate(placed) if row.item in practice]
    assert places == list(range(len(practice)))
    assert all(placed[place].session == 1 for place in places)


@given(items=designs, order=orders, slot=st.integers(0, 9))
def test_the_same_seed_and_slot_give_the_same_order(items: list[OrderItem], order: Order, slot: int) -> None:
    first = make_order(items, order, slot)
    assert make_order(list(reversed(items)), order, slot) == first


@given(items=designs, order=orders, slot=st.integers(0, 9))
def test_one_task_after_the_other(items: list[OrderItem], order: Order, slot: int) -> None:
    tasks = {item.number: item.task for item in items if not item.practice}
    for session in range(1, 5):
        met = [
            tasks[row.item] for row in make_order(items, order, slot) if row.session == session and row.item in tasks
        ]
        if order.by_task:
            assert met == sorted(met)


def between(placed: Sequence[Placed], items: Sequence[OrderItem]) -> int:
    """The fewest items between two of one image within a session."""
    cases = {item.number: item.case for item in items}
    places: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in placed:
        places[row.session, cases[row.item]].append(row.position)
    return min((b - a - 1 for found in places.values() for a, b in pairwise(sorted(found))), default=10**6)


@given(
    gap=st.integers(0, 6),
    spare=st.integers(1, 8),
    arms=st.lists(st.integers(1, 3), min_size=1, max_size=3),
    separation=st.sampled_from(Separation),
    by_task=st.booleans(),
    seed=st.integers(0, 99),
)
def test_the_gap_is_kept_where_there_are_enough_images(
    gap: int, spare: int, arms: list[int], separation: Separation, by_task: bool, seed: int
) -> None:
    items = items_of(2 * gap + spare, arms)
    drawn = order(seed=seed, gap=gap, separation=separation, by_task=by_task, repeats=0)
    assert between(make_order(items, drawn, seed % 3), items) >= gap


@given(gap=st.integers(0, 5), seed=st.integers(0, 99), separation=st.sampled_from(Separation))
def test_the_gap_is_kept_with_repeats(gap: int, seed: int, separation: Separation) -> None:
    items = items_of(30, [2, 1])
    drawn = order(seed=seed, gap=gap, separation=separation)
    placed = make_order(items, drawn, 0)
    assert any(row.repeated for row in placed)
    assert between(placed, items) >= gap


def test_with_too_few_images_they_lie_as_far_apart_as_can_be() -> None:
    items = items_of(3, [4])
    assert between(make_order(items, order(gap=10, repeats=0), 0), items) == 2


@given(
    seed=st.integers(0, 99), arms=st.integers(2, 4), separation=st.sampled_from([Separation.SESSIONS, Separation.SPLIT])
)
def test_arms_are_balanced_over_readers_and_within_each(seed: int, arms: int, separation: Separation) -> None:
    items = items_of(9, [arms])
    known = {item.number: item for item in items}
    drawn = order(seed=seed, separation=separation, repeats=0)
    met: Counter[tuple[int, int, int]] = Counter()
    for slot in range(2 * arms):
        for session in range(1, arms + 1):
            rows = [row for row in make_order(items, drawn, slot) if row.session == session]
            met.update((known[row.item].case, known[row.item].arm, session) for row in rows)
            within = Counter(known[row.item].arm for row in rows)
            assert not rows or (len(within) == arms and max(within.values()) - min(within.values()) <= 1)
    sessions = arms if separation is Separation.SESSIONS else 1
    assert met == {
        (case, arm, session): 2 for case in range(1, 10) for arm in range(arms) for session in range(1, sessions + 1)
    }


def test_images_that_take_turns_in_the_list_do_not_keep_to_an_arm() -> None:
    """Benign and malignant ones by turns, two arms: each class must meet both within one reader."""
    items = items_of(40, [2])
    known = {item.number: item for item in items}
    rows = make_order(items, order(separation=Separation.SPLIT, repeats=0), 0)
    met = Counter((known[row.item].case % 2, known[row.item].arm) for row in rows)
    assert min(met[side, arm] for side in (0, 1) for arm in (0, 1)) >= 4


def test_tasks_with_fewer_arms_fill_the_first_sessions() -> None:
    items = items_of(6, [3, 1])
    placed = make_order(items, order(separation=Separation.SESSIONS, repeats=0), 1)
    tasks = {item.number: item.task for item in items}
    assert Counter((row.session, tasks[row.item]) for row in placed) == {(1, 0): 6, (2, 0): 6, (3, 0): 6, (1, 1): 6}


def test_repeats_stand_in_the_later_half_of_their_task() -> None:
    items = items_of(40, [1, 1], practice=2)
    tasks = {item.number: (item.task, item.practice) for item in items}
    placed = make_order(items, order(repeats=0.2), 4)
    for task in (0, 1):
        block = [row for row in placed if tasks[row.item] == (task, False)]
        assert len(block) == 48
        assert sum(row.repeated for row in block) == 8
        assert not any(row.repeated for row in block[:24])


def test_readers_and_seeds_differ_and_other_items_do_not_matter() -> None:
    items = items_of(20, [2])
    digests = [order_digest(make_order(items, order(seed=seed), slot)) for seed in (0, 1) for slot in range(6)]
    assert len(set(digests)) == 12
    # Of this study alone: nothing of any other is asked for, so nothing elsewhere can change it.
    assert digests[3] == order_digest(make_order(items_of(20, [2]), order(seed=0), 3))
    # Pinned: an order that is drawn again years later, by another version, must be the same.
    assert digests[3].startswith("69e81057dc770e62")


def test_five_hundred_items_for_fifty_readers_keep_the_gap() -> None:
    items = items_of(250, [2])
    for slot in range(50):
        assert between(make_order(items, order(gap=10), slot), items) >= 10


def test_sessions_and_repeats_are_counted_as_they_are_made() -> None:
    arms = [Arm(key=f"a{place}", name="x") for place in range(3)]
    tasks = [Task(key="t", kind="questions", title="T", arm_keys=["a0", "a1", "a2"])]
    design = StudyDesign(title="S", arms=arms, tasks=tasks)
    assert sessions_of(design) == 1
    apart = design.model_copy(update={"order": order(separation=Separation.SESSIONS)})
    assert sessions_of(apart) == 3
    assert [repeats_of(count, 0.1) for count in (0, 4, 5, 14, 15, 500)] == [0, 0, 1, 1, 2, 50]
    rows = [(7, "t", "a1", 3, False)]
    assert order_items(design, rows) == [OrderItem(7, 0, 1, 3, 3, False)]


def test_the_digest_is_of_every_place_and_mark() -> None:
    rows = [Placed(1, 0, 5, False), Placed(1, 1, 6, False), Placed(2, 0, 5, True)]
    assert order_digest(rows) == order_digest(reversed(rows))
    for changed in (rows[0]._replace(item=7), rows[0]._replace(session=2, position=1), rows[0]._replace(repeated=True)):
        assert order_digest([changed, *rows[1:]]) != order_digest(rows)
    assert len(order_digest([])) == 64
