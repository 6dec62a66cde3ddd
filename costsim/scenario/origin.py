"""Where a scenario came from: its files, the place of every number, and the files beside it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date

from costsim.errors import Place
from costsim.scenario.deflators import Deflators

Where = tuple[str | int, ...]


@dataclass(frozen=True)
class DatedReferral:
    """One line of a file of dates: the day, and the attributes that the file gives."""

    day: date
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Origin:
    """Where a scenario came from: its files with their hashes, and the place of every number.

    `files` and `contents` go by the name of a file relative to the folder of the first one.
    """

    file: str
    files: tuple[tuple[str, str], ...]
    places: dict[Where, tuple[Place, str]] = field(compare=False, repr=False, default_factory=dict)
    beside: dict[str, str] = field(compare=False, default_factory=dict)
    contents: dict[str, bytes] = field(compare=False, repr=False, default_factory=dict)
    deflators: list[Deflators] = field(compare=False, repr=False, default_factory=list)
    arrivals: dict[str, tuple[DatedReferral, ...]] = field(compare=False, default_factory=dict)

    def keep(self, name: str, content: bytes) -> None:
        """Remember a file beside the scenario, as it was read."""
        self.contents[name] = content
        self.beside[name] = hashlib.sha256(content).hexdigest()

    @property
    def hashes(self) -> dict[str, str]:
        """The hash of every file, by its name: scenario files first, then those beside them."""
        return dict(self.files) | dict(sorted(self.beside.items()))

    @property
    def sha256(self) -> str:
        """One hash over all the files that the scenario was read from."""
        hashes = self.hashes
        if len(hashes) == 1:
            return next(iter(hashes.values()))
        listed = "".join(f"{name}\0{sha}\0" for name, sha in hashes.items())
        return hashlib.sha256(listed.encode()).hexdigest()
