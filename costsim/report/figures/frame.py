"""What a flow diagram is put together from: framed boxes, ways between them, and rows with room."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from costsim.drawing.canvas import SMALL, broken, height_of, width_of
from costsim.report.figures.journey import Arrow, Box

PAD, LANE = 0.08, 0.2
BEND, ARRIVAL = 0.3, 0.12
LOOP = 0.16


@dataclass(frozen=True)
class Frame:
    """A box on paper: how wide it is, in inches, and its words as they fit."""

    box: Box
    wide: float

    @property
    def pad(self) -> float:
        """Room between a frame and its words; a meeting's frame is double."""
        return PAD + 0.045 * self.box.meets

    @cached_property
    def texts(self) -> tuple[list[str], list[str]]:
        """The title and the lines, as they fit."""
        room = self.wide - 2 * self.pad
        found = (broken(line, room, SMALL) for line in self.box.lines)
        return broken(self.box.title, room, SMALL, bold=True), list(chain.from_iterable(found))

    @cached_property
    def tall(self) -> float:
        """How high it is."""
        return sum(height_of(len(each), SMALL) for each in self.texts) + 2 * self.pad


@dataclass(frozen=True)
class Way:
    """An arrow of a diagram with its number, and the boxes and places that it passes downwards."""

    number: int
    arrow: Arrow
    passes: tuple[str, ...] = ()

    @property
    def label(self) -> tuple[str, ...]:
        """Its lines of text."""
        return self.arrow.label

    @property
    def loops(self) -> bool:
        """Whether it leads from a box to itself."""
        return self.arrow.loops

    @property
    def wide(self) -> float:
        """The width of its label."""
        return max((width_of(line, SMALL) for line in self.label), default=0.0)

    @property
    def tall(self) -> float:
        """The height of its label."""
        return height_of(len(self.label), SMALL)

    @property
    def room(self) -> float:
        """Room that it needs below a box."""
        return max(0.3, self.wide + 0.14)

    @property
    def beside(self) -> float:
        """Room that it needs to the right of a box, if it leads back to it."""
        return LOOP + 0.06 + self.wide


@dataclass(frozen=True)
class Bottom:
    """The bottom of a box: its middle and width, and the ways that leave it from left to right."""

    middle: float
    wide: float
    ways: list[Way]

    @property
    def _needed(self) -> float:
        return sum(way.room for way in self.ways)

    @cached_property
    def ports(self) -> dict[int, float]:
        """Where each way leaves, in proportion to the room of its label."""
        needed, others = self._needed, len(self.ways) - 1
        stretch = self.wide / max(needed, self.wide)
        air = max(0.0, min((self.wide * 0.75 - needed) / max(1, others), 0.6))
        found, left = {}, self.middle - (needed * stretch + air * others) / 2
        for way in self.ways:
            found[way.number] = left + way.room * stretch / 2
            left += way.room * stretch + air
        return found

    @property
    def levels(self) -> int:
        """On how many levels the labels must stand so as not to touch."""
        return max(1, -int(-self._needed // (self.wide + 1e-6)))

    @property
    def level(self) -> float:
        """How high one level is: as the longest label."""
        return max((way.tall for way in self.ways), default=0.0)

    @property
    def tall(self) -> float:
        """How high the labels are, all levels together."""
        return self.level * self.levels + 0.1 * bool(self.level)

    @property
    def tops(self) -> list[float]:
        """How far below the box the label of each way begins."""
        return [self.level * (place % self.levels) for place in range(len(self.ways))]


@dataclass(frozen=True)
class Gap:
    """The room below a row: where labels end, where ways bend, and where the next row begins."""

    row_top: float
    row_bottom: float
    labels: float
    bent: float


@dataclass(frozen=True)
class Row:
    """A row: how high its boxes and labels are, ways back that leave it and that come in below."""

    tall: float
    labels: float
    out: int
    into: int

    def gap(self, top: float) -> Gap:
        """The room below it, if it begins so many inches down."""
        bottom = top + self.tall
        labels = bottom + self.labels + LANE / 2 * self.out
        return Gap(top, bottom, labels, labels + BEND + LANE / 2 * self.into)
