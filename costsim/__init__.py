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
    from costsim.uncertainty.drivers import Drivers, global_sensitivity
    from costsim.uncertainty.oneway import Tornado, one_way
    from costsim.uncertainty.probabilistic import Probabilistic, probabilistic
    from costsim.uncertainty.switching import Switches, switches
    from costsim.uncertainty.twoway import TwoWay, two_way
    from costsim.uncertainty.worth import Information, value_of_information

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
    "Drivers": "costsim.uncertainty.drivers",
    "global_sensitivity": "costsim.uncertainty.drivers",
    "Tornado": "costsim.uncertainty.oneway",
    "one_way": "costsim.uncertainty.oneway",
    "Probabilistic": "costsim.uncertainty.probabilistic",
    "probabilistic": "costsim.uncertainty.probabilistic",
    "Switches": "costsim.uncertainty.switching",
    "switches": "costsim.uncertainty.switching",
    "TwoWay": "costsim.uncertainty.twoway",
    "two_way": "costsim.uncertainty.twoway",
    "Information": "costsim.uncertainty.worth",
    "value_of_information": "costsim.uncertainty.worth",
}

__all__ = [
    "CostsimError",
    "Drivers",
    "Estimate",
    "Evaluation",
    "Information",
    "Input",
    "OutputError",
    "Probabilistic",
    "Problem",
    "Scenario",
    "ScenarioError",
    "SimulationError",
    "Switches",
    "Tornado",
    "TwoWay",
    "evaluate",
    "global_sensitivity",
    "inputs",
    "load",
    "one_way",
    "probabilistic",
    "replay",
    "switches",
    "two_way",
    "value_of_information",
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
