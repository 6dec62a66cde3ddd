"""The screen of a run, for a reader who decides about money: the question, the answer, the table by
site, published figures beside computed ones, what was assumed, and where the files are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from costsim.evaluation import Evaluation, OptionResult
from costsim.report.screen import Screen
from costsim.report.words import (
    between,
    figure,
    figure_name,
    money,
    pathway_title,
    site_title,
    years,
)
from costsim.results.estimates import Estimate
from costsim.results.metrics import Metrics, Timeliness
from costsim.scenario.inputs import inputs
from costsim.scenario.merge import ONLY_SITE

MOST_ASSUMED = 8


def show(screen: Screen, evaluation: Evaluation, folder: Path | None) -> None:
    """Print the whole screen of a run."""
    _question(screen, evaluation)
    for result in evaluation.options.values():
        _answer(screen, evaluation, result)
        _by_site(screen, evaluation, result)
    _published(screen, evaluation)
    _assumed(screen, evaluation)
    _cautions(screen, evaluation)
    if folder is not None:
        screen.heading("Files")
        screen.verbatim(
            f"{folder}  (summary.json, cases.parquet, ledger.parquet, cashflow.csv, manifest.json)"
        )


def _question(screen: Screen, evaluation: Evaluation) -> None:
    scenario, runs = evaluation.scenario, evaluation.runs
    screen.say(scenario.title, style="bold")
    old = pathway_title(scenario, scenario.comparator)
    for name in evaluation.options:
        screen.say(
            f"Compared: {old} ({scenario.comparator}) with {pathway_title(scenario, name)} ({name})"
        )
    named = [name for name in sorted(scenario.sites) if name != ONLY_SITE]
    sites = "; ".join(site_title(scenario, name) for name in named)
    volume = evaluation.main.programme.economics.referrals_per_year.value
    screen.say(
        f"{f'{sites}: ' if sites else ''}{volume:,.1f} referrals a year. "
        f"{scenario.years} years, {scenario.price_year} prices. "
        f"{runs.replications} replications, seed {evaluation.settings.seed}."
    )


def _answer(screen: Screen, evaluation: Evaluation, result: OptionResult) -> None:
    found = result.programme.economics
    many = len(evaluation.options) > 1
    screen.heading(f"The answer for {result.option}" if many else "The answer")
    screen.say(answer(result.programme, evaluation.scenario.years))
    chance = between(found.per_case_saving)
    if chance:
        screen.say(
            f"By chance alone the saving per case could be {chance} (95% interval). How unsure the "
            "inputs are is a separate question: see costsim sensitivity."
        )


def answer(metrics: Metrics, horizon: int) -> str:
    """The answer in a sentence or two."""
    found = metrics.economics
    saving, annual = found.per_case_saving.value or 0.0, found.annual_saving.value or 0.0
    net, cost = found.net_benefit.value or 0.0, found.one_off_cost.value or 0.0
    verb = "saves" if saving >= 0 else "costs"
    more = "" if saving >= 0 else " more"
    first = f"The new way {verb} {money(abs(saving))}{more} a case, {money(abs(annual))} a year."
    result = "a net benefit" if net >= 0 else "a net cost"
    second = (
        f"Over {horizon} years, savings of {money(found.total_saving.value)} less the one-off cost "
        f"of {money(cost)} give {result} of {money(abs(net))}."
    )
    return f"{first} {second} {_payback(metrics, horizon)}"


def _payback(metrics: Metrics, horizon: int) -> str:
    payback = metrics.economics.payback_years.value
    if payback is None:
        return f"It does not pay back within {horizon} years."
    if payback == 0:
        return "There is nothing to pay back."
    return f"The one-off cost is repaid after {years(payback)} years."


def _by_site(screen: Screen, evaluation: Evaluation, result: OptionResult) -> None:
    """A line for each figure, a column for each site and for all together."""
    scenario = evaluation.scenario
    screen.heading(f"By site, over {scenario.years} years")
    columns = {site_title(scenario, name): metrics for name, metrics in result.sites.items()}
    if len(columns) > 1:
        columns["All sites"] = result.programme
    figures = [
        _site_figures(each, (scenario.comparator, result.option)) for each in columns.values()
    ]
    rows = [[name, *(each[name] for each in figures)] for name in figures[0]]
    screen.table(("", *columns), rows)
    _time_and_staff(screen, result)


def _site_figures(metrics: Metrics, worlds: tuple[str, str]) -> dict[str, str]:
    """The figures of one site in words, by what they are called on the screen."""
    found = metrics.economics
    sooner = metrics.timeliness.days_sooner.value
    return {
        "Referrals a year": f"{found.referrals_per_year.value:,.1f}",
        f"Cost of a case, {worlds[0]}": money(found.cost_per_case[worlds[0]].value),
        f"Cost of a case, {worlds[1]}": money(found.cost_per_case[worlds[1]].value),
        "Saving on a case": money(found.per_case_saving.value),
        "Saving a year": money(found.annual_saving.value),
        "One-off cost": money(found.one_off_cost.value),
        "Net benefit": money(found.net_benefit.value),
        "Repaid after, years": years(found.payback_years.value),
        "Decision sooner, days": "none" if sooner is None else f"{sooner:,.1f}",
    }


def _time_and_staff(screen: Screen, result: OptionResult) -> None:
    found = result.programme.economics
    screen.say("")
    screen.say(
        f"Staff time released: {found.staff_hours_released_per_year.value or 0:,.0f} hours a year, "
        f"{found.fte_released.value or 0:.2f} of a full-time post. "
        f"Net present value {money(found.net_present_value.value)}; "
        f"benefit-cost ratio {_number(found.benefit_cost_ratio.value)}; "
        f"break-even at {_number(found.break_even_referrals_per_year.value)} referrals a year."
    )
    screen.say("")
    times = result.programme.timeliness
    rows = [row for row in _time_rows(times) if any(row[1:])]
    screen.table(("Time", *times.time_to_decision_days), rows)


def _time_rows(times: Timeliness) -> Iterator[list[str]]:
    """Lines of the table of times, with a column for each pathway."""
    worlds = list(times.time_to_decision_days)
    working, calendar = times.time_to_decision_days, times.time_to_decision_calendar_days
    yield ["Decision after, working days", *(_number(working[w].mean.value, 1) for w in worlds)]
    yield ["Decision after, calendar days", *(_number(calendar[w].mean.value, 1) for w in worlds)]
    yield [
        "9 in 10 decided within, working days",
        *(_number(working[w].p90.value, 1) for w in worlds),
    ]
    yield ["Decided within the target", *(_share(times.within_target[w]) for w in worlds)]
    for name, shares in times.other_targets.items():
        yield [
            f"Within the target for {name.replace('_', ' ')}",
            *(_share(shares[w]) for w in worlds),
        ]
    for role in times.utilisation[worlds[0]]:
        busy = [_share(times.utilisation[world][role]) for world in worlds]
        yield [f"{role.replace('_', ' ').capitalize()}'s time in use", *busy]
    if any(times.withdrawn_share[world].value for world in worlds):
        yield ["Withdrawn", *(_share(times.withdrawn_share[world]) for world in worlds)]


def _share(found: Estimate) -> str:
    return "" if found.value is None else f"{found.value:.1%}"


def _number(value: float | None, digits: int = 2) -> str:
    return "none" if value is None else f"{value:,.{digits}f}"


def _published(screen: Screen, evaluation: Evaluation) -> None:
    if not evaluation.published:
        return
    screen.heading("Published figures beside computed ones")
    rows = [
        [
            f"{figure_name(each.figure)}{'' if each.owner == 'programme' else f', {each.owner}'}",
            figure(each.figure, each.published),
            figure(each.figure, each.computed),
            "yes" if each.agrees else "NO",
            each.note,
        ]
        for each in evaluation.published
    ]
    screen.table(("Figure", "Published", "Computed", "Agrees", "Note"), rows, wide=(0, 4))
    screen.say("Agrees: within rounding, or within the 95% interval where chance has a part in it.")


def _assumed(screen: Screen, evaluation: Evaluation) -> None:
    every = inputs(evaluation.scenario)
    assumed = [each for each in every if each.assumed]
    telling = [each for each in assumed if each.uncertain is not None][:MOST_ASSUMED]
    screen.heading("What was assumed")
    screen.say(
        f"{len(assumed)} of {len(every)} inputs are assumed, not measured."
        f"{' Among them, with their 10% to 90% range:' if telling else ''}"
    )
    for each in telling:
        screen.say(f"{each.name}: {each.shown} ({each.range_shown})", indent=2)
    screen.say(f"All of them, with their sources: costsim check {evaluation.scenario.origin.file}")


def _cautions(screen: Screen, evaluation: Evaluation) -> None:
    failed = [check for check in evaluation.checks if not check.passed]
    _listed(screen, "Checks that failed", [f"{c.name}: {c.detail}" for c in failed], "bold red")
    _listed(screen, "Mind that", list(evaluation.warnings))
    screen.heading("Checks")
    screen.say("; ".join(_passed(evaluation)) or "none")


def _passed(evaluation: Evaluation) -> Iterator[str]:
    for check in evaluation.checks:
        if check.passed and check.name != "reconciliation":
            yield check.detail
    sites = len(evaluation.runs.sites)
    yield f"ledger, cases and totals agree to the penny at {sites} site{'s' if sites > 1 else ''}"


def _listed(screen: Screen, heading: str, lines: Sequence[str], style: str = "") -> None:
    if lines:
        screen.heading(heading)
    for line in lines:
        screen.say(f"- {line}", style=style)
