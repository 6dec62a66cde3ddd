"""Where the code is that the reference pages are made from."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "costsim").rglob("*.py"))
