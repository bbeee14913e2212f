"""Plain sentences that one who reads the figures should know."""

from __future__ import annotations

from collections.abc import Sequence

from backend.reader_studies.design import Separation, StudyDesign
from backend.study_results.data import StudyData
from backend.study_results.gathering import TaskAnswers

_FEW_READERS = 3
_FEW_IMAGES = 30
_COMMON = (
    (
        "Intervals are 95 %. Those of means and of Krippendorff's alpha are bootstrapped over images, with all that "
        "was answered to an image kept together. Those of kappa and AC2 are large-sample ones, with deviations summed "
        "by image; that of ICC(A,1) is from the F distribution and takes items as independent. Wilson intervals of "
        "shares take answers as independent; where several readers answer about the same images they are "
        "somewhat too narrow."
    ),
    (
        "Tests of arms permute images. They and the intervals of ratings and agreement take the readers as given: they "
        "say nothing about other readers."
    ),
    "P values are not adjusted for the number of comparisons.",
)


def notes(data: StudyData, design: StudyDesign | None, tasks: Sequence[TaskAnswers]) -> list[str]:
    """About who read, how far, and how the figures were made."""
    if design is None:
        return ["The study has no protocol, because it was never published. There is nothing to analyse."]
    said = [*_readers(data), *_progress(data), *_answers(data, tasks)]
    if len(data.protocols) > 1:
        said.append(
            f"The protocol was amended {_times(len(data.protocols) - 1)} after publication; this is version "
            f"{data.protocols[-1]['version']}."
        )
    if design.order.separation is Separation.SPLIT:
        said.append("Each reader saw an image under one arm only, so arms are compared between readers.")
    return [*said, *_COMMON]


def _readers(data: StudyData) -> list[str]:
    counted = [reader for reader in data.readers if reader.status != "withdrawn"]
    withdrawn = len(data.readers) - len(counted)
    said = []
    if not counted:
        said.append("There are no readers, so there is nothing to report yet.")
    elif len(counted) == 1:
        said.append("There is one reader. Agreement between readers needs a second one.")
    elif len(counted) < _FEW_READERS:
        said.append(f"There are {len(counted)} readers. Figures say little about readers in general.")
    else:
        said.append(f"There are {len(counted)} readers.")
    simulated = sum(reader.simulated for reader in counted)
    if simulated:
        said.append(
            f"Simulated readers: {simulated} of {len(counted)}; a program answered for them. Nothing follows from "
            "these figures about people or models."
        )
    if withdrawn:
        said.append(f"{withdrawn} {_readers_were(withdrawn)} withdrawn; their answers count nowhere.")
    return said


def _progress(data: StudyData) -> list[str]:
    said = []
    counted = [reader for reader in data.readers if reader.status != "withdrawn"]
    unfinished = [reader.code for reader in counted if reader.status != "finished"]
    if unfinished:
        named = f" ({', '.join(unfinished)})" if len(unfinished) <= 10 else ""
        said.append(f"Readers who have not finished: {len(unfinished)} of {len(counted)}{named}.")
    if data.status != "closed":
        said.append("The study is still open. These figures will change; looking at them early can bias what follows.")
    return said


def _answers(data: StudyData, tasks: Sequence[TaskAnswers]) -> list[str]:
    said = []
    images = {item.case_number for item in data.items if not item.practice}
    if 0 < len(images) < _FEW_IMAGES:
        there = "is 1 image" if len(images) == 1 else f"are {len(images)} images"
        said.append(f"There {there}, so intervals are wide or rough.")
    unjudged = sum(int(answers.cannot_judge.sum()) for answers in tasks)
    if unjudged:
        answers = "1 answer was" if unjudged == 1 else f"{unjudged} answers were"
        said.append(f'{answers} "cannot judge". Such answers are counted apart: in no mean, share or agreement.')
    amended = amendments(data)
    if amended:
        said.append(
            f"Readers corrected locked answers {_times(amended)}. The figures use the answers as first locked; the "
            "corrections stand in the exports."
        )
    return said


def amendments(data: StudyData) -> int:
    """Corrections of answers that count."""
    counted = {reader.code for reader in data.readers if reader.status != "withdrawn"}
    practice = {item.number for item in data.items if item.practice}
    return sum(
        len(answer.amendments) for answer in data.answers if answer.reader in counted and answer.item not in practice
    )


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _readers_were(count: int) -> str:
    return "reader was" if count == 1 else "readers were"
