"""Results of small studies, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from backend.reader_studies.design import Separation
from backend.reader_studies.items import CONCEPT, RATING
from backend.study_results.analysis import analyse
from backend.study_results.schemas import By, StudyResults
from tests.support.example_study import example_study
from tests.support.study_data import (
    ALIGNMENT,
    ALONE,
    CONCEPTS,
    LOCALIZATION,
    QUESTIONS,
    REAL,
    SHAM,
    StudyBuilder,
    design,
    ratings_study,
)


def question(results: StudyResults, task: int = 0, place: int = 0):
    return results.tasks[task].questions[place]


def figures(results: StudyResults) -> dict:
    """All but the time."""
    return results.model_dump(mode="json", exclude={"computed_at"})


def test_ratings_by_hand() -> None:
    builder = StudyBuilder(design(), readers=2)
    for case, (dataset, ratings) in enumerate(
        {1: ("CMMD", (5, 4)), 2: ("BUSI", (2, 1)), 3: ("CMMD", (3, None))}.values()
    ):
        item = builder.item("where", "real", case, concept=CONCEPTS[case], dataset=dataset)
        for reader, rating in enumerate(ratings):
            builder.answer(reader, item, None if rating is None else {RATING: rating})
    rows = question(analyse(builder.build(), 200)).likert
    by_level = {(row.by, row.level): row for row in rows if row.arm_key == "real"}
    whole = by_level[By.ALL, ""]
    assert whole.counts == [1, 1, 1, 1, 1]
    assert (whole.answers, whole.cannot_judge, whole.items, whole.readers) == (5, 1, 3, 2)
    assert whole.mean.value == 3
    assert whole.median == 3
    assert by_level[By.DATASET, "CMMD"].mean.value == 4
    assert by_level[By.DATASET, "BUSI"].mean.value == 1.5
    assert by_level[By.CONCEPT, CONCEPTS[0]].counts == [0, 0, 0, 1, 1]
    assert by_level[By.READER, "R2"].mean.value == 2.5
    assert by_level[By.READER, "R2"].cannot_judge == 1
    sham = next(row for row in rows if row.arm_key == "sham" and row.by is By.ALL)
    assert sham.answers == 0
    assert sham.mean.value is None
    assert sham.mean.note
    assert sham.median is None


def test_confusions_have_the_options_that_occurred() -> None:
    builder = StudyBuilder(design(tasks=[ALIGNMENT]), readers=1)
    builder.answer(0, builder.item("which", "real", 1, concept=CONCEPTS[1]), {CONCEPT: "c4"})
    (confusion,) = question(analyse(builder.build(), 20)).confusion
    assert confusion.labels == [CONCEPTS[1], CONCEPTS[4]]
    assert confusion.rows == [[0, 1], [0, 0]]


def test_options_go_by_their_words_and_not_by_their_keys() -> None:
    """Distractors, and so keys, change from unit to unit."""
    builder = StudyBuilder(design(tasks=[ALIGNMENT]), readers=1)
    for case, choices in enumerate([CONCEPTS[:3], CONCEPTS[2::-1]]):
        item = builder.item("which", "real", case, concept=CONCEPTS[0], choices=choices)
        builder.answer(0, item, {CONCEPT: "c0"})
    whole = question(analyse(builder.build(), 100)).choice[0]
    assert whole.counts == {CONCEPTS[0]: 1, CONCEPTS[1]: 0, CONCEPTS[2]: 1}
    assert whole.correct == 1


def test_practice_repeats_and_withdrawn_readers_do_not_count() -> None:
    builder = StudyBuilder(design(), readers=3)
    practice = builder.item("where", "real", 9, concept=CONCEPTS[0], practice=True)
    items = [builder.item("where", "real", case, concept=CONCEPTS[case]) for case in range(3)]
    for reader in range(3):
        builder.answer(reader, practice, {RATING: 1})
        for item in items:
            builder.answer(reader, item, {RATING: 4 if reader < 2 else 1})
    for item, again in zip(items, (4, 5, 4), strict=True):
        builder.answer(0, item, {RATING: again}, repeated=True)
    builder.change_reader(2, status="withdrawn")
    builder.change_reader(0, status="finished")
    results = analyse(builder.build(), 100)
    asked = question(results)
    assert asked.likert[0].counts == [0, 0, 0, 6, 0]
    assert {row.level for row in asked.likert if row.by is By.READER} == {"R1", "R2"}
    repeats = {row.reader: row for row in asked.repeats}
    assert set(repeats) == {"", "R1"}
    assert repeats["R1"].pairs == 3
    assert repeats["R1"].same.value == pytest.approx(2 / 3)
    times = {row.reader: row for row in results.tasks[0].times if row.arm_key == "real"}
    assert times["R1"].answers == 6
    assert times["R2"].answers == 3
    assert "R3" not in times
    assert results.answers == 9
    assert results.expected == 9
    assert [(reader.status, reader.answers) for reader in results.readers] == [
        ("finished", 6),
        ("reading", 3),
        ("withdrawn", 3),
    ]
    assert any("1 reader was withdrawn" in note for note in results.notes)
    assert any("Readers who have not finished: 1 of 2 (R2)" in note for note in results.notes)


def test_a_repeat_that_could_not_be_judged_counts_nowhere() -> None:
    builder = StudyBuilder(design(), readers=1)
    item = builder.item("where", "real", 1, concept=CONCEPTS[0])
    builder.answer(0, item, {RATING: 2})
    builder.answer(0, item, None, repeated=True)
    asked = question(analyse(builder.build(), 20))
    assert asked.likert[0].cannot_judge == 0
    assert asked.likert[0].answers == 1
    assert asked.repeats[0].pairs == 0
    assert "twice" in str(asked.repeats[0].same.note)


def test_amendments_are_counted_and_not_used() -> None:
    builder = StudyBuilder(design(), readers=1)
    item = builder.item("where", "real", 1, concept=CONCEPTS[0])
    builder.answer(0, item, {RATING: 2}, amended={RATING: 5})
    results = analyse(builder.build(), 100)
    assert question(results).likert[0].counts == [0, 1, 0, 0, 0]
    assert results.amendments == 1
    assert any("corrected locked answers once" in note for note in results.notes)


def sham_study(separation: Separation = Separation.MIXED) -> StudyBuilder:
    """Six images; two readers rate the real map 4 and 5, the sham 2 and 1; the second one skips a sham."""
    builder = StudyBuilder(design(separation=separation), readers=2)
    for case in range(6):
        real, sham = (builder.item("where", arm, case, concept=CONCEPTS[case % 5]) for arm in ("real", "sham"))
        for reader, (high, low) in enumerate([(4, 2), (5, 1)]):
            builder.answer(reader, real, {RATING: high})
            builder.answer(reader, sham, None if reader == 1 and case == 0 else {RATING: low})
    return builder


def test_sham_against_real_by_hand() -> None:
    (row,) = question(analyse(sham_study().build(), 300)).paired
    assert (row.arm_key, row.against, row.sham, row.pairs) == ("real", "sham", True, 6)
    # Image 0: reader 1 alone, difference 2; the others: mean of 2 and 4.
    assert row.difference.value == pytest.approx((2 + 5 * 3) / 6)
    assert row.p_value == 2 / 64
    assert row.wilcoxon_p == 2 / 64
    assert row.test.endswith("all 64 (exact)")
    assert row.note is None


def test_in_split_designs_pairs_come_from_different_readers() -> None:
    builder = StudyBuilder(design(separation=Separation.SPLIT), readers=2)
    for case in range(4):
        for place, arm in enumerate(("real", "sham")):
            item = builder.item("where", arm, case, concept=CONCEPTS[0])
            builder.answer((case + place) % 2, item, {RATING: 4 if arm == "real" else 1})
    (row,) = question(analyse(builder.build(), 100)).paired
    assert row.pairs == 4
    assert row.difference.value == 3
    assert "different readers" in str(row.note)
    mixed = design(separation=Separation.MIXED)
    builder.design = mixed
    (row,) = question(analyse(builder.build(), 100)).paired
    assert row.pairs == 0
    assert row.difference.value is None
    assert "under both arms" in str(row.note)


def test_which_arms_are_compared() -> None:
    second = SHAM.model_copy(update={"key": "second"})
    magnet = REAL.model_copy(update={"key": "magnet"})
    task = LOCALIZATION.model_copy(update={"arm_keys": ["real", "sham", "magnet", "second", "alone"]})
    builder = StudyBuilder(design(arms=[REAL, SHAM, magnet, second, ALONE], tasks=[task]), readers=1)
    builder.item("where", "real", 1)
    rows = question(analyse(builder.build(), 20)).paired
    assert [(row.arm_key, row.against, row.sham) for row in rows] == [
        ("real", "sham", True),
        ("magnet", "sham", True),
        ("alone", "sham", True),
        ("real", "second", True),
        ("magnet", "second", True),
        ("alone", "second", True),
        ("magnet", "real", False),
        ("real", "alone", False),
        ("magnet", "alone", False),
    ]


def test_free_questions() -> None:
    builder = StudyBuilder(design([REAL], [QUESTIONS]), readers=2)
    item = builder.item("free", "real", 1)
    builder.answer(0, item, {"useful": 4, "quality": "poor", "remark": "Sharp."})
    builder.answer(1, item, {"useful": 2, "remark": "  "})
    useful, quality, remark = analyse(builder.build(), 100).tasks[0].questions
    assert useful.likert[0].counts == [0, 1, 0, 1, 0]
    assert quality.choice[0].counts == {"Good": 0, "Poor": 1}
    assert quality.choice[0].correct is None
    assert quality.choice[0].accuracy is None
    assert quality.confusion == []
    assert quality.paired == []
    assert remark.texts == 1
    assert remark.likert == []
    assert remark.agreement == []
    assert remark.repeats == []


def test_times_by_hand() -> None:
    builder = StudyBuilder(design(), readers=1)
    for case, (seconds, idle) in enumerate([(10.0, 0.0), (20.0, 5.0), (30.0, 15.0)]):
        item = builder.item("where", "real", case, concept=CONCEPTS[0])
        builder.answer(0, item, {RATING: 3}, seconds=seconds, idle=idle)
    row = analyse(builder.build(), 100).tasks[0].times[0]
    assert (row.answers, row.median, row.lower_quartile, row.upper_quartile) == (3, 20, 15, 25)
    assert row.idle_share == pytest.approx(20 / 80)


def test_the_same_seed_gives_the_same_figures() -> None:
    data = example_study()
    assert figures(analyse(data, 200, seed=3)) == figures(analyse(data, 200, seed=3))
    assert figures(analyse(data, 200, seed=3)) != figures(analyse(data, 200, seed=4))


def test_agreement_rows() -> None:
    results = analyse(example_study(readers=3), 100)
    rating = question(results).agreement
    of_real = [row for row in rating if row.arm_key == "real"]
    assert [row.measure for row in of_real] == ["krippendorff_alpha", "ac2", "icc_a1", *["weighted_kappa"] * 3]
    assert [row.readers for row in of_real[3:]] == [["R1", "R2"], ["R1", "R3"], ["R2", "R3"]]
    choice = [row.measure for row in question(results, task=1).agreement if row.arm_key == "real"]
    assert choice == ["krippendorff_alpha", "kappa", "kappa", "kappa"]


def test_agreement_of_krippendorffs_example() -> None:
    """Ordinal alpha and AC2 with quadratic weights, as the tests of the statistics have them from their sources."""
    ratings = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    rows = question(analyse(ratings_study(ratings), 100)).agreement
    assert rows[0].estimate.value == pytest.approx(0.815, abs=5e-4)
    assert rows[1].estimate.value == pytest.approx(0.9140007236)
    assert [row.items for row in rows[:3]] == [11, 11, 8]  # ICC: what all four rated
    # R1 and R2: eight equal pairs and one a step apart; 1 - (1 / 9) / (mean squared distance by chance).
    one, two = np.array([1, 2, 3, 3, 2, 1, 4, 1, 2]), np.array([1, 2, 3, 3, 2, 2, 4, 1, 2])
    by_chance = ((one[:, None] - two[None, :]) ** 2).mean()
    assert rows[3].estimate.value == pytest.approx(1 - (1 / 9) / by_chance)


def test_kappa_of_repeated_ratings_is_weighted() -> None:
    builder = StudyBuilder(design(), readers=1)
    first, second = np.array([1, 2, 3, 5]), np.array([1, 3, 3, 4])
    for case, (once, again) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        item = builder.item("where", "real", case, concept=CONCEPTS[0])
        builder.answer(0, item, {RATING: once})
        builder.answer(0, item, {RATING: again}, repeated=True)
    whole = question(analyse(builder.build(), 20)).repeats[0]
    assert whole.same.value == 0.5
    by_chance = ((first[:, None] - second[None, :]) ** 2).mean()
    assert whole.kappa.value == pytest.approx(1 - (2 / 4) / by_chance)


def test_two_readers_who_agree_wholly() -> None:
    found = question(analyse(ratings_study([[1, 2, 3, 4, 5, 4]] * 2), 100)).agreement
    assert [row.estimate.value for row in found[:4]] == pytest.approx([1, 1, 1, 1])
    assert {row.items for row in found[:4]} == {6}


def test_several_concepts_of_an_image_are_one_image() -> None:
    ratings = np.random.default_rng(0).integers(1, 6, (2, 12)).tolist()
    apart = question(analyse(ratings_study(ratings), 500))
    together = question(analyse(ratings_study(ratings, cases=[0] * 12), 500))
    assert apart.likert[0].mean.low is not None
    assert together.likert[0].mean.value == apart.likert[0].mean.value
    assert together.likert[0].mean.low is None
    assert "one image" in str(together.likert[0].mean.note)


def test_a_demonstration_says_that_its_readers_are_simulated() -> None:
    builder = sham_study()
    builder.change_reader(0, simulated=True)
    results = analyse(builder.build(status="open", demonstration=True), 100)
    assert results.demonstration
    assert results.readers[0].simulated
    assert any("Simulated readers: 1 of 2;" in note for note in results.notes)
    assert any("still open" in note for note in results.notes)


def test_what_the_study_is() -> None:
    data = example_study()
    results = analyse(data, 50, seed=9)
    assert (results.resamples, results.seed) == (50, 9)
    assert results.protocol_hash == data.hashes[-1]
    assert results.protocol_version == 1
    assert [(arm.key, arm.sham, arm.model, arm.map) for arm in results.arms] == [
        ("real", False, "IVQ-CBM", "gradcam"),
        ("sham", True, "IVQ-CBM", "gradcam"),
        ("alone", False, None, None),
    ]
    assert [task.task_key for task in results.tasks] == ["where", "which", "diagnosis", "free"]
