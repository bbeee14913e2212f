"""Whatever is done to the trail is found, and the event is named."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.audit.chain import GENESIS, Content, link
from backend.audit.heads import Heads
from backend.audit.service import HEADS, Subject, record
from backend.audit.verify import Verification, verify
from backend.db.session import Database

EVENTS = 25
TEXTS = ("at", "actor", "address", "request_id", "action", "subject", "before", "after", "previous", "hash")
COLUMNS = ("sequence", *TEXTS)

Row = dict[str, object]
# Changes the rows and says which events may be named for it.
Tampering = Callable[[list[Row], random.Random], set[int]]


def change(rows: list[Row], chance: random.Random) -> set[int]:
    row, column = chance.choice(rows), chance.choice(TEXTS)
    old = row[column]
    row[column] = chance.choice([f"{old}x", str(old)[:-1] + "~", "", b"bytes", 7 if old != 7 else 8])
    # The one after it hangs on its hash.
    return {int(str(row["sequence"]))} | ({int(str(row["sequence"])) + 1} if column == "hash" else set())


def remove(rows: list[Row], chance: random.Random) -> set[int]:
    row = rows.pop(chance.randrange(len(rows)))
    return {int(str(row["sequence"]))}


def cut(rows: list[Row], chance: random.Random) -> set[int]:
    keep = chance.randrange(len(rows))
    del rows[keep:]
    return {keep + 1}


def swap(rows: list[Row], chance: random.Random) -> set[int]:
    first, second = sorted(chance.sample(range(len(rows)), 2))
    a, b = rows[first], rows[second]
    for name in chance.choice([TEXTS, TEXTS[:-2]]):  # with or without their places in the chain
        a[name], b[name] = b[name], a[name]
    return {int(str(a["sequence"])), int(str(b["sequence"]))}


def renumber(rows: list[Row], chance: random.Random) -> set[int]:
    """One is removed and the later ones move up."""
    gone = chance.randrange(len(rows) - 1)
    del rows[gone]
    for row in rows[gone:]:
        row["sequence"] = int(str(row["sequence"])) - 1
    return {gone + 1}


def forge(rows: list[Row], chance: random.Random) -> set[int]:
    """Content is changed and the whole chain computed anew, as who knows this code can."""
    start = chance.randrange(len(rows))
    rows[start]["actor"] = f"{rows[start]['actor']}!"
    _chain(rows)
    return {start + 1}


def forge_gap(rows: list[Row], chance: random.Random) -> set[int]:
    """One is removed, the later ones move up, and the chain is computed anew."""
    gone = renumber(rows, chance)
    _chain(rows)
    return gone


def insert(rows: list[Row], chance: random.Random) -> set[int]:
    """One more at the end, or between two, with a chain that fits."""
    place = chance.randrange(len(rows) + 1)
    rows.insert(place, rows[min(place, len(rows) - 1)] | {"actor": "forger"})
    for number, row in enumerate(rows, 1):
        row["sequence"] = number
    _chain(rows)
    return {place + 1}


def _chain(rows: list[Row]) -> None:
    previous = GENESIS
    for row in rows:
        row["previous"] = previous
        row["hash"] = previous = link(previous, Content(*(row[name] for name in Content._fields)))


@pytest.fixture(scope="module")
def trail(empty_trail: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a trail and its heads, whose database no longer defends itself."""
    folder = tmp_path_factory.mktemp("trail")
    shutil.copy(empty_trail, folder / "db")
    database = Database(f"sqlite:///{folder / 'db'}", {HEADS: Heads(folder / "heads")})
    for number in range(EVENTS):
        with database.writing() as session:
            record(session, f"case.{number % 3}", Subject("case", str(number)), {"n": number}, {"n": number + 1})
    database.close()
    with sqlite3.connect(folder / "db") as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
    connection.close()
    return folder


@pytest.fixture(scope="module")
def rows(trail: Path) -> list[Row]:
    with sqlite3.connect(trail / "db") as connection:
        found = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM audit_events ORDER BY sequence").fetchall()
    connection.close()
    return [dict(zip(COLUMNS, row, strict=True)) for row in found]


def _write(trail: Path, rows: list[Row]) -> None:
    connection = sqlite3.connect(trail / "db", isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    connection.execute("DELETE FROM audit_events")
    marks = ", ".join("?" * len(COLUMNS))
    connection.executemany(
        f"INSERT INTO audit_events ({', '.join(COLUMNS)}) VALUES ({marks})", [tuple(row.values()) for row in rows]
    )
    connection.execute("COMMIT")
    connection.close()


def _look(trail: Path, heads: Path | None = None) -> Verification:
    database = Database(f"sqlite:///{trail / 'db'}")
    try:
        with database.reading() as session:
            return verify(session, Heads(heads or trail / "heads"))
    finally:
        database.close()


TAMPERINGS: tuple[Tampering, ...] = (change, remove, cut, swap, renumber, forge, forge_gap)


def test_a_thousand_random_tamperings_are_all_found(trail: Path, rows: list[Row]) -> None:
    chance = random.Random(0)
    for number in range(1000):
        tampering = TAMPERINGS[number % len(TAMPERINGS)]
        changed = [dict(row) for row in rows]
        wanted = tampering(changed, chance)
        assert changed != rows, f"{tampering.__name__} {number} changed nothing"
        _write(trail, changed)
        found = _look(trail)
        named = {problem.sequence for problem in found.problems}
        assert named & wanted, f"{tampering.__name__} {number}: {found.problems} should name {wanted}"
        assert min(named) >= min(wanted), f"{tampering.__name__} {number}: {found.problems} blames an honest event"
    _write(trail, rows)
    assert _look(trail).problems == []


def test_an_event_put_between_two_is_found(trail: Path, rows: list[Row]) -> None:
    changed = [dict(row) for row in rows]
    wanted = insert(changed, random.Random(2))
    assert wanted < {row["sequence"] for row in rows}
    _write(trail, changed)
    assert wanted <= {problem.sequence for problem in _look(trail).problems}
    _write(trail, rows)


def test_an_empty_trail_with_heads_has_been_emptied(trail: Path, rows: list[Row]) -> None:
    _write(trail, [])
    (problem,) = _look(trail).problems
    assert (problem.sequence, problem.text) == (1, f"and all up to {EVENTS} are missing: they were removed")
    _write(trail, rows)


@pytest.mark.parametrize("damage", ["1 abc\n", "nonsense\n", "é\n"])
def test_a_damaged_file_of_heads_is_told(trail: Path, tmp_path: Path, damage: str) -> None:
    heads = tmp_path / "heads"
    heads.write_text(damage + (trail / "heads").read_text())
    (problem,) = _look(trail, heads).problems
    assert problem.sequence == 0
    assert str(heads) in problem.text


def test_a_changed_file_of_heads_names_the_event(trail: Path, tmp_path: Path) -> None:
    heads = tmp_path / "heads"
    lines = (trail / "heads").read_text().splitlines()
    lines[6] = "7 " + "0" * 64
    del lines[3]
    heads.write_text("\n".join(lines) + "\n")
    assert [problem.sequence for problem in _look(trail, heads).problems] == [4, 7]
