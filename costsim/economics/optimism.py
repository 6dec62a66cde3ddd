"""Optimism bias: savings are promised too high and costs too low, so an appraisal allows for it.

The HM Treasury Green Book asks for the allowance to be shown, and for the result before and after
it. It is applied to a cash flow once, here, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

from costsim.economics.appraisal import CashFlow

LADDER = (0.0, 0.05, 0.10, 0.15, 0.25, 0.40)
"""Share by which savings are reduced at evidence grades 1 to 6. The Greater Manchester cost-benefit
framework reduces them by 0 % to 40 % by the quality, source and age of the data (New Economy unit
cost database, 2014); the steps between are the usual reading of it, not a published table."""


@dataclass(frozen=True)
class OptimismBias:
    """How much lower savings are taken to be, and how much higher costs; shares of them.

    >>> from costsim.economics.appraisal import CashFlow
    >>> flow = CashFlow(100.0, savings=(80.0,), running=(-10.0,))
    >>> OptimismBias(savings=0.25, costs=0.5).adjusted(flow)
    CashFlow(one_off=150.0, savings=(60.0,), running=(-7.5,), double_running=(0.0,))
    """

    savings: float
    costs: float = 0.0

    def adjusted(self, flow: CashFlow) -> CashFlow:
        """The cash flow after the allowance: good things smaller, bad things larger."""
        return CashFlow(
            one_off=self._cost(flow.one_off),
            savings=tuple(map(self._saving, flow.savings)),
            running=tuple(map(self._cost, flow.running)),
            double_running=tuple(map(self._cost, flow.double_running)),
        )

    def _cost(self, amount: float) -> float:
        """A rise in cost made larger; a fall is a saving, and made smaller."""
        return amount * (1 + self.costs) if amount > 0 else amount * (1 - self.savings)

    def _saving(self, amount: float) -> float:
        """A saving made smaller; a loss made larger."""
        return amount - abs(amount) * self.savings
