"""One scenario in, one evaluation out: the orchestration that every command and caller uses.

`evaluate` compiles each site, simulates it, prices what happened, appraises it, and checks itself:
the ledger against the totals, the simulation against plain arithmetic, and the staff's load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from costsim import assurance
from costsim.economics.costing import Prices, costs, one_off_cost, prices, running_cost
from costsim.economics.discounting import Discounting, Timing
from costsim.economics.ledger import ledger
from costsim.economics.rollout import Rollout
from costsim.economics.savings import SiteCase, Terms, economics
from costsim.engines.protocol import Engine
from costsim.errors import Problem, ScenarioError
from costsim.experiment import (
    MOST_REPLICATIONS,
    Runs,
    Settings,
    SiteRuns,
    at_once,
    replicate,
    simulate,
)
from costsim.pathway.compile import compile_site
from costsim.pathway.expectation import expected
from costsim.pathway.plan import Plan, World
from costsim.progress import Progress, silent
from costsim.results.checks import Check
from costsim.results.metrics import Metrics
from costsim.results.published import Comparison, compare
from costsim.results.tables import Priced
from costsim.results.timeliness import SiteTallies, timeliness
from costsim.scenario.model import nearest
from costsim.scenario.schema import Scenario, Site

KEEP = 20


@dataclass(frozen=True)
class OptionResult:
    """One option compared with the comparator: the programme's figures and each site's."""

    option: str
    programme: Metrics
    sites: dict[str, Metrics]
    cases: tuple[SiteCase, ...] = field(repr=False)


@dataclass(frozen=True)
class Evaluation:
    """Everything that a run found out.

    `options` holds a result for each option; `main` is that of `new`, or of the first by name.
    """

    scenario: Scenario
    engine: str
    settings: Settings
    runs: Runs = field(repr=False)
    options: dict[str, OptionResult]
    published: tuple[Comparison, ...]
    checks: tuple[Check, ...]
    warnings: tuple[str, ...]

    @property
    def main(self) -> OptionResult:
        """The result that is reported first."""
        return _first(self.options)

    @property
    def passed(self) -> bool:
        """Whether every check of the run itself passed."""
        return all(check.passed for check in self.checks)

    def prices(self, site: str) -> Prices:
        """The prices of a site's roles and activities."""
        return prices(self.scenario, self.runs.sites[site].plan)


def evaluate(
    scenario: Scenario,
    *,
    replications: int | None = None,
    precision: float | None = None,
    seed: int | None = None,
    keep: int = KEEP,
    progress: Progress = silent,
) -> Evaluation:
    """Run a scenario and say what it found.

    `replications`, `precision` (pounds: the half-width of the 95 % interval of the saving per case)
    and `seed` replace what the scenario says; `keep` replications are kept in full for the ledger;
    `progress(done, of)` is called after each replication. Raises `ScenarioError` and
    `SimulationError`.

        >>> from costsim.scenario.loader import load
        >>> found = evaluate(load("scenarios/starter.yaml"), replications=4)
        >>> found.passed, found.runs.replications
        (True, 4)
    """
    chosen = evaluator(
        scenario, replications=replications, precision=precision, seed=seed, keep=keep
    )
    chosen.progress = progress
    return chosen.evaluate(scenario)


def evaluator(
    scenario: Scenario,
    *,
    replications: int | None = None,
    precision: float | None = None,
    seed: int | None = None,
    keep: int = KEEP,
) -> Evaluator:
    """An evaluator with a scenario's own run settings, except where others are given."""
    run = scenario.run
    if replications is not None and not 1 <= replications <= MOST_REPLICATIONS:
        rule = f"{replications} replications are not from 1 to {MOST_REPLICATIONS:,}"
        raise ScenarioError([Problem("CS307", rule, "Ask for at least 1", "run.replications")])
    settings = Settings(
        seed=run.seed if seed is None else seed,
        at_least=run.replications if replications is None else replications,
        keep=keep,
    )
    return Evaluator(_engine(), settings, run.precision if precision is None else precision)


def replay(
    scenario: Scenario, site: str, replication: int = 0, seed: int | None = None
) -> list[Priced]:
    """One replication of every world of one site, priced, so that a referral can be followed.

    >>> from costsim.scenario.loader import load
    >>> [each.world.name for each in replay(load("scenarios/starter.yaml"), "site")]
    ['old', 'new']
    """
    if site not in scenario.sites:
        rule = f"{site!r} is not a site"
        raise ScenarioError([Problem("CS502", rule, nearest(site, scenario.sites), "sites")])
    plan = compile_site(scenario, site)
    settings = Settings(seed=scenario.run.seed if seed is None else seed, at_least=1)
    records = replicate(plan, _engine(), settings, replication)
    price = prices(scenario, plan)
    return [
        Priced(
            plan, world, replication, record := records[world.name], ledger(world, record, price)
        )
        for world in plan.worlds
    ]


def _engine() -> Engine:
    from costsim.engines.reference import ReferenceEngine

    return ReferenceEngine()


def _first(options: dict[str, OptionResult]) -> OptionResult:
    return options.get("new") or next(iter(options.values()))


@dataclass
class Evaluator:
    """Evaluates scenarios that differ in a few numbers, without simulating the same plan twice.

    Prices are applied after the clock has run, so a scenario that differs only in prices reuses
    what was simulated.
    """

    engine: Engine
    settings: Settings
    precision: float | None = None
    progress: Progress = silent
    _known: dict[Plan, SiteRuns] = field(default_factory=dict)

    def evaluate(self, scenario: Scenario) -> Evaluation:
        """Run a scenario."""
        plans = [compile_site(scenario, site) for site in sorted(scenario.sites)]
        runs = self._simulate(scenario, plans)
        options = {name: option_result(scenario, runs, name) for name in scenario.options}
        metrics = {name: result.programme for name, result in options.items()}
        return Evaluation(
            scenario=scenario,
            engine=self.engine.name,
            settings=self.settings,
            runs=runs,
            options=options,
            published=_published(scenario, _first(options)),
            checks=tuple(_checks(scenario, runs, options)),
            warnings=(*_paybacks(options), *assurance.warnings(scenario, runs, metrics)),
        )

    def _simulate(self, scenario: Scenario, plans: list[Plan]) -> Runs:
        """Simulate the plans that are new; those that are known are as they were."""
        enough = self._precise_enough(scenario) if self.precision else at_once
        fresh = [plan for plan in plans if plan not in self._known]
        runs = simulate(fresh, self.engine, self.settings, enough, self.progress)
        known = {plan.site: self._known[plan] for plan in plans if plan not in fresh}
        if not self.precision and not runs.interrupted:
            self._known |= {each.plan: each for each in runs.sites.values()}
        return Runs(dict(sorted({**known, **runs.sites}.items())), runs.interrupted)

    def _precise_enough(self, scenario: Scenario) -> Callable[[Runs], bool]:
        """Whether every option's saving per case is known to within the precision."""

        def enough(runs: Runs) -> bool:
            results = [option_result(scenario, runs, option) for option in scenario.options]
            savings = [each.programme.economics.per_case_saving for each in results]
            return all(saving.half_width <= (self.precision or 0) for saving in savings)

        return enough


def option_result(scenario: Scenario, runs: Runs, option: str) -> OptionResult:
    """Compare one option with the comparator, site by site and as a programme."""
    shared = terms(scenario)
    cases = {name: _site_case(scenario, each, option) for name, each in runs.sites.items()}

    def metrics(names: Iterable[str]) -> Metrics:
        tallies = [SiteTallies(runs.sites[name].plan, runs.sites[name].tallies) for name in names]
        times = timeliness(tallies, scenario.comparator, option)
        return Metrics(economics([cases[name] for name in names], shared), times)

    sites = {name: metrics([name]) for name in cases}
    return OptionResult(option, metrics(cases), sites, tuple(cases.values()))


def terms(scenario: Scenario) -> Terms:
    """What the appraisal of every site of a scenario shares."""
    written = scenario.discounting
    rate = written.rate.value if written.rate else None if written.schedule else 0.035
    discounting = Discounting(rate, Timing(written.timing))
    return Terms(scenario.years, discounting, scenario.calendar.full_time_year.value)


def _site_case(scenario: Scenario, runs: SiteRuns, option: str) -> SiteCase:
    site = scenario.sites[runs.plan.site]
    price = prices(scenario, runs.plan)
    worlds = {w.name: w for w in runs.plan.worlds if w.name in (scenario.comparator, option)}
    return SiteCase(
        comparator=scenario.comparator,
        option=option,
        referrals_per_year=runs.plan.demand.per_year,
        referrals=runs.referrals,
        costs={name: costs(runs.tallies[name], world, price) for name, world in worlds.items()},
        minutes={name: runs.of(name, lambda t: float(np.sum(t.minutes))) for name in worlds},
        running_change=running_cost(site, option) - running_cost(site, scenario.comparator),
        one_off=one_off_cost(site),
        rollout=_rollout(site),
        expected_saving=_expected_saving(runs.plan, worlds, price, option),
    )


def _rollout(site: Site) -> Rollout:
    take_up = site.take_up
    ramp_up = tuple(share.value for share in take_up.ramp_up)
    return Rollout(take_up.start_delay.value, ramp_up, take_up.fade.value)


def _expected_saving(
    plan: Plan, worlds: dict[str, World], price: Prices, option: str
) -> float | None:
    """The saving per case by arithmetic alone, where there is such an answer."""
    found = {name: _expected_cost(plan, world, price) for name, world in worlds.items()}
    new = found.pop(option)
    (old,) = found.values()
    return None if old is None or new is None else old - new


def _expected_cost(plan: Plan, world: World, price: Prices) -> float | None:
    means = expected(plan, world)
    if means is None:
        return None
    staff = float(means.minutes @ price.per_minute)
    return staff + sum(float(v @ price.per_visit[name]) for name, v in means.visits.items())


def _published(scenario: Scenario, result: OptionResult) -> tuple[Comparison, ...]:
    found = compare("programme", scenario.published, result.programme)
    for name in sorted(scenario.sites):
        found += compare(name, scenario.sites[name].published, result.sites[name])
    return tuple(found)


def _checks(scenario: Scenario, runs: Runs, options: dict[str, OptionResult]) -> Iterator[Check]:
    for each in runs.sites.values():
        yield assurance.reconciliation(each, prices(scenario, each.plan))
        yield from assurance.somebody_came(each)
        yield from assurance.staff_can_cope(each)
        yield from assurance.panels_can_cope(each)
    for name, result in options.items():
        found = result.programme.economics
        yield assurance.appraisal_reconciles(result.cases, terms(scenario), found)
        yield assurance.agrees_with_arithmetic(name, found, runs.replications)


def _paybacks(options: dict[str, OptionResult]) -> Iterator[str]:
    for option, result in options.items():
        yield from assurance.payback_warnings(option, result.programme.economics)
        if len(result.sites) > 1:
            for site, metrics in result.sites.items():
                yield from assurance.payback_warnings(f"{option}, {site}", metrics.economics)
