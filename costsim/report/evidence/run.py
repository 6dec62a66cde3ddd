"""The run in words: how often it was simulated, with what luck and software, and what it found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from operator import attrgetter

from costsim import units
from costsim.economics.effectiveness import EffectRow
from costsim.findings import Findings, OptionFigures
from costsim.report.answer import WORTH_SAYING
from costsim.report.evidence.office import anywhere, meets, scarce
from costsim.report.evidence.parts import each_with, first, given, holding
from costsim.report.evidence.pathways import by_site
from costsim.results.estimates import Estimate, there
from costsim.results.metrics import Economics, Timeliness
from costsim.scenario.schema import Scenario, Site
from costsim.words import figure, figure_name, listed, money, number, plain_name

SHOWN = (
    "per_case_saving", "annual_saving", "one_off_cost", "total_saving", "net_benefit",
    "net_present_value", "benefit_cost_ratio", "payback_years", "discounted_payback_years",
    "fte_released",
)  # fmt: skip
ROUNDING = 1e-9


def with_interval(name: str, found: Estimate) -> str:
    """A figure by its published name, with its interval or why there is none.

    >>> with_interval("payback_years", Estimate(2.0, 0.1, (1.8, None), 29))
    '2.00 (95% interval 1.80 to never)'
    """
    if found.value is None:
        return "not defined" if name.endswith("ratio") else figure(name, None)
    return f"{figure(name, found.value)}{_chance(name, found)}"


def _chance(name: str, found: Estimate) -> str:
    """How far chance moves a figure, or why that is not known."""
    if found.exact:
        return ""
    if found.ci95 is None:
        return " (one replication: no interval)"
    return _between(_steady(found), (figure(name, end) for end in found.ci95))


def _steady(found: Estimate) -> bool:
    """Whether chance moves it by no more than rounding does."""
    return found.mcse is not None and found.mcse <= ROUNDING * abs(found.number)


def _between(steady: bool, ends: Iterable[str]) -> str:
    if steady:
        return " (the same in every replication)"
    return f" (95% interval {' to '.join(ends)})"


def result_lines(findings: Findings) -> list[str]:
    """The main figures of every option, with their intervals."""
    return [_results(findings, each) for each in findings.options.values()]


def _results(findings: Findings, option: OptionFigures) -> str:
    found, name = option.programme.economics, option.option
    show = partial(with_interval, "per_case_saving")
    costs = each_with(found.cost_per_case, show, "cost of a case, {}: {}")
    figures = (f"{figure_name(each)}: {_told(found, each)}" for each in SHOWN)
    against = f"{plain_name(name)} against {plain_name(findings.comparator)}"
    return f"{against}: {'; '.join([*costs, *figures])}."


def _told(found: Economics, name: str) -> str:
    if "payback" in name and not found.one_off_cost.number:
        return "nothing to pay back"
    return with_interval(name, getattr(found, name))


def time_lines(findings: Findings) -> list[str]:
    """How long decisions take, under each pathway of every option."""
    return [f"{'; '.join(_times(option))}." for option in findings.options.values()]


def _times(option: OptionFigures) -> Iterator[str]:
    found = option.programme.timeliness
    for way, times in found.time_to_decision_days.items():
        mean, median, late = (number(each.value, 1) for each in (times.mean, times.p50, times.p90))
        also = "".join(map(", {}".format, _beside(found, way)))
        yield (
            f"{plain_name(way)}: mean {mean} working days to a decision, median {median}, "
            f"90th percentile {late}{also}"
        )
    yield f"decision sooner by {with_interval('days_sooner', found.days_sooner)} working days"


def _beside(found: Timeliness, way: str) -> Iterator[str]:
    """What is within the target, waits, withdrawals, and busy staff, where there are any."""
    waiting, gone = found.waiting_days_per_case[way].number, found.withdrawn_share[way].number
    yield from map("{:.1%} within the target".format, there([found.within_target[way].value]))
    yield from holding(
        (waiting > 0, f"{waiting:.1f} days in queues"), (gone > 0, f"{gone:.1%} withdrawn")
    )
    for role, busy in found.utilisation[way].items():
        if busy.value is not None:
            yield f"{plain_name(role)} busy {busy.value:.0%} of their time"


def effect_lines(findings: Findings) -> Iterator[str]:
    """What each effect comes to against the comparator, and what one more of it costs."""
    against = plain_name(findings.comparator)
    for name, rows in findings.effects.items():
        told = [_effect(row) for row in rows if row.incremental_effect is not None]
        if told:
            yield f"Effect {plain_name(name)}, gain of a case against {against}: {'; '.join(told)}."


def _effect(row: EffectRow) -> str:
    cost = row.incremental_cost or 0.0
    more = f"{money(abs(cost))} {'less' if cost < 0 else 'more'} cost"
    more_of_it = f"{money(row.icer)} for one more than {plain_name(row.compared_with)}"
    worth = f"net monetary benefit {money(row.net_monetary_benefit)}"
    told = holding(
        (True, f"{plain_name(row.pathway)} {_gain(row)} at {more}"),
        (True, row.standing),
        (row.icer is not None, more_of_it),
        (row.net_monetary_benefit is not None, worth),
    )
    return ", ".join(told)


def _gain(row: EffectRow) -> str:
    """How much better it is than the comparator, with its interval."""
    gain = number(row.incremental_effect, 3)
    low, high = row.incremental_effect_low, row.incremental_effect_high
    if low is None or high is None:
        return gain
    steady = high - low <= ROUNDING * abs(high)
    return f"{gain}{_between(steady, (number(low, 3), number(high, 3)))}"


def replications(findings: Findings) -> str:
    """How many replications there are, and why so many."""
    done = units.counted(findings.summary["replications"], "replication")
    precision = findings.summary["precision"]
    if precision is None:
        return f"{done}, the number that was asked for."
    aim = f"the saving per case is known within {units.narrow_money(precision)} either way"
    if _widest(findings) > precision:
        return f"{done}; it stopped before {aim}."
    return (
        f"{done}: as many as it took until {aim} (half the width of the 95% interval), watched "
        "from the 30th on, with the look-ahead of Hoad, Robinson and Davies (2010)."
    )


def _widest(findings: Findings) -> float:
    """The half-width of the saving per case of the option of which least is known."""
    half_width = attrgetter("programme.economics.per_case_saving.half_width")
    return float(max(map(half_width, findings.options.values())))


def intervals(findings: Findings) -> str:
    """What the intervals are, and what they are not."""
    if findings.summary["replications"] == 1:
        return "One replication has no measure of error: no interval is given."
    return (
        "Intervals are 95% intervals from Student's t over replications, of ratio estimates (cost "
        "over referrals); those of percentiles are Woodruff's. They say how far chance moves the "
        "mean of such years. They do not hold uncertainty about inputs, nor the spread of one year."
    )


def shared_luck(findings: Findings) -> str:
    """What common random numbers gained, where it is known."""
    gain = findings.summary.get("gain_of_shared_luck")
    if gain is None or gain < WORTH_SAYING:
        return ""
    of = f" for {plain_name(findings.main.option)}" if len(findings.options) > 1 else ""
    return (
        f"With luck of their own, the same interval{of} would take {gain:,.1f} times as many "
        "replications."
    )


def period(scenario: Scenario) -> str:
    """The period that each replication counts."""
    run = scenario.run
    begins = given(", and with it the warm-up", run.warm_up)
    start = scenario.calendar.start.isoformat()
    return (
        f"Each replication counts the referrals of {_years(run.length)}. "
        f"The clock starts on {start}{begins}."
    )


def _years(number: float) -> str:
    return "1 year" if number == 1 else units.show(number, "years")


def beginning(scenario: Scenario) -> Iterator[str]:
    """How a replication starts: warm-up, backlog, or an empty office."""
    warm_up = _years(scenario.run.warm_up)
    filling = f"{warm_up} before anything is counted; arrivals go on as long after it"
    yield first((scenario.run.warm_up, f"Warm-up: {filling}."), (True, "No warm-up."))
    waiting = "; ".join(by_site(scenario, _backlog))
    yield first(
        (waiting, f"Backlog at the start of the clock, not counted: {waiting}."),
        (True, f"The office starts empty{_emptiness(scenario)}."),
    )


def _backlog(site: Site) -> str:
    return listed(
        f"{each.value:,} at {plain_name(step)}"
        for step, each in site.referrals.backlog.items()
        if each.value
    )


def _emptiness(scenario: Scenario) -> str:
    """What an empty start means for queues."""
    short = anywhere(scenario, scarce)
    queues = short or anywhere(scenario, meets)
    return first(
        (not queues, ", which makes no difference: nobody queues"),
        (
            short and not scenario.run.warm_up,
            ", so that waits for staff are shorter at first than in a settled office",
        ),
    )


def software(findings: Findings) -> str:
    """The versions that results depend on."""
    return f"{listed(f'{name} {each}' for name, each in findings.summary['versions'].items())}."


def discounting(scenario: Scenario) -> str:
    """The rate, its source, and the timing."""
    written = scenario.discounting
    if written.schedule:
        rate = "HM Treasury's Green Book schedule: 3.5% a year, declining after year 30"
    else:
        rate = f"{units.percent(written.yearly_rate or 0.0)} a year"
    timing = {
        "year_end": "at the end of its year",
        "mid_year": "in the middle of its year",
        "year_start": "at the start of its year",
    }[written.timing]
    real = f"in real terms ({scenario.price_year} prices)"
    return (
        f"{rate}, {real}. Each later year's money counts as falling {timing}; the one-off cost "
        "falls at time 0 and is not discounted. Costs and savings are discounted alike, and "
        "undiscounted figures stand beside."
    )
