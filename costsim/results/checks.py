"""Checks that a run makes on itself: each has a name, passes or fails, and says what it found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Check:
    """One check, in words for the analyst."""

    name: str
    passed: bool
    detail: str

    def as_json(self) -> dict[str, Any]:
        """The form in which it is published."""
        return asdict(self)
