"""One scenario in, one evaluation out: the orchestration that every command and caller uses.

`evaluate` compiles each site, simulates it, prices what happened, appraises it, and checks itself:
the ledger against the totals, the simulation against plain arithmetic, and the staff's load.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from costsim import assurance
from costsim.comparison import OptionResult, option_result, site_case, terms
from costsim.economics.costing import Prices, prices
from costsim.economics.ledger import ledger
from costsim.economics.precision import half_widths, wanted
from costsim.engines.choice import CHOICES, EngineName, reference
from costsim.errors import Problem, ScenarioError
from costsim.executors import Crew, LocalProcesses, alone
from costsim.experiment import (
    MOST_REPLICATIONS,
    Rule,
    Runs,
    Settings,
    Simulation,
    SiteRuns,
    as_asked,
    replicate,
)
from costsim.pathway.compile import compile_site
from costsim.pathway.plan import Plan
from costsim.progress import Progress, silent
from costsim.results.checks import Check
from costsim.results.metrics import Metrics
from costsim.results.published import Comparison, compare
from costsim.results.tables import Priced
from costsim.scenario.model import nearest
from costsim.scenario.schema import Scenario

KEEP = 20
PRECISION = 1.0  # pounds, where nothing else is asked for
FEWEST, USUAL = 30, 100  # replications with and without a precision, where no number is given


@dataclass(frozen=True)
class Evaluation:
    """Everything that a run found out.

    `options` holds a result for each option; `main` is that of `new`, or of the first by name.
    `precision` is the half-width (pounds) that was asked for, if any.
    """

    scenario: Scenario
    settings: Settings
    precision: float | None
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
    def engine(self) -> str:
        """The name of the engine that simulated it."""
        return self.runs.engine

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
    engine: EngineName = "auto",
    progress: Progress = silent,
    crew: Crew = alone,
) -> Evaluation:
    """Run a scenario and say what it found.

    `replications`, `precision` (pounds: the half-width of the 95 % interval of the saving per case)
    and `seed` replace what the scenario says; if neither says how many or how precise, it is £1.
    `keep` replications are kept in full for the ledger; `engine` and `crew` say what does the work,
    which changes no figure; `progress(done, of)` is called as replications are done. Raises
    `ScenarioError` and `SimulationError`.

        >>> from costsim.scenario.loader import load
        >>> found = evaluate(load("scenarios/starter.yaml"), replications=4)
        >>> found.passed, found.runs.replications
        (True, 4)
    """
    chosen = evaluator(
        scenario, replications=replications, precision=precision, seed=seed, keep=keep
    )
    chosen.engine, chosen.progress, chosen.crew = engine, progress, crew
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
    _check(replications)
    run = scenario.run
    if replications is None and precision is None:
        precision = run.precision or (None if run.replications else PRECISION)
    at_least = replications or run.replications or (FEWEST if precision else USUAL)
    return Evaluator(Settings(run.seed if seed is None else seed, at_least, keep), precision)


def _check(replications: int | None) -> None:
    if replications is not None and not 1 <= replications <= MOST_REPLICATIONS:
        rule = f"{replications} replications are not from 1 to {MOST_REPLICATIONS:,}"
        raise ScenarioError([Problem("CS307", rule, "Ask for at least 1", "run.replications")])


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
    records = replicate(plan, reference(), settings, replication)
    price = prices(scenario, plan)
    return [
        Priced(
            plan, world, replication, record := records[world.name], ledger(world, record, price)
        )
        for world in plan.worlds
    ]


def _first(options: dict[str, OptionResult]) -> OptionResult:
    return options.get("new") or next(iter(options.values()))


@dataclass
class Evaluator:
    """Evaluates scenarios that differ in a few numbers, without simulating the same plan twice.

    Prices are applied after the clock has run, so a scenario that differs only in prices reuses
    what was simulated.
    """

    settings: Settings
    precision: float | None = None
    engine: EngineName = "auto"
    progress: Progress = silent
    crew: Crew = alone
    _known: dict[Plan, SiteRuns] = field(default_factory=dict)

    def evaluate(self, scenario: Scenario) -> Evaluation:
        """Run a scenario."""
        plans = [compile_site(scenario, site) for site in sorted(scenario.sites)]
        runs = self._simulate(scenario, plans)
        options = {name: option_result(scenario, runs, name) for name in scenario.options}
        metrics = {name: result.programme for name, result in options.items()}
        return Evaluation(
            scenario=scenario,
            settings=self.settings,
            precision=self.precision or None,
            runs=runs,
            options=options,
            published=_published(scenario, _first(options)),
            checks=tuple(_checks(scenario, runs, options)),
            warnings=(
                *_paybacks(options),
                *self._not_precise(metrics, runs),
                *(self.crew.losses if isinstance(self.crew, LocalProcesses) else ()),
                *assurance.warnings(scenario, runs, metrics),
            ),
        )

    def _simulate(self, scenario: Scenario, plans: list[Plan]) -> Runs:
        """Simulate the plans that are new; those that are known are as they were."""
        fresh = [plan for plan in plans if plan not in self._known]
        runs = self._simulate_afresh(scenario, fresh)
        known = {plan.site: self._known[plan] for plan in plans if plan not in fresh}
        if not self.precision and not runs.interrupted:
            self._known |= {each.plan: each for each in runs.sites.values()}
        return Runs(dict(sorted({**known, **runs.sites}.items())), runs.interrupted)

    def _simulate_afresh(self, scenario: Scenario, plans: list[Plan]) -> Runs:
        """Simulate, and let SimPy play a sample of what the kernel was chosen for."""
        for plan in plans:
            assurance.fits_in_memory(plan, self.settings)
        rule = self._precise_enough(scenario) if self.precision else as_asked
        choose = CHOICES[self.engine]
        runs = Simulation(plans, choose, self.settings, rule, self.progress, self.crew).run()
        if self.engine == "auto" and runs.engine == "kernel":
            for each in runs.sites.values():
                check = assurance.engines_agree(each.plan, self.settings, runs.replications)
                each.checks.append(check)
        return runs

    def _not_precise(self, options: dict[str, Metrics], runs: Runs) -> Iterator[str]:
        asked = math.inf if runs.interrupted else self.precision or math.inf
        return assurance.precision_warnings(options, asked)

    def _precise_enough(self, scenario: Scenario) -> Rule:
        """As many as it takes to know every option's saving per case to within the precision."""

        def rule(runs: Runs) -> int:
            widths = [
                half_widths([site_case(scenario, each, option) for each in runs.sites.values()])
                for option in scenario.options
            ]
            widest = np.max(widths, axis=0)
            return wanted(widest, self.precision or PRECISION, self.settings.at_least)

        return rule


def _published(scenario: Scenario, result: OptionResult) -> tuple[Comparison, ...]:
    found = compare("programme", scenario.published, result.programme)
    for name in sorted(scenario.sites):
        found += compare(name, scenario.sites[name].published, result.sites[name])
    return tuple(found)


def _checks(scenario: Scenario, runs: Runs, options: dict[str, OptionResult]) -> Iterator[Check]:
    for each in runs.sites.values():
        yield from each.checks
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
