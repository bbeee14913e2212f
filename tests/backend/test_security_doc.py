"""What docs/security.md names is there: every test, every file, every footnote."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")
PARTS = ("backend/", "docs/", "frontend/", "tests/")
# A path in backticks, with or without the name of a test behind it.
NAMED = re.compile(rf"`((?:{'|'.join(PARTS)})[\w./-]+\.\w+)(?:::([^`]+))?`")
FOOTNOTE = re.compile(r"^\[\^(\d+)\]: `[^`]+::[^`]+`$", re.M)
ROW = re.compile(r"^\| (\d+\.\d+(?:\.\d+)?) \| [^|]+ \| ([^|]+) \| [^|]+ \| ([^|]*)\|$", re.M)
STATES = {"met", "partly", "not", "does not apply"}


@cache
def names_in(path: Path) -> frozenset[str]:
    """Names of the functions of a Python file, or titles of the tests of a page."""
    source = path.read_text("utf-8")
    if path.suffix == ".py":
        return frozenset(node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
    return frozenset(re.findall(r"\bit\(\s*\"((?:[^\"\\]|\\.)*)\"", source))


@pytest.mark.parametrize("path", sorted({path for path, _ in NAMED.findall(TEXT)}))
def test_every_named_file_and_test_is_there(path: str) -> None:
    assert (ROOT / path).is_file()
    wanted = {name for each, name in NAMED.findall(TEXT) if each == path and name}
    assert wanted - names_in(ROOT / path) == set()


def test_every_footnote_is_used_and_every_used_one_is_there() -> None:
    defined = FOOTNOTE.findall(TEXT)
    used = re.findall(r"\[\^([^\]]+)\](?!:)", TEXT)
    assert len(defined) == len(set(defined))
    assert set(used) == set(defined)
    assert len(re.findall(r"^\[\^", TEXT, re.M)) == len(defined), "a footnote is a test and nothing else"


def test_every_requirement_stands_once_with_its_state_and_its_test() -> None:
    rows = ROW.findall(TEXT)
    numbers = [number for number, _, _ in rows]
    assert len(numbers) >= 80
    assert len(numbers) == len(set(numbers))
    assert len(rows) == len(re.findall(r"^\| \d+\.\d+", TEXT, re.M)), "a row that cannot be read"
    assert {state for _, state, _ in rows} <= STATES
    counts = re.findall(r"(\d+) (?:met,|partly,|not met|that do not apply)", " ".join(TEXT.split()))
    assert [int(count) for count in counts] == [
        sum(state == each for _, state, _ in rows) for each in ("met", "partly", "not", "does not apply")
    ]
    # What is claimed is tested, said to be untested, or about a document.
    assert {tests.strip() for _, _, tests in rows if "[^" not in tests} <= {"", "no test"}


def test_lines_fit() -> None:
    assert [line for line in TEXT.splitlines() if len(line) > 125] == []
