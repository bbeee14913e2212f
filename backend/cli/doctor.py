"""``vitrine doctor``: is everything here that Vitrine needs?"""

from __future__ import annotations

import typer

from backend.cli.console import read_settings


def doctor() -> None:
    """Look at Python, packages, device, disk, models and page; exit code 1 when something needed is missing."""
    from backend.cli.checks import State, run_checks

    failed = 0
    for finding in run_checks(read_settings()):
        print(f"{finding.state.value:<8} {finding.what}: {finding.detail}", flush=True)
        if finding.advice:
            print(f"{'':<8} → {finding.advice}")
        failed += finding.state is State.FAILED
    if failed:
        print(f"\n{failed} of the things Vitrine needs {'is' if failed == 1 else 'are'} missing.")
        raise typer.Exit(1)
    print("\nEverything Vitrine needs is here.")
