"""How uncertain inputs are drawn: each one's distribution in words, and how they go together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from costsim.report.analyses.cells import share
from costsim.report.analyses.exhibit import Cell, Column, Table, Value
from costsim.scenario.families import (
    Beta,
    Empirical,
    Exponential,
    Family,
    Fixed,
    Pert,
    Triangular,
    Uniform,
)
from costsim.scenario.inputs import Input, part_at
from costsim.scenario.schema import Scenario
from costsim.scenario.tables import Bins, Discrete
from costsim.uncertainty.parameters import Parameter, Parameters
from costsim.units import counted
from costsim.words import listed

MOST_ALTERNATIVES = 4
NOTABLE = 0.0005
"""A miss of a fitted distribution that shows, as a share of the spread."""
Show = Callable[[float], str]


def drawn(parameters: Parameters, idle: Collection[str]) -> Table:
    """A row for each uncertain input: what it is drawn from, its mean and its 10 % to 90 % range.

    Of a distribution that was fitted, `fit_error` is its largest miss as a share of the spread.
    """
    misses = [_miss(parameters.scenario, each.input) for each in parameters.each]
    fitted = any(miss and miss >= NOTABLE for miss in misses)
    columns = [
        Column("input", "Input"),
        Column("distribution", "Drawn from"),
        Column("mean", "Mean", "number"),
        Column("p10", "P10", "number"),
        Column("p90", "P90", "number"),
        *[Column("fit_error", "Fit misses by", "share")] * fitted,
    ]
    rows = [
        (*_row(parameters.scenario, each, idle), *["" if miss is None else share(miss)] * fitted)
        for each, miss in zip(parameters.each, misses, strict=True)
    ]
    return Table("inputs", "How the inputs were drawn", tuple(columns), tuple(rows))


def _row(scenario: Scenario, parameter: Parameter, idle: Collection[str]) -> tuple[Cell, ...]:
    each = parameter.input
    low, high = each.p10_p90 or (0.0, 0.0)
    words = in_words(parameter, _asked(scenario, each))
    still = "; it moves no outcome" * (each.name in idle)
    figures = (Value(number, _shown(each, number)) for number in (parameter.family.mean, low, high))
    return each.name, f"{words}{still}", *figures


def _shown(each: Input, value: float) -> str:
    """A value with no more digits than a draw deserves."""
    return each.show(float(f"{value:.4g}"))


def in_words(parameter: Parameter, asked: dict[str, float] | None = None) -> str:
    """A distribution as people say it: its family, and the figures that make it.

    `asked` are the figures that it was fitted to, by their names.

    >>> from costsim.scenario.loader import load
    >>> found = Parameters.of(load("scenarios/starter.yaml"))
    >>> in_words(found.each[found.number("referrals.per_year")])
    'uniform, 95 to 145'
    """
    each, family = parameter.input, parameter.family
    if parameter.count is not None:
        return f"dirichlet, {each_case(parameter.count)} seen to go this way"
    if asked:
        figures = (f"{name} {_shown(each, value)}" for name, value in asked.items())
        return f"{_name(family)}, fitted to {listed(figures)}"
    return f"{_name(family)}, {_figures(family, lambda value: _shown(each, value))}"


def each_case(count: float) -> str:
    """How many cases there are, of which a part may be only a way to weigh them.

    >>> each_case(72.0), each_case(1.0), each_case(2.5)
    ('72 cases', '1 case', '2.5 cases')
    """
    return counted(int(count), "case") if count == int(count) else f"{count:,.6g} cases"


def _name(family: Family) -> str:
    known = {"LogNormal": "lognormal", "TruncatedNormal": "normal", "Empirical": "observed"}
    name = type(family).__name__
    return known.get(name, name.lower())


def _figures(family: Family, show: Show) -> str:
    if isinstance(family, Uniform):
        return f"{show(family.low)} to {show(family.high)}"
    if isinstance(family, Pert | Triangular):
        ends = f"lowest {show(family.low)}, likeliest {show(family.mode)}"
        return f"{ends}, highest {show(family.high)}"
    if isinstance(family, Beta):
        return f"alpha {family.alpha:,.4g}, beta {family.beta:,.4g}"
    if isinstance(family, Fixed | Exponential):
        return f"mean {show(family.mean)}"
    if isinstance(family, Empirical):
        return counted(len(family.values), "observation")
    if isinstance(family, Bins):
        return counted(len(family.shares), "bin")
    if isinstance(family, Discrete):
        return _alternatives(family, show)
    return f"mean {show(family.mean)}, sd {show(family.sd)}"


def _alternatives(family: Discrete, show: Show) -> str:
    pairs = zip(family.values, family.shares, strict=True)
    return listed((f"{show(value)} ({each:.0%})" for value, each in pairs), most=MOST_ALTERNATIVES)


def _asked(scenario: Scenario, each: Input) -> dict[str, float]:
    """The figures that a distribution was fitted to, if it was."""
    wanted = part_at(scenario, each.where[0]).uncertain.fit().wanted
    return {name: asked for name, (asked, _) in wanted.items()}


def _miss(scenario: Scenario, each: Input) -> float | None:
    """By how much a fitted distribution misses, None for one that was not fitted."""
    fit = part_at(scenario, each.where[0]).uncertain.fit()
    return float(fit.error) if fit.wanted else None


def correlated(parameters: Parameters) -> Iterator[Table]:
    """The rank correlations between inputs: as asked, and as used where they had to be repaired."""
    found = parameters.correlations
    if found is None:
        return
    got = {(a, b): used for a, b, _, used in found.repairs()}
    columns = (
        Column("input", "Input"),
        Column("other", "goes with"),
        Column("asked", "Rank correlation", "number"),
        Column("used", "Used", "number"),
    )
    rows: list[tuple[Cell, ...]] = [
        (a, b, *(Value(each, f"{each:.2f}") for each in (rank, _used(got, a, b, rank))))
        for a, b, rank in found.pairs
    ]
    yield Table("correlations", "Inputs that go together", columns, tuple(rows))


def _used(got: dict[tuple[str, str], float], a: str, b: str, rank: float) -> float:
    return got.get((a, b), got.get((b, a), rank))
