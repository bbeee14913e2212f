"""Whatever is missing from a study: sentences, never an exception or a NaN."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.reader_studies.design import Separation
from backend.study_results.analysis import analyse
from backend.study_results.data import StudyData
from tests.support.example_study import example_study
from tests.support.study_data import (
    ALIGNMENT,
    ALONE,
    CLASSES,
    CONCEPTS,
    DIAGNOSIS,
    LOCALIZATION,
    QUESTIONS,
    REAL,
    SHAM,
    StudyBuilder,
    design,
    ratings_study,
)

TASKS = (LOCALIZATION, ALIGNMENT, DIAGNOSIS, QUESTIONS)


def _answers(draw: Any, builder: StudyBuilder, number: int) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for question in builder.items[number - 1].content.questions:
        if draw(st.integers(0, 9)) == 0:
            continue
        possible = {
            "likert": st.integers(1, 5),
            "scale": st.sampled_from([0, 50, 100]),
            "text": st.sampled_from(["", "Blurred."]),
            "choice": st.sampled_from([option.key for option in question.options] or ["none"]),
        }
        given[question.key] = draw(possible[question.kind])
    return given


@st.composite
def studies(draw: Any) -> StudyData:
    """Small, with holes everywhere."""
    tasks = draw(st.lists(st.sampled_from(TASKS), unique_by=lambda task: task.key, max_size=4))
    separation = draw(st.sampled_from(list(Separation)))
    builder = StudyBuilder(design([REAL, SHAM, ALONE], tasks, separation), readers=draw(st.integers(0, 3)))
    for task in tasks:
        for case in range(draw(st.integers(0, 4))):
            for arm in draw(st.lists(st.sampled_from(task.arm_keys), unique=True)):
                builder.item(
                    task.key,
                    arm,
                    case,
                    unit=10 * tasks.index(task) + case,
                    concept=draw(st.sampled_from([None, *CONCEPTS[:2]])),
                    dataset=draw(st.sampled_from([None, "CMMD", "BUSI"])),
                    truth_class=draw(st.sampled_from([None, *CLASSES])),
                    practice=draw(st.integers(0, 9)) == 0,
                )
    same = draw(st.booleans())
    for reader in range(len(builder.readers)):
        for item in builder.items:
            for repeated in [False, True][: draw(st.integers(0, 2))]:
                given = _answers(draw, builder, item.number) if not same else {"rating": 3, "useful": 3}
                builder.answer(reader, item.number, None if draw(st.integers(0, 6)) == 0 else given, repeated=repeated)
        builder.change_reader(reader, status=draw(st.sampled_from(["reading", "finished", "withdrawn"])))
    return builder.build(draw(st.sampled_from(["open", "closed"])))


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for each in value.values() for number in numbers(each)]
    if isinstance(value, list):
        return [number for each in value for number in numbers(each)]
    return [value] if isinstance(value, float) else []


def estimates(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = [value] if {"value", "low", "high", "note"} == set(value) else []
        return own + [found for each in value.values() for found in estimates(each)]
    return [found for each in value for found in estimates(each)] if isinstance(value, list) else []


def check(data: StudyData) -> dict[str, Any]:
    results = analyse(data, resamples=20)
    text = results.model_dump_json()
    assert "NaN" not in text
    assert "Infinity" not in text
    told: dict[str, Any] = results.model_dump(mode="json")
    assert json.loads(text) == told
    assert all(math.isfinite(number) for number in numbers(told))
    for found in estimates(told):
        if found["value"] is None:
            assert found["low"] is None
            assert found["high"] is None
        if found["low"] is None:
            assert found["high"] is None
            assert (found["note"] or "").endswith("."), found
        else:
            assert found["low"] <= found["high"]
    return told


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(studies())
def test_any_study_gives_figures_or_sentences(data: StudyData) -> None:
    check(data)


@pytest.mark.parametrize("readers", [0, 1, 2])
@pytest.mark.parametrize("cases", [0, 1, 2])
@pytest.mark.parametrize("separation", list(Separation))
def test_few_readers_and_few_images(readers: int, cases: int, separation: Separation) -> None:
    check(example_study(readers=readers, cases=cases, separation=separation))


def test_without_a_protocol() -> None:
    told = check(replace(example_study(), protocols=(), hashes=()))
    assert told["tasks"] == []
    assert "never published" in told["notes"][0]


def test_answers_that_cannot_be_are_left_out() -> None:
    """From a file that somebody has changed: figures hold what can be an answer."""
    told = check(ratings_study([[3, 9, 0, True, "4", 2.5], [3, 3, 3, 3, 3, 3]]))  # type: ignore[list-item]
    assert told["tasks"][0]["questions"][0]["likert"][0]["counts"] == [0, 0, 7, 0, 0]


def test_all_answers_equal() -> None:
    told = check(ratings_study([[3] * 8, [3] * 8]))
    rows = {row["measure"]: row["estimate"] for row in told["tasks"][0]["questions"][0]["agreement"][:4]}
    assert "undefined" in rows["krippendorff_alpha"]["note"]
    assert "undefined" in rows["weighted_kappa"]["note"]
    assert rows["icc_a1"]["value"] is None
    assert rows["ac2"]["value"] == 1


def test_one_reader() -> None:
    told = check(ratings_study([[3, 4, 5, 2, 1, 3]]))
    rows = told["tasks"][0]["questions"][0]["agreement"]
    assert all(row["estimate"]["value"] is None and row["estimate"]["note"] for row in rows)
    assert any("There is one reader" in note for note in told["notes"])


def test_only_cannot_judge() -> None:
    builder = StudyBuilder(design(), readers=2)
    for case in range(3):
        item = builder.item("where", "real", case, concept=CONCEPTS[0])
        for reader in range(2):
            builder.answer(reader, item, None)
    told = check(builder.build())
    row = told["tasks"][0]["questions"][0]["likert"][0]
    assert row["cannot_judge"] == 6
    assert row["answers"] == 0
    assert row["mean"]["note"]
    assert any('6 answers were "cannot judge"' in note for note in told["notes"])
