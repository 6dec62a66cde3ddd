"""The cases of the replications that were kept: each referral in two worlds, and times to decision.

The same replication, site and number is the same person with the same luck in every world.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from costsim.findings import Findings
from costsim.report.figures.setting import weights

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Pairs:
    """Counted referrals of the comparator's world beside themselves in the option's.

    `savings` are pounds; `weights` add up to 1 and give each site its referrals a year.
    """

    savings: Floats
    weights: Floats

    def share(self, chosen: Flags) -> float:
        """The share of cases that are chosen."""
        return float(self.weights[chosen].sum())

    @property
    def mean(self) -> float:
        """Pounds saved on a case, on average."""
        return float(self.savings @ self.weights)


class Kept:
    """The counted cases of a run, by world."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        table = findings.cases()
        self._table = table.filter(table["counted"])

    @cached_property
    def replications(self) -> int:
        """How many replications were kept."""
        import pyarrow.compute as pc

        last = pc.max(self._table["replication"]).as_py()
        return 0 if last is None else int(last) + 1

    def _world(self, name: str) -> Columns:
        import pyarrow.compute as pc

        mine = self._table.filter(pc.equal(self._table["pathway"], name))
        found: Columns = {
            each: mine[each].combine_chunks().to_numpy(zero_copy_only=False)
            for each in ("replication", "referral", "extra", "cost", "arrived", "decided")
        }
        site = mine["site"].to_pylist()
        names = sorted(self._findings.scenario.sites)
        found["site"] = np.array([names.index(each) for each in site], dtype=np.int64)
        return found

    def pairs(self, option: str) -> Pairs:
        """Savings of referrals that are in both worlds; extra ones are in one only."""
        old, new = (_baseline(self._world(w)) for w in (self._findings.comparator, option))
        _, at_old, at_new = np.intersect1d(_keys(old), _keys(new), return_indices=True)
        site = old["site"][at_old]
        savings = old["cost"][at_old].astype(np.float64) - new["cost"][at_new]
        volumes = weights(self._findings)
        each = np.array([volumes[name] for name in sorted(self._findings.scenario.sites)])
        here = np.bincount(site, minlength=len(each))
        weight = (each / np.maximum(here, 1))[site]
        return Pairs(savings, weight / max(float(weight.sum()), 1e-300))

    def days(self, world: str) -> Floats:
        """Working days to the decision of every counted case; nan where there was none."""
        found = self._world(world)
        return np.asarray(found["decided"] - found["arrived"], dtype=np.float64)


def _baseline(world: Columns) -> Columns:
    chosen = ~world["extra"].astype(bool)
    return {name: values[chosen] for name, values in world.items()}


def _keys(world: Columns) -> NDArray[Any]:
    """One number for each referral of each replication and site."""
    sites = int(world["site"].max(initial=0)) + 1000
    many = np.int64(10**9)
    return np.asarray((world["replication"] * sites + world["site"]) * many + world["referral"])
