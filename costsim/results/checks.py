"""Checks that a run makes on itself: each has a name, passes or fails, and says what it found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Check:
    """One check, in words for the analyst; one that is not `decided` had too little to go by."""

    name: str
    passed: bool
    detail: str
    decided: bool = True

    @property
    def verdict(self) -> str:
        """What it says in a word or two.

        >>> Check("load", True, "").verdict, Check("arithmetic", True, "", decided=False).verdict
        ('passed', 'no verdict')
        """
        return "FAILED" if not self.passed else "passed" if self.decided else "no verdict"

    def as_json(self) -> dict[str, Any]:
        """The form in which it is published."""
        return asdict(self)
