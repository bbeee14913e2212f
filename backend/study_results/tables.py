"""Tables of a report, from results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import groupby
from statistics import median

from backend.reader_studies.design import QuestionKind
from backend.study_results.blocks import Table
from backend.study_results.gathering import UPLOADED
from backend.study_results.lookup import Study
from backend.study_results.schemas import (
    AgreementRow,
    DiagnosisResults,
    QuestionResults,
    StudyResults,
    TableRow,
    TaskResults,
)
from backend.study_results.wording import (
    NONE,
    difference,
    estimate,
    level,
    notes,
    number,
    p_value,
    percent,
    share,
)

MEASURES = {
    "krippendorff_alpha": "Krippendorff’s alpha",
    "weighted_kappa": "Weighted kappa, quadratic",
    "ac2": "Gwet’s AC2, quadratic",
    "icc_a1": "ICC(A,1)",
    "kappa": "Kappa",
}
_MOST_PAIRS = 45  # of ten readers
Names = Mapping[str, str]  # of arms, by key


def participants(study: Study, results: StudyResults) -> Table:
    """Who read, and how much of it (GRRAS 11, 12)."""
    rows = []
    for reader in results.readers:
        profile = study.readers[reader.code].profile or {}
        who = "simulated" if reader.simulated else (reader.profession or NONE)
        years = NONE if reader.years is None else str(reader.years)
        told = str(profile.get("experience") or NONE)
        rows.append((reader.code, who, years, told, reader.status, f"{reader.answers} of {reader.expected}"))
    return Table(
        "Readers. Answers: of items other than practice, second showings included.",
        ("Reader", "Profession", "Years of practice", "Experience", "Status", "Answers"),
        tuple(rows),
        (1, 2.4, 1.2, 4, 1.4, 1.6),
        words=5,
    )


def images(study: Study) -> Table:
    """What was read: images by data set and true class, without practice."""
    found = Counter(
        (case["dataset"] or UPLOADED, case["truth_class"] or "Not stated")
        for case in study.cases
        if not case["practice"]
    )
    rows = [(dataset, truth, str(count)) for (dataset, truth), count in sorted(found.items())]
    return Table(
        "Images that count, by data set and true class.",
        ("Data set", "True class", "Images"),
        tuple(rows),
        (3, 3, 1),
        words=2,
    )


def human_evaluation(results: StudyResults, names: Names) -> Table:
    """In the form of Table 6 of the IVQ-CBM paper."""
    several = {arm for arm, lines in Counter(row.arm_key for row in results.table).items() if lines > 2}
    rows = [
        (
            names.get(row.arm_key, row.arm_key),
            row.dataset or "Average",
            _localization(row),
            _alignment(row, counts=bool(row.dataset) or row.arm_key not in several),
        )
        for row in results.table
    ]
    found = [each for row in results.table for each in (row.localization, row.alignment)]
    return Table(
        "Human evaluation: localization quality (Likert scale 1–5) and semantic consistency (choice accuracy), with "
        "95 % intervals. Average: each data set counts once.",
        ("Arm", "Data set", "Task 1: localization (mean Likert score, 1–5)", "Task 2: semantic alignment (accuracy)"),
        tuple(rows),
        (2.2, 2, 3, 3.4),
        words=2,
        notes=tuple(notes(found)),
    )


def likert(question: QuestionResults, names: Names) -> Table:
    """How often each answer was given."""
    rows = [
        (
            names.get(row.arm_key, row.arm_key),
            level(row.by, row.level),
            *(str(count) for count in row.counts),
            str(row.cannot_judge),
            f"{row.items} / {row.readers}",
            estimate(row.mean),
            number(row.median, 1),
        )
        for row in question.likert
    ]
    columns = ("Arm", "Of", "1", "2", "3", "4", "5", "Not judged", "Items / readers", "Mean (95 % CI)", "Median")
    widths = (2.2, 3.2, 0.7, 0.7, 0.7, 0.7, 0.7, 1, 1.4, 2.5, 1.1)
    return Table("Ratings.", columns, tuple(rows), widths, 2, tuple(notes(row.mean for row in question.likert)))


def choice(question: QuestionResults, names: Names) -> Table:
    """How many chose the right one; without a right one, how often each was chosen."""
    graded = any(row.accuracy is not None for row in question.choice)
    rows = []
    for row in question.choice:
        told = f"{row.correct} / {row.judged}" if row.accuracy is not None else NONE
        chosen = "; ".join(f"{text}: {count}" for text, count in row.counts.items() if count)
        rows.append(
            (
                names.get(row.arm_key, row.arm_key),
                level(row.by, row.level),
                *((told, share(row.accuracy)) if graded else (chosen or NONE,)),
                str(row.cannot_judge),
                f"{row.items} / {row.readers}",
            )
        )
    middle = ("Right", "Accuracy (95 % CI)") if graded else ("Chosen",)
    columns = ("Arm", "Of", *middle, "Not judged", "Items / readers")
    widths = (2.2, 3.4, 1.3, 3, 1.1, 1.5) if graded else (2.2, 3.4, 4.3, 1.1, 1.5)
    said = notes(row.accuracy for row in question.choice)
    return Table("Choices.", columns, tuple(rows), widths, 2 if graded else 3, tuple(said))


def scale(question: QuestionResults, names: Names) -> Table:
    """Means and quartiles of numbers from 0 to 100."""
    rows = [
        (
            names.get(row.arm_key, row.arm_key),
            level(row.by, row.level),
            str(row.answers),
            estimate(row.mean, 1),
            " / ".join(number(value, 1) for value in row.quartiles) or NONE,
            str(row.cannot_judge),
            f"{row.items} / {row.readers}",
        )
        for row in question.scale
    ]
    columns = ("Arm", "Of", "Answers", "Mean (95 % CI)", "Quartiles", "Not judged", "Items / readers")
    said = notes(row.mean for row in question.scale)
    return Table("Values from 0 to 100.", columns, tuple(rows), (2, 3, 1.3, 2.8, 2.2, 1.1, 1.4), 2, tuple(said))


def paired(question: QuestionResults, names: Names) -> Table:
    """One arm against another."""
    rows = [
        (
            f"{names.get(row.arm_key, row.arm_key)} − {names.get(row.against, row.against)}",
            "sham" if row.sham else "real",
            str(row.pairs),
            difference(row.difference),
            p_value(row.p_value),
            p_value(row.wilcoxon_p),
        )
        for row in question.paired
    ]
    tests = dict.fromkeys(row.test for row in question.paired if row.test)
    said = [f"p: {test}." for test in tests] + notes(row.difference for row in question.paired)
    said += [row.note for row in question.paired if row.note]
    of = "Difference of shares" if question.kind is QuestionKind.CHOICE else "Mean difference"
    columns = ("Difference", "Against", "Pairs", f"{of} (95 % CI)", "p", "Wilcoxon p")
    caption = (
        "Arms against each other, on the same images and concepts. Wilcoxon: on the mean difference of each image."
    )
    return Table(caption, columns, tuple(rows), (4.4, 1, 1, 3.2, 1.1, 1.4), 2, tuple(dict.fromkeys(said)))


def agreement(question: QuestionResults, names: Names) -> Table:
    """How far readers agree (GRRAS 13). Of very many pairs only their middle and ends."""
    rows = []
    for (arm_key, measure), group in groupby(question.agreement, key=lambda row: (row.arm_key, row.measure)):
        found = list(group)
        arm, told = names.get(arm_key, arm_key), measure_of(question, measure)
        if len(found) > _MOST_PAIRS:
            rows.append((arm, told, f"{len(found)} pairs", NONE, _middle(found)))
        else:
            rows += [(arm, told, readers_of(row), str(row.items), estimate(row.estimate)) for row in found]
    columns = ("Arm", "Measure", "Readers", "Items", "Estimate (95 % CI)")
    said = notes(row.estimate for row in question.agreement)
    caption = "Agreement between readers (GRRAS 13)."
    return Table(caption, columns, tuple(rows), (2.4, 3, 2, 0.9, 2.8), 3, tuple(said))


def measure_of(question: QuestionResults, measure: str) -> str:
    """What it is called: alpha is another one for ratings than for choices."""
    if measure == "krippendorff_alpha":
        return f"{MEASURES[measure]}, {'nominal' if question.kind is QuestionKind.CHOICE else 'ordinal'}"
    return MEASURES[measure]


def _middle(rows: list[AgreementRow]) -> str:
    values = [row.estimate.value for row in rows if row.estimate.value is not None]
    return f"median {number(median(values))}, from {number(min(values))} to {number(max(values))}" if values else NONE


def readers_of(row: AgreementRow) -> str:
    """Both of a pair; else how many."""
    return " and ".join(row.readers) if len(row.readers) <= 2 else f"all {len(row.readers)}"


def repeats(question: QuestionResults) -> Table:
    """How far readers agree with themselves (GRRAS 13)."""
    rows = [(row.reader or "All", str(row.pairs), share(row.same), estimate(row.kappa)) for row in question.repeats]
    said = notes(each for row in question.repeats for each in (row.same, row.kappa))
    kappa = "Kappa" if question.kind is QuestionKind.CHOICE else "Weighted kappa, quadratic"
    columns = ("Reader", "Items shown twice", "Equal answers (95 % CI)", f"{kappa} (95 % CI)")
    return Table("Intra-reader agreement (GRRAS 13).", columns, tuple(rows), (1.4, 1.6, 3, 3), 1, tuple(said))


def diagnosis(found: DiagnosisResults, names: Names) -> Table:
    """Readers as diagnosticians."""
    rows = [
        (
            names.get(row.arm_key, row.arm_key),
            row.reader or "Mean",
            f"{row.positives} / {row.negatives}",
            estimate(row.auc),
            share(row.accuracy),
            share(row.sensitivity),
            share(row.specificity),
        )
        for row in found.rows
    ]
    columns = ("Arm", "Reader", "With / without disease", "AUC (95 % CI)", "Accuracy", "Sensitivity", "Specificity")
    said = notes(each for row in found.rows for each in (row.auc, row.accuracy, row.sensitivity, row.specificity))
    said = [found.note, *said] if found.note else said
    return Table("Diagnoses.", columns, tuple(rows), (1.7, 1.2, 1.3, 2.5, 3, 3, 3), 2, tuple(said))


def diagnosis_differences(found: DiagnosisResults, names: Names) -> Table:
    """Diagnosis under one arm against another."""
    rows = [
        (
            f"{names.get(row.arm_key, row.arm_key)} − {names.get(row.against, row.against)}",
            f"{row.readers} / {row.cases}",
            difference(row.auc),
            difference(row.accuracy),
            p_value(row.p_value),
        )
        for row in found.differences
    ]
    said = notes(each for row in found.differences for each in (row.auc, row.accuracy))
    said += [row.note for row in found.differences if row.note]
    columns = ("Difference", "Readers / images", "AUC (95 % CI)", "Accuracy (95 % CI)", "p")
    caption = "Diagnoses under one arm against another; p is for the AUC, from the bootstrap over readers and images."
    return Table(caption, columns, tuple(rows), (4, 1.6, 2.8, 2.8, 1), 1, tuple(dict.fromkeys(said)))


def times(task: TaskResults, names: Names) -> Table:
    """Seconds for an answer."""
    rows = [
        (
            names.get(row.arm_key, row.arm_key),
            row.reader or "All",
            str(row.answers),
            number(row.median, 1),
            f"{number(row.lower_quartile, 1)} to {number(row.upper_quartile, 1)}",
            percent(row.idle_share),
        )
        for row in task.times
    ]
    columns = ("Arm", "Reader", "Answers", "Median (s)", "Quartiles (s)", "Idle")
    caption = "Active time for an answer; second showings and items that could not be judged included."
    return Table(caption, columns, tuple(rows), (3, 1, 1, 1.2, 2, 1), 2)


def checklist(rows: tuple[tuple[int, str, str], ...]) -> Table:
    """Where each item of the guidelines is answered."""
    cells = tuple((f"GRRAS {item}", asked, where) for item, asked, where in rows)
    return Table("GRRAS checklist.", ("Item", "What is asked", "Where"), cells, (1, 5, 4), words=3)


def _localization(row: TableRow) -> str:
    if row.localization is None or row.localization.value is None:
        return NONE
    return f"{estimate(row.localization)}, {row.localization_answers} ratings"


def _alignment(row: TableRow, counts: bool) -> str:
    """Per cent, right of all, interval: the paper's cell and its uncertainty.

    An average of data sets is not the share of all their answers, so it has no ``counts``.
    """
    found = row.alignment
    if found is None or found.value is None:
        return NONE
    told = [f"{row.alignment_correct}/{row.alignment_answers}"] if counts else []
    if found.low is not None and found.high is not None:
        told.append(f"{number(100 * found.low, 1)} to {number(100 * found.high, 1)}")
    return f"{percent(found.value)} ({'; '.join(told)})" if told else percent(found.value)
