"""What a run says about itself: checks that it must pass, and warnings that a reader should see.

Three checks: the ledger, the cases and the totals reconcile to the penny; the simulated saving
lies within chance of what plain arithmetic gives; and no limited staff are asked for more time
than they have.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from costsim import units
from costsim.economics.appraisal import appraise, cash_flow_rows
from costsim.economics.costing import Prices, cost
from costsim.economics.ledger import counted_total, ledger, reconciles
from costsim.economics.savings import SiteCase, Terms, programme_flow
from costsim.errors import SimulationError
from costsim.experiment import Runs, SiteRuns
from costsim.pathway.expectation import offered_load
from costsim.results.checks import Check
from costsim.results.metrics import Economics, Metrics
from costsim.scenario.inputs import inputs
from costsim.scenario.schema import Scenario

MOST_ERRORS = 5.0


def reconciliation(runs: SiteRuns, prices: Prices) -> Check:
    """Ledger = cases = totals, for every replication that is kept in full.

    Raises `SimulationError` if they differ: such a run must not be believed.
    """
    for replication, records in enumerate(runs.kept):
        for world in runs.plan.worlds:
            record = records[world.name]
            booked = counted_total(ledger(world, record, prices), record)
            total = cost(runs.tallies[world.name][replication], world, prices)
            if not reconciles(booked, total):
                raise SimulationError(
                    f"{runs.plan.site}, {world.name}, replication {replication}: the ledger has "
                    f"{units.money(booked)} but the totals to {units.money(total)}"
                )
    detail = f"{len(runs.kept)} replications of {runs.plan.site}: ledger = cases = totals"
    return Check("reconciliation", True, detail)


def appraisal_reconciles(cases: Sequence[SiteCase], terms: Terms, found: Economics) -> Check:
    """The years of the cash flow add up to the appraisal's lines."""
    flow = programme_flow(cases, terms.years)
    rows = cash_flow_rows(flow, terms.discounting)
    answer = appraise(flow, terms.discounting)
    sums = (
        (math.fsum(row.net_saving for row in rows), answer.total_saving),
        (math.fsum(row.discounted_net for row in rows), answer.net_present_value),
        (answer.net_benefit, found.net_benefit.value or 0.0),
    )
    if not all(reconciles(first, second) for first, second in sums):
        raise SimulationError(f"the years do not add up to the appraisal: {sums}")
    return Check("appraisal", True, f"{terms.years} years add up to the appraisal's lines")


def agrees_with_arithmetic(option: str, found: Economics) -> Check:
    """The simulated saving is within 5 standard errors of the expected one."""
    simulated, exact = found.per_case_saving, found.expected_per_case_saving.value
    name = "simulation against arithmetic"
    if exact is None or simulated.value is None:
        return Check(name, True, f"{option}: no closed form, because of withdrawal or given dates")
    gap = abs(simulated.value - exact)
    allowed = MOST_ERRORS * (simulated.mcse if simulated.mcse is not None else math.inf)
    words = (
        f"{option}: simulated {units.money(simulated.value)} a case, expected {units.money(exact)}"
    )
    return Check(name, gap <= allowed + 1e-6 * max(1.0, abs(exact)), words)


def staff_can_cope(runs: SiteRuns) -> list[Check]:
    """Nobody is asked for more than their time, or queues would grow without limit."""
    found = []
    for world in runs.plan.worlds:
        load = offered_load(runs.plan, world)
        for post, share in zip(runs.plan.posts, load, strict=True):
            if share >= 1:
                found.append(
                    Check(
                        "staff load",
                        False,
                        f"{runs.plan.site}, {world.name}: {post.name} is asked for "
                        f"{units.percent(float(share))} of their time, so the queue grows without "
                        "limit and times depend on how long is simulated",
                    )
                )
    return found


def warnings(scenario: Scenario, runs: Runs, options: dict[str, Metrics]) -> tuple[str, ...]:
    """What a reader should know before believing the answer."""
    found = [*_of_inputs(scenario), *_of_runs(runs)]
    for name, metrics in options.items():
        found += _of_results(name, metrics, scenario)
    return tuple(found)


def _of_inputs(scenario: Scenario) -> Iterator[str]:
    silent = [each.name for each in inputs(scenario) if each.provenance == "no source given"]
    if silent:
        yield (
            f"{len(silent)} of {len(inputs(scenario))} inputs have neither a source nor "
            f"`assumed: true` ({', '.join(silent[:3])}{', ...' if len(silent) > 3 else ''})"
        )
    for each in inputs(scenario):
        if each.where[0][-1] == "hourly_cost" and not 5 <= (each.value or 0) <= 500:
            yield f"{each.name} is {each.shown}: hourly costs are usually between £5 and £500"
    if len(scenario.sites) > 1:
        yield from _shared_one_off(scenario)


def _shared_one_off(scenario: Scenario) -> Iterator[str]:
    shared = [
        each.name for each in inputs(scenario) if "one_off" in each.where[0] and len(each.where) > 1
    ]
    if shared:
        yield f"{shared[0]} is written once but {len(scenario.sites)} sites each pay it"


def _of_runs(runs: Runs) -> Iterator[str]:
    if runs.replications == 1:
        yield "One replication: no uncertainty can be given"
    if runs.interrupted:
        yield f"Interrupted: the results are those of {runs.replications} replications"


def _of_results(option: str, metrics: Metrics, scenario: Scenario) -> Iterator[str]:
    found = metrics.economics
    if found.payback_years.value is None:
        yield f"{option}: it does not pay back within {scenario.years} years"
    extra = {s.take_up.demand_response.value for s in scenario.sites.values()}
    if any(extra):
        yield (
            f"{option}: easier access brings up to {units.percent(max(extra))} more referrals; "
            "their cost is counted against the saving"
        )
    withdrawn = [share.value or 0.0 for share in metrics.timeliness.withdrawn_share.values()]
    if any(withdrawn):
        yield (
            f"{option}: up to {units.percent(max(withdrawn))} of referrals are withdrawn; "
            "work that is never done costs nothing, which is not a saving to be proud of"
        )
    if found.fte_released.value is not None and 0 < found.fte_released.value < 1:
        yield (
            f"{option}: staff time released is {found.fte_released.value:.2f} of a full-time post, "
            "which frees capacity rather than cash"
        )
