"""Who reads what, under which arm, when: drawn once for each reader, stored, and never drawn again.

An order follows from the design's seed, the reader's slot and the items alone, so anybody can draw it again from the
protocol and compare digests.
"""

from __future__ import annotations

import hashlib
import json
import random
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.orm import Session

from backend.db.study_tables import ReaderStudy, StudyReader
from backend.reader_studies import publication_repository as repository
from backend.reader_studies.chance import chance
from backend.reader_studies.design import Order, Separation, StudyDesign

_TRIES = 20
_LOOKED_AT = 20  # items, until one is found that can be shown again with the gap kept


@dataclass(frozen=True)
class OrderItem:
    """What an order needs to know of an item.

    Attributes:
        number: of the item.
        task: place of its task in the design.
        arm: place of its arm in the task.
        arms: how many arms the task has.
        case: number of the image.
        practice: whether it comes first and counts for nothing.
    """

    number: int
    task: int
    arm: int
    arms: int
    case: int
    practice: bool


class Placed(NamedTuple):
    """An item at a place: sessions from 1, positions from 0."""

    session: int
    position: int
    item: int
    repeated: bool


def make_order(items: Sequence[OrderItem], order: Order, slot: int) -> list[Placed]:
    """The order of one reader.

    Args:
        items: of the whole study, however sorted.
        order: of the design.
        slot: of the reader, from 0: decides which arm of an image comes in which session.

    Returns:
        Practice first, in the first session; then every item as often as the design says. Whole sessions in turn.
    """
    draw = chance(order.seed, "order", slot)
    items = sorted(items, key=lambda item: (item.task, item.number))
    practice = [item for item in items if item.practice]
    placed: list[Placed] = []
    for session, part in enumerate(_sessions([item for item in items if not item.practice], order, slot), 1):
        line = [(item, False) for item in (practice if session == 1 else [])]
        blocks = _blocks(part, order)
        for block, count in zip(blocks, _shares(blocks, repeats_of(len(part), order.repeats)), strict=True):
            start = len(line)
            line = _with_repeats(_spaced(line, block, order.gap, draw), start, count, order.gap, draw)
        placed += [Placed(session, place, item.number, again) for place, (item, again) in enumerate(line)]
    return placed


def sessions_of(design: StudyDesign) -> int:
    """How many sessions a reader has."""
    if design.order.separation is not Separation.SESSIONS:
        return 1
    return max((len(task.arm_keys) for task in design.tasks), default=1)


def repeats_of(items: int, share: float) -> int:
    """How many of a session's items are shown again."""
    return int(items * share + 0.5)


def order_digest(placed: Iterable[Placed]) -> str:
    """SHA-256 (hex) of an order: of session, position, item number and whether it is a second showing."""
    rows = sorted([row.session, row.position, row.item, row.repeated] for row in placed)
    return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()


def order_items(design: StudyDesign, rows: Iterable[tuple[int, str, str, int, bool]]) -> list[OrderItem]:
    """From rows of (number, task key, arm key, case number, practice)."""
    tasks = {task.key: (place, task.arm_keys) for place, task in enumerate(design.tasks)}
    found = []
    for number, task_key, arm_key, case, practice in rows:
        place, arms = tasks[task_key]
        found.append(OrderItem(number, place, arms.index(arm_key), len(arms), case, practice))
    return found


def assign(session: Session, study: ReaderStudy, reader: StudyReader) -> None:
    """Writes the reader's order down, unless that was done already.

    Args:
        session: a writing one.
        study: published; its items are written.
        reader: of it, with a slot and an id.
    """
    if reader.order_digest is not None:
        return
    design = StudyDesign.model_validate(study.design)
    rows = repository.item_rows(session, study.id)
    ids = {row.number: row.id for row in rows}
    known = order_items(design, ((row.number, row.task_key, row.arm_key, row.case, row.practice) for row in rows))
    placed = make_order(known, design.order, reader.slot)
    repository.add_assignments(
        session,
        study.id,
        reader.id,
        [(ids[each.item], each.session, each.position, each.repeated) for each in placed],
    )
    reader.order_digest = order_digest(placed)
    session.flush()


def _sessions(items: Sequence[OrderItem], order: Order, slot: int) -> list[list[OrderItem]]:
    """Which items each session has: a Latin square of arms over images, moved on by one for each reader.

    Images take their places in the square in a random order, the same for all readers: in the order of the list,
    benign and malignant ones that take turns there would each keep to one arm.
    """
    if order.separation is Separation.MIXED:
        return [list(items)]
    cases = sorted({item.case for item in items})
    chance(order.seed, "arms").shuffle(cases)
    places = {case: place for place, case in enumerate(cases)}
    most = max((item.arms for item in items), default=1) if order.separation is Separation.SESSIONS else 1
    sessions: list[list[OrderItem]] = [[] for _ in range(most)]
    for item in items:
        session = (item.arm - places[item.case] - slot) % item.arms  # arm = (place + slot + session) mod arms
        if session < most:
            sessions[session].append(item)
    return sessions


def _blocks(items: Sequence[OrderItem], order: Order) -> list[list[OrderItem]]:
    """What is mixed among itself: each task, or all of them."""
    if not order.by_task:
        return [list(items)]
    return [[item for item in items if item.task == task] for task in sorted({item.task for item in items})]


def _shares(blocks: Sequence[Sequence[OrderItem]], count: int) -> list[int]:
    """Divides a session's repeats among its blocks by their sizes; largest remainders first."""
    total = sum(len(block) for block in blocks)
    if total == 0:
        return [0] * len(blocks)
    exact = [count * len(block) / total for block in blocks]
    shares = [int(share) for share in exact]
    by_rest = sorted(range(len(blocks)), key=lambda place: (shares[place] - exact[place], place))
    for place in by_rest[: count - sum(shares)]:
        shares[place] += 1
    return shares


_Line = list[tuple[OrderItem, bool]]


def _spaced(before: _Line, block: Sequence[OrderItem], gap: int, draw: random.Random) -> _Line:
    """What came before, then the block in random order with the gap kept where that is possible.

    Drawn freely a few times. Where that ends with nothing but images that were just shown, images with the most items
    left go first, which finds an order whenever there is one within a block.
    """
    for _ in range(_TRIES):
        line = _freely(before, block, gap, draw)
        if line is not None:
            return line
    return _by_urgency(before, block, gap, draw)


def _freely(before: _Line, block: Sequence[OrderItem], gap: int, draw: random.Random) -> _Line | None:
    line, rest, shown = list(before), list(block), _shown(before)
    draw.shuffle(rest)
    while rest:
        free = (place for place, item in enumerate(rest) if len(line) - shown.get(item.case, -gap - 1) > gap)
        place = next(free, None)
        if place is None:
            return None
        chosen = rest.pop(place)
        shown[chosen.case] = len(line)
        line.append((chosen, False))
    return line


def _by_urgency(before: _Line, block: Sequence[OrderItem], gap: int, draw: random.Random) -> _Line:
    line, shown = list(before), _shown(before)
    left: dict[int, list[OrderItem]] = {}
    for item in draw.sample(block, len(block)):
        left.setdefault(item.case, []).append(item)
    while left:
        free = [case for case in left if len(line) - shown.get(case, -gap - 1) > gap]
        # Where every image was shown too lately, the one that was shown first.
        case = max(free, key=lambda case: len(left[case])) if free else min(left, key=lambda case: shown[case])
        line.append((left[case].pop(), False))
        shown[case] = len(line) - 1
        if not left[case]:
            del left[case]
    return line


def _shown(line: _Line) -> dict[int, int]:
    """Place of each image's last item."""
    return {item.case: place for place, (item, _) in enumerate(line)}


def _with_repeats(line: _Line, start: int, count: int, gap: int, draw: random.Random) -> _Line:
    """Shows some of a block's items again, in its later half.

    Args:
        line: ends with the block.
        start: where the block begins.
        count: how many.
        gap: items between two of one image, where possible; else as many as there can be.
        draw: decides which, and where.
    """
    line = list(line)
    later = start + (len(line) - start + count + 1) // 2
    ends = len(line)
    candidates = list(enumerate((item for item, _ in line[start:]), start))
    draw.shuffle(candidates)
    candidates.sort(key=lambda each: each[0] + gap >= ends)  # after those of the end there is no room in any case
    # With no more images than the gap is wide, none has room enough: looking for one would only take time.
    looked_at = _LOOKED_AT if len({item.case for _, item in candidates}) > gap else 3
    for _ in range(count):
        found: list[tuple[int, list[int], int]] = []
        for place, (_, item) in enumerate(candidates[:looked_at]):
            room, places = _places(line, item, later, gap)
            found.append((place, places, room))
            if room >= gap:
                break
        place, places, _ = max(found, key=lambda each: each[2])
        line.insert(draw.choice(places), (candidates.pop(place)[1], True))
    return line


def _places(line: _Line, again: OrderItem, later: int, gap: int) -> tuple[int, list[int]]:
    """Where a second showing could stand: how many items can lie between it and the same image, at most ``gap``, and
    the places where so many do. Nothing that stands already comes closer to anything by it.
    """
    same = [place for place, (item, _) in enumerate(line) if item.case == again.case]
    first = next(place for place in same if line[place][0].number == again.number)
    between = {}
    for place in range(max(later, first + 1), len(line) + 1):
        after = bisect_left(same, place)
        left = place - same[after - 1] - 1 if after else gap
        between[place] = min(left, same[after] - place if after < len(same) else gap)
    room = min(gap, max(between.values()))
    return room, [place for place, free in between.items() if free >= room]
