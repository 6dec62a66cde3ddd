"""costsim: does a new way of assessing disabled children for support save money?

The names below are the public library. They are loaded when they are first used, so that importing
costsim costs next to nothing.

    >>> import costsim
    >>> scenario = costsim.load("scenarios/starter.yaml")
    >>> costsim.evaluate(scenario, replications=2).main.option
    'new'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from costsim.errors import CostsimError, OutputError, Problem, ScenarioError, SimulationError
    from costsim.evaluation import Evaluation, evaluate, replay
    from costsim.results.estimates import Estimate
    from costsim.scenario.inputs import Input, inputs, with_values
    from costsim.scenario.loader import load
    from costsim.scenario.schema import Scenario
    from costsim.uncertainty.oneway import Tornado, one_way

__version__ = "0.1.0"

_HOMES = {
    "CostsimError": "costsim.errors",
    "OutputError": "costsim.errors",
    "Problem": "costsim.errors",
    "ScenarioError": "costsim.errors",
    "SimulationError": "costsim.errors",
    "Evaluation": "costsim.evaluation",
    "evaluate": "costsim.evaluation",
    "replay": "costsim.evaluation",
    "Estimate": "costsim.results.estimates",
    "Input": "costsim.scenario.inputs",
    "inputs": "costsim.scenario.inputs",
    "with_values": "costsim.scenario.inputs",
    "load": "costsim.scenario.loader",
    "Scenario": "costsim.scenario.schema",
    "Tornado": "costsim.uncertainty.oneway",
    "one_way": "costsim.uncertainty.oneway",
}

__all__ = [
    "CostsimError",
    "Estimate",
    "Evaluation",
    "Input",
    "OutputError",
    "Problem",
    "Scenario",
    "ScenarioError",
    "SimulationError",
    "Tornado",
    "evaluate",
    "inputs",
    "load",
    "one_way",
    "replay",
    "with_values",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'costsim' has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
