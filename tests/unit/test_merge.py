"""What `extends:` means: which lines of a file or a site hold, and which are replaced or gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costsim.errors import Place, ScenarioError
from costsim.scenario import merge
from costsim.scenario.merge import ONLY_SITE, complete, family_of_files
from costsim.scenario.text import Document, read_text
from costsim.scenario.tree import Mapping, Plain, plain


def document(text: str, name: str = "s.yaml") -> Document:
    return read_text(text, name)


def merged(base: str, over: str) -> Plain:
    """What holds under the key `x` when the second text extends the first."""
    first, second = document(f"x: {base}\n").root, document(f"x: {over}\n").root
    together = plain(merge.merge(first, second))
    assert isinstance(together, dict)
    return together.get("x")


def whole(*documents: Document) -> dict[str, Plain]:
    """The completed scenario as plain values, without any complaint."""
    root, problems = complete(list(documents))
    assert problems == []
    found = plain(root)
    assert isinstance(found, dict)
    return found


# --- two mappings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "over", "expected"),
    [
        ("{a: 1, b: 2}", "{b: 3}", {"a": 1, "b": 3}),
        ("{a: 1}", "{b: 2}", {"a": 1, "b": 2}),
        ("{a: {b: 1, c: 2}}", "{a: {c: 3, d: 4}}", {"a": {"b": 1, "c": 3, "d": 4}}),
        ("{a: 1, b: 2}", "{b: null}", {"a": 1}),
        ("{a: {b: 1, c: 2}}", "{a: {b: null}}", {"a": {"c": 2}}),
        ("{a: 1}", "5", 5),
        ("5", "{a: 1}", {"a": 1}),
        ("[1, 2]", "[3]", [3]),
        ("{a: [1, 2]}", "{a: [3]}", {"a": [3]}),
        ("{a: 1}", "{}", {"a": 1}),
    ],
)
def test_mappings_are_merged_key_by_key_and_anything_else_is_replaced(
    base: str, over: str, expected: Plain
) -> None:
    assert merged(base, over) == expected


@pytest.mark.parametrize(
    ("base", "over"),
    [
        ("{value: 56, assumed: true, uncertain: {uniform: [40, 72]}}", "{value: 60}"),
        ("{value: 56, uncertain: {uniform: [40, 72]}}", "60"),
        ("{gamma: {mean: 1 h, sd: 2 h}, source: A}", "{gamma: {mean: 3 h, sd: 1 h}}"),
        ("{gamma: {mean: 1 h, sd: 2 h}}", "{lognormal: {mean: 1 h, sd: 2 h}}"),
        ("{gamma: {mean: 1 h, sd: 2 h}}", "{by_need: {lower: 1 h, higher: 2 h}}"),
        ("{by_need: {lower: 1 h, higher: 2 h}}", "{by_need: {lower: 3 h}}"),
        ("{gamma: {mean: 1 h, sd: 2 h}}", "{fixed: 3 h}"),
        ("{gamma: {mean: 1 h, sd: 2 h}}", "{bins: [{from: 0, to: 1 h, share: 100%}]}"),
    ],
)
def test_a_number_or_a_distribution_is_replaced_whole(base: str, over: str) -> None:
    assert merged(base, over) == plain(document(f"x: {over}").root)["x"]  # type: ignore[index, call-overload]


def test_the_source_of_a_number_may_be_added_without_repeating_the_number() -> None:
    assert merged("{value: 56, note: a}", "{source: B}") == {
        "value": 56, "note": "a", "source": "B",
    }  # fmt: skip


@pytest.mark.parametrize("key", ["next", "need", "eligible", "monthly", "arrive"])
def test_shares_and_their_like_are_replaced_whole(key: str) -> None:
    base, over = f"{{{key}: {{one: 60%, two: 40%}}}}", f"{{{key}: {{two: 70%, three: 30%}}}}"
    assert merged(base, over) == {key: {"two": "70%", "three": "30%"}}


def test_what_holds_knows_the_place_where_it_is_written() -> None:
    base = document("a: {b: 1, c: 2}\n", "base.yaml").root
    over = document("# ours\na: {c: 3}\n", "ours.yaml").root
    node = merge.merge(base, over)
    assert isinstance(node, Mapping)
    inner = node.get("a")
    assert isinstance(inner, Mapping)
    assert inner.place == Place("ours.yaml", 2, 4)
    assert inner.entries["b"].key_place == Place("base.yaml", 1, 5)
    assert inner.entries["b"].node.place == Place("base.yaml", 1, 8)
    assert inner.entries["c"].key_place == Place("ours.yaml", 2, 5)
    assert inner.entries["c"].node.place == Place("ours.yaml", 2, 8)


def test_merging_changes_neither_part() -> None:
    base, over = document("a: {b: 1}\n").root, document("a: {b: null, c: 2}\n").root
    before = plain(base), plain(over)
    assert plain(merge.merge(base, over)) == {"a": {"c": 2}}
    assert (plain(base), plain(over)) == before


TREES = st.recursive(
    st.integers(0, 9), lambda inner: st.dictionaries(st.sampled_from("pqrs"), inner, max_size=4)
)
MAPPINGS = st.dictionaries(st.sampled_from("pqrs"), TREES, min_size=1, max_size=4)


def _node(tree: Plain) -> Mapping:
    def written(part: Plain) -> str:
        if not isinstance(part, dict):
            return str(part)
        return "{" + ", ".join(f"{key}: {written(each)}" for key, each in part.items()) + "}"

    return document(f"{written(tree)}\n").root


def leaves(tree: Plain, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Plain]:
    """Every value that is no mapping of lines, by its path."""
    if not isinstance(tree, dict) or not tree:
        return {path: tree}
    return {p: v for key, each in tree.items() for p, v in leaves(each, (*path, key)).items()}


@given(MAPPINGS, MAPPINGS)
def test_what_the_nearer_says_holds_and_what_it_does_not_mention_stays(
    base: Plain, over: Plain
) -> None:
    found = leaves(plain(merge.merge(_node(base), _node(over))))
    said = {path: value for path, value in leaves(over).items() if value != {}}
    assert said.items() <= found.items()
    for path, value in leaves(base).items():
        touched = any(
            each[: len(path)] == path or path[: len(each)] == each for each in leaves(over)
        )
        assert touched or found[path] == value


@given(MAPPINGS)
def test_extending_with_the_same_again_changes_nothing(tree: Plain) -> None:
    assert plain(merge.merge(_node(tree), _node(tree))) == tree


# --- sites ---------------------------------------------------------------------------------------

COMMON = "title: T\nstaff: {worker: {hourly_cost: £40, headcount: 2}}\nhorizon: 3 years\n"


def test_a_scenario_without_sites_is_one_site() -> None:
    found = whole(document(COMMON))
    assert found["sites"] == {
        ONLY_SITE: {"staff": {"worker": {"hourly_cost": "£40", "headcount": 2}}}
    }
    assert "staff" not in found
    assert found["horizon"] == "3 years"


def test_every_site_has_what_the_top_of_the_file_says_unless_it_says_otherwise() -> None:
    sites = (
        "sites: {york: {}, kent: {staff: {worker: {headcount: 5}, manager: {hourly_cost: £50}}}}\n"
    )
    found = whole(document(COMMON + sites))["sites"]
    assert found == {
        "york": {"staff": {"worker": {"hourly_cost": "£40", "headcount": 2}}},
        "kent": {
            "staff": {
                "worker": {"hourly_cost": "£40", "headcount": 5},
                "manager": {"hourly_cost": "£50"},
            }
        },
    }


def test_a_site_extends_another_and_what_is_nearest_wins() -> None:
    sites = """\
sites:
  york: {title: York, staff: {worker: {headcount: 3}}}
  kent: {extends: york, title: Kent}
  bath: {extends: kent, staff: {worker: {hourly_cost: £45}}}
"""
    found = whole(document(COMMON + sites))["sites"]
    assert isinstance(found, dict)
    assert found["kent"] == {
        "staff": {"worker": {"hourly_cost": "£40", "headcount": 3}}, "title": "Kent",
    }  # fmt: skip
    assert found["bath"] == {
        "staff": {"worker": {"hourly_cost": "£45", "headcount": 3}}, "title": "Kent",
    }  # fmt: skip


def test_a_site_can_take_away_what_all_sites_have() -> None:
    found = whole(
        document(COMMON + "targets: {decision: 45 days}\nsites: {york: {targets: null}}\n")
    )
    sites = found["sites"]
    assert isinstance(sites, dict)
    assert "targets" not in sites["york"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("sites", "codes"),
    [
        ("{a: {extends: a}}", ["CS501"]),
        ("{a: {extends: b}, b: {extends: a}}", ["CS501", "CS501"]),
        ("{a: {extends: c}}", ["CS502"]),
        ("{a: {extends: b}, b: {extends: c}}", ["CS502", "CS502"]),
        ("{a: {extends: [b]}, b: {}}", ["CS502"]),
    ],
)
def test_a_broken_chain_of_sites_is_reported_and_ends(sites: str, codes: list[str]) -> None:
    _, problems = complete([document(f"{COMMON}sites: {sites}\n")])
    assert [problem.code for problem in problems] == codes
    assert all(problem.place and problem.place.line == 4 for problem in problems)


# --- files ---------------------------------------------------------------------------------------


def test_files_come_nearest_first_and_the_nearest_wins(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "ours.yaml").write_text("extends: parts/theirs.yaml\ntitle: Ours\n", "utf-8")
    (tmp_path / "parts" / "theirs.yaml").write_text(
        "extends: all.yaml\ntitle: Theirs\nhorizon: 5 years\n", "utf-8"
    )
    (tmp_path / "parts" / "all.yaml").write_text(COMMON, "utf-8")
    family = family_of_files(tmp_path / "ours.yaml")
    assert [Path(each.name).name for each in family] == ["ours.yaml", "theirs.yaml", "all.yaml"]
    found = whole(*family)
    assert (found["title"], found["horizon"]) == ("Ours", "5 years")
    assert "extends" not in found


def test_a_site_of_a_file_extends_a_site_of_the_file_below(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(
        "extends: all.yaml\nsites: {kent: {extends: york}}\n", "utf-8"
    )
    (tmp_path / "all.yaml").write_text(
        f"{COMMON}sites: {{york: {{staff: {{worker: {{headcount: 9}}}}}}}}\n", "utf-8"
    )
    sites = whole(*family_of_files(tmp_path / "ours.yaml"))["sites"]
    assert isinstance(sites, dict)
    assert sites["kent"] == sites["york"]


def test_five_files_may_be_extended_and_not_a_sixth(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"{number}.yaml").write_text(f"extends: {number + 1}.yaml\n", "utf-8")
    (tmp_path / "6.yaml").write_text(COMMON, "utf-8")
    assert len(family_of_files(tmp_path / "1.yaml")) == 6
    with pytest.raises(ScenarioError, match=r"more than 5 files deep: 0\.yaml -> 1\.yaml"):
        family_of_files(tmp_path / "0.yaml")


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "outside.yaml").write_text(COMMON, "utf-8")
    (tmp_path / "inside" / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (tmp_path / "inside" / "ours.yaml").write_text("extends: link.yaml\n", "utf-8")
    with pytest.raises(ScenarioError, match="leads out of the folder"):
        family_of_files(tmp_path / "inside" / "ours.yaml")
