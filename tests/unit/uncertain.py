"""Small scenarios with uncertain inputs whose answers can be worked out by hand."""

from __future__ import annotations

from pathlib import Path

from costsim.scenario.loader import load
from costsim.scenario.schema import Scenario

HOURS_BY_WAGE = """\
costsim: 1
title: Hours by wage
price_year: 2024-25
horizon: 1 year
staff:
  worker: {hourly_cost: {value: £40, uncertain: {uniform: [£30, £50]}}}
referrals: {per_year: 1, arrive: evenly}
pathways:
  old:
    start: visit
    activities:
      visit:
        staff: {worker: {gamma: {mean: {value: 12 h, uncertain: {uniform: [8 h, 16 h]}}, sd: 1 h}}}
        next: done
    outcomes: [done]
  new:
    start: form
    activities:
      form: {next: done}
    outcomes: [done]
one_off: {test: {other: £480}}
"""
"""One case a year takes so many hours at such a wage, all of them saved: hours x wage - £480."""

COUNTED = """\
costsim: 1
title: Counted ways
price_year: 2024-25
horizon: 1 year
staff: {worker: {hourly_cost: £60}}
referrals: {per_year: 100, arrive: evenly}
pathways:
  old:
    start: visit
    activities:
      visit:
        staff: {worker: 1 h}
        next:
          done: {value: 60%, uncertain: {dirichlet: 72}}
          second: {value: 30%, uncertain: {dirichlet: 36}}
          third: {value: 10%, uncertain: {dirichlet: 12}}
      second: {staff: {worker: 2 h}, next: done}
      third: {staff: {worker: 5 h}, next: done}
    outcomes: [done]
  new:
    start: form
    activities:
      form: {next: done}
    outcomes: [done]
"""
"""Of 120 cases 72 end, 36 go on to 2 hours more and 12 to 5: £60 x (1 + 2 b + 5 c) is saved."""

QUEUE = """\
costsim: 1
title: A queue that some leave
price_year: 2024-25
horizon: 2 years
staff:
  worker: {hourly_cost: {value: £40, uncertain: {uniform: [£30, £50]}}, headcount: 1}
referrals: {per_year: 150}
pathways:
  old:
    start: visit
    activities:
      visit:
        staff: {worker: {gamma: {mean: {value: 8 h, uncertain: {uniform: [6 h, 10 h]}}, sd: 4 h}}}
        withdraw_after: {exponential: {mean: 40 days}}
        next: done
    outcomes: [done]
  new:
    start: visit
    activities:
      visit:
        staff: {worker: {gamma: {mean: 4 h, sd: 2 h}}}
        withdraw_after: {exponential: {mean: 40 days}}
        next: done
    outcomes: [done]
one_off: {test: {other: £30000}}
"""
"""Withdrawal makes the saving depend on who waits how long: there is no arithmetic for it."""


def scenario_of(folder: Path, text: str) -> Scenario:
    """The scenario of a text."""
    path = folder / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)
