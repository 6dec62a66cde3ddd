"""The sheet that figures are drawn on, in inches, and how it becomes SVG or PNG.

matplotlib is used without pyplot and without a reader's own settings, so that the same findings
give the same bytes everywhere; what it has to say about its caches and fonts is kept to itself.
Widths are measured in DejaVu Sans, which comes with it and is wider than the Arial that is asked
for in a page: what fits here fits there.
"""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from costsim.drawing.markup import Alternative, cleaned
from costsim.drawing.text import lines, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

WIDTH = 7.0
"""Inches: what A4 leaves between its margins."""
INK = "#0b0c0c"
SMALL, BODY, TITLE = 8.5, 9.5, 12.0
"""Sizes of text, in points."""
LEADING = 1.32
"""Height of a line over the size of its text."""
MARGIN = 0.08
ROOM = WIDTH - 2 * MARGIN
"""Inches between the margins of a figure."""
DOTS = 200
_SETTINGS: dict[str, Any] = {
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.unicode_minus": False,
    "font.family": ["DejaVu Sans"],
    "font.size": BODY,
    "hatch.linewidth": 1.0,
    "path.simplify": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "costsim",
    "svg.id": None,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": INK,
    "ytick.color": INK,
}


@dataclass(frozen=True)
class Caption:
    """What a figure that stands alone says around its drawing."""

    title: str
    subtitle: str
    source: str


@contextmanager
def quiet() -> Iterator[None]:
    """Matplotlib with our settings alone, and silent about fonts and folders."""
    logger = logging.getLogger("matplotlib")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import matplotlib as mpl
            from matplotlib.style.core import STYLE_BLACKLIST

            plain = {k: v for k, v in mpl.rcParamsDefault.items() if k not in STYLE_BLACKLIST}
            with mpl.rc_context(plain | _SETTINGS):  # type: ignore[arg-type]
                yield
    finally:
        logger.setLevel(before)


@cache
def width_of(text: str, size: float = BODY, bold: bool = False) -> float:
    """Inches that text takes on one line."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    wide, _, _ = text_to_path.get_text_width_height_descent(shown(text), font, ismath=False)
    return float(wide) / 72


def height_of(count: int, size: float = BODY) -> float:
    """Inches that so many lines take."""
    return count * size * LEADING / 72


def broken(text: str, room: float, size: float = BODY, bold: bool = False) -> list[str]:
    """Text in lines of at most `room` inches."""
    return lines(text, room, lambda piece: width_of(piece, size, bold))


class Sheet:
    """A drawing of a fixed width and whatever height its figure needs, from the bottom left."""

    def __init__(self, drawing: Drawing, caption: Caption | None) -> None:
        self._drawing = drawing
        self._caption = caption
        self._below = 0.0
        self.height = 0.0

    def open(self, height: float) -> Axes:
        """Begin a drawing so many inches high; axes over all of it, in inches, to write on."""
        above = self._above()
        self._below = height_of(len(self._source()), SMALL) + MARGIN if self._caption else 0.0
        self.height = height
        self._drawing.set_size_inches(WIDTH, height + above + self._below)
        if self._caption is not None:
            self._write_caption()
        return self._plain_axes(0, 0, height)

    def axes(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Axes at a place in inches."""
        high = self._drawing.get_figheight()
        place = (left / WIDTH, (bottom + self._below) / high, width / WIDTH, height / high)
        found: Axes = self._drawing.add_axes(place)
        return found

    def _plain_axes(self, bottom: float, low: float, high: float) -> Axes:
        plain = self.axes(0, bottom, WIDTH, high - low)
        plain.set_xlim(0, WIDTH)
        plain.set_ylim(low, high)
        plain.axis("off")
        return plain

    def _parts(self) -> list[Part]:
        if self._caption is None:
            return []
        title, subtitle = Manner(TITLE, bold=True), Manner(BODY)
        return [title.part(self._caption.title), subtitle.part(self._caption.subtitle)]

    def _above(self) -> float:
        parts = self._parts()
        return tall(parts) + 2 * MARGIN * bool(parts)

    def _source(self) -> list[str]:
        return broken(self._caption.source, ROOM, SMALL) if self._caption else []

    def _write_caption(self) -> None:
        above = self._above()
        ground = self._plain_axes(self.height, 0, above)
        write_all(ground, (MARGIN, above - MARGIN), self._parts())
        ground = self._plain_axes(-self._below, 0, self._below)
        write(ground, (MARGIN, self._below), self._source(), Manner(SMALL))


@dataclass(frozen=True)
class Manner:
    """How text is written: its size in points, its weight, and where its point lies."""

    size: float = BODY
    bold: bool = False
    align: str = "left"

    @property
    def weight(self) -> str:
        """Its weight as matplotlib calls it."""
        return "bold" if self.bold else "normal"

    def part(self, text: str) -> Part:
        """A paragraph in this manner, in lines that fit between the margins."""
        return broken(text, ROOM, self.size, self.bold), self


Part = tuple[list[str], Manner]


def tall(parts: list[Part]) -> float:
    """Inches that paragraphs take, one below another."""
    return sum(height_of(len(found), manner.size) for found, manner in parts)


def write_all(axes: Axes, at: tuple[float, float], parts: list[Part]) -> None:
    """Paragraphs below a point, one below another."""
    x, top = at
    for found, manner in parts:
        write(axes, (x, top), found, manner)
        top -= height_of(len(found), manner.size)


def write(axes: Axes, at: tuple[float, float], found: list[str], manner: Manner) -> None:
    """Lines of text below a point; each is a text of its own, so that no font can shift it."""
    x, top = at
    step = manner.size * LEADING / 72
    for number, line in enumerate(found):
        axes.text(
            x,
            top - (number + 0.76) * step,
            line,
            fontsize=manner.size,
            fontweight=manner.weight,
            ha=manner.align,
            va="baseline",
        )


def svg(draw: Callable[[Sheet], None], words: Alternative, caption: Caption | None) -> str:
    """A drawing as an `<svg>` element."""
    with quiet():
        from matplotlib.backends.backend_svg import FigureCanvasSVG

        drawing = _drawn(draw, caption)
        written = io.StringIO()
        canvas: Any = FigureCanvasSVG(drawing)
        canvas.print_svg(written, metadata={"Date": None})
    return cleaned(written.getvalue(), words)


def png(draw: Callable[[Sheet], None], caption: Caption | None) -> bytes:
    """A drawing as a PNG file."""
    with quiet():
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        drawing = _drawn(draw, caption)
        drawing.set_dpi(DOTS)
        written = io.BytesIO()
        canvas: Any = FigureCanvasAgg(drawing)
        canvas.print_png(written, metadata={"Software": None})
    return written.getvalue()


def _drawn(draw: Callable[[Sheet], None], caption: Caption | None) -> Drawing:
    from matplotlib.figure import Figure as Drawing

    drawing = Drawing(dpi=72)
    draw(Sheet(drawing, caption))
    return drawing
