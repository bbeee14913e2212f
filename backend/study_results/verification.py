"""Whether an exported study is still what was published and answered."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator

from pydantic import ValidationError

from backend.reader_studies.design import StudyDesign
from backend.reader_studies.orders import Placed, make_order, order_digest, order_items
from backend.reader_studies.protocols import faults
from backend.study_results.data import RaterData, StudyData

_SAME = ("unit", "task_key", "arm_key", "case_number", "practice", "option_id")


def verify(data: StudyData) -> list[str]:
    """Everything that does not fit, in sentences; nothing for an honest file.

    Hashes of all protocols and their chain; digests of all orders, and that the orders are the ones that the protocol's
    seed gives; that items are those of the protocol and maps those that were published; that answers stand at places of
    their reader's order, once each.
    """
    return [*_protocols(data), *_items(data), *_maps(data), *_orders(data), *_answers(data)]


def _protocols(data: StudyData) -> Iterator[str]:
    try:
        yield from (f"Protocol: {fault}" for fault in faults(data.protocols, data.hashes))
    except ValueError:
        yield "Protocol: a version holds a number that JSON cannot hold, so it has no hash."
    for document in data.protocols:
        if document.get("study_id") != data.study_id:
            yield f"Protocol: version {document.get('version')} is of another study."


def _items(data: StudyData) -> Iterator[str]:
    """The protocol lists items as they were published; amendments do not change them."""
    listed = {each["number"]: each for each in data.protocols[0].get("items", [])}
    found = {item.number: item for item in data.items}
    for number in sorted(listed.keys() ^ found.keys()):
        where = "the protocol" if number in listed else "the list of items"
        yield f"Item {number} stands only in {where}."
    for number in sorted(listed.keys() & found.keys()):
        item, told = found[number], listed[number]
        facts = {name: getattr(item, name) for name in _SAME}
        wrong = [name for name, value in facts.items() if told.get(name) != value]
        if told.get("truth") != item.truth.model_dump(mode="json"):
            wrong.append("truth")
        if wrong:
            yield f"Item {number} is not as the protocol has it: {', '.join(wrong)}."


def _maps(data: StudyData) -> Iterator[str]:
    for item in data.items:
        shown = item.content.map
        if shown is None or item.truth.map_sha256 is None:
            if (shown is None) != (item.truth.map_sha256 is None):
                yield f"Item {item.number} has a map without a hash, or a hash without a map."
            continue
        try:
            pixels = base64.b64decode(shown.values, validate=True)
        except binascii.Error:
            pixels = b""
        if hashlib.sha256(pixels).hexdigest() != item.truth.map_sha256:
            yield f"The map of item {item.number} is not the one that was published."


def _orders(data: StudyData) -> Iterator[str]:
    try:
        design = StudyDesign.model_validate(data.protocols[0].get("design"))
        rows = [(item.number, item.task_key, item.arm_key, item.case_number, item.practice) for item in data.items]
        items = order_items(design, rows)
    except (ValidationError, KeyError, ValueError):
        yield "The design does not fit its items, so no order can be drawn again."
        return
    for reader in data.readers:
        placed = _placed(reader)
        if reader.order_digest is None:
            if placed:
                yield f"The order of {reader.code} has no digest."
        elif order_digest(placed) != reader.order_digest:
            yield f"The order of {reader.code} does not match its digest."
        elif {place.item for place in placed} - {item.number for item in items}:
            yield f"The order of {reader.code} names items that there are not."
        elif placed and order_digest(make_order(items, design.order, _slot(reader))) != reader.order_digest:
            yield f"The order of {reader.code} is not the one that the protocol's seed gives."


def _answers(data: StudyData) -> Iterator[str]:
    places = {(reader.code, place) for reader in data.readers for place in _placed(reader)}
    versions = len(data.protocols)
    seen = set()
    for answer in data.answers:
        placed = Placed(answer.session, answer.position, answer.item, answer.repeated)
        where = f"{answer.reader}, session {answer.session}, position {answer.position + 1}"
        if (answer.reader, placed) not in places:
            yield f"The answer of {where} is to an item that does not stand there in the reader's order."
        if (answer.reader, answer.session, answer.position) in seen:
            yield f"There are two answers of {where}."
        seen.add((answer.reader, answer.session, answer.position))
        if not 1 <= answer.protocol_version <= versions:
            yield f"The answer of {where} was given under a protocol version that there is not."


def _placed(reader: RaterData) -> list[Placed]:
    return [Placed(place.session, place.position, place.item, place.repeated) for place in reader.order]


def _slot(reader: RaterData) -> int:
    """From the code, which counts from 1."""
    number = reader.code.removeprefix("R")
    return int(number) - 1 if number.isdecimal() else -1
