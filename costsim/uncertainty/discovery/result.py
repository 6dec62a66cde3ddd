"""Scenario discovery's result: as tables, in words and as a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from costsim.uncertainty.discovery.drawn import figure
from costsim.uncertainty.discovery.outcome import Outcome, Shows
from costsim.uncertainty.discovery.telling import told

if TYPE_CHECKING:
    import pandas as pd

    from costsim.drawing.figure import Figure

_COLUMNS = [
    "input", "at_least", "at_most", "quasi_p", "density_without", "coverage_without",
    "mass_without",
]  # fmt: skip
_PATH = ["mass", "density", "coverage", "restricted_inputs", "inputs", "chosen"]


class Discovery(Outcome):
    """When the case fails: an outcome that can tell of itself."""

    def to_frame(self) -> pd.DataFrame:
        """A row for each restriction: its limits (empty where none), p, and the box without it."""
        import pandas as pd

        rows = [
            (
                each.name,
                *(end if np.isfinite(end) else np.nan for end in (each.low, each.high)),
                each.quasi_p,
                each.without.density,
                each.without.coverage,
                each.without.mass,
            )
            for each in self.restrictions
        ]
        return pd.DataFrame(rows, columns=_COLUMNS)

    def trajectory_frame(self) -> pd.DataFrame:
        """A row for each box met while peeling, of the draws in which it was sought."""
        import pandas as pd

        rows = [
            (c.mass, c.density, c.coverage, len(each.inputs), ", ".join(each.inputs), each.chosen)
            for each in self.trajectory
            for c in [each.count]
        ]
        return pd.DataFrame(rows, columns=_PATH)

    def summary(self, show: Shows | None = None) -> str:
        """The finding in a paragraph; `show` has a writer for each input whose values need one."""
        return told(self, show or {})

    def plot(self, show: Shows | None = None) -> Figure:
        """The draws by the two inputs with the most telling limits, and the box."""
        return figure(self, show or {})
