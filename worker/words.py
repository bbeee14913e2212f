"""Why a job failed, in words: what happened, and what to do."""

from __future__ import annotations

import errno

from backend.jobs.kinds import JobKind

KILLED = (
    "It was ended from outside (signal {signal}), most likely because the machine's memory was full. "
    "Free memory or choose smaller settings. {again}"
)
NO_MEMORY = "The machine's memory is full. End other work on it, or choose smaller settings. {again}"
NO_DEVICE_MEMORY = "The graphics card's memory is full. End other work on it, or choose smaller settings. {again}"
DISK_FULL = "The server's disk is full. Free some space. {again}"
BROKEN = "It failed because of a fault in the program; the server's log has the reason. {again}"
AGAIN = {
    JobKind.TRAINING: "What was saved is kept: then resume it.",
    JobKind.DIAGNOSIS: "Then start it again.",
    JobKind.COMPARISON: "Then start it again.",
    JobKind.STUDY: "Then publish the study again.",
    JobKind.EVIDENCE: "Then start it again.",
}
# Torch has no own class for a full memory of the machine.
_ALLOCATION = ("can't allocate memory", "not enough memory", "bad alloc", "alloc_cpu")


def in_words(text: str, kind: JobKind, number: int = 0) -> str:
    """One of the sentences above, for a kind of job."""
    return text.format(again=AGAIN[kind], signal=number)


def reason_of(error: BaseException, kind: JobKind) -> str | None:
    """What an error means for the person who started the job; None if it is a fault of ours."""
    # Only once something went wrong: a child that starts should not load the whole server.
    from backend.core.errors import AppError  # noqa: PLC0415
    from backend.jobs.handling import JobRefused  # noqa: PLC0415

    if isinstance(error, JobRefused):
        return error.reason
    if isinstance(error, AppError):
        return error.detail
    if is_disk_full(error):
        return in_words(DISK_FULL, kind)
    text = str(error).lower()
    # By name and text: torch is not imported for it.
    if type(error).__name__ == "OutOfMemoryError" or (isinstance(error, RuntimeError) and "cuda out of memory" in text):
        return in_words(NO_DEVICE_MEMORY, kind)
    if isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and any(one in text for one in _ALLOCATION)):
        return in_words(NO_MEMORY, kind)
    return None


def is_disk_full(error: BaseException | None) -> bool:
    """Whether it, or what led to it, says that there is no room."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if "no space left on device" in str(error).lower():  # safetensors has no errno
            return True
        error = error.__cause__ or error.__context__
    return False
