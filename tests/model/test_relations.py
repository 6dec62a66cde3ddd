"""Relations that hold whatever the numbers are: what may change an answer, and what must not."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import costsim
from costsim.results.tables import Priced
from tests.model.building import (
    Tree,
    exponential,
    load,
    minutes,
    pathway,
    problem,
    role,
    work,
    write,
)
from tests.model.command import run_scenario

FILES = (
    "summary.json",
    "cases.parquet",
    "ledger.parquet",
    "cashflow.csv",
    "cashability.csv",
    "activities.csv",
    "budget.csv",
    "agencies.csv",
    "effects.csv",
)


def _rich() -> Tree:
    """Two sites with a part of everything: queues, panels, loops, withdrawal, leakage, demand."""
    panel = {
        "meeting": {
            "every": "5 days",
            "capacity": 6,
            "members": {"manager": 2, "worker": 1},
            "each_case": {"pert": ["5 min", "15 min", "40 min"]},
        },
        "next": {"agreed": "70%", "declined": "rest"},
    }
    hours = {
        "by_need": {
            "lower": {"gamma": {"mean": "6 h", "sd": "2 h"}},
            "middle": {"lognormal": {"mean": "8 h", "sd": "4 h"}},
            "higher": {"bins": [{"from": "8 h", "to": "12 h", "share": 1}]},
        }
    }
    old = {
        "start": "contact",
        "outcomes": ["agreed", "declined"],
        "activities": {
            "contact": {
                "staff": [{"worker": exponential(49)}, {"manager": "30 min"}],
                "next": {"assess": "80%", "declined": "20%"},
            },
            "assess": {
                "wait": {"weibull": {"shape": 2, "scale": "8 days"}},
                "staff": {"worker": hours, "clerk": "1 h"},
                "cost": 12.5,
                "withdraw_after": "60 days",
                "next": {"by_route": {"web": {"assess": "10%", "panel": "90%"}, "phone": "panel"}},
            },
            "panel": deepcopy(panel),
        },
    }
    new = {
        "start": "form",
        "outcomes": ["agreed", "declined"],
        "activities": {
            "form": {"wait": {"uniform": ["1 day", "9 days"]}, "next": "check"},
            "check": {
                "staff": {"clerk": {"triangular": ["20 min", "40 min", "2 h"]}},
                "next": {"form": "15%", "panel": "85%"},
            },
            "panel": deepcopy(panel),
        },
    }
    site: Tree = {
        "staff": {
            "worker": {"hourly_cost": 50, "headcount": 2, "share_of_time": "40%"},
            "manager": {"hourly_cost": 70},
            "clerk": {"hourly_cost": 30, "headcount": 1},
        },
        "referrals": {
            "per_year": 60,
            "need": {"lower": "50%", "middle": "rest", "higher": "20%"},
            "attributes": {
                "route": {"web": "60%", "phone": "rest"},
                "language": {"other": "10%", "english": "90%"},
            },
            "priority": ["higher"],
            "monthly": {"august": 0.5, "september": 2},
        },
        "targets": {"decision": "45 days", "assess": "30 days"},
        "pathways": {"old": old, "new": new},
        "take_up": {
            "eligible": {"by_need": {"lower": "90%", "middle": "50%", "higher": 0}},
            "leakage": {"share": "20%", "to": "assess"},
            "demand_response": "10%",
            "ramp_up": ["50%", "100%"],
            "fade": "5%",
            "start_delay": "6 months",
        },
        "one_off": {
            "test": {"staff": {"worker": "10 h", "clerk": "3 h"}, "payments_to_parents": 300},
            "discover": {"coaching": 500, "other": 70},
        },
        "running_costs": {"new": {"licence": 400, "upkeep": 100}, "old": {"paper": 50}},
    }
    other = deepcopy(site) | {"referrals": site["referrals"] | {"per_year": 45}}
    return {
        "costsim": 1,
        "title": "A part of everything",
        "price_year": "2024-25",
        "horizon": "4 years",
        "discounting": {"rate": "3.5%", "timing": "mid_year"},
        "run": {"replications": 3, "seed": 42},
        "sites": {"north": site, "south": other},
        "published": {"per_case_saving": "£100", "annual_saving": "£9000", "days_sooner": "4 days"},
    }


def _shuffled(node: Any, generator: random.Random) -> Any:
    """The same scenario with the keys of every mapping in another order."""
    if isinstance(node, list):
        return [_shuffled(each, generator) for each in node]
    if not isinstance(node, dict):
        return node
    keys = list(node)
    generator.shuffle(keys)
    return {key: _shuffled(node[key], generator) for key in keys}


def _sourced(tree: Tree) -> Tree:
    """The same scenario with nothing left to warn about inputs without a source."""
    for site in tree["sites"].values():
        for name in ("referrals", "take_up", "one_off"):
            site[name]["assumed"] = True
        for part in (*site["staff"].values(), *site["pathways"].values()):
            part["assumed"] = True
        for name, items in site["running_costs"].items():
            site["running_costs"][name] = {
                k: {"value": v, "assumed": True} for k, v in items.items()
            }
        site["targets"] = {k: {"value": v, "assumed": True} for k, v in site["targets"].items()}
    tree["discounting"]["assumed"] = True
    return tree


def _digests(out: Path) -> dict[str, str]:
    """Hashes of the files of a run, the hash of the scenario's own text apart."""
    found = {}
    for name in FILES:
        content = re.sub(rb'"sha256": "\w+"', b"", (out / name).read_bytes())
        found[name] = hashlib.sha256(content).hexdigest()
    return found


def _run(tree: Tree, folder: Path, *options: str) -> dict[str, str]:
    folder.mkdir()
    run_scenario(write(tree, folder), folder / "out", *options)
    return _digests(folder / "out")


def _patient(tree: Tree) -> Tree:
    """The same scenario without withdrawal, so that there is a figure by arithmetic."""
    for site in tree["sites"].values():
        del site["pathways"]["old"]["activities"]["assess"]["withdraw_after"]
    return tree


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("made", [_sourced, _patient])
def test_the_order_of_keys_changes_no_byte(
    seed: int, made: Callable[[Tree], Tree], tmp_path: Path
) -> None:
    tree = made(_rich())
    other = _shuffled(tree, random.Random(seed))  # noqa: S311 (not for secrets)
    assert json.dumps(other) != json.dumps(tree)
    assert other == tree
    assert _run(other, tmp_path / "other") == _run(tree, tmp_path / "one")


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    tree = _rich()
    first = _run(tree, tmp_path / "first")
    assert _run(tree, tmp_path / "second") == first
    other = _run(tree, tmp_path / "third", "--seed", "43")
    assert all(other[name] != first[name] for name in FILES)


def _evaluate(tree: Tree, folder: Path) -> costsim.Evaluation:
    return costsim.evaluate(load(tree, folder))


def _figures(found: costsim.Evaluation) -> dict[str, Any]:
    return {name: metrics.as_json() for name, metrics in found.main.sites.items()}


def test_a_role_that_nobody_needs_changes_no_number(tmp_path: Path) -> None:
    plain = _rich()
    more = deepcopy(plain)
    for site in more["sites"].values():
        site["staff"]["archivist"] = {"hourly_cost": 99, "headcount": 1}
    before, after = _figures(_evaluate(plain, tmp_path)), _figures(_evaluate(more, tmp_path))
    for site in after.values():
        for roles in site["utilisation"].values():
            assert roles.pop("archivist")["value"] == 0
    assert after == before


def test_an_attribute_that_nothing_depends_on_changes_no_number(tmp_path: Path) -> None:
    plain = _rich()
    more = deepcopy(plain)
    for site in more["sites"].values():
        site["referrals"]["attributes"]["birthday"] = {"even": "50%", "odd": "50%"}
    assert _figures(_evaluate(more, tmp_path)) == _figures(_evaluate(plain, tmp_path))


def test_another_option_changes_no_number_of_the_first(tmp_path: Path) -> None:
    plain = _rich()
    more = deepcopy(plain)
    for site in more["sites"].values():
        site["pathways"]["phone"] = pathway(call=work("worker", "3 h"))
    assert _figures(_evaluate(more, tmp_path)) == _figures(_evaluate(plain, tmp_path))


def test_another_site_changes_no_number_of_the_first(tmp_path: Path) -> None:
    both = _rich()
    alone = deepcopy(both)
    del alone["sites"]["south"]
    found = _figures(_evaluate(both, tmp_path))["north"]
    assert found == _figures(_evaluate(alone, tmp_path))["north"]


def test_more_replications_keep_the_first_ones(tmp_path: Path) -> None:
    scenario = load(_rich(), tmp_path)
    few = costsim.evaluate(scenario, replications=2).runs.sites["north"]
    many = costsim.evaluate(scenario, replications=5).runs.sites["north"]
    assert (len(few.tallies["new"]), len(many.tallies["new"])) == (2, 5)
    for world, tallies in few.tallies.items():
        other = many.tallies[world]
        assert tallies.minutes.tolist() == other.minutes[:2].tolist()
        few_taken, many_taken = tallies.decision_minutes, other.decision_minutes
        assert few_taken.counts.tolist() == many_taken.counts[:2].tolist()
        decided = int(few_taken.counts.sum())
        assert decided > 0
        assert few_taken.values.tolist() == many_taken.values[:decided].tolist()


def test_a_new_pathway_that_is_the_old_one_saves_exactly_nothing(tmp_path: Path) -> None:
    tree = _rich()
    for site in tree["sites"].values():
        site["pathways"]["new"] = deepcopy(site["pathways"]["old"])
        del site["take_up"], site["running_costs"]
    found = _evaluate(tree, tmp_path)
    for metrics in (found.main.programme, *found.main.sites.values()):
        money, time = metrics.economics, metrics.timeliness
        assert money.per_case_saving.value == 0.0
        assert money.annual_saving.value == 0.0
        assert money.staff_hours_released_per_year.value == 0.0
        assert time.days_sooner.value == 0.0
        assert time.utilisation["old"] == time.utilisation["new"]


def test_without_take_up_the_saving_is_exactly_nothing(tmp_path: Path) -> None:
    tree = _rich()
    for site in tree["sites"].values():
        site["take_up"] |= {"eligible": 0, "demand_response": 0}
        del site["running_costs"]
    found = _evaluate(tree, tmp_path).main.programme
    assert found.economics.per_case_saving.value == 0.0
    assert found.economics.total_saving.value == 0.0
    assert found.timeliness.days_sooner.value == 0.0


def test_doubling_every_hourly_cost_doubles_the_saving_exactly(tmp_path: Path) -> None:
    tree = _rich()
    for site in tree["sites"].values():
        del site["running_costs"], site["pathways"]["old"]["activities"]["assess"]["cost"]
    twice = deepcopy(tree)
    for site in twice["sites"].values():
        for each in site["staff"].values():
            each["hourly_cost"] *= 2
    one = _evaluate(tree, tmp_path).main.programme.economics
    two = _evaluate(twice, tmp_path).main.programme.economics
    for name in ("per_case_saving", "annual_saving", "total_saving"):
        before, after = getattr(one, name), getattr(two, name)
        assert after.value == 2 * before.value != 0
        assert after.mcse == 2 * before.mcse


def test_a_programme_of_two_like_sites_is_the_sum_of_its_sites(tmp_path: Path) -> None:
    tree = _rich()
    tree["sites"]["south"] = deepcopy(tree["sites"]["north"])
    found = _evaluate(tree, tmp_path).main
    north, south = (found.sites[name].economics for name in ("north", "south"))
    whole = found.programme.economics
    sums = (
        "referrals_per_year", "annual_saving", "annual_running_cost_change", "one_off_cost",
        "staff_hours_released_per_year", "fte_released", "total_saving", "net_benefit",
        "net_present_value",
    )  # fmt: skip
    for name in sums:
        parts = [getattr(site, name).value for site in (north, south)]
        assert getattr(whole, name).value == pytest.approx(sum(parts), rel=1e-12), name
    means = [site.per_case_saving.value or 0.0 for site in (north, south)]
    assert whole.per_case_saving.value == pytest.approx(sum(means) / 2, rel=1e-12)
    assert means[0] != means[1]  # each has its own luck


def test_a_higher_discount_rate_lowers_the_worth_of_later_savings(tmp_path: Path) -> None:
    worth = []
    once = {"test": {"other": 5000}}
    for rate in ("0%", "1%", "3.5%", "10%"):
        tree = problem(discounting={"rate": rate}, one_off=once, horizon="10 years")
        found = _evaluate(tree, tmp_path).main.programme.economics
        worth.append(found.net_present_value.value or 0.0)
    assert worth == sorted(worth, reverse=True)
    assert len(set(worth)) == 4
    assert worth[0] == pytest.approx(10 * 36_000 - 5000)


def _unlimited(per_year: float = 300, **parts: Any) -> Tree:
    hours = {"by_need": {"lower": exponential(300), "higher": exponential(600)}}
    assess = work("worker", hours, {"assess": "30%", "done": "70%"}, wait=exponential(4000))
    return problem(
        referrals={"per_year": per_year, "need": {"lower": 0.6, "higher": 0.4}},
        pathways={
            "old": pathway(contact=work("worker", exponential(50), "assess"), assess=assess),
            "new": pathway(form=work("worker", exponential(70), "assess"), assess=deepcopy(assess)),
        },
        **parts,
    )


def _costs(found: Priced) -> np.ndarray:
    return found.book.by_case(len(found.record.cases.arrived))


def test_with_unlimited_staff_more_referrals_change_no_case_s_cost(tmp_path: Path) -> None:
    few, many = (
        costsim.replay(load(_unlimited(per_year), tmp_path), "site") for per_year in (300, 600)
    )
    for one, other in zip(few, many, strict=True):
        size = min(len(_costs(one)), 250)
        assert _costs(one)[:size].tolist() == _costs(other)[:size].tolist()
        assert len(_costs(other)) > 1.5 * len(_costs(one))


def test_both_pathways_see_the_same_people(tmp_path: Path) -> None:
    old, new = costsim.replay(load(_unlimited(), tmp_path), "site")
    assert old.record.cases.arrived.tolist() == new.record.cases.arrived.tolist()
    assert old.record.cases.levels.tolist() == new.record.cases.levels.tolist()


def _minutes_at(found: Priced, activity: str) -> dict[tuple[int, int], tuple[float, float]]:
    """By case and visit: minutes of work and of waiting at an activity."""
    record = found.record
    step = found.world.tracks[-1].names.index(activity)
    at = (record.visits.step == step) & (record.visits.track == len(found.world.tracks) - 1)
    waited = record.visits.began - record.visits.reached
    visits = record.visits
    return {
        (int(visits.case[v]), int(visits.number[v])): (m, round(float(waited[v]), 6))
        for v, m in zip(record.work.visit, record.work.minutes.tolist(), strict=True)
        if at[v]
    }


def test_a_referral_meets_the_same_luck_in_an_activity_of_both_pathways(tmp_path: Path) -> None:
    old, new = costsim.replay(load(_unlimited(), tmp_path), "site")
    before, after = _minutes_at(old, "assess"), _minutes_at(new, "assess")
    assert before.keys() == after.keys()  # the same cases came back as often
    for visit, (done, waited) in before.items():
        assert after[visit][0] == done
        assert after[visit][1] == pytest.approx(waited, abs=1e-5)
    assert max(number for _, number in before) >= 2


def test_an_activity_that_is_put_in_changes_nobody_s_luck_elsewhere(tmp_path: Path) -> None:
    plain = _unlimited()
    more = deepcopy(plain)
    old = more["pathways"]["old"]["activities"]
    old["contact"]["next"] = "sort"
    old["sort"] = work("worker", exponential(30), "assess")
    one, other = (costsim.replay(load(tree, tmp_path), "site")[0] for tree in (plain, more))
    assert {k: v[0] for k, v in _minutes_at(one, "assess").items()} == {
        k: v[0] for k, v in _minutes_at(other, "assess").items()
    }


def test_a_case_that_leaks_from_the_end_to_the_start_costs_the_new_and_the_old(
    tmp_path: Path,
) -> None:
    plain = costsim.replay(load(_unlimited(), tmp_path), "site")
    leaking = _unlimited(take_up={"leakage": {"share": "100%"}})
    _, both = costsim.replay(load(leaking, tmp_path), "site")
    assert _costs(both) == pytest.approx(_costs(plain[0]) + _costs(plain[1]), rel=1e-12)


def test_leakage_costs_more_the_more_there_is_of_it(tmp_path: Path) -> None:
    savings = []
    for share in (0, 0.3, 0.6, 1):
        tree = _unlimited(take_up={"leakage": {"share": share}})
        found = _evaluate(tree, tmp_path).main.programme.economics
        savings.append(found.per_case_saving.value or 0.0)
    assert savings == sorted(savings, reverse=True)
    assert len(set(savings)) == 4


def test_whoever_takes_it_up_at_a_low_share_does_so_at_a_higher_one(tmp_path: Path) -> None:
    takers = []
    for share in (0.2, 0.5, 0.8):
        tree = _unlimited(take_up={"eligible": share})
        _, new = costsim.replay(load(tree, tmp_path), "site")
        takers.append(set(np.flatnonzero(new.record.cases.track == 1)))
    assert takers[0] < takers[1] < takers[2]
    old, new = costsim.replay(load(_unlimited(take_up={"eligible": 0.5}), tmp_path), "site")
    stayed = new.record.cases.track == 0
    assert _costs(old)[stayed].tolist() == _costs(new)[stayed].tolist()


def test_further_demand_changes_nothing_for_those_who_come_anyway(tmp_path: Path) -> None:
    plain = costsim.replay(load(_unlimited(), tmp_path), "site")[1]
    more = _unlimited(take_up={"demand_response": "40%"})
    crowded = costsim.replay(load(more, tmp_path), "site")[1]
    size = len(plain.record.cases.arrived)
    assert crowded.record.cases.extra[size:].all()
    assert _costs(crowded)[:size].tolist() == _costs(plain).tolist()


def test_nobody_waits_longer_because_there_are_more_staff(tmp_path: Path) -> None:
    decided = []
    for heads in (2, 3, None):
        tree = problem(
            staff={"worker": role(heads)},
            referrals={"per_year": 1500},
            pathways={
                "old": pathway(assess=work("worker", exponential(600))),
                "new": pathway(assess=work("worker", minutes(1))),
            },
        )
        found = costsim.replay(load(tree, tmp_path), "site")[0].record.cases
        decided.append(found.decided[found.counted])
    assert (decided[0] >= decided[1]).all()
    assert (decided[1] >= decided[2]).all()
    assert (decided[0] > decided[2]).any()


def test_prices_change_no_time(tmp_path: Path) -> None:
    tree = _rich()
    dear = deepcopy(tree)
    for site in dear["sites"].values():
        site["staff"]["worker"]["hourly_cost"] = 500
    one, other = _evaluate(tree, tmp_path).main, _evaluate(dear, tmp_path).main
    assert one.programme.timeliness == other.programme.timeliness
    assert one.programme.economics != other.programme.economics
