"""`python -m costsim` does all that `costsim` does, where launchers are blocked."""

from __future__ import annotations

from costsim.cli import main

if __name__ == "__main__":
    main()
