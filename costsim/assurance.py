"""What a run says about itself: checks that it must pass, and warnings that a reader should see.

Checks: both engines agree; the ledger, the cases and the totals reconcile to the penny, and so do
the years of the appraisal; the simulated saving lies within chance of what plain arithmetic gives;
somebody came; and no limited staff and no meeting are asked for more than they have time for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import chain
from operator import attrgetter

import numpy as np

from costsim import units
from costsim.economics.appraisal import appraise, cash_flow_rows
from costsim.economics.costing import Prices, costs
from costsim.economics.ledger import counted_total, ledger, reconciles
from costsim.economics.savings import SiteCase, Terms, programme_flow
from costsim.engines.agreement import first_difference, same_bits
from costsim.engines.choice import kernel, reference
from costsim.errors import SimulationError
from costsim.experiment import Runs, Settings, SiteRuns, replicate
from costsim.pathway.expectation import Load, cases_in, offered_load, panel_load, partners
from costsim.pathway.plan import Plan, World
from costsim.results.checks import Check
from costsim.results.estimates import Estimate
from costsim.results.metrics import Economics, Metrics
from costsim.results.record import Record
from costsim.results.tally import tally
from costsim.scenario.inputs import Input, inputs
from costsim.scenario.schema import Scenario

MOST_ERRORS = 5.0
ENOUGH = 30
ENGINES = (reference, kernel)
REPLAYED = 4000.0  # cases of each replication
RARE = 0.002
NAMED = 3
MOVED = 0.01
JOINTLY, FEW, GROWN = 0.7, 10, 0.25  # shares, and replications
ENDLESS = "the queue grows without limit, and times depend on how long is simulated"
USUAL_HOURLY_COST = (5, 500)


def engines_agree(runs: SiteRuns, settings: Settings) -> Check:
    """A sample of what the kernel simulated, played again by the reference: the same in every bit.

    The first, the middle and the last replication that are the kernel's: every referral, and the
    totals that the results are made of. Of large ones the beginning, simulated anew by both, which
    takes the reference seconds. Raises `SimulationError` at the first difference.
    """
    first, last = runs.engine_from, runs.replications - 1
    played = sorted({first, (first + last) // 2, last})
    short = runs.plan.shortened(min(1.0, REPLAYED / max(cases_in(runs.plan), 1.0)))
    for number in played:
        records = _played_by_both(short, settings, number)
        if short == runs.plan:
            _same_as_tallied(runs, records, number)
    what = "replications" if short == runs.plan else "replications' beginnings"
    detail = f"{runs.plan.site}: kernel and SimPy agree in every bit of {len(played)} {what}"
    return Check("engines", True, detail)


def _played_by_both(plan: Plan, settings: Settings, number: int) -> dict[str, Record]:
    """The records of a replication, which are the same."""
    here, there = (replicate(plan, engine(), settings, number) for engine in ENGINES)
    for world in plan.worlds:
        difference = first_difference(world, here[world.name], there[world.name])
        if difference:
            raise _disagreement(f"{plan.site}, {world.name}, replication {number}", difference)
    return here


def _same_as_tallied(runs: SiteRuns, records: dict[str, Record], number: int) -> None:
    for world in runs.plan.worlds:
        here = tally(runs.plan, world, records[world.name])
        if not same_bits(here, runs.tallies[world.name].of(number)):
            where = f"{runs.plan.site}, {world.name}, replication {number}"
            raise _disagreement(where, "alone it has other totals than among the others")


def _disagreement(where: str, what: str) -> SimulationError:
    hint = "Run it with --engine reference, and report this"
    return SimulationError(f"{where}: the engines disagree: {what}. {hint}")


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
    kept = units.counted(len(runs.kept), "replication")
    detail = f"{kept} of {runs.plan.site}: ledger = cases = totals"
    return Check("reconciliation", True, detail)


def appraisal_reconciles(cases: Sequence[SiteCase], terms: Terms, found: Economics) -> Check:
    """The years of the cash flow add up to the appraisal's lines."""
    flow = programme_flow(cases, terms)
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
        words = f"{option}: no closed form, because of withdrawal or given dates"
        return Check(name, True, words, decided=False)
    words = f"{option}: simulated {units.money(simulated.number)} a case, expected "
    if replications < ENOUGH:
        told = f"{words}{units.money(exact)} (too few replications to judge)"
        return Check(name, True, told, decided=False)
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
    """Nobody is asked for more than their time, or queues would grow without limit.

    Where referrals withdraw, what comes for certain and never gives up is what counts here; for
    what comes at most there is a warning.
    """
    return [_overload(*each) for each in _of_staff(runs.plan) if each[1].sure >= 1]


def panels_can_cope(runs: SiteRuns) -> list[Check]:
    """No meeting is brought more cases than its sittings can hear, or than there is time for."""
    return [_overload(*each) for each in _of_panels(runs.plan) if each[1].sure >= 1]


def _of_staff(plan: Plan) -> Iterator[tuple[str, Load]]:
    """Each role's load, and a sentence in which to put a share."""
    for world in plan.worlds:
        for post, load in zip(plan.posts, offered_load(plan, world), strict=True):
            yield f"{plan.site}, {world.name}: {post.name} is asked for {{}} of their time", load


def _of_panels(plan: Plan) -> Iterator[tuple[str, Load]]:
    """Each meeting's load, and a sentence in which to put a share."""
    for world in plan.worlds:
        for name, load in panel_load(plan, world).items():
            what = "all working time" if load.overruns else "its sittings"
            yield f"{plan.site}, {world.name}: the meeting {name} is asked for {{}} of {what}", load


def _overload(sentence: str, load: Load) -> Check:
    sure, most = map(units.percent, (load.sure, load.most))
    share = sure if sure == most else f"{sure} to {most}"
    return Check("load", False, f"{sentence.format(share)}: {ENDLESS}")


def load_warnings(runs: SiteRuns) -> Iterator[str]:
    """Loads that may be too much, although they need not be."""
    for sentence, load in (*_of_staff(runs.plan), *_of_panels(runs.plan)):
        if load.sure < 1 <= load.lasting:
            most = sentence.format(f"up to {units.percent(load.lasting)}")
            yield f"{most}, if nobody withdraws before: unless enough do, {ENDLESS}"
        elif load.sure < 1 <= load.most:
            most = sentence.format(f"up to {units.percent(load.most)}")
            yield f"{most}, which is more than there is: many who wait will withdraw"
    for world in runs.plan.worlds:
        yield from _in_each_other_s_way(runs, world)


def _in_each_other_s_way(runs: SiteRuns, world: World) -> Iterator[str]:
    """Whoever waits for two people keeps the one who is free from the others in the queue."""
    posts, together = runs.plan.posts, partners(runs.plan, world)
    for post, load in zip(posts, offered_load(runs.plan, world), strict=True):
        if post.name in together and JOINTLY <= load.most < 1:
            asked = f"{post.name} is asked for {units.percent(load.most)} of their time"
            yield (
                f"{runs.plan.site}, {world.name}: {asked} and works together with "
                f"{', '.join(together[post.name])}, so less than 100% can be too much"
                f"{_waits_grow(runs, world)}: compare the waits with those of a longer run.length"
            )


def _waits_grow(runs: SiteRuns, world: World) -> str:
    """Whether who comes later waits longer, beyond chance, in the replications that are kept."""
    with np.errstate(invalid="ignore"):  # where nobody came in a half
        halves = np.array([_mean_waits(runs.plan, each[world.name]) for each in runs.kept])
    if len(halves) < FEW or not np.isfinite(halves).all():
        return ""
    first, second = halves.mean(axis=0)
    error = float(np.std(halves[:, 1] - halves[:, 0], ddof=1)) / math.sqrt(len(halves))
    if first == 0 or second - first <= max(MOST_ERRORS * error, GROWN * first):
        return ""
    return f", and those who come in the second half wait {second / first:.1f} times as long"


def _mean_waits(plan: Plan, record: Record) -> tuple[float, float]:
    """Mean minutes before an activity, of who came in the first half of the period and after."""
    visits, cases = record.visits, record.cases
    rows = cases.counted[visits.case] & ~np.isnan(visits.began)
    waited = (visits.began - visits.reached)[rows]
    late = cases.arrived[visits.case[rows]] >= sum(plan.window) / 2
    return float(waited[~late].sum() / (~late).sum()), float(waited[late].sum() / late.sum())


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
    within = f"within {units.counted(int(found.horizon_years.number), 'year')}"
    if found.payback_years.value is None:
        yield f"{who}: it does not pay back {within}"
    elif found.discounted_payback_years.value is None:
        yield f"{who}: with later money discounted it does not pay back {within}"


def precision_warnings(
    options: dict[str, Metrics], precision: float, replications: int
) -> Iterator[str]:
    """What is not known as precisely as was asked, when there may be no more replications."""
    for option, metrics in options.items():
        width = metrics.economics.per_case_saving.half_width
        if precision < width < math.inf:
            known = f"known within {units.narrow_money(width)}, not {units.narrow_money(precision)}"
            stopped = f"stopped at {replications:,} replications, as many as there may be"
            yield f"{option}: {stopped}: the saving per case is {known}"


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
        some, others = ", ".join(silent[:NAMED]), len(silent) - NAMED
        more = f" and {others:,} more (`costsim check` lists them)" if others > 0 else ""
        lack = f"{len(silent)} of {units.counted(len(every), 'input')} without a source"
        yield f"{lack}, and not said to be `assumed`: {some}{more}"
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
        yield from _backlog_is_worked_off(each.plan)
        yield from load_warnings(each)
    if runs.interrupted:
        done = units.counted(runs.replications, "replication")
        yield f"Interrupted: the results are those of {done}"


def _starts_empty(plan: Plan) -> Iterator[str]:
    """Queues take time to build up, and what is counted before is too short."""
    who = ", ".join(post.name for post in plan.posts if post.headcount is not None)
    if who and not plan.warm_up and not plan.backlog:
        yield (
            f"{plan.site}: nobody waits for {who} at the start, so waits are short at first: "
            "give run: {warm_up: 1 year}, or a backlog under referrals"
        )


def _backlog_is_worked_off(plan: Plan) -> Iterator[str]:
    """The clock starts with the warm-up, so the counted period may see little of a backlog."""
    if plan.warm_up and plan.backlog:
        yield (
            f"{plan.site}: the backlog waits when the clock starts, before the warm-up, and may be "
            "worked off before anything is counted: give run: {warm_up: 0 years} to count it all"
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
