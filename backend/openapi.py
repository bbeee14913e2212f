"""``python -m backend.openapi`` prints the contract: the same text for the same code."""

from __future__ import annotations

import json
import sys

from backend.app import create_app
from backend.core.settings import Settings


def render_openapi() -> str:
    """The contract as JSON text. The version of the package is left out: it would change at every release."""
    schema = create_app(Settings()).openapi()
    schema["info"]["version"] = "1"
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Print it."""
    sys.stdout.write(render_openapi())


if __name__ == "__main__":
    main()
