"""`python -m costsim` does all that `costsim` does, where launchers are blocked."""

from __future__ import annotations

import sys

ENVIRONMENT = 4


def main() -> None:
    """Run the command line; say so in one line if what it is built on is missing."""
    try:
        from costsim.cli import main as run
    except ImportError as error:
        sys.stderr.write(
            f"A package that costsim needs is missing or broken: {error.name or error}. "
            "Put it right with: python -m pip install --upgrade --force-reinstall costsim\n"
        )
        sys.exit(ENVIRONMENT)
    run()


if __name__ == "__main__":
    main()
