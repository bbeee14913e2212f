"""Rules for the images of a design."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from backend.reader_studies.design import StudyCaseRef, StudyDesign, TaskKind
from backend.reader_studies.facts import Facts, error, listed, warning
from backend.reader_studies.schemas import Problem

LEAST_OF_A_CLASS = 5
LEAST_ON_A_SIDE = 2  # variances over images need two on each side of the ROC curve
MOST_NAMED = 20


def case_problems(design: StudyDesign, facts: Facts) -> Iterator[Problem]:
    """What is the matter with the images, each of them and as a sample."""
    if all(ref.practice for ref in design.cases):
        text = "No image counts for the results. Draw a sample, or choose images that are not for practice."
        yield error("cases", "cases", text)
    yield from _shortened(list(_each(design, facts)))
    yield from _truths(design, facts)
    yield from _too_few(design, facts)
    if design.sampling.method == "hand_picked" and design.cases:
        text = (
            "The images are hand-picked, so results hold for them alone. Draw a stratified random sample with a seed, "
            "or say under GRRAS 7 how they were chosen and why that is enough."
        )
        yield warning("cases", "sampling.method", text)
    if design.sampling.method == "stratified_random" and design.sampling.seed is None:
        text = (
            "The images are said to be drawn at random, and the seed is not noted. Draw them again, or note the seed."
        )
        yield warning("cases", "sampling.seed", text)
    gallery = [str(place) for place, source in enumerate(facts.sources, 1) if source is not None and source.synthetic]
    if gallery:
        text = (
            f"Everybody with an account finds {_images(len(gallery))} in the example gallery, with the class: "
            f"{listed(gallery)}. That is enough to try a study out; take other images for one that is to prove "
            "something."
        )
        yield warning("cases", "cases", text)
    if facts.known:
        numbers = listed([str(place + 1) for place in facts.known])
        text = (
            f"Invited readers see {_images(len(facts.known))} in Vitrine already, as owner, through a group or because "
            f"they are open: {numbers}. They may know them and what a model says of them. Take these images out, or "
            "make the cases private before anybody looks at them."
        )
        yield warning("cases", "cases", text)


def reference(ref: StudyCaseRef) -> str:
    """Equal for references to the same image."""
    return f"case/{ref.case_id}" if ref.case_id is not None else f"{ref.dataset_id}/{ref.image}"


def _each(design: StudyDesign, facts: Facts) -> Iterator[Problem]:
    """One image after the other: that it is there, and once only."""
    references: dict[str, int] = {}
    pictures: dict[str, int] = {}
    clusters: dict[str, int] = {}
    for place, (ref, source) in enumerate(zip(design.cases, facts.sources, strict=True)):
        where, name = f"cases.{place}", f"Image {place + 1}"
        if (ref.case_id is None) == (ref.dataset_id is None and ref.image is None) or (
            ref.case_id is None and (ref.dataset_id is None or ref.image is None)
        ):
            yield error("cases", where, f"{name} names no single image. Choose it again from cases or a data set.")
            continue
        first = references.setdefault(reference(ref), place)
        if first != place:
            yield error("cases", where, f"{name} is in the list already, as image {first + 1}. Take one of them out.")
            continue
        if source is None:
            text = f"{name} is gone, or you may not see it any more. Take it out, or choose another one."
            yield error("cases", where, text)
            continue
        same = pictures.setdefault(source.fingerprint, place)
        if same != place:
            text = f"{name} ({source.label}) is the same picture as image {same + 1}. Take one of them out."
            yield error("cases", where, text)
        elif source.cluster is not None and (near := clusters.setdefault(source.cluster, place)) != place:
            text = (
                f"{name} ({source.label}) is a near-duplicate of image {near + 1}, so their ratings are not "
                "independent. Take one of them out."
            )
            yield warning("cases", where, text)
        if ref.truth_class is not None and source.class_key not in (None, ref.truth_class):
            text = (
                f"{name} ({source.label}) is to count as '{ref.truth_class}', and its labels say '{source.class_key}'. "
                "Take over the labels' class, unless you know better."
            )
            yield warning("cases", f"{where}.truth_class", text)


def _truths(design: StudyDesign, facts: Facts) -> Iterator[Problem]:
    """A diagnosis is right or wrong: images without a true class have no place in it."""
    if not any(task.kind is TaskKind.DIAGNOSIS for task in design.tasks):
        return
    found = [
        error(
            "cases",
            f"cases.{place}.truth_class",
            f"Image {place + 1} has no true class, which a diagnosis task needs. Give it one, or take the image out.",
        )
        for place, (ref, truth) in enumerate(zip(design.cases, facts.truths(design), strict=True))
        if truth is None and not ref.practice
    ]
    yield from _shortened(found)


def _too_few(design: StudyDesign, facts: Facts) -> Iterator[Problem]:
    """For a diagnosis: both sides of each ROC curve, and enough of every class."""
    found = zip(design.cases, facts.truths(design), strict=True)
    classes = Counter(truth for ref, truth in found if truth is not None and not ref.practice)
    diagnoses = [task for task in design.tasks if task.kind is TaskKind.DIAGNOSIS]
    if not diagnoses or not classes:
        return
    for task in diagnoses:
        positive = sum(count for key, count in classes.items() if key in task.positive_classes)
        sides = (("with disease", positive), ("without disease", classes.total() - positive))
        for side, count in sides if task.positive_classes else ():
            if count < LEAST_ON_A_SIDE:
                text = (
                    f"Task '{task.title}' has {_images(count)} {side}, and a ROC curve with its variance needs at "
                    f"least {LEAST_ON_A_SIDE}. Add images of other classes."
                )
                yield error("cases", "cases", text)
    for key, count in sorted(classes.items()):
        if count < LEAST_OF_A_CLASS:
            text = (
                f"Only {_images(count)} of class '{key}': what readers do with it cannot be told from chance. "
                f"Add images until there are {LEAST_OF_A_CLASS} or more, or leave the class out."
            )
            yield warning("cases", "cases", text)


def _shortened(problems: Sequence[Problem]) -> Iterator[Problem]:
    """The first ones by name; of a thousand images the rest is counted."""
    yield from problems[:MOST_NAMED]
    rest = problems[MOST_NAMED:]
    if rest:
        blocks = any(problem.severity == "error" for problem in rest)
        make = error if blocks else warning
        yield make("cases", "cases", f"And {len(rest)} more images have the like. See to those above first.")


def _images(count: int) -> str:
    return f"{count} image" if count == 1 else f"{count} images"
