"""The value of information as it is shown: what it is worth to know more before choosing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from costsim.drawing.figure import Figure
from costsim.report.analyses.cells import money, probable, share
from costsim.report.analyses.exhibit import Cell, Column, Exhibit, Table, Value
from costsim.report.analyses.subject import alarm, failures
from costsim.results.checks import Check
from costsim.uncertainty.information.evsi import SampleValue
from costsim.uncertainty.information.worths import FactorWorth
from costsim.uncertainty.worth import Information
from costsim.words import number

KIND = "voi"


def exhibit(
    worth: Information,
    title: str,
    settings: Mapping[str, Any],
    *,
    checks: Sequence[Check] = (),
    warnings: Sequence[str] = (),
    interrupted: str = "",
) -> Exhibit:
    """The analysis as it is shown; `interrupted` says so, if it was."""
    return Exhibit(
        kind=KIND,
        title=f"{title}: what it is worth to know more",
        paragraphs=tuple(dict.fromkeys((worth.partial.perfect.summary(), worth.partial.summary()))),
        tables=(*_tables(worth), *failures(checks)),
        warnings=(*[interrupted] * bool(interrupted), *alarm(checks), *warnings, *worth.notes),
        interrupted=bool(interrupted),
        settings=settings,
    )


def plots(worth: Information) -> Iterator[Callable[[], Figure]]:
    """What draws its figures."""
    yield worth.partial.perfect.plot
    if worth.partial.factors:
        yield worth.plot
    for each in worth.studies:
        yield each.plot


def _tables(worth: Information) -> Iterator[Table]:
    yield _perfect(worth)
    yield _options(worth)
    if worth.partial.factors:
        yield _factors(worth)
    for place, each in enumerate(worth.studies, start=1):
        yield _study(each, place)


def _perfect(worth: Information) -> Table:
    """The EVPI of the whole decision, and its share of a year and of a case."""
    columns = (
        Column("of", "Knowing every input (EVPI)"),
        Column("evpi", "Worth", "money"),
        Column("low", "2.5%", "money"),
        Column("high", "97.5%", "money"),
    )
    found = worth.partial.perfect
    rows: list[tuple[Cell, ...]] = [
        (what, *(money(each / parts) for each in (found.value, *found.interval)))
        for what, parts in _parts(worth)
    ]
    return Table("evpi", "The most that any research can be worth", columns, tuple(rows))


def _parts(worth: Information) -> list[tuple[str, float]]:
    """What a decision is shared out to, and into how many parts."""
    scope = worth.scope
    if scope is None:
        return [("A decision", 1.0)]
    return [
        (f"The whole decision, {scope.years} years", 1.0),
        ("A year of it", float(scope.years)),
        (f"A case, {number(scope.cases, 0)} of them", scope.cases),
    ]


def _options(worth: Information) -> Table:
    columns = (
        Column("option", "Pathway"),
        Column("net_benefit", "Mean net benefit", "money"),
        Column("loss", "Expected loss", "money"),
        Column("best_in", "Best in", "share"),
    )
    found = worth.partial.perfect
    each = zip(found.options, found.means, found.losses, found.best_in, strict=True)
    rows = [(name, money(mean), money(loss), probable(best)) for name, mean, loss, best in each]
    return Table("options", "What it may lose to choose now", columns, tuple(rows))


def _factors(worth: Information) -> Table:
    columns = (
        Column("factor", "Input or group"),
        Column("evppi", "Worth (EVPPI)", "money"),
        Column("error", "Standard error", "money"),
        *_shared(worth),
        Column("share", "Of EVPI", "share"),
        Column("agree", "Methods agree", "word"),
    )
    rows = tuple(_factor(worth, each) for each in worth.partial.factors)
    return Table("evppi", "What it is worth to know one input, or a group", columns, rows)


def _shared(worth: Information) -> list[Column]:
    if worth.scope is None:
        return []
    return [Column("per_year", "A year", "money"), Column("per_case", "A case", "money")]


def _factor(worth: Information, each: FactorWorth) -> tuple[Cell, ...]:
    shared = [] if worth.scope is None else [worth.scope.years, worth.scope.cases]
    return (
        each.name,
        money(each.value),
        money(each.standard_error),
        *(money(each.value / parts) for parts in shared),
        share(worth.partial.share(each)),
        "yes" if each.agree else "NO",
    )


def _study(found: SampleValue, place: int) -> Table:
    columns = (
        Column("size", "Cases observed", "count"),
        Column("evsi", "Worth (EVSI)", "money"),
        Column("error", "Standard error", "money"),
        Column("cost", "Cost", "money"),
        Column("net_return", "Net return", "money"),
    )
    each = zip(
        found.sizes, found.worths, found.standard_errors, found.costs, found.net_returns,
        strict=True,
    )  # fmt: skip
    rows = [(Value(float(size), f"{size:,}"), *map(money, figures)) for size, *figures in each]
    caption = f"A study of {found.study.name}"
    return Table(f"study.{place}", caption, columns, tuple(rows), found.summary())
