"""One scenario in, one evaluation out: the orchestration that every command and caller uses.

`evaluate` compiles each site, simulates it, prices what happened, appraises it, and checks itself:
the ledger against the totals, the simulation against plain arithmetic, and the staff's load.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from costsim import assurance
from costsim.comparison import (
    OptionResult,
    late_savings,
    option_result,
    without_budget,
)
from costsim.economics.costing import Prices, prices
from costsim.economics.ledger import ledger
from costsim.economics.precision import FEWEST, half_widths, wanted
from costsim.engines.choice import EngineName, chosen, reference
from costsim.errors import Problem, ScenarioError
from costsim.executors import Crew, alone
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
from costsim.memory import replications_that_fit
from costsim.pathway.compile import compile_site
from costsim.pathway.demand import anybody_expected
from costsim.pathway.plan import Plan
from costsim.progress import Progress, silent
from costsim.results.checks import Check
from costsim.results.metrics import PROGRAMME, Metrics
from costsim.results.published import Comparison, compare
from costsim.results.tables import Priced
from costsim.scenario.model import nearest
from costsim.scenario.schema import Scenario
from costsim.sites import site_case, terms

KEEP = 20
RANGES = {"replications": (1, MOST_REPLICATIONS), "precision": (0.01, 1e6), "seed": (0, 2**63 - 1)}
PRECISION = 1.0  # pounds, where neither a precision nor a number of replications is asked for


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
        return self.options[self.scenario.main_option]

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
    settings, asked = run_settings(
        scenario, replications=replications, precision=precision, seed=seed, keep=keep
    )
    worker = Evaluator(settings, asked, engine=engine, progress=progress, crew=crew)
    return worker.evaluate(scenario)


def run_settings(
    scenario: Scenario,
    *,
    replications: int | None = None,
    precision: float | None = None,
    seed: int | None = None,
    keep: int = KEEP,
) -> tuple[Settings, float | None]:
    """A scenario's own settings, except where others are given, and the precision (pounds) if any.

    Under a precision the number of replications is the least that there are to be.
    """
    _check(replications=replications, precision=precision, seed=seed)
    run = scenario.run
    if replications is None and precision is None:
        precision = run.precision or (None if run.replications else PRECISION)
    at_least = replications or run.replications or 0
    fewest = FEWEST if precision else 1
    return Settings(run.seed if seed is None else seed, max(at_least, fewest), keep), precision


def _check(**given: float | None) -> None:
    """Refuse what a file could not say either."""
    problems = [
        Problem(
            "CS307",
            f"{value} is outside {RANGES[name][0]:,} to {RANGES[name][1]:,}",
            "",
            f"run.{name}",
        )
        for name, value in given.items()
        if value is not None and not RANGES[name][0] <= value <= RANGES[name][1]
    ]
    if problems:
        raise ScenarioError(problems)


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


@dataclass
class Evaluator:
    """Evaluates scenarios that differ in a few numbers, without simulating the same plan twice.

    Prices are applied after the clock has run, so a scenario that differs only in prices reuses
    what was simulated. `evaluations` is how many there may be, for which an engine is chosen.
    """

    settings: Settings
    precision: float | None = None
    evaluations: int = 1
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
            precision=self.precision,
            runs=runs,
            options=options,
            published=_published(scenario, options[scenario.main_option]),
            checks=tuple(_checks(scenario, runs, options)),
            warnings=(
                *_paybacks(options),
                *self._not_precise(metrics, runs),
                *self.crew.losses,
                *assurance.warnings(scenario, runs, metrics),
                *without_budget(scenario),
                *late_savings(scenario),
            ),
        )

    def _simulate(self, scenario: Scenario, plans: list[Plan]) -> Runs:
        """Simulate the plans that are new; those that are known are as they were.

        Raises `KeyboardInterrupt` at an interruption that leaves some sites with fewer replications
        than others.
        """
        fresh = [plan for plan in plans if plan not in self._known]
        runs = self._simulate_afresh(scenario, fresh)
        known = {plan.site: self._known[plan] for plan in plans if plan not in fresh}
        if runs.interrupted and known:
            raise KeyboardInterrupt
        if not self.precision and not runs.interrupted:
            self._known |= {each.plan: each for each in runs.sites.values()}
        return replace(runs, sites=dict(sorted({**known, **runs.sites}.items())))

    def _simulate_afresh(self, scenario: Scenario, plans: list[Plan]) -> Runs:
        """Simulate, and let SimPy play a sample of what the kernel was chosen for."""
        somebody = all(map(anybody_expected, plans))  # or no number would be enough
        rule = self._precise_enough(scenario) if self.precision and somebody else as_asked
        runs = Simulation(
            plans,
            choose=lambda cases: chosen(self.engine, cases * self.evaluations),
            settings=self.settings,
            rule=rule,
            most=self._most(plans),
            progress=self.progress,
            crew=self.crew,
        ).run()
        if self.engine == "auto" and runs.engine == "kernel" and not runs.interrupted:
            try:
                for each in runs.sites.values():
                    each.checks.append(assurance.engines_agree(each, self.settings))
            except KeyboardInterrupt:  # what was simulated is whole
                runs.interrupted = True
        return runs

    def _most(self, plans: list[Plan]) -> float:
        """How many replications there may be."""
        least, keep = self.settings.at_least, self.settings.keep
        return min(MOST_REPLICATIONS, replications_that_fit(plans, least, keep, self.crew.workers))

    def _not_precise(self, options: dict[str, Metrics], runs: Runs) -> Iterator[str]:
        """Where it had to stop before the saving per case was known as precisely as was asked."""
        if self.precision and runs.capped and not runs.interrupted:
            yield from assurance.precision_warnings(options, self.precision, runs.replications)

    def _precise_enough(self, scenario: Scenario) -> Rule:
        """As many as it takes to know every option's saving per case to within the precision."""

        def rule(runs: Runs) -> int:
            widths = [
                half_widths([site_case(scenario, each, option) for each in runs.sites.values()])
                for option in scenario.options
            ]
            widest = np.max(widths, axis=0)
            return wanted(widest, self.precision or PRECISION)

        return rule


def _published(scenario: Scenario, result: OptionResult) -> tuple[Comparison, ...]:
    found = compare(PROGRAMME, scenario.published, result.programme)
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
