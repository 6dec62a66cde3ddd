"""Scenario discovery: when does the case fail?

Of many draws of the uncertain inputs some fail: the saving does not repay its cost, say. Scenario
discovery (Bryant & Lempert 2010) looks for limits on a few inputs within which failures crowd, so
that the case can be told in a sentence: it fails when leakage is high and referrals are few.
"""

from __future__ import annotations

from costsim.uncertainty.discovery.outcome import Restriction, Shows
from costsim.uncertainty.discovery.result import Discovery
from costsim.uncertainty.discovery.seeking import prim

__all__ = ["Discovery", "Restriction", "Shows", "prim"]
