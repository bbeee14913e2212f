"""Results of diagnoses with and without an explanation, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from backend.reader_studies.items import CLASS, CONFIDENCE
from backend.study_results import diagnosing
from backend.study_results.analysis import analyse
from backend.study_results.statistics.bootstrap import Resampler
from tests.support.study_data import ALONE, DIAGNOSIS, REAL, StudyBuilder, design


def diagnosis_study(*calls: list[tuple[str, int]]) -> StudyBuilder:
    """Four images, the first two malignant, read alone and with the model. ``calls``: of each reader, eight."""
    builder = StudyBuilder(design(arms=[ALONE, REAL], tasks=[DIAGNOSIS]), readers=len(calls))
    for place in range(8):
        arm, case = ("alone", "real")[place // 4], place % 4
        item = builder.item("diagnosis", arm, case, truth_class="malignant" if case < 2 else "benign")
        for reader, given in enumerate(calls):
            builder.answer(reader, item, {CLASS: given[place][0], CONFIDENCE: given[place][1]})
    return builder


ONE = [("malignant", 80), ("benign", 60), ("benign", 90), ("malignant", 30)]
ALL_RIGHT = [("malignant", 80), ("malignant", 60), ("benign", 90), ("benign", 30)]


def test_diagnosis_by_hand() -> None:
    """Scores alone: 80, -60 against -90, 30: three of four pairs are won."""
    found = analyse(diagnosis_study(ONE + ALL_RIGHT, ALL_RIGHT + ALL_RIGHT).build(), 300).tasks[0].diagnosis
    rows = {(row.arm_key, row.reader): row for row in found.rows}
    first = rows["alone", "R1"]
    assert (first.positives, first.negatives) == (2, 2)
    assert first.auc.value == 0.75
    assert (first.accuracy.value, first.sensitivity.value, first.specificity.value) == (0.5, 0.5, 0.5)
    assert rows["alone", "R2"].auc.value == rows["real", "R1"].auc.value == 1
    assert rows["alone", ""].auc.value == pytest.approx(0.875)
    assert rows["alone", ""].accuracy.value == pytest.approx(0.75)
    (difference,) = found.differences
    assert (difference.arm_key, difference.against) == ("real", "alone")
    assert (difference.readers, difference.cases) == (2, 4)
    assert difference.auc.value == pytest.approx(0.125)
    assert difference.accuracy.value == pytest.approx(0.25)
    assert 0 < difference.p_value <= 1
    assert "Only 2 readers" in str(difference.note)
    assert "iMRMC" in str(found.note)


def test_differences_use_images_read_under_both_arms() -> None:
    builder = diagnosis_study(ONE + ALL_RIGHT)
    builder.answers = [answer for answer in builder.answers if answer.item != 5]  # image 0 with the model
    found = analyse(builder.build(), 100).tasks[0].diagnosis
    (difference,) = found.differences
    # Alone on images 1 to 3: -60 against -90 and 30; with the model 60 against -90 and -30.
    assert difference.cases == 3
    assert difference.auc.value == pytest.approx(1 - 0.5)
    assert difference.accuracy.value == pytest.approx(1 - 1 / 3)


def test_diagnosis_without_one_side_says_so() -> None:
    builder = diagnosis_study(ONE + ALL_RIGHT)
    builder.answers = [answer for answer in builder.answers if answer.item in (1, 2)]
    found = analyse(builder.build(), 100).tasks[0].diagnosis
    own = next(row for row in found.rows if row.reader == "R1")
    assert own.auc.value is None
    assert own.auc.note
    assert own.specificity.value is None
    assert "without disease" in str(own.specificity.note)
    assert own.sensitivity.value == 0.5
    assert found.differences[0].auc.value is None
    assert found.differences[0].p_value is None


def test_diagnosis_without_classes_that_count_as_disease() -> None:
    builder = StudyBuilder(design([ALONE, REAL], [DIAGNOSIS.model_copy(update={"positive_classes": []})]), readers=1)
    builder.answer(0, builder.item("diagnosis", "alone", 1, truth_class="benign"), {CLASS: "benign", CONFIDENCE: 50})
    results = analyse(builder.build(), 100)
    assert results.tasks[0].diagnosis.rows == []
    assert "counts as disease" in str(results.tasks[0].diagnosis.note)
    assert results.tasks[0].questions[0].choice[0].accuracy.value == 1  # of the class itself
    assert results.tasks[0].questions[1].scale[0].quartiles == [50, 50, 50]


def test_images_of_unknown_truth_are_left_out_and_told() -> None:
    builder = diagnosis_study(ONE + ALL_RIGHT)
    unknown = builder.item("diagnosis", "alone", 9)
    builder.answer(0, unknown, {CLASS: "malignant", CONFIDENCE: 70})
    results = analyse(builder.build(), 100)
    own = next(row for row in results.tasks[0].diagnosis.rows if (row.arm_key, row.reader) == ("alone", "R1"))
    assert own.positives + own.negatives == 4
    assert "left out because their true class is not known: 1." in str(results.tasks[0].diagnosis.note)
    choice = results.tasks[0].questions[0].choice[0]
    assert choice.answers == 5
    assert choice.judged == 4
    assert choice.accuracy.value == choice.correct / choice.judged
    assert "not known for 1 answer, which is left out." in str(choice.accuracy.note)
    assert choice.accuracy.value == 0.5


def test_signed_confidence_of_nothing_is_a_tie() -> None:
    """A guess at either class says the same: nothing."""
    guesses = [("malignant", 0), ("benign", 0), ("benign", 0), ("malignant", 0)]
    found = analyse(diagnosis_study(guesses + guesses).build(), 100).tasks[0].diagnosis
    assert next(row for row in found.rows if row.reader == "R1").auc.value == 0.5


def test_one_reader_says_nothing_about_others() -> None:
    found = analyse(diagnosis_study(ONE + ALL_RIGHT).build(), 100).tasks[0].diagnosis
    mean = next(row for row in found.rows if row.reader == "")
    assert mean.auc.value == 0.75
    assert "over images only" in str(mean.auc.note)
    assert "over images only" in str(found.differences[0].note)


def test_p_of_a_bootstrap_is_never_zero() -> None:
    assert diagnosing._p_value(np.linspace(0.1, 1, 99)) == 2 / 100
    assert diagnosing._p_value(np.array([-1.0, 1.0])) == 1
    assert diagnosing._p_value(np.zeros(9)) is None


def test_readers_are_drawn_apart_from_images() -> None:
    """As many readers as images: the same draws for both would make their errors one."""
    resampler = Resampler(4000, 0)
    values = np.arange(10.0)
    images = resampler.weights(10) @ values / 10
    readers = diagnosing._over_drawn_readers(values, np.tile(values, (4000, 1)), resampler)
    assert abs(np.corrcoef(images, readers)[0, 1]) < 0.1
