"""Random valid decision problems for Hypothesis: one or two sites, and a part of every feature.

A pathway is a chain of one to four activities with branches that lead back, or out; from each of
them the next one, and in the end an outcome, has a share of its own, so that every case ends.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.model.building import Tree

ROLES = ["clerk", "manager", "worker"]
NEEDS = ["high", "low", "middle"]


def _share(most: float) -> st.SearchStrategy[float]:
    return st.integers(0, round(100 * most)).map(lambda percent: percent / 100)


def _family(shortest: int, longest: int) -> st.SearchStrategy[Any]:
    """A distribution of minutes, by one of several families and parametrisations."""
    whole = st.integers(shortest, longest)

    def minutes(value: float) -> str:
        return f"{value} min"

    def spread(pair: tuple[int, int]) -> dict[str, str]:
        return {"mean": minutes(pair[0]), "sd": minutes(max(1, pair[0] * pair[1] // 100))}

    mean = st.integers(max(1, shortest), longest)
    moments = st.tuples(mean, st.integers(10, 150)).map(spread)
    three = st.lists(whole, min_size=3, max_size=3).map(sorted)
    ends = st.lists(whole, min_size=2, max_size=2, unique=True).map(sorted)
    return st.one_of(
        whole.map(minutes),
        ends.map(lambda pair: {"uniform": [minutes(each) for each in pair]}),
        three.map(lambda each: {"pert": [minutes(one) for one in each]}),
        three.map(lambda each: {"triangular": [minutes(one) for one in each]}),
        three.map(lambda each: {"empirical": [minutes(one) for one in each]}),
        ends.map(lambda e: {"bins": [{"from": minutes(e[0]), "to": minutes(e[1]), "share": 1}]}),
        mean.map(lambda each: {"exponential": {"mean": minutes(each)}}),
        moments.map(lambda each: {"gamma": each}),
        moments.map(lambda each: {"lognormal": each}),
    )


def _minutes(shortest: int, longest: int, needs: list[str]) -> st.SearchStrategy[Any]:
    """Minutes for everyone, or for each need."""
    alike = _family(shortest, longest)
    if not needs:
        return alike
    return st.one_of(
        alike,
        st.fixed_dictionaries({"by_need": st.fixed_dictionaries(dict.fromkeys(needs, alike))}),
    )


@st.composite
def _work(draw: st.DrawFn, needs: list[str]) -> Tree:
    """Nothing, people in turn or together, or a meeting."""
    kind = draw(st.sampled_from(["nothing", "staff", "staff", "turns", "meeting"]))
    if kind == "nothing":
        return {}
    if kind == "meeting":
        members = st.dictionaries(st.sampled_from(ROLES), st.integers(1, 3), min_size=1)
        meeting = {
            "every": f"{draw(st.integers(1, 12))} days",
            "capacity": draw(st.integers(1, 6)),
            "members": draw(members),
            "each_case": draw(_minutes(1, 60, needs)),
        }
        return {"meeting": meeting}
    together = st.dictionaries(st.sampled_from(ROLES), _minutes(1, 900, needs), min_size=1)
    if kind == "staff":
        return {"staff": draw(together)}
    return {"staff": draw(st.lists(together, min_size=2, max_size=2))}


@st.composite
def _activity(draw: st.DrawFn, needs: list[str], back: list[str], onward: str) -> Tree:
    found = draw(_work(needs))
    if draw(st.booleans()):
        found["wait"] = draw(_minutes(0, 9000, needs))
    if draw(st.integers(0, 3)) == 0:
        found["withdraw_after"] = draw(_minutes(1, 20_000, needs))
    if draw(st.booleans()):
        found["cost"] = draw(st.integers(0, 80))
    found["next"] = draw(_branches(back, onward))
    if draw(st.booleans()) and needs:
        found["next"] = {"by_need": {need: draw(_branches(back, onward)) for need in needs}}
    return found


@st.composite
def _branches(draw: st.DrawFn, back: list[str], onward: str) -> Any:
    if draw(st.booleans()):
        return onward
    shares: dict[str, Any] = {draw(st.sampled_from(back)): draw(_share(0.4))}
    if draw(st.booleans()) and onward != "declined":
        shares["declined"] = draw(_share(0.4))
    return {name: share for name, share in shares.items() if share} | {onward: "rest"}


@st.composite
def _pathway(draw: st.DrawFn, prefix: str, needs: list[str]) -> Tree:
    names = [f"{prefix}_{n}" for n in range(draw(st.integers(1, 4)))]
    onward = [*names[1:], "agreed"]
    activities = {
        name: draw(_activity(needs, names[: number + 1], onward[number]))
        for number, name in enumerate(names)
    }
    return {"start": names[0], "outcomes": ["agreed", "declined"], "activities": activities}


@st.composite
def _role(draw: st.DrawFn) -> Tree:
    found: Tree = {"hourly_cost": draw(st.integers(10, 120))}
    if draw(st.booleans()):
        found["headcount"] = draw(st.integers(1, 4))
    if draw(st.booleans()):
        found["share_of_time"] = draw(st.sampled_from(["25%", "60%", "100%"]))
    return found


@st.composite
def _referrals(draw: st.DrawFn, needs: list[str]) -> Tree:
    found: Tree = {
        "per_year": draw(st.integers(5, 25)),
        "arrive": draw(st.sampled_from(["poisson", "evenly"])),
    }
    if needs:
        found["need"] = dict.fromkeys(needs[:-1], 0.3) | {needs[-1]: "rest"}
        found["priority"] = draw(st.lists(st.sampled_from(needs), unique=True))
    if draw(st.booleans()):
        found["attributes"] = {"colour": {"blue": draw(_share(1)), "red": "rest"}}
    if draw(st.booleans()):
        found["monthly"] = {"august": draw(_share(1)), "may": 3}
    return found


@st.composite
def _take_up(draw: st.DrawFn, needs: list[str], activities: list[str]) -> Tree:
    alike = _share(1)
    found: Tree = {"eligible": draw(alike)}
    if draw(st.booleans()) and needs:
        found["eligible"] = {"by_need": {need: draw(alike) for need in needs}}
    if draw(st.booleans()):
        found["leakage"] = {"share": draw(alike), "to": draw(st.sampled_from(activities))}
    if draw(st.booleans()):
        found["demand_response"] = draw(_share(0.5))
    if draw(st.booleans()):
        found |= {"ramp_up": [draw(alike), draw(alike)], "fade": draw(_share(0.3))}
        found["start_delay"] = f"{draw(st.integers(0, 18))} months"
    return found


def _backlog(activities: list[str]) -> st.SearchStrategy[Tree]:
    """Cases that wait at some activities of the comparator when the clock starts."""
    return st.dictionaries(st.sampled_from(activities), st.integers(0, 6), min_size=1, max_size=2)


@st.composite
def _site(draw: st.DrawFn) -> Tree:
    needs = NEEDS[: draw(st.sampled_from([0, 2, 3]))]
    pathways = {name: draw(_pathway(name, needs)) for name in ("old", "new")}
    activities = {name: list(each["activities"]) for name, each in pathways.items()}
    found: Tree = {
        "staff": {name: draw(_role()) for name in ROLES},
        "referrals": draw(_referrals(needs)),
        "pathways": pathways,
        "take_up": draw(_take_up(needs, activities["old"])),
        "targets": {"decision": "30 days"},
    }
    if draw(st.booleans()):
        found["referrals"]["backlog"] = draw(_backlog(activities["old"]))
    if draw(st.booleans()):
        found["targets"][draw(st.sampled_from([*activities["old"], *activities["new"]]))] = "9 days"
    if draw(st.booleans()):
        found["running_costs"] = {
            name: {"upkeep": draw(st.integers(0, 900))} for name in ("old", "new")
        }
    if draw(st.booleans()):
        found["one_off"] = {"test": {"staff": {"clerk": "5 h"}, "other": draw(st.integers(0, 999))}}
    return found


@st.composite
def scenarios(draw: st.DrawFn) -> Tree:
    """A random valid scenario."""
    sites = {name: draw(_site()) for name in ["north", "south"][: draw(st.integers(1, 2))]}
    return {
        "costsim": 1,
        "title": "A random scenario",
        "price_year": "2024-25",
        "horizon": f"{draw(st.integers(1, 6))} years",
        "run": {
            "replications": draw(st.integers(2, 3)),
            "seed": draw(st.integers(0, 2**31)),
            "warm_up": draw(st.sampled_from(["0 years", "3 months"])),
        },
        "sites": sites,
    }
