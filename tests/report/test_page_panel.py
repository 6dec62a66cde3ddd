"""The what-if panel gives what costsim gives for the same change, to the penny.

The oracle is costsim itself: a run of an edited scenario file, or, for the volume, the appraisal of
the same runs with other referrals a year. The panel is worked as a reader works it, in Chromium.
"""

from __future__ import annotations

import csv
import json
import math
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Page

import costsim
from costsim.economics.appraisal import cash_flow_rows
from costsim.economics.outlook import economics
from costsim.economics.savings import programme_flow
from costsim.findings import read
from costsim.report.page import page as report_page
from costsim.sites import terms
from costsim.units import money
from tests.model.command import run_scenario
from tests.report.browser import chromium, opened
from tests.report.folders import FEATURES, STUDY

MONEY = ("per_case_saving", "annual_saving", "total_saving", "net_benefit", "net_present_value")
OTHERS: dict[str, Callable[[float | None], str]] = {
    "benefit_cost_ratio": lambda value: "not defined" if value is None else f"{value:,.2f}",
    "return_on_investment": lambda value: "not defined" if value is None else f"{value:.1%}",
    "payback_years": lambda value: "never" if value is None else f"{value:,.2f}",
    "discounted_payback_years": lambda value: "never" if value is None else f"{value:,.2f}",
}
YEARLY = {
    "Saving": "saving",
    "Rise in running costs": "running_cost_change",
    "Double running": "double_running",
    "Net saving": "net_saving",
    "Cumulative": "cumulative",
    "Discounted net": "discounted_net",
    "Discounted cumulative": "discounted_cumulative",
}
Edit = dict[str, Any]
Panels = Callable[[str], Page]


@dataclass(frozen=True)
class Trial:
    """A scenario, changes to its file, and what a reader types to make the same changes.

    `first` is laid over the file before anything else. An amount of `None` stands for the one-off
    cost of the edited run.
    """

    base: Path
    edits: Mapping[str, Edit]
    typed: Mapping[str, Mapping[str, str | None]]
    volumes: Mapping[str, float]
    first: Edit
    options: tuple[str, ...] = ()


RAMP = "Roll-out reached, of full take-up"
ONE_OFF = "One-off cost, all sites together"
RATE, YEARS = "Discount rate a year", "Horizon in years"
ENOUGH = ("--replications", "40")


def _trial(name: str, staff: Edit, costs: Mapping[str, str], one_off: Edit, **more: Any) -> Trial:
    """A scenario of `features` or the study; what all trials change, and what each has its own."""
    ramp = more.pop("ramp", ["45%"])
    return Trial(
        base=STUDY if name == "study" else next(FEATURES.glob(f"{name}-*.yaml")),
        edits={
            "hourly costs": staff,
            "rate": {"discounting": {"rate": "6.25%", "schedule": None}},
            "one-off cost": one_off,
            "horizon": {"horizon": "11 years"},
            "roll-out": {"take_up": {"ramp_up": ramp}},
        },
        typed={
            "hourly costs": dict(costs),
            "rate": {RATE: "6.25 %"},
            "one-off cost": {ONE_OFF: None},
            "horizon": {YEARS: " 11 years"},
            "roll-out": {RAMP: ramp[-1]},
        },
        volumes=more.pop("volumes", {"Referrals a year": 1234.5}),
        first=more.pop("first", {}),
        **more,
    )


def _single(name: str, **more: Any) -> Trial:
    """A scenario of one site with one role."""
    staff = {"staff": {"social_worker": {"hourly_cost": "£71.37"}}}
    other = {"one_off": {"co_design": {"other": "£12,345.67"}}}
    return _trial(name, staff, {"Hourly cost: social worker": "£71.37"}, other, **more)


TRIALS = {
    "ramp-up, delay and fade": _single("13", ramp=["30%", "60%"]),
    "running costs": _single("15"),
    "mid-year": _single("15", first={"discounting": {"rate": "4.1%", "timing": "mid_year"}}),
    "the declining schedule": _single(
        "13",
        ramp=["30%", "60%"],
        first={"discounting": {"rate": None, "schedule": "green_book"}, "horizon": "40 years"},
    ),
    "pay that grows, both run at once": _single(
        "15",
        first={
            "prices": {"pay_growth": "1.7%"},
            "take_up": {"double_running": "5 months", "start_delay": "3 months"},
        },
    ),
    "several sites": _trial(
        "18",
        {"sites": {"south": {"staff": {"social_worker": {"hourly_cost": "£68.10"}}}}},
        {"Hourly cost: social worker, South council": "68.1"},
        {"sites": {"north": {"one_off": {"co_design": {"other": "£1,111.11"}}}}},
        volumes={"Referrals a year, North council": 133.0, "Referrals a year, South council": 2.5},
        first={
            "sites": {
                "north": {"running_costs": {"old": {"paper": "£2,000"}}},
                "south": {"running_costs": {"old": {"paper": "£0"}, "new": {"upkeep": "£900"}}},
            }
        },
    ),
    "the study": _trial(
        "study",
        {
            "sites": {
                "york": {"staff": {"support_worker": {"hourly_cost": "£41.05"}}},
                "bromley": {"staff": {"social_worker": {"hourly_cost": "£1,055.55"}}},
            }
        },
        {
            "Hourly cost: Family support worker or social work assistant, City of York": "41.05",
            "Hourly cost: Children's social worker, London Borough of Bromley": "£ 1,055.55",
        },
        {"sites": {"enfield": {"one_off": {"co_design": {"other": "£1,111.11"}}}}},
        volumes={
            "Referrals a year, City of York": 120.0,
            "Referrals a year, London Borough of Enfield": 7.25,
        },
        options=ENOUGH,
    ),
}


# --- costsim's own answer ------------------------------------------------------------------------


@cache
def _kept() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="costsim-panel-")


@cache
def _folder(name: str) -> Path:
    """A folder with the trial's scenario file and all beside it, `first.yaml` over it."""
    trial = TRIALS[name]
    folder = Path(_kept().name) / str(list(TRIALS).index(name))
    folder.mkdir()
    for file in trial.base.parent.glob("*.yaml"):
        shutil.copy(file, folder)
    _write(folder / "first.yaml", trial.base.name, trial.first)
    return folder


def _write(file: Path, base: str, edit: Edit) -> None:
    file.write_text(yaml.safe_dump({"extends": base, **edit}, allow_unicode=True), encoding="utf-8")


@cache
def _run(name: str, *edits: str) -> Path:
    """The results of the trial's scenario with these edits."""
    folder, trial = _folder(name), TRIALS[name]
    stem = "-".join(["run", *(each.replace(" ", "-") for each in edits)])
    edit: Edit = {}
    for each in edits:
        edit = _laid_over(edit, trial.edits[each])
    _write(folder / f"{stem}.yaml", "first.yaml", edit)
    run_scenario(folder / f"{stem}.yaml", folder / stem, *trial.options)
    return folder / stem


def _laid_over(base: Edit, over: Edit) -> Edit:
    both = base.keys() & over.keys()
    deep = {key: _laid_over(base[key], over[key]) for key in both if isinstance(over[key], dict)}
    return base | over | deep


Answer = tuple[dict[str, float | None], list[dict[str, float]]]


def _answer_of_run(folder: Path) -> Answer:
    """The figures and the yearly rows that a run wrote."""
    found = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["programme"]
    with (folder / "cashflow.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["of"] == "programme"]
    figures = {name: found[name]["value"] for name in (*MONEY, *OTHERS)}
    return figures, [{k: float(v) for k, v in row.items() if k != "of"} for row in rows]


def _answer_with_volumes(name: str) -> Answer:
    """The appraisal of the same runs with other referrals a year."""
    trial = TRIALS[name]
    replications = int(trial.options[-1]) if trial.options else None
    scenario = costsim.load(_folder(name) / "first.yaml")
    found = costsim.evaluate(scenario, replications=replications)
    titles = {
        scenario.sites[site].title: case
        for site, case in zip(found.main.sites, found.main.cases, strict=True)
    }
    cases = [
        replace(case, referrals_per_year=volume) if (volume := _volume(trial, title)) else case
        for title, case in titles.items()
    ]
    shared = terms(scenario)
    rows = cash_flow_rows(programme_flow(cases, shared), shared.discounting)
    figures = economics(cases, shared)
    values = {each: getattr(figures, each).value for each in (*MONEY, *OTHERS)}
    return values, [dict(vars(row)) for row in rows]


def _volume(trial: Trial, title: str | None) -> float | None:
    one_site = trial.volumes.get("Referrals a year")
    return one_site or trial.volumes.get(f"Referrals a year, {title}")


# --- the panel's answer --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def panels(browser: Browser) -> Iterator[Panels]:
    """The page of each trial's run, open; what one test typed is taken back before the next."""
    with ExitStack() as stack:

        @cache
        def at(name: str) -> Page:
            file = _folder(name) / "report.html"
            file.write_text(report_page(read(_run(name))), encoding="utf-8")
            return stack.enter_context(opened(browser, file)).page

        yield at


def _type(page: Page, typed: Mapping[str, str]) -> None:
    page.get_by_role("button", name="Bring back the run's values").click()
    for name, text in typed.items():
        page.locator(f'input[data-name="{name}"]').fill(text)
    page.get_by_role("button", name="Work out").click()


def _told(page: Page) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The panel's figures and its yearly rows, as they stand in the page."""
    figures = {name: page.locator(f"#now-{name}").inner_text() for name in (*MONEY, *OTHERS)}
    header = page.locator("#panel-years thead th").all_inner_texts()
    rows = page.evaluate(
        "[...document.querySelectorAll('#panel-years tbody tr')]"
        ".map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    return figures, [dict(zip(header, row, strict=True)) for row in rows]


def _expect_equal(page: Page, answer: Answer) -> None:
    figures, rows = answer
    told, told_rows = _told(page)
    expected = {name: money(value) for name in MONEY if (value := figures[name]) is not None}
    expected |= {name: show(figures[name]) for name, show in OTHERS.items()}
    assert told == expected
    assert len(told_rows) == len(rows)
    for row, said in zip(rows, told_rows, strict=True):
        shown = {title: money(row[name]) for title, name in YEARLY.items() if title in said}
        assert {title: said[title] for title in shown} == shown
        assert said["Discount factor"] == f"{row['discount_factor']:.4f}"
        absent = [name for title, name in YEARLY.items() if title not in said]
        assert not any(row[name] for name in absent)


CHANGES = ("hourly costs", "rate", "one-off cost", "horizon", "roll-out")


@pytest.mark.parametrize("name", TRIALS)
def test_with_nothing_changed_the_panel_shows_the_run(name: str, panels: Panels) -> None:
    _type(panels(name), {})
    _expect_equal(panels(name), _answer_of_run(_run(name)))


SINGLY = ("ramp-up, delay and fade", "running costs", "several sites", "the study")


def _cases() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each change by itself where a scenario is plain, and all together in every one."""
    yield from ((name, (each,)) for name in SINGLY for each in CHANGES)
    yield from ((name, CHANGES) for name in TRIALS)


@pytest.mark.parametrize(("name", "edits"), list(_cases()))
def test_the_panel_gives_what_a_run_of_the_edited_file_gives(
    name: str, edits: Sequence[str], panels: Panels
) -> None:
    run = _run(name, *edits)
    one_off = _answer_of_run(run)[1][0]["one_off"]
    typed = {key: text for each in edits for key, text in TRIALS[name].typed[each].items()}
    _type(panels(name), {key: text or f"£{one_off:,.2f}" for key, text in typed.items()})
    _expect_equal(panels(name), _answer_of_run(run))


@pytest.mark.parametrize("name", TRIALS)
def test_the_panel_gives_what_other_volumes_give(name: str, panels: Panels) -> None:
    _type(panels(name), {key: f"{volume:,}" for key, volume in TRIALS[name].volumes.items()})
    _expect_equal(panels(name), _answer_with_volumes(name))


@pytest.mark.parametrize("name", TRIALS)
def test_everything_changed_at_once_moves_every_figure(name: str) -> None:
    before = _answer_of_run(_run(name))[0]
    after = _answer_of_run(_run(name, *CHANGES))[0]
    assert all(not _close(before[each], after[each]) for each in MONEY)


def _close(one: float | None, other: float | None) -> bool:
    return one == other or (one is not None and other is not None and math.isclose(one, other))
