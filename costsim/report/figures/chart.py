"""A flow diagram drawn: boxes in layers, ways between them with their shares, ways back beside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from costsim.report.figures.canvas import (
    INK,
    MARGIN,
    SMALL,
    WIDTH,
    Manner,
    Sheet,
    broken,
    height_of,
    width_of,
    write,
)
from costsim.report.figures.journey import ACTIVITY, MEETING, Journey
from costsim.report.figures.layers import layered, placed
from costsim.report.figures.marks import BLUE, FAINT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDEST, PAD, GAP, LANE = 2.75, 0.08, 0.16, 0.2
BEND, ARRIVAL, ARROW = 0.3, 0.12, 0.07
LOOP = 0.16
Point = tuple[float, float]


@dataclass(frozen=True)
class Gap:
    """The room below a row: where labels end, where ways bend, and where the next row begins."""

    row_top: float
    row_bottom: float
    labels: float
    bent: float


class Chart:
    """The geometry of a journey, in inches; heights are measured downwards from the top."""

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        self.layers = layered(journey)
        self.boxes = {box.name: box for box in journey.boxes}
        self.row_of = {name: n for n, row in enumerate(self.layers.rows) for name in row}
        arrows = journey.arrows
        self.again = [n for n in self.layers.back if arrows[n].source == arrows[n].target]
        self.back = [n for n in self.layers.back if n not in self.again]
        room = WIDTH - 2 * MARGIN - LANE * len(self.back)
        self._room = room
        found = placed(self.layers, self._halves, room, GAP)
        self.x = {name: x + MARGIN for name, x in found.items()}

    @cached_property
    def widths(self) -> dict[str, float]:
        """How wide each box is: rows of few have wide ones."""
        found: dict[str, float] = {}
        for row in self.layers.rows:
            mine = [name for name in row if name in self.boxes]
            taken = GAP * (len(row) - 1) + sum(self._beside(name) for name in row)
            each = min(WIDEST, (self._room - taken) / max(1, len(mine)))
            found |= {name: max(each, 0.9) for name in mine}
        return found

    def _beside(self, name: str) -> float:
        """Room to the right of a box for a way back to itself and its label."""
        labels = [self.label(n) for n in self.again if self.journey.arrows[n].source == name]
        return max((LOOP + 0.06 + _widest(each) for each in labels), default=0.0)

    def label(self, number: int) -> tuple[str, ...]:
        """The lines of an arrow's label."""
        return self.journey.arrows[number].label

    def _halves(self, name: str) -> tuple[float, float]:
        half = self.widths.get(name, 0.1) / 2
        return half, half + self._beside(name)

    @cached_property
    def texts(self) -> dict[str, tuple[list[str], list[str]]]:
        """The title and the lines of each box, as they fit."""
        found = {}
        for name, box in self.boxes.items():
            room = self.widths[name] - 2 * self.pad(name)
            title = broken(box.title, room, SMALL, bold=True)
            found[name] = (
                title,
                [each for line in box.lines for each in broken(line, room, SMALL)],
            )
        return found

    def height(self, name: str) -> float:
        """How high a box is."""
        return sum(height_of(len(each), SMALL) for each in self.texts[name]) + 2 * self.pad(name)

    def pad(self, name: str) -> float:
        """Room between a frame and its words; a meeting's frame is double."""
        return PAD + 0.045 * (self.boxes[name].kind == MEETING)

    def leaving(self, name: str) -> list[int]:
        """Arrows that leave the bottom of a box, from left to right; ways back come last."""
        chains = self.layers.chains
        onward = [n for n, chain in chains.items() if chain[0] == name]
        onward.sort(key=lambda n: (self.x[chains[n][1]], n))
        return onward + [n for n in self.back if self.journey.arrows[n].source == name]

    def ports(self, name: str) -> dict[int, float]:
        """Where each arrow leaves the bottom of a box, in proportion to the room of its label."""
        leaving = self.leaving(name)
        needed = [max(0.3, _widest(self.label(n)) + 0.14) for n in leaving]
        stretch = min(1.0, self.widths[name] / sum(needed)) if needed else 1.0
        spread = (self.widths[name] * 0.75 - sum(needed)) / max(1, len(needed) - 1)
        air = max(0.0, min(spread, 0.6)) if stretch == 1.0 else 0.0
        total = sum(needed) * stretch + air * (len(needed) - 1)
        found, left = {}, self.x[name] - total / 2
        for number, need in zip(leaving, needed, strict=True):
            found[number] = left + need * stretch / 2
            left += need * stretch + air
        return found

    def levels(self, name: str) -> int:
        """On how many levels the labels below a box must stand so as not to touch."""
        needed = sum(max(0.3, _widest(self.label(n)) + 0.14) for n in self.leaving(name))
        return max(1, -int(-needed // (self.widths[name] + 1e-6)))

    @cached_property
    def gaps(self) -> list[Gap]:
        """Every row with the room below it."""
        found, top = [], 0.0
        for number, row in enumerate(self.layers.rows):
            mine = [name for name in row if name in self.boxes]
            bottom = top + max((self.height(name) for name in mine), default=0.2)
            labels = bottom + max((self._label_height(name) for name in mine), default=0.0)
            arrows = self.journey.arrows
            out = sum(self.row_of[arrows[n].source] == number for n in self.back)
            into = sum(self.row_of[arrows[n].target] == number + 1 for n in self.back)
            bent = labels + LANE / 2 * out + BEND + LANE / 2 * into
            found.append(Gap(top, bottom, labels + LANE / 2 * out, bent))
            top = bent + ARRIVAL
        return found

    def _label_height(self, name: str) -> float:
        most = max((len(self.label(n)) for n in self.leaving(name)), default=0)
        return height_of(most, SMALL) * self.levels(name) + (0.1 if most else 0.0)

    @property
    def tall(self) -> float:
        """The height of it all, without what is below the last row."""
        return self.gaps[-1].row_bottom

    def right_of(self, first: int, last: int) -> float:
        """How far to the right the rows from one to another reach."""
        rows = self.layers.rows[first : last + 1]
        return max(self.x[name] + self._halves(name)[1] for row in rows for name in row)


def _widest(found: tuple[str, ...]) -> float:
    return max((width_of(line, SMALL) for line in found), default=0.0)


def draw(sheet: Sheet, journey: Journey) -> None:
    """Draw a journey, with its notes below it."""
    chart = Chart(journey)
    notes = [broken(each, WIDTH - 2 * MARGIN, SMALL) for each in journey.notes]
    below = sum(height_of(len(each), SMALL) for each in notes) + 0.18 * bool(notes)
    ground = sheet.open(chart.tall + below + 2 * MARGIN)
    pen = Pen(ground, chart, sheet.height - MARGIN)
    for number in chart.layers.chains:
        pen.onward(number)
    for rank, number in enumerate(chart.back):
        pen.back(number, rank)
    for name in chart.boxes:
        pen.box(name)
        pen.labels(name)
    for number in chart.again:
        pen.again(number)
    top = below
    for note in notes:
        write(ground, (MARGIN, top), note, Manner(SMALL))
        top -= height_of(len(note), SMALL)


class Pen:
    """Draws the parts of a chart on a sheet whose top is at `top` inches."""

    def __init__(self, ground: Axes, chart: Chart, top: float) -> None:
        self._ground = ground
        self._chart = chart
        self._top = top

    def box(self, name: str) -> None:
        """A box with its words."""
        chart, kind = self._chart, self._chart.boxes[name].kind
        wide, tall = chart.widths[name], chart.height(name)
        left, high = chart.x[name] - wide / 2, chart.gaps[chart.row_of[name]].row_top
        work = kind in (ACTIVITY, MEETING)
        self._frame(left, high, wide, tall, 0.0 if work else 0.1)
        if kind == MEETING:
            self._frame(left + 0.035, high + 0.035, wide - 0.07, tall - 0.07, 0.0)
        at = high + chart.pad(name)
        for found, bold in zip(chart.texts[name], (True, False), strict=True):
            write(
                self._ground, (chart.x[name], self._top - at), found, Manner(SMALL, bold, "center")
            )
            at += height_of(len(found), SMALL)

    def _frame(self, left: float, high: float, wide: float, tall: float, round_by: float) -> None:
        from matplotlib.patches import FancyBboxPatch

        style = f"round,pad=0,rounding_size={round_by}" if round_by else "square,pad=0"
        fill = FAINT if round_by else "white"
        edge = INK if round_by else BLUE
        corner = (left, self._top - high - tall)
        self._ground.add_patch(
            FancyBboxPatch(
                corner, wide, tall, boxstyle=style, facecolor=fill, edgecolor=edge, lw=1.2
            )
        )

    def onward(self, number: int) -> None:
        """A way to a box below, past the rows between."""
        chart = self._chart
        chain = chart.layers.chains[number]
        start = chart.gaps[chart.row_of[chain[0]]]
        x = chart.ports(chain[0])[number]
        points: list[Point] = [(x, start.row_top + chart.height(chain[0]))]
        turns: list[tuple[Point, Point]] = []
        for name in chain[1:]:
            gap = chart.gaps[chart.row_of[name] - 1]
            turns.append(((x, gap.labels), (chart.x[name], gap.bent)))
            x = chart.x[name]
        end = (x, chart.gaps[chart.row_of[chain[-1]]].row_top)
        self._curve([*points], turns, end)
        self._head(end, (0.0, 1.0))

    def _curve(self, start: list[Point], turns: list[tuple[Point, Point]], end: Point) -> None:
        from matplotlib.path import Path

        codes: list[Any] = [Path.MOVETO]
        points = list(start)
        for above, below in turns:
            middle = (above[1] + below[1]) / 2
            points += [above, (above[0], middle), (below[0], middle), below]
            codes += [Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
        self._stroke([*points, (end[0], end[1] - ARROW)], [*codes, Path.LINETO], "-")

    def _stroke(self, points: list[Point], codes: list[Any], dash: str) -> None:
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        path = Path([(x, self._top - y) for x, y in points], codes)
        self._ground.add_patch(PathPatch(path, facecolor="none", edgecolor=INK, lw=1.1, ls=dash))

    def _head(self, tip: Point, towards: Point) -> None:
        """An arrow's head that points down or left."""
        (x, y), (right, down) = tip, towards
        side = ARROW * 0.55
        base = (x - right * ARROW, y - down * ARROW)
        corners = [
            tip,
            (base[0] + down * side, base[1] + right * side),
            (base[0] - down * side, base[1] - right * side),
        ]
        flipped = [(px, self._top - py) for px, py in corners]
        self._ground.fill(*zip(*flipped, strict=True), color=INK, lw=0)

    def labels(self, name: str) -> None:
        """The shares below a box, each on its way."""
        chart = self._chart
        bottom = chart.gaps[chart.row_of[name]].row_bottom + 0.05
        levels = chart.levels(name)
        for place, (number, x) in enumerate(chart.ports(name).items()):
            found = chart.label(number)
            deep = max((len(chart.label(n)) for n in chart.leaving(name)), default=0)
            top = bottom + height_of(deep, SMALL) * (place % levels)
            if found:
                self._paper(x, top, found)

    def _paper(self, x: float, top: float, found: tuple[str, ...], align: str = "center") -> None:
        from matplotlib.patches import Rectangle

        wide, tall = _widest(found) + 0.06, height_of(len(found), SMALL)
        left = x - wide / 2 if align == "center" else x
        corner = (left, self._top - top - tall)
        self._ground.add_patch(Rectangle(corner, wide, tall, facecolor="white", lw=0))
        write(self._ground, (x, self._top - top), list(found), Manner(SMALL, align=align))

    def again(self, number: int) -> None:
        """A way from a box back to itself, at its right."""
        from matplotlib.path import Path

        chart, name = self._chart, self._chart.journey.arrows[number].source
        right = chart.x[name] + chart.widths[name] / 2
        high, tall = chart.gaps[chart.row_of[name]].row_top, chart.height(name)
        low, up = high + tall * 0.7, high + tall * 0.3
        points = [(right, low), (right + LOOP, low), (right + LOOP, up), (right + ARROW, up)]
        self._stroke(points, [Path.MOVETO, *[Path.LINETO] * 3], "--")
        self._head((right, up), (-1.0, 0.0))
        found = chart.label(number)
        middle = high + tall / 2 - height_of(len(found), SMALL) / 2
        self._paper(right + LOOP + 0.05, middle, found, "left")

    def back(self, number: int, rank: int) -> None:
        """A way to a box above, through a lane at the right."""
        from matplotlib.path import Path

        chart, arrow = self._chart, self._chart.journey.arrows[number]
        first, last = chart.row_of[arrow.target], chart.row_of[arrow.source]
        lane = min(chart.right_of(first, last) + LANE * (rank + 1), WIDTH - 0.04)
        gap, above = chart.gaps[last], chart.gaps[first - 1]
        x, entry = chart.ports(arrow.source)[number], chart.x[arrow.target] + 0.3
        out, into = gap.labels - 0.04 - LANE / 2 * rank, above.bent - 0.02 - LANE / 2 * rank
        start = gap.row_top + chart.height(arrow.source)
        end = chart.gaps[first].row_top
        corners = [(x, start), (x, out), (lane, out), (lane, into), (entry, into)]
        points = [*corners, (entry, end - ARROW)]
        self._stroke(points, [Path.MOVETO, *[Path.LINETO] * 5], "--")
        self._head((entry, end), (0.0, 1.0))
