"""Methods in full sentences from the protocol, along the Guidelines for Reporting Reliability and Agreement Studies
(Kottner et al., J Clin Epidemiol 2011).

What Vitrine holds by itself is said as a fact; what only the coordinator can know is quoted from the protocol, or said
to be missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from backend.reader_studies.design import Arm, ConceptRule, Separation, ShamKind, Task, TaskKind
from backend.study_results.lookup import Study
from backend.study_results.schemas import StudyResults
from backend.study_results.wording import MAPS, SHAMS, counted, listed, sentence

MISSING = "Not stated in the protocol."
CHECKLIST = (
    (1, "Title says that reliability or agreement was investigated", "Title and question"),
    (2, "Measurement device of interest", "Methods: what was judged"),
    (3, "Subject population", "Methods: images"),
    (4, "Rater population", "Methods: readers"),
    (5, "What is known already, and rationale", "Methods: rationale"),
    (6, "Sample size and how it was chosen", "Methods: sample size"),
    (7, "Sampling of subjects and raters", "Methods: images; Methods: readers"),
    (8, "Rating process: interval between repeats, clinical information, blinding", "Methods: rating process"),
    (9, "Independence of ratings", "Methods: independence"),
    (10, "Statistical analysis", "Methods: statistical analysis"),
    (11, "Numbers of raters, subjects and repeats that were included", "Results: participants and images"),
    (12, "Characteristics of raters and subjects", "Results: participants and images"),
    (13, "Estimates of reliability and agreement with their uncertainty", "Results: agreement; Results: repeats"),
    (14, "Practical relevance of the results", "For the authors to discuss"),
    (15, "Detailed results", "Exports of the study: CSV with data dictionary, JSON with the protocol"),
)


class Section(NamedTuple):
    """A part of the methods. ``numbers``: the GRRAS items that it answers."""

    title: str
    numbers: tuple[int, ...]
    sentences: tuple[str, ...]


def methods(study: Study, results: StudyResults) -> list[Section]:
    """All parts, in the order of the guidelines."""
    said = study.design.grras
    return [
        Section("What was judged", (1, 2), (*_subject(study), *_arms(study), *_tasks(study))),
        Section("Rationale", (5,), (_quoted(said.prior_evidence, "Known already: "),)),
        Section(
            "Images",
            (3, 7),
            (
                *_images(study),
                _quoted(said.subject_population, "Population: "),
                _quoted(said.subject_sampling, "Sampling: "),
            ),
        ),
        Section(
            "Readers",
            (4, 7),
            (
                _readers(study),
                _quoted(said.rater_population, "Population: "),
                _quoted(said.rater_sampling, "Sampling: "),
            ),
        ),
        Section("Sample size", (6,), (_size(study), _quoted(said.sample_size, "Why so many: "))),
        Section("Rating process", (8,), (*_process(study), *_quotes(study))),
        Section("Independence", (9,), (_independence(study), _quoted(said.independence, "Further on independence: "))),
        Section("Statistical analysis", (10,), (*statistics(results), _quoted(said.analysis, "Further analyses: "))),
    ]


def statistics(results: StudyResults) -> Iterator[str]:
    """What figures were computed, and how."""
    drawn = f"{results.resamples} resamples, seed {results.seed}"
    yield (
        "Practice items and readers who were withdrawn were left out. Second showings count only for intra-reader "
        "agreement and for times. Figures use the answers as they were locked; later corrections stand in the exports."
    )
    yield (
        f"Mean ratings and differences of means have 95 % percentile intervals from a bootstrap over images ({drawn}), "
        "each image with all that was answered to it; shares of right answers have Wilson intervals, which take "
        "answers as independent. Averages over several data sets count each data set once; their intervals draw images "
        "within each."
    )
    yield (
        "Agreement between readers is given as Krippendorff’s alpha for ordinal data with a bootstrap interval over "
        "images (primary), and as quadratically weighted kappa for each pair of readers, Gwet’s AC2 and the intraclass "
        "correlation ICC(A,1) (secondary); for unordered choices as Krippendorff’s alpha for nominal data and Cohen’s "
        "kappa. Intervals of kappa and AC2 are large-sample ones, with deviations summed by image and Student’s t; "
        "that of the ICC is from the F distribution, on the items that all readers rated, taking items as independent."
    )
    yield (
        "Intra-reader agreement is the share of equal answers, and kappa (quadratic weights, but for choices), on the "
        "items that were shown twice."
    )
    yield (
        "Arms are compared on the same images and concepts. Differences are averaged over readers and then kept "
        "together by image. The sign-flip permutation test swaps the arms of whole images, for up to 15 images in "
        f"all ways, else in 9,999 random ones (seed {results.seed}). The Wilcoxon signed-rank test beside it is on the "
        "mean difference of each image, without differences of 0. These tests and intervals take the readers as given. "
        "P values are two-sided and not corrected for multiple comparisons."
    )
    yield (
        "For diagnoses, confidence with the sign of the decision gives the area under the ROC curve (Mann-Whitney, "
        "ties count half), with a bootstrap over images for each reader, and over readers and images for means and "
        "differences. P of a difference is twice the share of these resamples on the rarer side of 0."
    )
    yield (
        "Times are those of the browser, without idle time, of second showings and of items that could not be judged "
        "too; medians with quartiles."
    )


def _subject(study: Study) -> list[str]:
    question = sentence(study.design.question)
    asked = f"The question was: {question}" if question else f"The question of the study: {MISSING.lower()}"
    return [f"Reliability and agreement of readers, and how far they agree with a model’s explanations. {asked}"]


def _arms(study: Study) -> list[str]:
    arms = study.design.arms
    told = listed([f"“{arm.name}” ({_arm(study, arm)})" for arm in arms])
    return [f"Readers judged images under {counted(len(arms), 'arm')}: {told}."]


def _arm(study: Study, arm: Arm) -> str:
    if arm.model_version_id is None:
        return "the image alone"
    parts = []
    if arm.map is not None:
        parts.append(f"{MAPS[arm.map]} map of the model {study.model_name(arm.model_version_id)}")
    if arm.show_prediction:
        parts.append("the model’s class and probability")
    if arm.show_concepts:
        parts.append("the concepts that the model sees")
    told = listed(parts) or f"no explanation of the model {study.model_name(arm.model_version_id)}"
    return f"sham: {SHAMS[ShamKind(arm.sham)]}, in place of the {told}" if arm.sham else told


def _tasks(study: Study) -> list[str]:
    return [f"Task “{task.title}”: {_task(task)}{_sham_choice(study, task)}" for task in study.design.tasks]


def _task(task: Task) -> str:
    rule = {
        ConceptRule.STRONGEST: "the present concepts that speak most for the predicted class",
        ConceptRule.RANDOM: "present concepts, drawn at random",
    }[task.concept_rule]
    asked = f"{counted(task.concepts_per_case, 'concept')} for each image ({rule}, by the first arm’s model)"
    if task.kind is TaskKind.LOCALIZATION:
        ends = f"1 ({task.anchors[0]}) to 5 ({task.anchors[-1]})" if len(task.anchors) > 1 else "1 to 5"
        told = f"image, concept and map were shown, and readers rated how well they fit, from {ends}; {asked}"
    elif task.kind is TaskKind.ALIGNMENT:
        told = (
            "image and map were shown without the concept, and readers chose it among the true one and "
            f"{task.distractors} plausible distractors that were fixed beforehand; {asked}"
        )
    elif task.kind is TaskKind.DIAGNOSIS:
        disease = f"; disease: {listed(task.positive_classes)}" if task.positive_classes else ""
        told = f"readers chose a class and said how sure they were, from 0 to 100{disease}"
    else:
        return f"readers answered {counted(len(task.questions), 'question')} about each image{_unjudged(task)}."
    free = f"; then {counted(len(task.questions), 'further question')}" if task.questions else ""
    return f"{told}{free}{_unjudged(task)}."


def _sham_choice(study: Study, task: Task) -> str:
    """What counts as right where the map is not that of the concept."""
    shams = any(key in study.arms and study.arms[key].sham is not None for key in task.arm_keys)
    if task.kind is not TaskKind.ALIGNMENT or not shams:
        return ""
    return " In a sham arm the concept of the real map counts as right."


def _unjudged(task: Task) -> str:
    return "; an item could be said to be beyond judging" if task.cannot_judge else ""


def _images(study: Study) -> list[str]:
    cases = [case for case in study.cases if not case["practice"]]
    sources = Counter(case["dataset"] or "" for case in cases)
    uploaded = sources.pop("", 0)
    from_sets = [f"{count} of {name}" for name, count in sorted(sources.items())]
    told = listed([*from_sets, counted(uploaded, "uploaded case")] if uploaded else from_sets)
    sampling = study.design.sampling
    how = {
        "hand_picked": "They were chosen by hand",
        "all": "They are all images there were",
        "stratified_random": "They were drawn at random",
    }[sampling.method]
    if sampling.method == "stratified_random":
        how += (
            ""
            if sampling.strata == "none"
            else f", in equal shares by {sampling.strata.replace('dataset', 'data set')}"
        )
        how += "" if sampling.seed is None else f", with seed {sampling.seed}"
        how += "" if sampling.population is None else f", from {sampling.population}"
    synthetic = sum(bool(case["synthetic"]) for case in cases)
    drawn = f" Procedural (synthetic) among them: {synthetic}." if synthetic else ""
    there = f"{counted(len(cases), 'image')}: {told}" if cases else "no images"
    return [f"The study has {there}. {how}{f' ({sampling.source})' if sampling.source else ''}.{drawn}"]


def _readers(study: Study) -> str:
    readers = study.data.readers
    invited = sum(not reader.simulated for reader in readers)
    simulated = len(readers) - invited
    told = [f"Readers who were invited, each with an account of their own: {invited}."] if invited else []
    if simulated:
        told.append(
            f"Simulated readers: {simulated}. Their answers were drawn by a program, to demonstrate the software."
        )
    return " ".join(told) or "Nobody was invited to read."


def _size(study: Study) -> str:
    items = [item for item in study.data.items if not item.practice]
    practice = len(study.data.items) - len(items)
    images = len({item.case_number for item in items})
    more = f", besides {counted(practice, 'practice item')}" if practice else ""
    return (
        f"The study has {counted(len(items), 'item')} (an image under one arm of one task) of "
        f"{counted(images, 'image')}{more}; {100 * study.design.order.repeats:g} % of each session’s items were "
        "shown a second time, unannounced."
    )


def _process(study: Study) -> Iterator[str]:
    order, reading = study.design.order, study.design.reading
    if order.separation is Separation.MIXED:
        yield "Every reader was to judge every image under every arm, in one session."
    elif order.separation is Separation.SESSIONS:
        yield (
            "Every reader was to judge every image under every arm, each in a session of its own; the order of arms "
            f"was counterbalanced, with a washout of at least {counted(order.washout_days, 'day')} between sessions, "
            "held by the server."
        )
    else:
        yield "Every reader was to judge every image under one arm only; which one changed from reader to reader."
    mixed = "one task after the other" if order.by_task else "all tasks mixed"
    yield (
        f"The order of items was drawn for each reader (seed {order.seed}), {mixed}, "
        f"with at least {counted(order.gap, 'item')} between two of one image where possible; it was stored "
        "before reading began. Practice items came first."
    )
    amended = "; corrections with a reason were added beside it" if reading.amend_answers else ""
    yield (
        f"Readers read one item at a time on the full screen. An answer was locked when it was submitted{amended}. "
        f"Time without input for more than {reading.idle_seconds} s counted as idle."
    )
    yield (
        "Readers were told neither model nor arm, neither the truth nor what others answered; nothing that was sent to "
        "them held it. Maps had the same size and range under every arm."
    )


def _quotes(study: Study) -> list[str]:
    said = study.design.grras
    return [
        _quoted(said.repeat_interval, "Interval between repeated ratings: "),
        _quoted(said.clinical_information, "Clinical information: "),
        _quoted(said.blinding, "Further on blinding: "),
    ]


def _independence(study: Study) -> str:
    """Of all versions of the protocol the one that let most people see results holds: what was seen stays seen."""
    settings = [protocol["design"]["access"]["live_results"] for protocol in study.data.protocols]
    live = max(settings, key=("nobody", "coordinators", "members").index)
    seen = {
        "nobody": "Nobody saw results before the study was closed",
        "coordinators": "Its coordinators could see results while it was open; readers could not",
        "members": "Its members could see results while it was open; readers could not",
    }[live]
    return f"Readers worked on their own and could not see each other’s answers. {seen}."


def _quoted(text: str, before: str = "") -> str:
    """What the coordinator wrote."""
    return f"{before}{sentence(text) or MISSING}"
