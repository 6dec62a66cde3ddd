"""The run in words: how often it was simulated, with what luck and software, and what it found."""

from __future__ import annotations

from collections.abc import Iterator

from costsim import units
from costsim.economics.effectiveness import EffectRow
from costsim.findings import Findings, OptionFigures
from costsim.report.answer import WORTH_SAYING
from costsim.report.evidence.office import meets, scarce
from costsim.report.evidence.parts import listed
from costsim.report.evidence.pathways import by_site
from costsim.report.words import figure, figure_name, money, number, plain_name
from costsim.results.estimates import Estimate
from costsim.results.metrics import Economics, Timeliness
from costsim.scenario.schema import Scenario, Site

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
    if found.value is None and name.endswith("ratio"):
        return "not defined"
    told = figure(name, found.value)
    if found.exact or found.value is None:
        return told
    if found.ci95 is None:
        return f"{told} (one replication: no interval)"
    if found.mcse is not None and found.mcse <= ROUNDING * abs(found.value):
        return f"{told} (the same in every replication)"
    low, high = (figure(name, end) for end in found.ci95)
    return f"{told} (95% interval {low} to {high})"


def result_lines(findings: Findings) -> list[str]:
    """The main figures of every option, with their intervals."""
    return [_results(findings, each) for each in findings.options.values()]


def _results(findings: Findings, option: OptionFigures) -> str:
    found, name = option.programme.economics, option.option
    costs = (
        f"cost of a case, {plain_name(way)}: {with_interval('per_case_saving', cost)}"
        for way, cost in found.cost_per_case.items()
    )
    free = not found.one_off_cost.number
    figures = (
        f"{figure_name(each)}: "
        + ("nothing to pay back" if free and "payback" in each else _told(found, each))
        for each in SHOWN
    )
    against = f"{plain_name(name)} against {plain_name(findings.comparator)}"
    return f"{against}: {'; '.join([*costs, *figures])}."


def _told(found: Economics, name: str) -> str:
    return with_interval(name, getattr(found, name))


def time_lines(findings: Findings) -> list[str]:
    """How long decisions take, under each pathway of every option."""
    return [f"{'; '.join(_times(option))}." for option in findings.options.values()]


def _times(option: OptionFigures) -> Iterator[str]:
    found = option.programme.timeliness
    for way, times in found.time_to_decision_days.items():
        mean, median, late = (number(each.value, 1) for each in (times.mean, times.p50, times.p90))
        on_time = found.within_target[way].value
        target = "" if on_time is None else f", {on_time:.1%} within the target"
        yield (
            f"{plain_name(way)}: mean {mean} working days to a decision, median {median}, "
            f"90th percentile {late}{target}{_waiting(found, way)}"
        )
    yield f"decision sooner by {with_interval('days_sooner', found.days_sooner)} working days"


def _waiting(found: Timeliness, way: str) -> str:
    """Days of waiting, withdrawals and how busy limited staff are, where there are any."""
    waiting, gone = found.waiting_days_per_case[way].number, found.withdrawn_share[way].number
    busy = (
        f"{plain_name(role)} busy {each.number:.0%} of their time"
        for role, each in found.utilisation[way].items()
        if each.value is not None
    )
    told = [f"{waiting:.1f} days in queues"] * (waiting > 0) + [f"{gone:.1%} withdrawn"] * (
        gone > 0
    )
    return "".join(f", {each}" for each in (*told, *busy))


def effect_lines(findings: Findings) -> Iterator[str]:
    """What each effect comes to against the comparator, and what one more of it costs."""
    against = plain_name(findings.comparator)
    for name, rows in findings.effects.items():
        told = "; ".join(_effect(row) for row in rows if row.incremental_effect is not None)
        if told:
            yield f"Effect {plain_name(name)}, gain of a case against {against}: {told}."


def _effect(row: EffectRow) -> str:
    cost = row.incremental_cost or 0.0
    more = f"{money(abs(cost))} {'less' if cost < 0 else 'more'} cost"
    told = [f"{plain_name(row.pathway)} {_gain(row)} at {more}", row.standing]
    if row.icer is not None:
        told.append(f"{money(row.icer)} for one more than {plain_name(row.compared_with)}")
    if row.net_monetary_benefit is not None:
        told.append(f"net monetary benefit {money(row.net_monetary_benefit)}")
    return ", ".join(told)


def _gain(row: EffectRow) -> str:
    """How much better it is than the comparator, with its interval."""
    gain, low, high = (
        row.incremental_effect,
        row.incremental_effect_low,
        row.incremental_effect_high,
    )
    if low is None or high is None:
        return number(gain, 3)
    if high - low <= ROUNDING * abs(high):
        return f"{number(gain, 3)} (the same in every replication)"
    return f"{number(gain, 3)} (95% interval {number(low, 3)} to {number(high, 3)})"


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
    return max(each.programme.economics.per_case_saving.half_width for each in _options(findings))


def _options(findings: Findings) -> list[OptionFigures]:
    return list(findings.options.values())


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
    years = units.show(run.length, "years") if run.length != 1 else "1 year"
    begins = ", and with it the warm-up" if run.warm_up else ""
    start = scenario.calendar.start.isoformat()
    return f"Each replication counts the referrals of {years}. The clock starts on {start}{begins}."


def beginning(scenario: Scenario) -> Iterator[str]:
    """How a replication starts: warm-up, backlog, or an empty office."""
    run = scenario.run
    if run.warm_up:
        years = "1 year" if run.warm_up == 1 else f"{run.warm_up:g} years"
        yield f"Warm-up: {years} before anything is counted; arrivals go on as long after it."
    else:
        yield "No warm-up."
    waiting = by_site(scenario, _backlog)
    if waiting:
        yield f"Backlog at the start of the clock, not counted: {'; '.join(waiting)}."
    else:
        yield f"The office starts empty{_emptiness(scenario)}."


def _backlog(site: Site) -> str:
    return listed(
        f"{each.value:,} at {plain_name(step)}"
        for step, each in site.referrals.backlog.items()
        if each.value
    )


def _emptiness(scenario: Scenario) -> str:
    """What an empty start means for queues."""
    sites = scenario.sites.values()
    if not any(scarce(site) or meets(site) for site in sites):
        return ", which makes no difference: nobody queues"
    if any(map(scarce, sites)) and not scenario.run.warm_up:
        return ", so that waits for staff are shorter at first than in a settled office"
    return ""


def software(findings: Findings) -> str:
    """The versions that results depend on."""
    return f"{listed(f'{name} {each}' for name, each in findings.summary['versions'].items())}."


def discounting(scenario: Scenario) -> str:
    """The rate, its source, and the timing."""
    written = scenario.discounting
    if written.schedule:
        rate = "HM Treasury's Green Book schedule: 3.5% a year, declining after year 30"
    else:
        rate = f"{units.percent(written.rate.value if written.rate else 0.035)} a year"
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
