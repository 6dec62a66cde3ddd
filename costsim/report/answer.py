"""The screen of a run, for a reader who decides about money: the question, the answer, the table by
site, published figures beside computed ones, what was assumed, and where the files are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter
from pathlib import Path

from costsim.comparison import OptionResult, agencies_of
from costsim.economics.precision import gain_of_shared_luck
from costsim.evaluation import Evaluation
from costsim.report import alarms, cash, times
from costsim.report.screen import Screen
from costsim.results.metrics import PROGRAMME, Metrics
from costsim.results.published import Comparison
from costsim.scenario.inputs import Input, inputs
from costsim.scenario.schema import Scenario
from costsim.units import counted
from costsim.words import (
    between,
    figure,
    figure_name,
    in_words,
    money,
    number,
    pathway_title,
    percentage,
    posts,
    site_title,
    sites_named,
    transposed,
    years,
)

MOST_ASSUMED = 8
WORTH_SAYING = 1.05  # times as many replications
AGREES = {True: "yes", False: "NO", None: "?"}


def show(screen: Screen, evaluation: Evaluation, folder: Path | None) -> None:
    """Print the whole screen of a run."""
    _question(screen, evaluation)
    for result in evaluation.options.values():
        _answer(screen, evaluation, result)
        _by_site(screen, evaluation, result)
        cash.show(screen, evaluation.scenario, result)
        _agencies(screen, evaluation.scenario, result)
    _published(screen, evaluation)
    _assumed(screen, evaluation)
    _cautions(screen, evaluation)
    if folder is not None:
        screen.heading("Files")
        names = (
            "summary.json, cases.parquet, ledger.parquet, cashflow.csv, cashability.csv, "
            "activities.csv, budget.csv, agencies.csv, effects.csv, scenario"
        )
        screen.verbatim(f"{folder}  ({names}, manifest.json)")
        screen.say(f"For the report and the workbooks: costsim report {folder}")


def _question(screen: Screen, evaluation: Evaluation) -> None:
    scenario, runs = evaluation.scenario, evaluation.runs
    screen.say(scenario.title, style="bold")
    alarms.interrupted(screen, evaluation)
    alarms.on_top(screen, evaluation)
    old = pathway_title(scenario, scenario.comparator)
    for name in evaluation.options:
        screen.say(
            f"Compared: {old} ({scenario.comparator}) with {pathway_title(scenario, name)} ({name})"
        )
    sites = sites_named(scenario)
    volume = evaluation.main.programme.economics.referrals_per_year.value
    screen.say(
        f"{sites}{volume:,.1f} referrals a year. "
        f"{counted(scenario.years, 'year')}, {scenario.price_year} prices. "
        f"{counted(runs.replications, 'replication')}, seed {evaluation.settings.seed}."
    )


def _answer(screen: Screen, evaluation: Evaluation, result: OptionResult) -> None:
    found = result.programme.economics
    many = len(evaluation.options) > 1
    screen.heading(f"The answer for {result.option}" if many else "The answer")
    screen.say(answer(result.programme, evaluation.scenario.years))
    chance = between(found.per_case_saving)
    if chance:
        screen.say(
            f"As far as chance goes, the average saving on a case is {chance} (95% interval; more "
            "replications narrow it, and a single year varies more). How unsure the inputs are is "
            "a separate question: see costsim uncertainty."
        )
    gain = gain_of_shared_luck(result.cases)
    if gain is not None and gain >= WORTH_SAYING:
        screen.say(
            "Both pathways meet the same referrals and the same luck; with luck of their own, the "
            f"same interval would take {gain:,.1f} times as many replications."
        )


def answer(metrics: Metrics, horizon: int) -> str:
    """The answer in a sentence or two."""
    found = metrics.economics
    saving, net = found.per_case_saving.number, found.net_benefit.number
    first = f"The new way {_gains(saving, found.annual_saving.number)}."
    result = "a net benefit" if net >= 0 else "a net cost"
    second = (
        f"Over {counted(horizon, 'year')}, savings of {money(found.total_saving.value)} less the "
        f"one-off cost of {money(found.one_off_cost.value)} give {result} of {money(abs(net))}."
    )
    return f"{first} {second} {_payback(metrics, horizon)}"


def _gains(case: float, year: float) -> str:
    """What a case and a year save or cost; running costs can turn one into the other."""
    if case >= 0 and year >= 0:
        return f"saves {money(case)} a case and {money(year)} a year"
    return f"{_gain(case)} a case and {_gain(year)} a year"


def _gain(amount: float) -> str:
    return f"saves {money(amount)}" if amount >= 0 else f"costs {money(-amount)} more"


def _payback(metrics: Metrics, horizon: int) -> str:
    payback = metrics.economics.payback_years.value
    if payback is None:
        return f"It does not pay back within {counted(horizon, 'year')}."
    if payback == 0:
        return "There is nothing to pay back."
    return f"The one-off cost is repaid after {years(payback)} years."


def _by_site(screen: Screen, evaluation: Evaluation, result: OptionResult) -> None:
    """A line for each figure, a column for each site and for all together."""
    scenario = evaluation.scenario
    screen.heading(f"By site, over {counted(scenario.years, 'year')}")
    columns = {site_title(scenario, name): metrics for name, metrics in result.sites.items()}
    if len(columns) > 1:
        columns["All sites"] = result.programme
    worlds = (scenario.comparator, result.option)
    figures = [_site_figures(each, worlds) for each in columns.values()]
    rows = list(transposed(figures))
    if not result.programme.economics.double_running_cost.number:
        rows = [row for row in rows if row[0] != "Double running"]
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
        "Rise in running costs": money(found.annual_running_cost_change.value),
        "One-off cost": money(found.one_off_cost.value),
        "Double running": money(found.double_running_cost.value),
        "Net benefit": money(found.net_benefit.value),
        "Repaid after, years": years(found.payback_years.value),
        "Decided sooner, days": "none" if sooner is None else f"{round(sooner, 1) + 0.0:,.1f}",
    }


def _time_and_staff(screen: Screen, result: OptionResult) -> None:
    found = result.programme.economics
    screen.say("")
    screen.say(
        f"Staff time released: {found.staff_hours_released_per_year.number:,.0f} hours a year, "
        f"{posts(found.fte_released.number)}. "
        f"Net present value {money(found.net_present_value.value)}; "
        f"benefit-cost ratio {number(found.benefit_cost_ratio.value)}; "
        f"internal rate of return {percentage(found.internal_rate_of_return.value) or 'none'}; "
        f"break-even at {number(found.break_even_referrals_per_year.value)} referrals a year."
    )
    _allowance(screen, result)
    screen.say("")
    times.show(screen, result.programme.timeliness)


def _allowance(screen: Screen, result: OptionResult) -> None:
    """The result after an allowance for optimism bias, where one is declared."""
    after = result.programme.allowance
    if after.adjusted_net_benefit.value is not None:
        screen.say(
            "After the allowance for optimism bias: "
            f"net benefit {money(after.adjusted_net_benefit.value)}, "
            f"net present value {money(after.adjusted_net_present_value.value)}, "
            f"repaid after {years(after.adjusted_payback_years.value)} years."
        )


def _agencies(screen: Screen, scenario: Scenario, result: OptionResult) -> None:
    """Who pays and who gains, where more than the council does."""
    rows = agencies_of(scenario, result)[PROGRAMME]
    if len(rows) > 1:
        screen.heading("Who pays and who gains")
        screen.table(
            ("", "One-off cost", "Saving", "Other costs", "Net benefit"),
            [
                (
                    row.agency,
                    money(row.one_off),
                    money(row.saving),
                    money(row.running_cost_change + row.double_running),
                    money(row.net_benefit),
                )
                for row in rows
            ],
        )


def _published(screen: Screen, evaluation: Evaluation) -> None:
    if not evaluation.published:
        return
    screen.heading("Published figures beside computed ones")
    rows = [_beside(each) for each in evaluation.published]
    screen.table(("Figure", "Published", "Computed", "Agrees", "Note"), rows, wide=(0, 4))
    screen.say(
        "Agrees: within rounding, or within the 95% interval where chance has a part in it; "
        "? with fewer than 30 replications."
    )


def _beside(each: Comparison) -> list[str]:
    owner = "" if each.owner == PROGRAMME else f", {each.owner}"
    return [
        f"{figure_name(each.figure)}{owner}",
        figure(each.figure, each.published),
        figure(each.figure, each.computed),
        AGREES[each.agrees],
        each.note,
    ]


def _assumed(screen: Screen, evaluation: Evaluation) -> None:
    every = inputs(evaluation.scenario)
    assumed = list(filter(attrgetter("assumed"), every))
    screen.heading("What was assumed")
    screen.say(f"Assumed, not measured: {len(assumed)} of {counted(len(every), 'input')}.")
    _ranges(screen, [each for each in assumed if each.uncertain is not None][:MOST_ASSUMED])
    screen.say("All of them, with their sources: costsim check and the name of this file.")


def _ranges(screen: Screen, telling: Sequence[Input]) -> None:
    """The inputs whose range says how unsure their value is."""
    if telling:
        screen.say("Among them, with their 10% to 90% range:")
    for each in telling:
        screen.say(f"{each.name}: {each.shown} ({each.range_shown})", indent=2)


def _cautions(screen: Screen, evaluation: Evaluation) -> None:
    alarms.failed(screen, evaluation)
    alarms.listed(screen, "Mind that", list(map(in_words, evaluation.warnings)))
    screen.heading("Checks")
    screen.say("; ".join(_passed(evaluation)) or "none")


def _passed(evaluation: Evaluation) -> Iterator[str]:
    for check in evaluation.checks:
        if check.passed and check.name not in ("reconciliation", "engines"):
            yield in_words(check.detail)
    if any(check.name == "engines" for check in evaluation.checks):
        yield "kernel and SimPy agree in every bit of a sample of each site's replications"
    yield "ledger, cases and totals agree to the penny"
