"""A flow diagram drawn: boxes in layers, ways between them with their shares, ways back beside."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from costsim.drawing.canvas import (
    INK,
    MARGIN,
    ROOM,
    SMALL,
    WIDTH,
    Manner,
    Sheet,
    height_of,
    tall,
    write,
    write_all,
)
from costsim.drawing.grouping import grouped
from costsim.drawing.marks import BLUE, FAINT
from costsim.report.figures.frame import ARRIVAL, LANE, LOOP, Bottom, Frame, Gap, Row, Way
from costsim.report.figures.journey import Journey
from costsim.report.figures.layers import layered, placed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDEST, NARROWEST, GAP = 2.75, 0.9, 0.16
PLACE = 0.1
"""The width of a place that a way passes."""
ARROW = 0.07
Point = tuple[float, float]
Turn = tuple[Point, Point]


class Chart:
    """The geometry of a journey, in inches; heights are measured downwards from the top."""

    def __init__(self, journey: Journey) -> None:
        self._journey = journey
        self.layers = layered(journey)
        self.row_of = self.layers.row_of
        back = grouped((way.loops, way) for way in self._ways(dict.fromkeys(self.layers.back, ())))
        self.back, self.again = back[False], back[True]
        self._room = ROOM - LANE * len(self.back)
        found = placed(self.layers, self._halves, self._room, GAP)
        self.x = {name: x + MARGIN for name, x in found.items()}

    def _ways(self, passes: Mapping[int, Sequence[str]]) -> list[Way]:
        return [Way(n, self._journey.arrows[n], tuple(names)) for n, names in passes.items()]

    @cached_property
    def onward(self) -> list[Way]:
        """Ways to a box below."""
        return self._ways(self.layers.chains)

    @cached_property
    def frames(self) -> dict[str, Frame]:
        """The boxes on paper, in the order of the journey."""
        return {box.name: Frame(box, self._width(box.name)) for box in self._journey.boxes}

    @cached_property
    def _boxes(self) -> list[list[str]]:
        """The names of boxes by row, without places that a way passes."""
        names = {box.name for box in self._journey.boxes}
        return [list(filter(names.__contains__, row)) for row in self.layers.rows]

    def _width(self, name: str) -> float:
        """How wide a box is: rows of few have wide ones."""
        number = self.row_of[name]
        row = self.layers.rows[number]
        taken = GAP * (len(row) - 1) + sum(map(self._beside, row))
        return max(min(WIDEST, (self._room - taken) / len(self._boxes[number])), NARROWEST)

    @cached_property
    def _loops(self) -> defaultdict[str, list[Way]]:
        return grouped((way.arrow.source, way) for way in self.again)

    def _beside(self, name: str) -> float:
        """Room to the right of a box for a way back to itself and its label."""
        return max((way.beside for way in self._loops[name]), default=0.0)

    def _halves(self, name: str) -> tuple[float, float]:
        half = (self.frames[name].wide if name in self.frames else PLACE) / 2
        return half, half + self._beside(name)

    @cached_property
    def bottoms(self) -> dict[str, Bottom]:
        """Where ways leave each box, from left to right; ways back come last."""
        onward = sorted(self.onward, key=lambda way: self.x[way.passes[1]])
        leaving = grouped((way.arrow.source, way) for way in (*onward, *self.back))
        frames = self.frames.items()
        return {name: Bottom(self.x[name], each.wide, leaving[name]) for name, each in frames}

    @cached_property
    def gaps(self) -> list[Gap]:
        """Every row with the room below it."""
        found, top = [], 0.0
        for row in self._rows:
            found.append(row.gap(top))
            top = found[-1].bent + ARRIVAL
        return found

    @property
    def _rows(self) -> Iterator[Row]:
        out = Counter(self.row_of[way.arrow.source] for way in self.back)
        into = Counter(self.row_of[way.arrow.target] for way in self.back)
        for number, mine in enumerate(self._boxes):
            tallest = max((self.frames[name].tall for name in mine), default=0.2)
            labels = max((self.bottoms[name].tall for name in mine), default=0.0)
            yield Row(tallest, labels, out[number], into[number + 1])

    @property
    def tall(self) -> float:
        """The height of it all, without what is below the last row."""
        return self.gaps[-1].row_bottom

    def gap(self, name: str) -> Gap:
        """The row of a box or place."""
        return self.gaps[self.row_of[name]]

    def right_of(self, first: int, last: int) -> float:
        """How far to the right the rows from one to another reach."""
        names = chain.from_iterable(self.layers.rows[first : last + 1])
        return max(self.x[name] + self._halves(name)[1] for name in names)


def draw(sheet: Sheet, journey: Journey) -> None:
    """Draw a journey, with its notes below it."""
    chart = Chart(journey)
    notes = list(map(Manner(SMALL).part, journey.notes))
    below = tall(notes) + 0.18 * bool(notes)
    ground = sheet.open(chart.tall + below + 2 * MARGIN)
    pen = Pen(ground, chart, sheet.height - MARGIN)
    pen.ways()
    pen.boxes()
    write_all(ground, (MARGIN, below), notes)


@dataclass(frozen=True)
class Edge:
    """How a box is framed."""

    style: str
    fill: str
    colour: str


WORK = Edge("square,pad=0", "white", BLUE)
END = Edge("round,pad=0,rounding_size=0.1", FAINT, INK)


class Pen:
    """Draws the parts of a chart on a sheet whose top is at `top` inches."""

    def __init__(self, ground: Axes, chart: Chart, top: float) -> None:
        self._ground = ground
        self._chart = chart
        self._top = top

    def ways(self) -> None:
        """Every way from a box to another."""
        for way in self._chart.onward:
            self._onward(way)
        for rank, way in enumerate(self._chart.back):
            self._back(way, rank)

    def boxes(self) -> None:
        """Every box with the shares below it, and the ways from a box to itself."""
        for name in self._chart.frames:
            self._box(name)
            self._labels(name)
        for way in self._chart.again:
            self._again(way)

    def _box(self, name: str) -> None:
        """A box with its words."""
        chart, frame = self._chart, self._chart.frames[name]
        left, high = chart.x[name] - frame.wide / 2, chart.gap(name).row_top
        self._frame((left, high), frame.wide, frame.tall, WORK if frame.box.works else END)
        if frame.box.meets:
            inner = frame.wide - 0.07, frame.tall - 0.07
            self._frame((left + 0.035, high + 0.035), *inner, WORK)
        at = high + frame.pad
        for found, bold in zip(frame.texts, (True, False), strict=True):
            manner = Manner(SMALL, bold, "center")
            write(self._ground, (chart.x[name], self._top - at), found, manner)
            at += height_of(len(found), SMALL)

    def _frame(self, corner: Point, wide: float, high: float, edge: Edge) -> None:
        from matplotlib.patches import FancyBboxPatch

        left, top = corner
        self._ground.add_patch(
            FancyBboxPatch(
                (left, self._top - top - high),
                wide,
                high,
                boxstyle=edge.style,
                facecolor=edge.fill,
                edgecolor=edge.colour,
                lw=1.2,
            )
        )

    def _onward(self, way: Way) -> None:
        """A way to a box below, past the rows between."""
        chart, first = self._chart, way.passes[0]
        x = chart.bottoms[first].ports[way.number]
        start = (x, chart.gap(first).row_top + chart.frames[first].tall)
        turns: list[Turn] = []
        for name in way.passes[1:]:
            gap = chart.gaps[chart.row_of[name] - 1]
            turns.append(((x, gap.labels), (chart.x[name], gap.bent)))
            x = chart.x[name]
        end = (x, chart.gap(way.passes[-1]).row_top)
        self._curve(start, turns, end)
        self._head(end, (0.0, 1.0))

    def _curve(self, start: Point, turns: list[Turn], end: Point) -> None:
        from matplotlib.path import Path

        codes: list[Any] = [Path.MOVETO]
        points = [start]
        for above, below in turns:
            middle = (above[1] + below[1]) / 2
            points += [above, (above[0], middle), (below[0], middle), below]
            codes += [Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
        self._stroke([*points, (end[0], end[1] - ARROW)], [*codes, Path.LINETO], "-")

    def _corners(self, *points: Point) -> None:
        """A dashed line round corners."""
        from matplotlib.path import Path

        self._stroke(points, [Path.MOVETO, *[Path.LINETO] * (len(points) - 1)], "--")

    def _stroke(self, points: Sequence[Point], codes: list[Any], dash: str) -> None:
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

    def _labels(self, name: str) -> None:
        """The shares below a box, each on its way."""
        below = self._chart.bottoms[name]
        top = self._chart.gap(name).row_bottom + 0.05
        for way, deep in zip(below.ways, below.tops, strict=True):
            if way.label:
                self._paper((below.ports[way.number], top + deep), way, "center")

    def _paper(self, at: Point, way: Way, align: str) -> None:
        """The label of a way on paper of its own, which hides the line below it."""
        from matplotlib.patches import Rectangle

        x, top = at
        wide = way.wide + 0.06
        left = {"center": x - wide / 2, "left": x}[align]
        corner = (left, self._top - top - way.tall)
        self._ground.add_patch(Rectangle(corner, wide, way.tall, facecolor="white", lw=0))
        write(self._ground, (x, self._top - top), list(way.label), Manner(SMALL, align=align))

    def _again(self, way: Way) -> None:
        """A way from a box back to itself, at its right."""
        chart, name = self._chart, way.arrow.source
        frame = chart.frames[name]
        right = chart.x[name] + frame.wide / 2
        high = chart.gap(name).row_top
        low, up = high + frame.tall * 0.7, high + frame.tall * 0.3
        self._corners((right, low), (right + LOOP, low), (right + LOOP, up), (right + ARROW, up))
        self._head((right, up), (-1.0, 0.0))
        middle = high + frame.tall / 2 - way.tall / 2
        self._paper((right + LOOP + 0.05, middle), way, "left")

    def _back(self, way: Way, rank: int) -> None:
        """A way to a box above, through a lane at the right."""
        chart, arrow = self._chart, way.arrow
        first, last = chart.row_of[arrow.target], chart.row_of[arrow.source]
        lane = min(chart.right_of(first, last) + LANE * (rank + 1), WIDTH - 0.04)
        gap, above = chart.gaps[last], chart.gaps[first - 1]
        x, entry = chart.bottoms[arrow.source].ports[way.number], chart.x[arrow.target] + 0.3
        out, into = gap.labels - 0.04 - LANE / 2 * rank, above.bent - 0.02 - LANE / 2 * rank
        start = gap.row_top + chart.frames[arrow.source].tall
        end = chart.gaps[first].row_top
        corners = [(x, start), (x, out), (lane, out), (lane, into), (entry, into)]
        self._corners(*corners, (entry, end - ARROW))
        self._head((entry, end), (0.0, 1.0))
