"""The figures' numbers, beside what the run wrote and what its cases and activities come to."""

from __future__ import annotations

import csv
import json
import math
import re
import struct
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from costsim.drawing.marks import inks, money_ticks
from costsim.economics.cashability import CashRow
from costsim.findings import Findings
from costsim.report.figures import Figure, figures
from costsim.report.figures.journey import Arrow, Box, Journey
from costsim.report.figures.layers import layered, placed
from costsim.report.figures.waterfall import levels
from costsim.results.estimates import Estimate
from tests.report.folders import FEATURES, STUDY, findings_of, folder_of

FEW = ("--replications", "6")
ONE = FEATURES / "19-three-pathways.yaml"
LOOP = FEATURES / "05-routing-and-rework-loop.yaml"
TARGETS = FEATURES / "11-targets.yaml"
CASH = FEATURES / "20-cash-or-capacity.yaml"
ONCE = ("--replications", "1")


@cache
def drawn(scenario: Path, *options: str) -> dict[str, Figure]:
    """The figures of a scenario by name."""
    return {each.name: each for each in figures(findings_of(scenario, *options))}


def study(name: str) -> Figure:
    return drawn(STUDY, *FEW)[name]


def summary() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder_of(STUDY, *FEW) / "summary.json").read_text("utf-8"))
    return found


def written(name: str) -> list[dict[str, str]]:
    with (folder_of(STUDY, *FEW) / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cases() -> list[dict[str, Any]]:
    table = pq.read_table(folder_of(STUDY, *FEW) / "cases.parquet")
    found: list[dict[str, Any]] = table.filter(table["counted"]).to_pylist()
    return found


def pounds(shown: str) -> float:
    return float(shown.replace("£", "").replace(",", ""))


def table(figure: Figure) -> dict[str, tuple[str, ...]]:
    """A figure's rows by their first cell."""
    return {row[0]: row[1:] for row in figure.rows}


def test_the_study_has_its_figures_in_the_order_of_a_report() -> None:
    assert list(drawn(STUDY, *FEW)) == [
        "pathway-old",
        "pathway-new-bromley",
        "pathway-new-enfield",
        "pathway-new-york",
        "cost-per-case-by-activity",
        "saving-per-case",
        "net-benefit-by-year",
        "staff-time-to-cash",
        "time-to-decision",
    ]


def test_a_figure_with_nothing_to_show_is_left_out() -> None:
    assert "time-to-decision" not in drawn(ONE)  # it has no target
    assert "staff-time-to-cash" not in drawn(TARGETS)  # no staff time changes


def test_every_table_is_full_and_holds_no_number_that_is_none() -> None:
    for scenario in (STUDY, ONE, LOOP, TARGETS, CASH):
        options = FEW if scenario == STUDY else ()
        for figure in drawn(scenario, *options).values():
            assert {len(row) for row in figure.rows} == {len(figure.header)}
            words = " ".join((figure.title, figure.subtitle, figure.description, str(figure.rows)))
            assert not re.search(r"\b(nan|inf|None)\b", words), (figure.name, words)


def test_the_activities_add_up_to_the_cost_of_a_case() -> None:
    rows = table(study("cost-per-case-by-activity"))
    total, between = rows.pop("All activities: cost of a case"), rows.pop("95% interval")
    found = summary()["programme"]["cost_per_case"]
    for number, world in enumerate(("old", "new")):
        assert total[number] == f"£{found[world]['value']:,.2f}"
        assert between[number] == " to ".join(f"£{end:,.2f}" for end in found[world]["ci95"])
        parts = [pounds(row[number]) for row in rows.values()]
        assert math.fsum(parts) == pytest.approx(found[world]["value"], abs=0.005 * len(parts))


def test_an_activity_costs_what_the_account_says_weighted_by_referrals() -> None:
    volume = {
        name: site["referrals_per_year"]["value"] for name, site in summary()["sites"].items()
    }
    cost = math.fsum(
        float(row["cost"]) * volume[row["of"]]
        for row in written("activities.csv")
        if row["pathway"] == "new" and row["activity"] == "assessment"
    ) / math.fsum(volume.values())
    shown = table(study("cost-per-case-by-activity"))["Initial assessment"][1]
    assert shown == f"£{cost:,.2f}"


def test_a_box_says_the_minutes_and_the_cost_of_a_visit() -> None:
    rows = [
        row
        for row in written("activities.csv")
        if (row["of"], row["pathway"], row["route"], row["activity"])
        == ("york", "new", "new", "contact")
    ]
    visits = float(rows[0]["visits"])
    happens, many, minutes, cost, on = table(study("pathway-new-york"))[
        "Initial contact and referral"
    ]
    assert many == f"{visits:,.2f}"
    assert minutes == f"{math.fsum(float(row['minutes']) for row in rows) / visits:,.1f}"
    assert cost == f"£{math.fsum(float(row['cost']) for row in rows) / visits:,.2f}"
    for row in rows:
        assert f": {float(row['minutes']) / visits:,.0f} min" in happens
    assert happens.startswith("One after another:")
    assert on == "Visit by a family support worker: 78.4%; No further action: 21.6%"


def test_a_flow_diagram_says_who_comes_and_who_goes_on_elsewhere() -> None:
    bromley = study("pathway-new-bromley")
    assert table(bromley)["Referral"][0] == "Takes this way: 90% of lower and 0% of higher"
    assert "At the end, 19.95% of these cases go on in" in bromley.description
    assert "Meeting every 10 working days, at most 12 cases" in str(bromley.rows)


def test_shares_by_need_stand_at_their_ways_and_loops_are_said() -> None:
    loop = drawn(LOOP)["pathway-new"]
    assert table(loop)["Check"][-1] == "Check: higher 20%; Complete: lower 100%, higher 80%"
    assert "A dashed arrow leads back" in loop.subtitle
    assert "dashed" not in study("pathway-old").subtitle


def test_roles_together_and_in_turn_are_told_apart() -> None:
    both = drawn(FEATURES / "02-roles-in-turn-and-together.yaml")
    assert table(both["pathway-old"])["Assessment"][0].startswith("One after another:")
    assert table(both["pathway-new"])["Assessment"][0].startswith("Together:")


def test_savings_by_case_are_those_of_the_same_referral_in_both_worlds() -> None:
    costs: dict[tuple[Any, ...], dict[str, float]] = {}
    for case in cases():
        if not case["extra"]:
            key = (case["site"], case["replication"], case["referral"])
            costs.setdefault(key, {})[case["pathway"]] = case["cost"]
    volume = {name: s["referrals_per_year"]["value"] for name, s in summary()["sites"].items()}
    here = {site: sum(key[0] == site for key in costs) for site in volume}
    saved = [
        (each["old"] - each["new"], volume[key[0]] / here[key[0]]) for key, each in costs.items()
    ]
    total = math.fsum(weight for _, weight in saved)
    mean = math.fsum(amount * weight for amount, weight in saved) / total
    rows = table(study("saving-per-case"))
    assert rows["Mean of these cases"] == (f"£{mean:,.2f}",)
    shares = {"Costs less": 0.0, "Costs exactly the same": 0.0, "Costs more": 0.0}
    for amount, weight in saved:
        less, more = amount >= 0.005, amount <= -0.005
        words = "Costs less" if less else "Costs more" if more else "Costs exactly the same"
        shares[words] += weight / total
    assert {words: rows[words] for words in shares} == {
        words: (f"{share:.1%}",) for words, share in shares.items()
    }
    bins = [float(row[1].rstrip("%")) for row in study("saving-per-case").rows[3:-2]]
    changed = math.fsum(weight for amount, weight in saved if abs(amount) >= 0.005) / total
    assert sum(bins) == pytest.approx(100 * changed, abs=0.05 * len(bins))
    inside = math.fsum(w for amount, w in saved if 200 <= amount < 300) / total
    assert rows["£200 to £300"] == (f"{inside:.1%}",)
    assert f"{len(saved):,} simulated cases" in study("saving-per-case").subtitle


def test_the_course_of_the_net_benefit_is_that_of_the_cash_flow() -> None:
    figure, rows = study("net-benefit-by-year"), table(study("net-benefit-by-year"))
    flow = [row for row in written("cashflow.csv") if row["of"] == "programme"]
    found = summary()["programme"]
    assert rows["0 (the one-off cost)"] == ("-£30,288", "exact")
    for row in flow[1:]:
        assert pounds(rows[row["year"]][0]) == pytest.approx(float(row["cumulative"]), abs=0.5)
    low, high = found["net_benefit"]["ci95"]
    assert rows["3"][1] == f"{_money(low)} to {_money(high)}"
    # A level saving: after one year of three a third of the interval has come.
    middle = float(flow[1]["cumulative"])
    ends = [middle + (end - found["net_benefit"]["value"]) / 3 for end in (low, high)]
    assert rows["1"][1] == " to ".join(map(_money, ends))
    assert rows["One-off cost repaid after, years"][0] == f"{found['payback_years']['value']:.2f}"
    assert f"repaid after {found['payback_years']['value']:.2f} years" in figure.title


def _money(value: float) -> str:
    digits = f"{abs(value):,.2f}" if abs(value) < 1000 else f"{abs(value):,.0f}"
    return f"{'-' if value < 0 else ''}£{digits}"


def test_the_study_says_capacity_not_cash() -> None:
    figure = study("staff-time-to-cash")
    rows = written("cashability.csv")
    saved = math.fsum(float(row["staff_time"]) for row in rows)
    posts = math.fsum(float(row["posts"]) for row in rows if row["year"] == "3")
    assert figure.title.startswith("It is capacity, not cash")
    assert f"{posts:.2f} of a full-time post over 3 sites" in figure.title
    every = table(figure)["All roles"]
    assert every == (f"£{saved:,.0f}", f"£{saved:,.0f}", "£0.00", "£0.00", "£0.00")


def test_the_waterfall_runs_from_staff_time_to_cash_by_role() -> None:
    figure = drawn(CASH)["staff-time-to-cash"]
    assert table(figure)["All roles"] == (
        "£582,000", "£102,000", "£240,000", "£60,000", "£180,000",
    )  # fmt: skip
    assert "£180,000 (31%) is cash" in figure.title
    for row in figure.rows[:-1]:
        saved, *lost, cash = map(pounds, row[1:])
        assert saved - sum(lost) == pytest.approx(cash)


def test_the_last_step_of_the_waterfall_ends_where_cash_does() -> None:
    amounts = list(map(pounds, table(drawn(CASH)["staff-time-to-cash"])["All roles"]))
    bars = levels(amounts)
    assert bars[0] == (0.0, 582_000)
    assert [start for start, _ in bars[1:-1]] == [end for _, end in bars[:-2]]
    assert bars[-2][1] == bars[-1][1] == 180_000


def test_the_shares_decided_are_counted_over_all_cases() -> None:
    rows, found = table(study("time-to-decision")), summary()["programme"]["within_target"]
    every = cases()
    for number, world in enumerate(("old", "new")):
        mine = [case for case in every if case["pathway"] == world]
        done = sum(case["decided"] - case["arrived"] <= 45 for case in mine if case["decided"])
        assert rows["45"][number] == f"{done / len(mine):.1%}"
        told = rows["Within target, all replications"][number]
        assert told.startswith(f"{found[world]['value']:.1%}")
        assert " to ".join(f"{end:.1%}" for end in found[world]["ci95"]) in told
    assert f"{found['old']['value']:.1%} of decisions" in study("time-to-decision").title


def test_each_option_is_shown_beside_the_comparator() -> None:
    every = drawn(ONE)
    assert {"pathway-visit", "pathway-online", "pathway-phone"} <= set(every)
    assert table(every["saving-per-case"])["Mean of these cases"] == ("£348.00",)
    assert table(every["saving-per-case-phone"])["Mean of these cases"] == ("£300.00",)
    total = table(every["cost-per-case-by-activity"])["All activities: cost of a case"]
    assert total == ("£600.00", "£252.00", "£300.00")


def test_one_replication_has_no_intervals() -> None:
    every = drawn(LOOP, *ONCE)
    assert table(every["net-benefit-by-year"])["1"][1] == "none"
    assert table(every["cost-per-case-by-activity"])["95% interval"] == ("none", "none")
    assert not any(
        "interval" in each.svg(captioned=False).split("</desc>")[1] for each in every.values()
    )


def with_payback(value: float | None, findings: Findings) -> Findings:
    main = findings.main
    economics = replace(main.programme.economics, payback_years=Estimate(value))
    changed = replace(main, programme=replace(main.programme, economics=economics))
    return replace(findings, options={main.option: changed})


def test_a_cost_that_is_never_repaid_is_said_to_be_so() -> None:
    every = figures(with_payback(None, findings_of(STUDY, *FEW)))
    figure = next(each for each in every if each.name == "net-benefit-by-year")
    assert figure.title.startswith("The one-off cost is not repaid within 3 years")
    assert table(figure)["One-off cost repaid after, years"][0] == "never"
    assert "not repaid within 3 years" in figure.svg().split("</desc>")[1]


def test_a_way_that_saves_nothing_is_drawn_too() -> None:
    figure = drawn(TARGETS)["saving-per-case"]
    assert figure.title == "No case costs more or less with the new way"
    assert table(figure)["Costs exactly the same"] == ("100.0%",)
    assert "<svg" in figure.svg()


def test_without_a_referral_what_has_nothing_to_show_is_left_out() -> None:
    findings = findings_of(STUDY, *FEW)

    class Empty(Findings):
        def cases(self) -> Any:
            return findings.cases().slice(0, 0)

    none = Empty(**{name: getattr(findings, name) for name in findings.__dataclass_fields__})
    every = {each.name: each for each in figures(replace(none, activities={}))}
    assert "saving-per-case" not in every
    assert "time-to-decision" not in every
    assert "none came" in str(every["pathway-old"].rows)
    assert all(each.svg() and each.png() for each in every.values())


def test_more_time_needed_than_saved_is_no_capacity() -> None:
    findings = findings_of(CASH)
    row = CashRow("social_worker", 3, -10.0, -1.5, -1, 0, -1, -600.0, -200.0, 0.0, 0.0, -400.0)
    every = figures(replace(findings, cash={"site": (row,)}))
    figure = next(each for each in every if each.name == "staff-time-to-cash")
    assert figure.title == (
        "The new way takes £600.00 more staff time; £400.00 of it has to be paid as whole posts"
    )
    assert figure.svg().count("<path") > 5


def test_a_png_has_two_hundred_dots_an_inch_and_no_date() -> None:
    content = study("net-benefit-by-year").png()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, at = {}, 8
    while at < len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        chunks[kind] = content[at + 8 : at + 8 + length]
        at += length + 12
    assert not chunks.keys() & {b"tIME", b"tEXt", b"iTXt", b"zTXt"}
    assert struct.unpack(">II", chunks[b"IHDR"][:8])[0] == 1400
    assert struct.unpack(">I", chunks[b"pHYs"][:4])[0] == round(200 / 0.0254)


def test_every_colour_stands_out_from_paper_and_from_its_neighbour() -> None:
    for count in (2, 3, 4):
        looks = inks(count)
        assert len({each.colour for each in looks}) == len({each.hatch for each in looks}) == count
        assert len({each.dash for each in looks}) == count
        shades = [_luminance(each.colour) for each in looks]
        assert min(_contrast(shade, 1.0) for shade in shades) >= 3
        neighbours = pairwise(shades)
        assert min(_contrast(*pair) for pair in neighbours) >= 3
    assert _contrast(_luminance("#0b0c0c"), 1.0) >= 7


def _luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one: float, other: float) -> float:
    light, dark = max(one, other), min(one, other)
    return (light + 0.05) / (dark + 0.05)


def test_an_axis_of_money_begins_and_ends_at_round_amounts() -> None:
    assert money_ticks(0, 477) == [0, 100, 200, 300, 400, 500]
    assert money_ticks(-30288, 16688)[0] == -40000


def test_boxes_of_a_row_never_overlap_and_stay_on_the_sheet() -> None:
    names = [f"step {number}" for number in range(12)]
    arrows = [Arrow("", names[0])]
    for number, name in enumerate(names):
        for onward in (1, 2, 5):
            arrows.append(Arrow(name, names[(number * 7 + onward * 3) % 12], ("50%",)))
    boxes = (Box("", "start", "All"), *(Box(name, "activity", name) for name in names))
    found = layered(Journey("old", ("site",), "t", boxes, tuple(arrows), ()))
    at = placed(found, lambda name: (0.4, 0.6) if name in names else (0.05, 0.05), 7.0, 0.1)
    assert found.back
    for row in found.rows:
        halves = [(0.4, 0.6) if name in names else (0.05, 0.05) for name in row]
        edges = [
            (at[n] - left, at[n] + right) for n, (left, right) in zip(row, halves, strict=True)
        ]
        assert all(b[0] - a[1] >= 0.1 - 1e-9 for a, b in pairwise(edges))
        assert edges[0][0] >= -1e-9
    below = {name: number for number, row in enumerate(found.rows) for name in row}
    for number, chain in found.chains.items():
        assert [below[name] for name in chain] == list(range(below[chain[0]], below[chain[-1]] + 1))
        assert number not in found.back
