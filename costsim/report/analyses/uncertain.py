"""A probabilistic analysis as it is shown: how unsure the answer is because its inputs are."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from costsim.drawing.figure import Figure
from costsim.drawing.text import sentence
from costsim.errors import SimulationError
from costsim.report.analyses.cells import kind_of, money, outcome, outcome_name, probable, share
from costsim.report.analyses.exhibit import Cell, Column, Exhibit, Table, Value
from costsim.report.analyses.origins import correlated, drawn
from costsim.report.analyses.subject import Subject, alarm, failures
from costsim.results.checks import Check
from costsim.uncertainty.discovery.telling import share as in_share
from costsim.uncertainty.draws import Draws
from costsim.uncertainty.outcomes import GAIN
from costsim.uncertainty.probabilistic import Probabilistic
from costsim.uncertainty.response import Answers
from costsim.uncertainty.spread import Probability, Spread, probability
from costsim.units import counted
from costsim.words import money as pounds
from costsim.words import pathway_title

KIND = "uncertainty"
LEFT_OUT = frozenset({"return_on_investment", "total_saving", "fte_released"})
"""Outcomes that say nothing that another one does not; the file of draws has them."""
_QUANTILES = ("mean", "p10", "p50", "p90", "p2_5", "p97_5")
_TITLES = ("Mean", "P10", "P50", "P90", "2.5%", "97.5%")


def exhibit(found: Probabilistic, subject: Subject, checks: Sequence[Check] = ()) -> Exhibit:
    """The analysis as it is shown; `checks` are those of the scenario as it stands."""
    return Exhibit(
        kind=KIND,
        title=f"{found.scenario.title}: how sure the answer is",
        paragraphs=tuple(_paragraphs(found)),
        tables=(*_tables(found), *failures(checks)),
        warnings=(*interrupted(found), *alarm(checks), *found.warnings),
        interrupted=cut_short(found),
        settings=subject.settings(
            draws=len(found.draws),
            asked=found.asked,
            sampling=found.scenario.uncertainty.sampling,
            replications=found.allocation.replications,
        ),
    )


def passed(found: Probabilistic, checks: Sequence[Check]) -> bool:
    """Whether every check passed, and every draw could be evaluated."""
    failing = any(part.failures for part in found.draws.parts)
    return not failing and all(each.passed for each in checks)


def cut_short(found: Probabilistic) -> bool:
    """Whether there are fewer draws, or fewer simulated ones, than there should be."""
    return found.interrupted or len(found.draws.parts[-1]) < min(
        found.allocation.draws, len(found.draws)
    )


def interrupted(found: Probabilistic) -> Iterator[str]:
    """That it was interrupted, and what is there, if it was."""
    if found.interrupted:
        yield f"INTERRUPTED: {len(found.draws):,} of {counted(found.asked, 'draw')} were made."
    elif cut_short(found):
        done, wanted = len(found.draws.parts[-1]), found.allocation.draws
        yield f"INTERRUPTED: times were simulated in {done:,} of {counted(wanted, 'draw')}."


def settled(found: Probabilistic) -> Probabilistic:
    """The same; raises `SimulationError` if no draw could be evaluated."""
    if not found.draws.good.any():
        raise SimulationError(f"There is no answer: {'; '.join(found.warnings)}.")
    return found


def plots(found: Probabilistic) -> Iterator[Callable[[], Figure]]:
    """What draws its figures."""
    yield found.plot
    for effect in found.effects:
        yield partial(found.plane_plot, effect)
        yield found.acceptability(effect).plot


# --- in words ------------------------------------------------------------------------------------


def _paragraphs(found: Probabilistic) -> Iterator[str]:
    for option in _main_first(found):
        yield _answer(found, option)
    yield _manner(found)


def _main_first(found: Probabilistic) -> list[str]:
    return sorted(found.scenario.options, key=lambda option: option != found.option)


def _answer(found: Probabilistic, option: str) -> str:
    years = found.scenario.years
    saves, repays = found.saves(option).value, found.repays_within(years, option).value
    subject = sentence(option) if len(found.scenario.options) > 1 else "It"
    net = found.spread_of("net_benefit", option)
    return (
        f"{subject} saves money in {in_share(saves)} of draws and repays within "
        f"{counted(years, 'year')} in {in_share(repays)}. The net benefit over "
        f"{counted(years, 'year')} is {pounds(net.mean)} on average, and from {pounds(net.p10)} to "
        f"{pounds(net.p90)} in eight draws of ten."
    )


def _manner(found: Probabilistic) -> str:
    """Which figures are by arithmetic, and which are simulated."""
    draws = found.draws
    many = f"{counted(len(draws), 'draw')} of {counted(len(draws.parameters), 'uncertain input')}"
    begin = f"{many}, seed {found.seed}."
    if not found.by_arithmetic:
        return f"{begin} All figures are simulated: {_replicated(found, draws.answers)}."
    return (
        f"{begin} Money, staff time and effects are worked out by arithmetic in each: no chance is "
        f"in them. Times to decision are simulated: {_replicated(found, draws.parts[-1])}."
    )


def _replicated(found: Probabilistic, part: Answers) -> str:
    """How often what was simulated."""
    each = counted(found.allocation.replications, "replication")
    if part.one_run:
        return f"one run of {each}, which all draws share"
    return f"{counted(len(part), 'draw')} x {each}"


# --- in tables -----------------------------------------------------------------------------------


def _tables(found: Probabilistic) -> Iterator[Table]:
    for option in _main_first(found):
        yield _headlines(found, option)
    yield _errors(found)
    for option in _main_first(found):
        yield _probabilities(found, option)
    yield _losses(found)
    for effect in found.effects:
        yield _acceptability(found, effect)
    yield drawn(found.draws.parameters, found.idle)
    yield from correlated(found.draws.parameters)


def _of(found: Probabilistic, option: str) -> tuple[str, str]:
    """What a table of one option has after its name and its caption, where there are several."""
    several = len(found.scenario.options) > 1
    return (f".{option}", f", {option}") if several else ("", "")


def _headlines(found: Probabilistic, option: str) -> Table:
    name, caption = _of(found, option)
    columns = (
        Column("outcome", "Outcome"),
        Column("as_it_stands", "As it stands", "number"),
        *(Column(name, title, "number") for name, title in zip(_QUANTILES, _TITLES, strict=True)),
    )
    rows: list[tuple[Cell, ...]] = [
        (_called(found, each), outcome(each.name, each.value), *_quantiles(each))
        for each in found.spreads(option)
        if each.draws and each.name not in LEFT_OUT
    ]
    note = "P10 to P90 holds 80% of draws, 2.5% to 97.5% holds 95%."
    return Table(
        f"headlines{name}", f"The spread of the answer{caption}", columns, tuple(rows), note
    )


def _called(found: Probabilistic, each: Spread) -> str:
    """The name of an outcome; of a payback that may not come, what `never` means."""
    name = sentence(outcome_name(each.name))
    may_not_come = kind_of(each.name) == "years" and math.isinf(max(each.p97_5, each.value))
    never = f" (never: not within {found.scenario.years})" * may_not_come
    return f"{name}{never}"


def _quantiles(each: Spread) -> Iterator[Value]:
    for name in _QUANTILES:
        yield outcome(each.name, getattr(each, name))


def _errors(found: Probabilistic) -> Table:
    columns = (
        Column("outcome", "Mean of"),
        Column("by", "Found by"),
        Column("sampling_error", "Sampling error", "number"),
        Column("chance_error", "Chance error", "number"),
    )
    parts = found.draws.parts
    rows = [_error(found, part, simulated) for part, simulated in _manners(found, parts)]
    caption = "How well so many draws show it (standard errors)"
    note = (
        "The sampling error comes of having so many draws and no more; the chance error, of having "
        "so many replications of each."
    )
    return Table("errors", caption, columns, tuple(rows), note)


def _manners(found: Probabilistic, parts: Sequence[Answers]) -> list[tuple[Answers, bool]]:
    return [(part, not (found.by_arithmetic and part is parts[0])) for part in parts]


def _error(
    found: Probabilistic, part: Answers, simulated: bool
) -> tuple[str, str, Value | str, Value | str]:
    """One group of outcomes, by the one that decides how many draws are made."""
    name = "net_benefit" if "net_benefit" in part.names else part.names[0]
    each = found.spread_of(name)
    by_sums = f"arithmetic, {counted(len(part), 'draw')}"
    manner = f"simulation, {_replicated(found, part)}" if simulated else by_sums
    chance = outcome(name, each.chance_error) if simulated else Value(0.0, "none")
    return sentence(outcome_name(name)), manner, outcome(name, each.sampling_error), chance


def _probabilities(found: Probabilistic, option: str) -> Table:
    name, caption = _of(found, option)
    columns = (
        Column("event", "What"),
        Column("probability", "Probability", "share"),
        Column("error", "Standard error", "share"),
    )
    rows = [
        (what, probable(each.value), share(each.error)) for what, each in _events(found, option)
    ]
    return Table(f"probabilities{name}", f"How probable it is{caption}", columns, tuple(rows))


def _events(found: Probabilistic, option: str) -> Iterator[tuple[str, Probability]]:
    years = found.scenario.years
    yield "It saves money in a year", found.saves(option)
    yield f"It pays over {counted(years, 'year')}", found.pays(option)
    for year in range(1, years + 1):
        yield f"It repays within {counted(year, 'year')}", found.repays_within(year, option)
    if any("adjusted_net_benefit" in part.names for part in found.draws.parts):
        after = found.draws.outcome("adjusted_net_benefit", option)[found.draws.good]
        yield f"It pays over {counted(years, 'year')} after optimism bias", probability(after > 0)
    target = found.meets_target(option)
    if target is not None:
        yield f"It saves the target, {pounds(found.target)} a year, or more", target


def _losses(found: Probabilistic) -> Table:
    columns = (
        Column("pathway", "Pathway"),
        Column("net_benefit", "Mean net benefit", "money"),
        Column("loss", "Expected loss", "money"),
        Column("best_in", "Best in", "share"),
    )
    means = found.net_benefits.mean(axis=0).tolist()
    best = np.bincount(found.net_benefits.argmax(axis=1), minlength=len(means)) / len(
        found.net_benefits
    )
    losses = found.expected_losses
    rows = [
        (_pathway(found, name), money(mean), money(losses[name]), probable(first))
        for name, mean, first in zip(found.names, means, best.tolist(), strict=True)
    ]
    return Table("losses", "What it may lose to choose now", columns, tuple(rows), _evpi(found))


def _pathway(found: Probabilistic, name: str) -> str:
    title = pathway_title(found.scenario, name)
    return title if title == name else f"{title} ({name})"


def _evpi(found: Probabilistic) -> str:
    text = (
        "The least expected loss is what it would be worth to know every input exactly before "
        f"choosing (EVPI): {pounds(found.evpi)}."
    )
    chance = " Chance within a draw makes it too great; costsim voi takes that out."
    blurred = not (found.by_arithmetic or found.draws.answers.one_run)
    return text + chance * blurred


def _acceptability(found: Probabilistic, effect: str) -> Table:
    """Which option is best at no price, at the effect's worth, and at twice that."""
    curves = found.acceptability(effect)
    columns = (
        Column("price", "Price of one", "money"),
        *(Column(f"best.{name}", f"Best: {name}", "share") for name in curves.names),
        Column("choose", "Choose"),
        Column("evpi", "EVPI a case", "money"),
    )
    rows = [
        (
            money(float(curves.prices[row])),
            *map(probable, curves.probability[row].tolist()),
            curves.names[curves.best[row]],
            money(float(curves.evpi[row])),
        )
        for row in (0, len(curves.prices) // 2, len(curves.prices) - 1)
    ]
    worth = found.scenario.effects[effect].worth
    known = "its worth" if worth else "the price at which it breaks even"
    caption = f"{sentence(outcome_name(GAIN + effect))}; at no price, at {known}, and at twice that"
    return Table(f"acceptability.{effect}", caption, columns, tuple(rows))


# --- in files ------------------------------------------------------------------------------------


def tables(draws: Draws) -> Iterator[tuple[str, bytes]]:
    """All draws, and the table of draws that the value of information is read from."""
    yield "draws.parquet", parquet(draws)
    yield "samples.csv", samples(draws).encode()


def parquet(draws: Draws) -> bytes:
    """Inputs and outcomes of all draws, a row for each, as a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    frame, stream = draws.to_frame(), io.BytesIO()
    columns = {name: frame[name].to_numpy() for name in frame.columns}
    pq.write_table(pa.table(columns), stream, compression="zstd")
    return stream.getvalue()


def samples(draws: Draws) -> str:
    """Inputs and net benefits of the draws that could be evaluated, as CSV in full precision."""
    options = draws.parameters.scenario.options
    columns = [*draws.values.T, *(draws.outcome("net_benefit", option) for option in options)]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*draws.parameters.names, *(f"net_benefit.{option}" for option in options)])
    writer.writerows(np.column_stack(columns)[draws.good].tolist())
    return stream.getvalue()
