"""A sensitivity analysis as it is shown: the tornado, and what was asked for beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from costsim.drawing.figure import Figure
from costsim.report.analyses.cells import outcome, outcome_name
from costsim.report.analyses.driving import (
    closing,
    condition,
    driving,
    grid,
    limits,
    swings,
    turning,
    writer,
)
from costsim.report.analyses.exhibit import Exhibit, Table
from costsim.report.analyses.further import Further
from costsim.report.analyses.subject import alarm, failures, of_scenario
from costsim.results.checks import Check
from costsim.results.summary import versions
from costsim.uncertainty.discovery import Discovery, Shows
from costsim.uncertainty.drivers import Drivers
from costsim.uncertainty.oneway import Swing, Tornado
from costsim.uncertainty.steady import NET_BENEFIT
from costsim.uncertainty.switching import Switches
from costsim.uncertainty.twoway import TwoWay
from costsim.units import counted
from costsim.words import money

KIND = "sensitivity"
SCHEMA = "costsim.oneway/1"
ALONE = Further()
OVER_THE_HORIZON = frozenset({
    "net_benefit", "net_present_value", "total_saving", "adjusted_net_benefit",
    "adjusted_net_present_value",
})  # fmt: skip


def exhibit(tornado: Tornado, found: Further = ALONE) -> Exhibit:
    """The analysis as it is shown."""
    base = tornado.base
    summed = tornado.outcome in OVER_THE_HORIZON
    over = f" over {counted(base.scenario.years, 'year')}" * summed
    return Exhibit(
        kind=KIND,
        title=f"{base.scenario.title}: {outcome_name(tornado.outcome)}{over}",
        paragraphs=("".join(_beginning(tornado)),),
        tables=(*_tables(tornado, found), *failures(base.checks)),
        warnings=(*_interrupted(tornado, found), *alarm(base.checks)),
        interrupted=tornado.interrupted or bool(found.left_out),
        settings={
            **of_scenario(base.scenario),
            "seed": base.settings.seed,
            "replications": base.runs.replications,
            "outcome": tornado.outcome,
            "versions": versions(),
        },
    )


def _interrupted(tornado: Tornado, found: Further) -> Iterator[str]:
    if tornado.interrupted:
        many = counted(tornado.inputs, "input")
        varied = f"INTERRUPTED: {len(tornado.swings)} of {many} were varied."
        yield f"{varied} Not varied: {', '.join(not_varied(tornado))}."
    if found.left_out:
        yield f"INTERRUPTED. Not done: {', '.join(found.left_out)}."


def not_varied(tornado: Tornado) -> list[str]:
    """The names of the inputs that an interruption left unvaried, in the order of the file."""
    varied = {swing.input.name for swing in tornado.swings}
    return [name for name in tornado.steady.parameters.names if name not in varied]


def _beginning(tornado: Tornado) -> Iterator[str]:
    """What the swings are swings from, and how firm that is."""
    yield f"As it stands: {outcome(tornado.outcome, tornado.value).shown} ({_found_by(tornado)}). "
    if tornado.inputs:
        held = "all else" if tornado.steady.exact else "all else and all luck"
        yield f"Each input alone, from its 10% to its 90% quantile, {held} held fixed."
    else:
        yield "No input is uncertain: add uncertain: to the numbers that you are unsure of."


def _found_by(tornado: Tornado) -> str:
    """How the outcome was found, and how much of it may be chance."""
    if tornado.steady.exact:
        return "by arithmetic, with no chance in it"
    runs, net = tornado.base.runs, tornado.base.main.programme.economics.net_benefit
    known = net.interval and tornado.outcome == NET_BENEFIT
    chance = f"; {money(net.half_width)} either way by chance" if known else ""
    return f"{counted(runs.replications, 'replication')}, seed {tornado.base.settings.seed}{chance}"


def _tables(tornado: Tornado, found: Further) -> Iterator[Table]:
    if tornado.swings:
        yield swings(tornado)
    if found.switches:
        yield turning(found.switches)
    if found.two_way:
        yield grid(found.two_way)
    if found.drivers:
        yield driving(found.drivers)
    if found.discovery:
        yield limits(found.discovery, [each.input for each in tornado.steady.parameters.each])
    yield from closing(tornado)


def plots(tornado: Tornado, found: Further) -> Iterator[Callable[[], Figure]]:
    """What draws its figures."""
    if tornado.swings:
        yield tornado.plot
    if found.two_way:
        yield found.two_way.plot
    if found.drivers:
        yield found.drivers.plot
    if found.discovery:
        yield partial(found.discovery.plot, _writers(tornado))


def _writers(tornado: Tornado) -> Shows:
    """How the values of each input are written."""
    return {each.name: writer(each.input) for each in tornado.steady.parameters.each}


# --- for programs --------------------------------------------------------------------------------


def as_json(tornado: Tornado, found: Further = ALONE) -> dict[str, Any]:
    """The analysis as plain values: the tornado's, and those of each part that there is."""
    base = tornado.base
    net = base.main.programme.economics.net_benefit
    of_net = tornado.outcome == NET_BENEFIT
    return {
        "schema": SCHEMA,
        **of_scenario(base.scenario),
        "seed": base.settings.seed,
        "replications": base.runs.replications,
        "interrupted": tornado.interrupted or bool(found.left_out),
        "inputs": tornado.inputs,
        "not_varied": not_varied(tornado),
        "not_done": list(found.left_out),
        "checks": list(map(Check.as_json, base.checks)),
        "outcome": tornado.outcome,
        "value": tornado.value,
        "net_benefit": tornado.value if of_net else net.value,
        "net_benefit_ci95": net.interval,
        "swings": [_swing(tornado.outcome, swing) for swing in tornado.swings],
        **dict(_parts(found, _writers(tornado))),
    }


def _swing(name: str, swing: Swing) -> dict[str, Any]:
    return {
        "input": swing.input.name,
        "unit": swing.input.unit,
        "value": swing.input.value,
        "p10": swing.low_value,
        "p90": swing.high_value,
        f"{name}_at_p10": swing.at_low,
        f"{name}_at_p90": swing.at_high,
        "swing": swing.size,
    }


def _parts(found: Further, show: Shows) -> Iterator[tuple[str, Any]]:
    if found.switches:
        yield "switches", _switches(found.switches)
    if found.two_way:
        yield "two_way", _two_way(found.two_way)
    if found.drivers:
        yield "global", _drivers(found.drivers)
    if found.discovery:
        yield "discovery", _discovery(found.discovery, show)


def _switches(found: Switches) -> list[dict[str, Any]]:
    words = {each.input.name: condition(each) for each in found.each}
    rows = found.to_frame().to_dict("records")
    return [{**row, "pays_back_if": words[row["input"]]} for row in rows]


def _two_way(found: TwoWay) -> dict[str, Any]:
    return {
        "first": found.first.name,
        "second": found.second.name,
        "first_values": found.first_values,
        "second_values": found.second_values,
        "outcome": found.outcome,
        "contour": found.contour,
        "paying": found.paying,
        "summary": found.summary(),
    }


def _discovery(found: Discovery, show: Shows) -> dict[str, Any]:
    return {
        "verdict": found.verdict,
        "rate": found.rate,
        "density": found.density,
        "coverage": found.coverage,
        "mass": found.mass,
        "restrictions": found.to_frame().to_dict("records"),
        "summary": found.summary(show),
    }


def _drivers(found: Drivers) -> dict[str, Any]:
    return {
        "method": found.method,
        "outcome": found.outcome,
        "runs": found.runs,
        "indices": found.to_frame().to_dict("records"),
        "summary": found.summary(),
    }
