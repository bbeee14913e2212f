"""The table in the form of the paper's Table 6, and the choices behind it."""

from __future__ import annotations

import numpy as np
import pytest

from backend.reader_studies.items import CONCEPT, RATING
from backend.study_results.analysis import analyse
from backend.study_results.schemas import By
from tests.support.study_data import ALIGNMENT, CONCEPTS, LOCALIZATION, StudyBuilder, design


def table_study() -> StudyBuilder:
    """Two data sets: ratings 4, 5 and 2, 3; choices 2 of 2 and 1 of 4 right."""
    builder = StudyBuilder(design(tasks=[LOCALIZATION, ALIGNMENT]), readers=1)
    for case, (dataset, rating) in enumerate([("CMMD", 4), ("CMMD", 5), ("BUSI", 2), ("BUSI", 3)]):
        builder.answer(0, builder.item("where", "real", case, dataset=dataset, concept=CONCEPTS[0]), {RATING: rating})
    choices = [("CMMD", 0), ("CMMD", 0), ("BUSI", 0), ("BUSI", 1), ("BUSI", 2), ("BUSI", 1)]
    for case, (dataset, chosen) in enumerate(choices):
        item = builder.item("which", "real", case, unit=100 + case, dataset=dataset, concept=CONCEPTS[0])
        builder.answer(0, item, {CONCEPT: f"c{chosen}"})
    return builder


def test_table_counts_each_data_set_once_in_its_average() -> None:
    results = analyse(table_study().build(), 500)
    lines = {row.dataset: row for row in results.table if row.arm_key == "real"}
    assert list(lines) == ["BUSI", "CMMD", ""]
    assert [row.arm_key for row in results.table] == ["real"] * 3
    assert lines["CMMD"].localization.value == 4.5
    assert lines["CMMD"].localization_answers == 2
    assert lines["BUSI"].alignment.value == 0.25
    assert (lines["BUSI"].alignment_correct, lines["BUSI"].alignment_answers) == (1, 4)
    average = lines[""]
    assert average.localization.value == 3.5
    assert average.alignment.value == pytest.approx((1 + 0.25) / 2)  # not 3 of 6
    assert (average.alignment_correct, average.alignment_answers) == (3, 6)
    assert 3 <= average.localization.low < 3.5 < average.localization.high <= 4


def test_average_of_one_data_set_is_its_own_line() -> None:
    """The same figures must not stand there with two intervals."""
    builder = StudyBuilder(design(tasks=[LOCALIZATION, ALIGNMENT]), readers=1)
    for case, chosen in enumerate([0, 0, 1, 0]):
        builder.answer(0, builder.item("where", "real", case, concept=CONCEPTS[0]), {RATING: 2 + chosen + case % 2})
        item = builder.item("which", "real", case, unit=10 + case, concept=CONCEPTS[0])
        builder.answer(0, item, {CONCEPT: f"c{chosen}"})
    alone, average = analyse(builder.build(), 200).table
    assert (alone.dataset, average.dataset) == ("CMMD", "")
    assert average.localization == alone.localization
    assert average.alignment == alone.alignment


def test_agreement_on_choices_among_changing_options_is_said_to_be_flattered() -> None:
    def agreement(changing: bool) -> list[str]:
        builder = StudyBuilder(design(tasks=[ALIGNMENT]), readers=2)
        for case in range(6):
            choices = CONCEPTS[case % 2 : 3 + case % 2] if changing else CONCEPTS
            item = builder.item("which", "real", case, concept=CONCEPTS[1], choices=choices)
            builder.answer(0, item, {CONCEPT: f"c{case % 3}"})
            builder.answer(1, item, {CONCEPT: f"c{case % 3 if case else 2}"})
        rows = analyse(builder.build(), 50).tasks[0].questions[0].agreement
        return [str(row.estimate.note) for row in rows if row.estimate.value is not None]

    assert len(agreement(True)) == 2
    assert all("Options differ from item to item" in note for note in agreement(True))
    assert not any("Options differ" in note for note in agreement(False))


def test_choices_and_their_confusion() -> None:
    asked = analyse(table_study().build(), 100).tasks[1].questions[0]
    whole = next(row for row in asked.choice if row.by is By.ALL and row.arm_key == "real")
    assert whole.counts == dict(zip(CONCEPTS, (3, 2, 1, 0, 0), strict=True))
    assert whole.correct == 3
    assert whole.accuracy.value == 0.5
    (confusion,) = asked.confusion
    assert confusion.labels == list(CONCEPTS[:3])
    assert confusion.rows == [[3, 2, 1], [0, 0, 0], [0, 0, 0]]


def test_data_sets_are_drawn_apart() -> None:
    """Two data sets with the same answers: their mean is known better than either, by the square root of two."""
    ratings = np.random.default_rng(0).integers(1, 6, 40).tolist()
    builder = StudyBuilder(design(), readers=1)
    for place, dataset in enumerate(("BUSI", "CMMD")):
        for case, rating in enumerate(ratings):
            item = builder.item("where", "real", 100 * place + case, dataset=dataset, concept=CONCEPTS[0])
            builder.answer(0, item, {RATING: rating})
    one, other, average = (row.localization for row in analyse(builder.build(), 4000).table if row.arm_key == "real")
    assert average.value == pytest.approx(one.value)
    width = ((one.high - one.low) + (other.high - other.low)) / 2
    assert (average.high - average.low) / width == pytest.approx(2**-0.5, abs=0.05)
