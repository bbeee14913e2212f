"""A diagnosis as plain text: flags first, then options, groups and codes."""

from __future__ import annotations

from collections.abc import Iterator

from models.diagnose.results import Diagnosis, OptionDiagnosis

_WIDTH = 34


def diagnosis_lines(diagnosis: Diagnosis) -> Iterator[str]:
    """The lines, without line ends."""
    drawn = " (procedural images)" if diagnosis.synthetic else ""
    yield f"{diagnosis.model} on {diagnosis.dataset}{drawn}, split {diagnosis.split}: {diagnosis.images} images"
    yield ""
    yield from _flags(diagnosis)
    yield ""
    yield from _options(diagnosis)
    yield ""
    yield from _groups(diagnosis)
    yield ""
    yield from _codes(diagnosis)


def _flags(diagnosis: Diagnosis) -> Iterator[str]:
    options = {flag.option for flag in diagnosis.flags}
    if not options:
        yield f"No flag on any of {len(diagnosis.options)} options."
        return
    yield f"Flags on {len(options)} of {len(diagnosis.options)} options:"
    for flag in diagnosis.flags:
        yield f"  ! {flag.option:<{_WIDTH}} {flag.reason}"


def _options(diagnosis: Diagnosis) -> Iterator[str]:
    yield (
        f"{'Option':<{_WIDTH + 2}} {'AUROC':>7} {'labels':>7} {'present':>8} {'patches':>8} {'of even':>8} "
        f"{'weight':>7} {'spread':>7} {'peak':>6} {'focus':>6} {'point':>6} {'others':>7} {'centre':>7}"
    )
    flagged = {flag.option for flag in diagnosis.flags}
    for option in diagnosis.options:
        yield _option(option, "!" if option.id in flagged else " ")
    yield (
        "  AUROC of the margin within the group, against labels of the image or its class; present: share of images;\n"
        "  patches of the group's codes where it is present, and of an even assignment; weight: norm in the head;\n"
        "  spread: mean absolute contribution of the score's deviation; peak: over an even map; focus: share around\n"
        "  the peak over shuffled patches; point: pointing game, with maps of other images, and always at the centre."
    )


def _option(option: OptionDiagnosis, mark: str) -> str:
    label = option.readability[0] if option.readability else None
    area, source = (label.auroc, label.source) if label else (None, "-")
    maps = option.localization
    focus = maps.concentration / maps.shuffled if maps.concentration is not None and maps.shuffled else None
    return (
        f"{mark} {option.id:<{_WIDTH}} {_number(area):>7} {source:>7} "
        f"{option.present_share:>8.1%} {option.assigned:>8} {option.assignment_ratio:>8.2f} "
        f"{option.weight_norm:>7.2f} {option.contribution_spread:>7.2f} {_number(maps.peak, 1):>6} "
        f"{_number(focus):>6} {_number(maps.pointing):>6} {_number(maps.pointing_others):>7} "
        f"{_number(maps.pointing_centre):>7}"
    )


def _groups(diagnosis: Diagnosis) -> Iterator[str]:
    yield f"{'Group':<{_WIDTH}} {'Magnet':>8} {'entropy':>8} {'patches':>8} {'of even':>8}  codes"
    for group in diagnosis.groups:
        codes = ", ".join(map(str, group.codes)) or "-"
        yield (
            f"{group.key:<{_WIDTH}} {group.magnet_mass:>8.1%} {group.magnet_entropy:>8.2f} {group.assigned:>8} "
            f"{group.assignment_ratio:>8.2f}  {codes}"
        )


def _codes(diagnosis: Diagnosis) -> Iterator[str]:
    yield f"{'Code':<6} {'share':>7} {'images':>7}  {'best group by phi (p)':<30} by mask (p)"
    for code in diagnosis.codes:
        best = max(code.associations, key=lambda found: found.phi)
        masked = [(found.mask_phi, found) for found in code.associations if found.mask_phi is not None]
        first = f"{best.group} {best.phi:+.2f} ({best.p:.3f})"
        second = "-"
        if masked:
            value, found = max(masked, key=lambda pair: pair[0])
            second = f"{found.group} {value:+.2f} ({found.mask_p:.3f})"
        yield f"{code.index:<6} {code.share:>7.1%} {code.images:>7}  {first:<30} {second}"


def _number(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
