"""What a run says about itself: checks that it must pass, and warnings that a reader should see.

Three checks: the ledger, the cases and the totals reconcile to the penny; the simulated saving
lies within chance of what plain arithmetic gives; and no limited staff are asked for more time
than they have.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import chain
from operator import attrgetter

from costsim import units
from costsim.economics.appraisal import appraise, cash_flow_rows
from costsim.economics.costing import Prices, costs
from costsim.economics.ledger import counted_total, ledger, reconciles
from costsim.economics.savings import SiteCase, Terms, programme_flow
from costsim.engines.agreement import first_difference
from costsim.engines.choice import kernel, reference
from costsim.engines.protocol import MOST_VISITS
from costsim.errors import Problem, ScenarioError, SimulationError
from costsim.experiment import (
    MOST_REPLICATIONS,
    Runs,
    Settings,
    SiteRuns,
    referrals_in,
    replicate,
)
from costsim.pathway.expectation import offered_load, panel_load, visits_in
from costsim.pathway.plan import Plan
from costsim.results.checks import Check
from costsim.results.estimates import Estimate
from costsim.results.metrics import Economics, Metrics
from costsim.scenario.inputs import Input, inputs
from costsim.scenario.schema import Scenario

MOST_ERRORS = 5.0
ENOUGH = 30
ENGINES = (reference, kernel)
REPLAYED = 2000.0  # referrals of each replication
BYTES_A_VISIT, BYTES_A_KEPT_VISIT = 700.0, 250.0  # measured, with what belongs to its case
RARE = 0.002
MOVED = 0.01
USUAL_HOURLY_COST = (5, 500)


def engines_agree(plan: Plan, settings: Settings, replications: int) -> Check:
    """A sample of what the kernel simulated, played again by the reference: the same in every bit.

    The first, the middle and the last replication; of large ones the beginning, which takes the
    reference seconds. Raises `SimulationError` at the first difference.
    """
    short = plan.shortened(min(1.0, REPLAYED / max(referrals_in(plan), 1.0)))
    played = sorted({0, replications // 2, replications - 1})
    for number in played:
        here, there = (replicate(short, engine(), settings, number) for engine in ENGINES)
        for world in short.worlds:
            difference = first_difference(world, here[world.name], there[world.name])
            if difference:
                where = f"{plan.site}, {world.name}, replication {number}"
                rule = f"{where}: the engines disagree: {difference}"
                raise SimulationError(f"{rule}. Run it with --engine reference, and report this")
    detail = f"{plan.site}: kernel and SimPy agree in every bit of {len(played)} replications"
    return Check("engines", True, detail)


def reconciliation(runs: SiteRuns, prices: Prices) -> Check:
    """Ledger = cases = totals, for every replication that is kept in full.

    Raises `SimulationError` if they differ: such a run must not be believed.
    """
    for world in runs.plan.worlds:
        totals = costs(runs.tallies[world.name], world, prices)
        for replication, (records, total) in enumerate(zip(runs.kept, totals, strict=False)):
            record = records[world.name]
            booked = counted_total(ledger(world, record, prices), record)
            if reconciles(booked, total):
                continue
            where = f"{runs.plan.site}, {world.name}, replication {replication}"
            sums = f"{units.money(booked)}, but the totals to {units.money(total)}"
            raise SimulationError(f"{where}: the ledger comes to {sums}")
    detail = f"{len(runs.kept)} replications of {runs.plan.site}: ledger = cases = totals"
    return Check("reconciliation", True, detail)


def appraisal_reconciles(cases: Sequence[SiteCase], terms: Terms, found: Economics) -> Check:
    """The years of the cash flow add up to the appraisal's lines."""
    flow = programme_flow(cases, terms.years)
    rows = cash_flow_rows(flow, terms.discounting)
    answer = appraise(flow, terms.discounting)
    sums = (
        (math.fsum(map(attrgetter("net_saving"), rows)), answer.total_saving),
        (math.fsum(map(attrgetter("discounted_net"), rows)), answer.net_present_value),
        (answer.net_benefit, found.net_benefit.number),
    )
    for first, second in sums:
        if not reconciles(first, second):
            raise SimulationError(f"the years come to {first}, but the appraisal to {second}")
    return Check("appraisal", True, f"{terms.years} years add up to the appraisal's lines")


def agrees_with_arithmetic(option: str, found: Economics, replications: int) -> Check:
    """The simulated saving is as near to the expected one as chance allows.

    That is 5 standard errors, or a five-hundredth of a case's cost for what is too rare to be seen;
    with fewer than 30 replications the standard error itself is too unsure for a verdict.
    """
    simulated, exact = found.per_case_saving, found.expected_per_case_saving.value
    name = "simulation against arithmetic"
    if exact is None:
        return Check(name, True, f"{option}: no closed form, because of withdrawal or given dates")
    words = f"{option}: simulated {units.money(simulated.number)} a case, expected "
    if replications < ENOUGH:
        return Check(name, True, f"{words}{units.money(exact)} (too few replications to judge)")
    rare = RARE * max(cost.number for cost in found.cost_per_case.values())
    allowed = max(MOST_ERRORS * (simulated.mcse or 0.0), rare)
    return Check(name, abs(simulated.number - exact) <= allowed, f"{words}{units.money(exact)}")


def somebody_came(runs: SiteRuns) -> list[Check]:
    """A site where no referral was counted in any replication has nothing to say."""
    if runs.referrals.sum() > 0:
        return []
    words = f"{runs.plan.site}: no referral was counted in any replication, so there is no answer"
    return [Check("referrals counted", False, words)]


def staff_can_cope(runs: SiteRuns) -> list[Check]:
    """Nobody is asked for more than their time, or queues would grow without limit."""
    return [
        _overload(f"{runs.plan.site}, {world.name}: {post.name}", float(share))
        for world in runs.plan.worlds
        for post, share in zip(runs.plan.posts, offered_load(runs.plan, world), strict=True)
        if share >= 1
    ]


def panels_can_cope(runs: SiteRuns) -> list[Check]:
    """No meeting is brought more cases than its sittings can hear."""
    return [
        _overload(f"{runs.plan.site}, {world.name}: the meeting {name}", load, "of its sittings")
        for world in runs.plan.worlds
        for name, load in panel_load(runs.plan, world).items()
        if load >= 1
    ]


def _overload(who: str, share: float, what: str = "of their time") -> Check:
    asked = f"{who} is asked for {units.percent(share)} {what}"
    so = "the queue grows without limit, and times depend on how long is simulated"
    return Check("load", False, f"{asked}: {so}")


def _outcome_moved(
    option: str, name: str, shares: dict[str, Estimate], comparator: str
) -> Iterator[str]:
    """More of one outcome, support say, can cost or spare far more than the assessment does."""
    before, after = shares[comparator].number, shares[option].number
    if abs(after - before) > MOVED:
        change = f"from {before:.1%} to {after:.1%} of referrals"
        ending = name.replace("_", " ")
        yield f"{option}: {ending} goes {change}; what follows from it is not costed"


def payback_warnings(who: str, found: Economics) -> Iterator[str]:
    """A payback that never comes is said to be one."""
    within = f"within {found.horizon_years.number:g} years"
    if found.payback_years.value is None:
        yield f"{who}: it does not pay back {within}"
    elif found.discounted_payback_years.value is None:
        yield f"{who}: with later money discounted it does not pay back {within}"


def precision_warnings(options: dict[str, Metrics], precision: float) -> Iterator[str]:
    """Replications are capped, precise enough or not."""
    for option, metrics in options.items():
        width = metrics.economics.per_case_saving.half_width
        if precision < width < math.inf:
            known = f"known within {units.money(width)}, not {units.money(precision)}"
            stopped = f"stopped at {MOST_REPLICATIONS:,} replications"
            yield f"{option}: {stopped}: the saving per case is {known}"


def fits_in_memory(plan: Plan, settings: Settings) -> None:
    """Refuse a replication that is too large, before it is begun.

    Raises `ScenarioError` with the memory it would need, which is that of all visits of one
    replication while it is simulated, and of the replications that are kept in full.
    """
    from psutil import virtual_memory

    kept = min(settings.keep, settings.at_least)
    visits = visits_in(plan, MOST_VISITS)
    needed = visits * (BYTES_A_VISIT + kept * BYTES_A_KEPT_VISIT)
    free = virtual_memory().available
    if needed > free:
        rule = (
            f"one replication of {plan.site} has about {visits:,.0f} visits to activities, and "
            f"would need {needed / 1e9:,.1f} GB of memory; {free / 1e9:,.1f} GB is free"
        )
        hint = "Shorten run.length, divide the referrals, or keep fewer replications (--keep 1)"
        raise ScenarioError([Problem("CS442", rule, hint, "referrals.per_year")])


def warnings(scenario: Scenario, runs: Runs, options: dict[str, Metrics]) -> tuple[str, ...]:
    """What a reader should know before believing the answer."""
    found = [*_of_inputs(scenario), *_of_runs(runs)]
    for name, metrics in options.items():
        found += _of_results(name, metrics, scenario)
    return tuple(found)


def _of_inputs(scenario: Scenario) -> Iterator[str]:
    every = sorted(inputs(scenario), key=attrgetter("name"))
    silent = sorted(each.name for each in every if each.provenance == "no source given")
    if silent:
        some = ", ".join(silent[:3])
        yield f"{len(silent)} of {len(every)} inputs have no source and are not `assumed`: {some}"
    yield from chain.from_iterable(map(_unusual_price, every))
    yield from _shared_costs(every, len(scenario.sites))


def _unusual_price(each: Input) -> Iterator[str]:
    """Pence or thousands where pounds belong."""
    low, high = USUAL_HOURLY_COST
    if each.where[0][-1] == "hourly_cost" and not low <= (each.value or 0) <= high:
        yield f"{each.name} is {each.shown}: hourly costs are usually from £{low} to £{high}"


def _shared_costs(every: Sequence[Input], sites: int) -> Iterator[str]:
    """Costs at the top of a file are not shared out between sites: each of them pays."""
    for section in ("one_off", "running_costs"):
        if any(section in each.where[0] and len(each.where) > 1 for each in every):
            yield f"{section} at the top of the file is paid by each of {sites} sites, not shared"


def _of_runs(runs: Runs) -> Iterator[str]:
    if runs.replications == 1:
        yield "One replication: no uncertainty can be given"
    for each in runs.sites.values():
        yield from _starts_empty(each.plan)
    if runs.interrupted:
        yield f"Interrupted: the results are those of {runs.replications} replications"


def _starts_empty(plan: Plan) -> Iterator[str]:
    """Queues take time to build up, and what is counted before is too short."""
    who = ", ".join(post.name for post in plan.posts if post.headcount is not None)
    if who and not plan.warm_up and not plan.backlog:
        yield (
            f"{plan.site}: nobody waits for {who} at the start, so waits are short at first: "
            "give run: {warm_up: 1 year}, or a backlog under referrals"
        )


def _of_results(option: str, metrics: Metrics, scenario: Scenario) -> Iterator[str]:
    found = metrics.economics
    extra = max(map(attrgetter("take_up.demand_response.value"), scenario.sites.values()))
    if extra:
        more = units.percent(extra)
        yield f"{option}: easier access brings up to {more} more referrals; their cost is counted"
    for name, shares in sorted(metrics.timeliness.outcome_share.items()):
        yield from _outcome_moved(option, name, shares, scenario.comparator)
    withdrawn = max(map(attrgetter("number"), metrics.timeliness.withdrawn_share.values()))
    if withdrawn:
        gone = units.percent(withdrawn)
        yield f"{option}: up to {gone} are withdrawn; work that is never done is no saving"
    if 0 < found.fte_released.number < 1:
        post = f"{found.fte_released.number:.2f} of a full-time post"
        yield f"{option}: staff time released is {post}, which frees capacity rather than cash"
