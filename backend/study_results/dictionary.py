"""What the columns of the tidy table mean."""

from __future__ import annotations

from typing import NamedTuple

from backend.core.spreadsheet import csv_table

HEADER = ("column", "type", "unit", "values", "meaning")
_FLAG = "true, false"
_APOSTROPHE = "Text that a spreadsheet would take for a formula has an apostrophe before it."


class Column(NamedTuple):
    """One column of the tidy table."""

    name: str
    type: str
    unit: str
    values: str
    meaning: str


DICTIONARY = (
    Column("study", "text", "", "32 hexadecimal digits", "Identifier of the study."),
    Column("protocol_version", "integer", "", "from 1", "Version of the protocol that held when the answer was given."),
    Column("reader", "text", "", "R1, R2 …", "Code of the reader, in the order of invitation."),
    Column("reader_status", "text", "", "invited, reading, finished, withdrawn", "Status of the reader at export."),
    Column("session", "integer", "", "from 1", "Session of the reader."),
    Column("position", "integer", "", "from 1", "Place in the session. The JSON export counts from 0."),
    Column("item", "integer", "", "", "Number of the item: an image under one arm of one task."),
    Column(
        "unit", "integer", "", "", "Items of one unit differ in their arm alone: what is paired when arms are compared."
    ),
    Column("task", "text", "", "keys of the protocol", "Task that the item belongs to."),
    Column(
        "question", "text", "", "rating, concept, class, confidence, or the key of a free question", "What was asked."
    ),
    Column("arm", "text", "", "keys of the protocol", "Arm under which the image was shown."),
    Column("sham", "text", "", "other_concept, other_image, shuffled; empty: no sham", "What replaced the map."),
    Column("model_version", "text", "", "empty: image alone", "Name of the model version and the start of its id."),
    Column("map", "text", "", "gradcam, magnet; empty: none", "Kind of map that was shown."),
    Column("case", "integer", "", "", "Number of the image in the protocol."),
    Column("dataset", "text", "", "empty: an uploaded case", "Data set that the image is from."),
    Column("concept", "text", "", "empty: none", "Concept that the item is about, in words."),
    Column("practice", "boolean", "", _FLAG, "Practice item; results leave it out."),
    Column(
        "repeated", "boolean", "", _FLAG, "Second, unannounced showing of an item; only for intra-reader agreement."
    ),
    Column(
        "answer",
        "integer or text",
        "likert: point of the scale; scale: percent",
        "likert: 1 to 5; scale: 0 to 100; choice: key of the option; text: words; empty: not given",
        f"The locked answer. {_APOSTROPHE}",
    ),
    Column("answer_text", "text", "", "", f"The answer in the words that the reader saw. {_APOSTROPHE}"),
    Column(
        "correct_answer", "text", "", "key of the option; empty: there is none, or it is not known", "Right choice."
    ),
    Column("correct", "boolean", "", f"{_FLAG}; empty: cannot be said", "Whether the right option was chosen."),
    Column("cannot_judge", "boolean", "", _FLAG, "The reader said that the item cannot be judged; no answer then."),
    Column(
        "comment", "text", "", "", f"What the reader wrote about the item; same for all its questions. {_APOSTROPHE}"
    ),
    Column("active_seconds", "number", "seconds", "from 0", "Active time on the whole item, without idle time."),
    Column("idle_seconds", "number", "seconds", "from 0", "Time on the item without input."),
    Column("opened_at", "date and time", "UTC", "ISO 8601", "When the server first sent the item."),
    Column("submitted_at", "date and time", "UTC", "ISO 8601", "When the answer was locked."),
    Column("amended", "boolean", "", _FLAG, "The reader corrected the answer later. Results use the locked answer."),
    Column(
        "amended_answer",
        "integer or text",
        "as answer",
        "as answer; empty: none, or the item was then said to be beyond judging",
        "Answer of the last correction.",
    ),
)
COLUMNS = tuple(column.name for column in DICTIONARY)


def as_csv() -> bytes:
    """The dictionary as a table of its own."""
    return csv_table(HEADER, DICTIONARY)
