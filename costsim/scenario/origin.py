"""Where a scenario came from: its files, the place of every number, and its files of dates."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date

from costsim.errors import Place

Where = tuple[str | int, ...]


@dataclass(frozen=True)
class DatedReferral:
    """One line of a file of dates: the day, and the attributes that the file gives."""

    day: date
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Origin:
    """Where a scenario came from: its files with their hashes, and the place of every number."""

    file: str
    files: tuple[tuple[str, str], ...]
    places: dict[Where, tuple[Place, str]] = field(compare=False, repr=False, default_factory=dict)
    arrivals: dict[str, tuple[DatedReferral, ...]] = field(compare=False, default_factory=dict)

    @property
    def sha256(self) -> str:
        """One hash over all the files that the scenario was read from."""
        listed = "".join(f"{name}\0{sha}\0" for name, sha in self.files)
        return (
            self.files[0][1]
            if len(self.files) == 1
            else hashlib.sha256(listed.encode()).hexdigest()
        )
