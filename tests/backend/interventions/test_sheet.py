"""Text on a page always fits."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.letters import printable, shortened, text_width, wrapped


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_shown_and_what_the_font_lacks_is_a_box(text: str) -> None:
    shown = printable(text)
    assert printable(shown) == shown
    assert "\n" not in shown
    lines = wrapped(text, 60, 8, 3)
    assert len(lines) <= 3
    assert all(text_width(line, 8) <= 60.01 or len(line) == 1 for line in lines)
    assert text_width(shortened(text, 60, 8), 8) <= 60.01


def test_long_words_are_broken_and_the_last_line_says_that_there_was_more() -> None:
    lines = wrapped("x" * 200 + " end", 60, 8, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert wrapped("one two", 500, 8, 3) == ["one two"]
    assert wrapped("", 60, 8, 3) == []
