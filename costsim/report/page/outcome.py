"""The answer first: what a case and a year save, how sure that is, and what must be minded."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain
from operator import attrgetter

from costsim.economics.cashability import CashRow
from costsim.findings import Findings, OptionFigures
from costsim.report import cash
from costsim.report.answer import answer
from costsim.report.page.content import (
    Block,
    Cell,
    Details,
    Heading,
    Notice,
    Section,
    Table,
    Text,
)
from costsim.report.page.values import cell, certainty, plain_cell, shown, tidy
from costsim.results.metrics import PROGRAMME, Metrics, Timeliness
from costsim.units import counted
from costsim.words import (
    between,
    figure,
    figure_name,
    in_words,
    money,
    number,
    percentage,
    plain_name,
    site_title,
)

AGREES = {True: "yes", False: "NO", None: "too few replications to say"}


def titles(horizon: int) -> dict[str, str]:
    """The key figures by their published names, as the page calls them."""
    over = f"over {counted(horizon, 'year')}"
    return {
        "per_case_saving": "Saving on a case",
        "annual_saving": "Saving a year, less running costs",
        "annual_running_cost_change": "Rise in running costs a year",
        "one_off_cost": "One-off cost",
        "double_running_cost": f"Double running {over}",
        "total_saving": f"Saving {over}",
        "net_benefit": f"Net benefit {over}",
        "net_present_value": "Net present value",
        "benefit_cost_ratio": "Benefit-cost ratio",
        "return_on_investment": "Return on investment",
        "internal_rate_of_return": "Internal rate of return",
        "payback_years": "Repaid after, years",
        "discounted_payback_years": "Repaid after, years, discounted",
        "break_even_referrals_per_year": "Referrals a year to break even",
        "staff_hours_released_per_year": "Staff hours released a year",
        "fte_released": "Full-time posts released",
        "cashable_saving": f"Cash from staff time {over}",
        "days_sooner": "Decision sooner, working days",
    }


def the_answer(findings: Findings) -> Section:
    """The headline of each option, what to mind, key figures, and sites where there are several."""
    options = list(findings.options.values())
    heads = [block for each in options for block in _headline(findings, each)]
    figures = [_key_figures(findings, each, _of(findings, each)) for each in options]
    blocks = [*_alarms(findings), *heads, *_cautions(findings), *figures]
    return Section("answer", "The answer", blocks)


def sites_and_times(findings: Findings) -> Section:
    """Where there are several sites, each beside the others; and how long cases take."""
    options = list(findings.options.values())
    many = len(findings.main.sites) > 1
    blocks = [block for each in options for block in _sites_and_times(findings, each)]
    return Section(
        "sites", "By site, and how long it takes" if many else "How long it takes", blocks
    )


def _alarms(findings: Findings) -> Iterator[Notice]:
    if findings.summary.get("interrupted"):
        done = counted(findings.summary["replications"], "replication")
        items = [f"It was stopped after {done}, before it had done all that was asked for."]
        yield Notice("This run was interrupted", items, grave=True)
    wrong = [f"{each.name}: {in_words(each.detail)}" for each in findings.checks if not each.passed]
    if wrong:
        yield Notice("A check of this run failed: do not rely on its figures", wrong, grave=True)


def _cautions(findings: Findings) -> Iterator[Notice]:
    if findings.warnings:
        yield Notice("Mind that", list(map(in_words, findings.warnings)))


def _headline(findings: Findings, option: OptionFigures) -> Iterator[Block]:
    if len(findings.options) > 1:
        yield Heading(f"{option_title(findings, option.option)}: the answer")
    yield Text(answer(option.programme, findings.scenario.years), "lead")
    chance = between(option.programme.economics.per_case_saving)
    if chance:
        yield Text(
            f"As far as chance goes, the average saving on a case is {chance} (95% interval). "
            "More replications narrow it; a single year varies more. How unsure the inputs are is "
            "a separate question: see costsim uncertainty."
        )
    else:
        yield Text("How much of this is chance is not known: that takes two replications or more.")


def option_title(findings: Findings, option: str) -> str:
    """A pathway in a heading: its title with its name, or its name where sites have their own."""
    titles = {site.pathways[option].title or option for site in findings.scenario.sites.values()}
    if len(titles) > 1:
        return f"{plain_name(option)} pathway (each site's own)"
    return title_at(findings, next(iter(findings.scenario.sites)), option)


def title_at(findings: Findings, site: str, option: str) -> str:
    """A pathway's title at one site, with its name where that is something else."""
    title = findings.scenario.sites[site].pathways[option].title or option
    return title if title == option else f"{title} ({option})"


def _of(findings: Findings, option: OptionFigures) -> str:
    """Whose figures a table holds, where there are several options."""
    many = len(findings.options) > 1
    return f": {option_title(findings, option.option)}" if many else ""


def _sites_and_times(findings: Findings, option: OptionFigures) -> Iterator[Block]:
    of = _of(findings, option)
    if len(option.sites) > 1:
        yield _by_site(findings, option, of)
    yield _times(findings, option.programme.timeliness, of)


def _key_figures(findings: Findings, option: OptionFigures, of: str) -> Table:
    found = option.programme
    rows = []
    for name, title in titles(findings.scenario.years).items():
        estimate = found.named(name)
        rows.append((title, shown(name, estimate.value), certainty(name, estimate)))
    where = "all sites together" if len(option.sites) > 1 else "this site"
    return Table(
        f"Key figures, {where}, in {findings.scenario.price_year} prices{of}",
        ("Figure", "Estimate", "95% interval"),
        [*_costs(findings, found), *rows],
    )


def _costs(findings: Findings, found: Metrics) -> Iterator[tuple[str, str, str]]:
    for name, estimate in found.economics.cost_per_case.items():
        title = f"Cost of a case: {option_title(findings, name)}"
        yield title, money(estimate.value), certainty("per_case_saving", estimate)


def _by_site(findings: Findings, option: OptionFigures, of: str) -> Table:
    """A line for each figure, a column for each site and for all together."""
    columns = {site_title(findings.scenario, n): found for n, found in option.sites.items()}
    columns["All sites"] = option.programme
    names = {"referrals_per_year": "Referrals a year", **titles(findings.scenario.years)}
    return Table(
        f"By site, with 95% intervals{of}",
        ("Figure", *columns),
        [
            (title, *(cell(name, found.named(name)) for found in columns.values()))
            for name, title in names.items()
        ],
    )


def _times(findings: Findings, found: Timeliness, of: str) -> Table:
    """A line for each figure about time that there is, a column for each pathway."""
    worlds = list(found.time_to_decision_days)
    columns = [_column(found, world) for world in worlds]
    there = [name for name in columns[0] if any(c[name].value != "none" for c in columns)]
    rows: list[list[str | Cell]] = [[name, *(each[name] for each in columns)] for name in there]
    header = ("Figure", *(option_title(findings, world) for world in worlds))
    caption = f"How long it takes and how it ends, with 95% intervals{of}"
    return Table(caption, header, rows)


def _column(found: Timeliness, world: str) -> dict[str, Cell]:
    working = found.time_to_decision_days[world]
    days, share = partial(number, digits=1), percentage
    calendar = found.time_to_decision_calendar_days[world]
    figures = {
        "Decision after, working days": plain_cell(working.mean, days),
        "Half decided within, working days": plain_cell(working.p50, days),
        "9 in 10 decided within, working days": plain_cell(working.p90, days),
        "Decision after, calendar days": plain_cell(calendar.mean, days),
        "Waiting on a case, working days": plain_cell(found.waiting_days_per_case[world], days),
        "Decided within the target": plain_cell(found.within_target[world], share),
    }
    groups = (("Within the target for", found.other_targets), ("Ended in", found.outcome_share))
    for words, each in groups:
        for name, shares in each.items():
            figures[f"{words} {plain_name(name)}"] = plain_cell(shares[world], share)
    for role, used in found.utilisation[world].items():
        figures[f"Time in use, {plain_name(role)}"] = plain_cell(used, share)
    return figures | {"Withdrawn": plain_cell(found.withdrawn_share[world], share)}


def is_it_cash(findings: Findings) -> Section:
    """From the staff time saved to what a budget can be cut by: over all, then by role and year."""
    rows = list(chain.from_iterable(findings.cash.values()))
    over = f"over {counted(findings.scenario.years, 'year')}"
    main = option_title(findings, findings.main.option)
    steps = Table(
        f"From staff time to cash {over}: {main}",
        ("Step", "Amount"),
        [(title, money(sum(map(attrgetter(name), rows)))) for title, name in cash.STEPS.items()],
    )
    cashable = findings.main.programme.cashability.cashable_saving
    said = certainty("cashable_saving", cashable)
    return Section(
        "cash",
        "Is it cash?",
        [
            Text(cash.verdict(findings.scenario, rows), "lead"),
            steps,
            Text(f"95% interval of the cash: {said}." if cashable.interval else "", "small"),
            *_cash_by_year(findings),
        ],
    )


def _cash_by_year(findings: Findings) -> Iterator[Details]:
    """Every role in every year, site by site."""
    header = (
        "Role", "Year", "Hours", "Posts", "Whole posts", "Fallen vacant", "Posts gone",
        "Staff time", "No whole post", "Nobody leaves", "Filled again", "Cash",
    )  # fmt: skip
    for site, rows in findings.cash.items():
        title = f"By role and year, {site_title(findings.scenario, site)}"
        yield Details(title, Table(title, header, list(map(_cash_row, rows))))


def _cash_row(row: CashRow) -> tuple[str, ...]:
    return (
        plain_name(row.role), str(row.year), tidy(row.hours, 1), tidy(row.posts),
        str(row.whole_posts), str(row.vacated), str(row.posts_gone), money(row.staff_time),
        money(row.part_posts), money(row.not_vacated), money(row.filled_again), money(row.cash),
    )  # fmt: skip


def published(findings: Findings) -> Section | None:
    """Published figures beside what was computed, where there are any."""
    if not findings.published:
        return None
    rows = [
        (
            figure_name(each.figure).capitalize(),
            "all sites" if each.owner == PROGRAMME else site_title(findings.scenario, each.owner),
            figure(each.figure, each.published),
            figure(each.figure, each.computed),
            AGREES[each.agrees],
            each.note,
        )
        for each in findings.published
    ]
    header = ("Figure", "Of", "Published", "Computed", "Agrees", "Note")
    caption = "Published figures and what costsim computes"
    return Section(
        "published",
        "Published figures beside computed ones",
        [
            Table(caption, header, rows, words=frozenset({1, 4, 5})),
            Text(
                "A figure agrees where the published one lies within rounding of the computed one, "
                "or within its 95% interval where chance has a part in it. With fewer than 30 "
                "replications that cannot be said.",
                "small",
            ),
        ],
    )
