"""The reader of scenario text, fed with what people and their editors really write."""

from __future__ import annotations

import hashlib
import math
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from costsim.errors import Place, Problem, ScenarioError
from costsim.scenario import tree
from costsim.scenario.text import Document, read_file, read_text
from costsim.scenario.tree import Mapping, Plain, Scalar, Sequence, dotted, index, plain

BOTH_PARSERS = (yaml.SafeLoader, yaml.CSafeLoader)


def read(text: str) -> Plain:
    return plain(read_text(text, "s.yaml").root)


def refused(reading: Callable[[], Document]) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as caught:
        reading()
    for problem in caught.value.problems:
        assert problem.code.startswith("CS1")
        assert problem.message
        assert problem.hint
        assert "\n" not in problem.message + problem.hint + problem.source_line
    return caught.value.problems


def problems(text: str) -> tuple[Problem, ...]:
    return refused(lambda: read_text(text, "s.yaml"))


def only(text: str) -> Problem:
    (problem,) = problems(text)
    return problem


def only_in(path: Path) -> Problem:
    (problem,) = refused(lambda: read_file(path))
    return problem


def spot(problem: Problem) -> tuple[str, int, int]:
    assert problem.place is not None
    return problem.code, problem.place.line, problem.place.column


def spots(text: str) -> list[tuple[str, int, int]]:
    return [spot(problem) for problem in problems(text)]


@pytest.fixture(params=BOTH_PARSERS, ids=["python", "c"])
def either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "_Events", request.param)


# --- the tree ------------------------------------------------------------------------------------

STAFF = """\
# who does the work
staff:
  social_worker:
    hourly_cost: {value: £43.40, uncertain: [£36, £52]}
    headcount: 4
title: "Online form"
"""


def test_values_keep_the_order_and_the_words_of_the_file() -> None:
    cost = {"value": "£43.40", "uncertain": ["£36", "£52"]}
    worker = {"hourly_cost": cost, "headcount": 4}
    assert read(STAFF) == {"staff": {"social_worker": worker}, "title": "Online form"}
    assert list(read_text(STAFF, "s.yaml").root.entries) == ["staff", "title"]


def test_every_value_and_every_key_knows_its_place() -> None:
    values, keys = index(read_text(STAFF, "folder/s.yaml").root)
    cost = ("staff", "social_worker", "hourly_cost")
    assert values[()] == Place("folder/s.yaml", 2, 1)
    assert values[*cost, "value"] == Place("folder/s.yaml", 4, 26)
    assert values[*cost, "uncertain", 1] == Place("folder/s.yaml", 4, 51)
    assert keys[*cost, "value"] == Place("folder/s.yaml", 4, 19)
    assert keys["title",] == Place("folder/s.yaml", 6, 1)
    assert set(values) - set(keys) == {(), (*cost, "uncertain", 0), (*cost, "uncertain", 1)}


@pytest.mark.usefixtures("either_parser")
def test_a_scalar_says_what_was_written_and_whether_it_was_quoted() -> None:
    root = read_text("a: 1.50\nb: '1.50'\nc: |\n  1.50\nd:\n", "s.yaml").root
    assert root.get("a") == Scalar(1.5, "1.50", False, Place("s.yaml", 1, 4))
    assert root.get("b") == Scalar("1.50", "1.50", True, Place("s.yaml", 2, 4))
    assert root.get("c") == Scalar("1.50\n", "1.50\n", True, Place("s.yaml", 3, 4))
    assert root.get("d") == Scalar(None, "", False, Place("s.yaml", 5, 3))
    assert root.get("e") is None


def test_columns_count_characters_and_not_bytes() -> None:
    values, _ = index(read_text("é: {£: 1, \U0001f600: 2}", "s.yaml").root)
    assert values["é", "\U0001f600"] == Place("s.yaml", 1, 14)


def test_lists_in_lists_keep_their_places() -> None:
    root = read_text("a:\n  - - 1\n    - 2\n  - {b: 3}\n", "s.yaml").root
    node = root.get("a")
    assert isinstance(node, Sequence)
    assert plain(node) == [[1, 2], {"b": 3}]
    assert index(node)[0][0, 1] == Place("s.yaml", 3, 7)
    assert isinstance(node.items[1], Mapping)


def test_a_path_is_written_with_dots() -> None:
    assert dotted(("pathways", "old", "pert", 0)) == "pathways.old.pert.0"
    assert dotted(()) == ""


def test_a_problem_says_its_path_and_shows_its_line() -> None:
    problem = only("staff:\n  worker:\n    minutes: [1, 007]  # late\n")
    assert problem.path == "staff.worker.minutes.1"
    assert problem.source_line == "    minutes: [1, 007]  # late"
    assert str(problem.place) == "s.yaml:3:18"


# --- files ---------------------------------------------------------------------------------------


def test_a_file_is_read_under_the_name_that_the_user_gave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("s.yaml").write_bytes(b"a: 1\n")
    document = read_file(Path("s.yaml"))
    assert document.name == "s.yaml"
    assert document.root.place == Place("s.yaml", 1, 1)
    assert document.text == "a: 1\n"
    assert document.sha256 == hashlib.sha256(b"a: 1\n").hexdigest()


def test_a_missing_file_brings_up_names_like_it(tmp_path: Path) -> None:
    for name in ("scenario.yaml", "scenario.yaml.txt", "unlike.yml", "scenario.png"):
        (tmp_path / name).touch()
    problem = only_in(tmp_path / "scenari.yaml")
    assert problem.code == "CS101"
    assert problem.place is None
    assert problem.message == (
        f"Cannot find {tmp_path / 'scenari.yaml'}. "
        "Files here that look similar: scenario.yaml, scenario.yaml.txt"
    )


def test_a_missing_file_without_similar_ones_brings_up_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "kent.yaml").touch()
    assert only_in(tmp_path / "x").message.endswith("The .yaml files here: kent.yaml")
    nowhere = only_in(tmp_path / "no" / "folder.yaml")
    assert nowhere.message.endswith("There are no .yaml files here.")


@pytest.mark.parametrize("name", ["kent.yaml/inside.yaml", "nul\0.yaml"])
def test_a_name_that_no_file_can_have_is_a_missing_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "kent.yaml").touch()
    assert only_in(tmp_path / name).code == "CS101"


def test_a_folder_lists_the_scenarios_in_it(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "notes.txt"):
        (tmp_path / name).touch()
    problem = only_in(tmp_path)
    assert (problem.code, problem.place) == ("CS102", None)
    assert problem.message.endswith("is a folder, not a scenario file. "
                                    "The .yaml files here: a.yml, b.yaml")  # fmt: skip


def test_a_long_folder_is_listed_in_part(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number:02}.yaml").touch()
    assert only_in(tmp_path).message.endswith("08.yaml, 09.yaml and 2 more")


def test_a_file_that_may_not_be_opened_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "s.yaml").touch()
    monkeypatch.setattr(Path, "open", refuse)
    problem = only_in(tmp_path / "s.yaml")
    assert (problem.code, problem.place) == ("CS103", None)
    assert problem.message == f"Cannot read {tmp_path / 's.yaml'}: Permission denied"


def test_a_folder_that_may_not_be_listed_is_still_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> Iterator[Path]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert only_in(tmp_path).message.endswith("There are no .yaml files here.")


def test_more_than_a_megabyte_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    with path.open("wb") as file:
        file.truncate(5_000_000_000)
    problem = only_in(path)
    assert (problem.code, problem.place) == ("CS104", None)
    assert "larger than 1 MB" in problem.message


def test_the_limit_of_a_megabyte_is_in_bytes() -> None:
    assert read("a: " + "x" * 999_990) == {"a": "x" * 999_990}
    assert only("a: " + "x" * 1_000_000).code == "CS104"
    assert only("a: " + "é" * 500_000).code == "CS104"


# --- bytes ---------------------------------------------------------------------------------------


def spelt(data: bytes, tmp_path: Path) -> Document:
    (tmp_path / "s.yaml").write_bytes(data)
    return read_file(tmp_path / "s.yaml")


@pytest.mark.parametrize(
    "data",
    [
        b"a: 1\r\nb: |\r\n  c\r\n",
        b"a: 1\rb: |\r  c\r",
        b"a: 1\nb: |\n  c",
        b"\xef\xbb\xbfa: 1\nb: |\n  c\n",
    ],
    ids=["crlf", "cr", "no last line end", "byte order mark"],
)
def test_line_ends_and_a_byte_order_mark_change_nothing(data: bytes, tmp_path: Path) -> None:
    assert spelt(data, tmp_path) == spelt(b"a: 1\nb: |\n  c\n", tmp_path)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_is_named(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_bytes("title: Form\nb: 1\n".encode(encoding))
    problem = only_in(tmp_path / "s.yaml")
    assert spot(problem) == ("CS105", 1, 1)
    assert (
        problem.message == f"The file is saved as {encoding[:6].upper()}, and scenarios are UTF-8"
    )
    assert "Save it as UTF-8" in problem.hint
    assert problem.source_line == "title: Form"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_an_ansi_byte_is_found_by_line_and_column(line_end: str, tmp_path: Path) -> None:
    before = f"a: 1{line_end}b: é".encode()
    (tmp_path / "s.yaml").write_bytes(before + "£5".encode("cp1252") + line_end.encode())
    problem = only_in(tmp_path / "s.yaml")
    assert spot(problem) == ("CS105", 2, 5)
    assert "0xA3 here is not UTF-8" in problem.message
    assert "'£'" in problem.message
    assert problem.source_line == "b: é£5"


def test_a_byte_that_is_no_character_at_all_is_found_too(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_bytes(b"\xef\xbb\xbfa: \x81\n")
    problem = only_in(tmp_path / "s.yaml")
    assert spot(problem) == ("CS105", 1, 4)
    assert problem.message == "The byte 0x81 here is not UTF-8"


@pytest.mark.parametrize("hidden", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\ud800", "\ufffe"])
def test_control_characters_are_found_even_in_comments(hidden: str) -> None:
    found = problems(f"a: {hidden}1\nb: 2 # {hidden}\n")
    assert [spot(problem) for problem in found] == [("CS106", 1, 4), ("CS106", 2, 8)]
    assert f"control character (U+{ord(hidden):04X})" in found[0].message
    assert found[0].source_line == "a: ?1"


def test_control_characters_are_found_beside_invisible_ones_in_comments() -> None:
    assert spots("a: 1 # \xa0\x1f\n") == [("CS106", 1, 9)]


def test_a_line_separator_is_named() -> None:
    assert "LINE SEPARATOR (U+2028)" in only("a: x # y\u2028b: 1").message


def test_a_file_of_zeros_is_not_taken_for_utf_16(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_bytes(bytes(1000))
    found = refused(lambda: read_file(tmp_path / "s.yaml"))
    assert {problem.code for problem in found} == {"CS106"}
    assert len(found) == 100


# --- characters that mislead ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hidden", "name"),
    [
        ("\xa0", "NO-BREAK SPACE"),
        ("\u3000", "IDEOGRAPHIC SPACE"),
        ("\u2009", "THIN SPACE"),
        ("\u200b", "ZERO WIDTH SPACE"),
        ("\ufeff", "ZERO WIDTH NO-BREAK SPACE"),
        ("\xad", "SOFT HYPHEN"),
        ("\u202e", "RIGHT-TO-LEFT OVERRIDE"),
        ("\U000e0041", "TAG LATIN CAPITAL LETTER A"),
    ],
)
@pytest.mark.parametrize(
    "where",
    [
        "a: 1\nb:{} 2",
        "a: 1\n{}b: 2",
        "a: 1\nb: 'x # {}'",
        "a: 1\nb: 'it'' # {}s'",
        "a: 1\nb: |\n  # {}x",
        "a: 1\n# it's\nb: {}c # d's",
    ],
)
def test_invisible_characters_are_found_and_named(hidden: str, name: str, where: str) -> None:
    problem = only(where.format(hidden))
    before = where.partition("{}")[0].split("\n")
    assert spot(problem) == ("CS107", len(before), len(before[-1]) + 1)
    assert name in problem.message


def test_invisible_characters_in_comments_do_no_harm() -> None:
    text = "# \xa0note\na: 'it''s' # \u200b \"\nb: \"x \\\" y\" #\u3000\n"
    assert read(text) == {"a": "it's", "b": 'x " y'}


def test_invisible_characters_side_by_side_are_one_problem() -> None:
    assert spots("a:\n\xa0\xa0b: 1\n\xa0\xa0c: 2") == [("CS107", 2, 1), ("CS107", 3, 1)]


def test_invisible_characters_hide_no_other_problem() -> None:
    assert spots("a:\xa01\nb: 010\nb: 2") == [("CS107", 1, 3), ("CS140", 2, 4), ("CS130", 3, 1)]


def test_a_tab_is_found_on_every_line_that_it_indents() -> None:
    found = problems("a:\n\tb: 1\n  \tc: 2\n")
    assert [spot(problem) for problem in found] == [("CS121", 2, 1), ("CS121", 3, 3)]
    assert "use spaces" in found[0].hint


def test_a_tab_in_place_of_a_value_is_found() -> None:
    assert spots("-\t- 1\n") == [("CS121", 1, 2)]


def test_tabs_inside_text_do_no_harm() -> None:
    text = "a: |\n  x\n  \ty\nb: 'x\n\ty'\nc:\t1\t# d\n"
    assert read(text) == {"a": "x\n\ty\n", "b": "x y", "c": 1}


@pytest.mark.parametrize(
    ("text", "place", "straight"),
    [
        ("a: \u201cOnline form\u201d", (1, 4), '"Online form"'),
        ("a: \u2018children\u2019s form\u2019 # x", (1, 4), '"children\u2019s form"'),
        ("\u201ca\u201d: 1", (1, 1), '"a"'),
        ("a: {b: \u201cc, d\u201d}", (1, 8), '"c, d"'),
        ("a: \u201cb: c\u201d", (1, 4), '"b: c"'),
        ("a:\n  - \u201cb: c\u201d: d", (2, 5), '"b: c"'),
        ('a: \u201cb"', (1, 4), '"b"'),
        ("a: \u201c", (1, 4), '""'),
    ],
)
def test_typographic_quotes_show_their_straight_form(
    text: str, place: tuple[int, int], straight: str
) -> None:
    problem = only(text)
    assert spot(problem) == ("CS108", *place)
    assert straight in problem.hint


@pytest.mark.parametrize(
    "text",
    ["Children\u2019s form", "\u201cOnline\u201d form", "\u2019tis", "the \u201cform\u201d", "’"],
)
def test_typographic_quotes_within_text_do_no_harm(text: str) -> None:
    assert read(f"a: {text}") == {"a": text}
    assert read(f'a: "{text}"') == {"a": text}


# --- what the file is ----------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "\ufeff"])
def test_an_empty_file_says_how_to_start(text: str) -> None:
    problem = only(text)
    assert spot(problem) == ("CS110", 1, 1)
    assert problem.message == "The file is empty"
    assert "`costsim new`" in problem.hint


@pytest.mark.parametrize("text", ["- a\n- b", "[a]", "hello", "a:1\nb:2", "~", "''", "£5"])
def test_a_file_without_keys_is_told_what_is_expected(text: str) -> None:
    problem = only(text)
    assert spot(problem) == ("CS111", 1, 1)
    assert "Expected `key: value` lines" in problem.message


@pytest.mark.parametrize("text", ["a: 1\n---\nb: 2", "a: 1\n---\n", "a: 1\n--- {"])
def test_a_second_document_is_refused_where_it_begins(text: str) -> None:
    assert spots(text) == [("CS112", 2, 1)]


def test_content_after_the_end_of_the_document_is_refused() -> None:
    assert spots("a: 1\n...\nb: 2") == [("CS112", 3, 1)]
    assert read("---\na: 1\n...\n") == {"a": 1}


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize("piece", ["[", "{", "{a: ", "- ", "? ", "[{a: ", '{"": '])
def test_two_hundred_thousand_brackets_are_refused_at_once(piece: str) -> None:
    started = time.process_time()
    found = problems(f"a: {piece * 200_000}" if piece[0] in "[{" else piece * 200_000)
    assert time.process_time() - started < 1
    assert {"CS113", "CS104"} & {problem.code for problem in found}


def test_twenty_levels_are_enough_and_the_next_is_refused_where_it_opens() -> None:
    assert read(f"a: {'[' * 19}1{']' * 19}")
    assert spots(f"a: {'[' * 20}1{']' * 20}") == [("CS113", 1, 23)]


def test_fifty_thousand_nodes_are_enough() -> None:
    assert len(read_text("a: [" + "1," * 49_997 + "]", "s.yaml").root.entries) == 1
    problem = only("a: [" + "1," * 50_000 + "]")
    assert problem.code == "CS114"
    assert "50,000" in problem.message


def test_reading_stops_at_a_hundred_problems() -> None:
    assert len(problems("a: 1\n" * 1000)) == 100
    assert len(problems("".join(f"k{n}:\xa01\n" for n in range(1000)))) == 100


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_a_yaml_directive_changes_no_reading(version: str) -> None:
    assert read(f"%YAML {version}\n---\na: NO\nb: 2017-04-01\n") == {"a": "NO", "b": "2017-04-01"}


def test_other_directives_are_refused() -> None:
    assert spots("%YAML 2.0\n---\na: 1") == [("CS124", 1, 1)]


# --- keys ----------------------------------------------------------------------------------------


def test_a_key_given_twice_names_the_line_of_the_first() -> None:
    problem = only("a:\n  b: 1\n\n  'b': 2\n")
    assert spot(problem) == ("CS130", 4, 3)
    assert problem.message == '"b" was already given on line 2'
    assert problem.path == "a.b"


def test_the_same_key_may_stand_in_different_places() -> None:
    assert read("a: {x: 1}\nb: {x: 2}\nx: 3") == {"a": {"x": 1}, "b": {"x": 2}, "x": 3}


def test_a_key_is_its_text_whatever_it_looks_like() -> None:
    keys = ["2017", "true", "NO", "010", "12:30", ".nan", "2017-04-01", "1e3", "-1"]
    text = "".join(f"{key}: x\n" for key in keys)
    assert read(text) == dict.fromkeys(keys, "x")
    assert read('"null": 1\n"": 2\n"<<": 3') == {"null": 1, "": 2, "<<": 3}


@pytest.mark.parametrize(
    "text", ["null: 1", "~: 1", "? \n: 1", "[a]: 1", "{a: b}: 1", "? - a\n: 1", "{{ x }}: 1"]
)
def test_a_key_that_is_nothing_or_a_group_is_refused(text: str) -> None:
    (problem, *_) = problems(text)
    assert problem.code == "CS131"
    assert problem.place is not None
    assert problem.place.line == 1


def test_braces_of_a_template_get_the_hint_to_quote_them() -> None:
    assert "put it in quotes" in only("a: {{ name }}").hint


# --- what YAML can do and scenarios must not -----------------------------------------------------


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 1\nb: *x", [("CS132", 1, 4), ("CS132", 2, 4)]),
        ("a: &x [*x]", [("CS132", 1, 4), ("CS132", 1, 8)]),
        ("&x a: 1", [("CS132", 1, 1)]),
        ("a: *unknown", [("CS132", 1, 4)]),
        ("*x : 1", [("CS131", 1, 1), ("CS132", 1, 1)]),
        ("a: {<<: {b: 1}}", [("CS133", 1, 5)]),
        ("a: *\n", [("CS132", 1, 5)]),
    ],
)
def test_anchors_aliases_and_merge_keys_are_refused(
    text: str, expected: list[tuple[str, int, int]]
) -> None:
    assert sorted(spots(text)) == sorted(expected)


def test_a_billion_laughs_are_never_expanded() -> None:
    lines = ["l0: &l0 [ha, ha]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 10)]
    assert {problem.code for problem in problems("\n".join(lines))} == {"CS132"}


def test_merge_keys_within_merge_keys_are_never_expanded() -> None:
    lines = ["l0: &l0 {a: 1}"]
    lines += [f"l{n}: &l{n} {{<<: [{', '.join([f'*l{n - 1}'] * 5)}]}}" for n in range(1, 10)]
    assert {problem.code for problem in problems("\n".join(lines))} == {"CS132", "CS133"}


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    "value",
    ["!!binary aGk=", "!!set {a}", "!!timestamp 2017-04-01", "!local x", "! x", "!!str 5",
     "!<tag:yaml.org,2002:int> 5", "!undefined!x y", "!!python/name:os.system"],
)  # fmt: skip
def test_tags_are_refused(value: str) -> None:
    (problem, *_) = problems(f"a: {value}")
    assert spot(problem) == ("CS134", 1, 4)


@pytest.mark.usefixtures("either_parser")
def test_a_tag_runs_nothing(tmp_path: Path) -> None:
    target = tmp_path / "made"
    command = f"!!python/object/apply:os.mkdir ['{target}']"
    assert spots(f"a: {command}") == [("CS134", 1, 4)]
    assert not target.exists()


def test_settings_and_templates_are_taken_literally(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COST", "5")
    text = "a: ${COST}\nb: \"{{ cost }}\"\nc: x {{ cost }}\nd: $COST\ne: '%(COST)s'\n"
    literally = {"a": "${COST}", "b": "{{ cost }}", "c": "x {{ cost }}", "d": "$COST"}
    assert read(text) == literally | {"e": "%(COST)s"}


# --- values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("", None), ("~", None), ("null", None), ("Null", None),
        ("true", True), ("True", True), ("false", False), ("FALSE", False),
        ("0", 0), ("-0", 0), ("40", 40), ("+5", 5), ("-12", -12),
        ("0.5", 0.5), (".5", 0.5), ("5.", 5.0), ("-1.50", -1.5),
        ("1e3", 1000), ("1E-3", 0.001), ("2.5e+2", 250.0), ("0e5", 0), ("0.000", 0),
        ("1e300", 1e300), ("-1e-300", -1e-300), ("9" * 300, int("9" * 300)),
    ],
)  # fmt: skip
def test_plain_values_are_read_by_the_core_rules(written: str, value: object) -> None:
    found = read_text(f"a: {written}", "s.yaml").root.get("a")
    assert isinstance(found, Scalar)
    assert found.value == value
    assert isinstance(found.value, bool) == isinstance(value, bool)
    assert isinstance(found.value, float) == bool(
        re.search(r"[0-9].*[.e]|[.e].*[0-9]", written, re.I)
    )


@pytest.mark.parametrize(
    "written",
    ["NO", "no", "yes", "on", "Off", "y", "nULL", "tRUE", "2017-04-01", "2017-04-01 12:30",
     "£1,000", "1,000", "5%", "45 min", "(500)", "1.000,50", "1.2.3", "12:75", "12:30 h",
     "10 x 4", "0114 496 0000", "Nancy", "inform", "Infant", "e5", "1e", "+", ".", "--", "-a",
     "E10000016", "0x", "0xZZ", "1:2:3:4", "²", "٣"],
)  # fmt: skip
def test_other_plain_values_stay_text(written: str) -> None:
    assert read(f"a: {written}") == {"a": written}


@pytest.mark.parametrize(
    ("written", "code", "instead"),
    [
        ("010", "CS140", "Write 10,"),
        ("-007.50", "CS140", "Write -7.50,"),
        ("00", "CS140", "Write 0,"),
        ("00.5", "CS140", "Write 0.5,"),
        ("0x1F", "CS140", "Write 31,"),
        ("-0x1f", "CS140", "Write -31,"),
        ("0o17", "CS140", "Write 15,"),
        ("0b101", "CS140", "Write 5,"),
        ("0x" + "f" * 5000, "CS140", "Write it in ordinary digits,"),
        ("1_000", "CS140", "Write 1000,"),
        ("1_000.5", "CS140", "Write 1000.5,"),
        ("12:30", "CS141", "a duration such as 12.5 h, or put it in quotes if it is text"),
        ("1:02:30", "CS141", "a duration such as 1.04167 h,"),
    ],
)
def test_numbers_in_surprising_forms_say_what_to_write(
    written: str, code: str, instead: str
) -> None:
    problem = only(f"a: 1\nb: [{written}]")
    assert spot(problem) == (code, 2, 5)
    assert f'"{written[:40]}' in problem.message
    assert instead in problem.hint
    assert read(f"a: '{written}'") == {"a": written}


@pytest.mark.parametrize("written", [".nan", ".NaN", ".inf", "NaN", "nan", "-.inf", "+.Inf", "inf"])
def test_what_is_not_a_real_number_is_refused(written: str) -> None:
    problem = only(f"a: {written}")
    assert spot(problem) == ("CS142", 1, 4)
    assert problem.message == f'"{written}" must be a real number'


@pytest.mark.parametrize(("text", "column"), [("a: -", 4), ("a: - # none", 4), ("a: {b: -}", 8)])
def test_a_dash_alone_is_no_value(text: str, column: int) -> None:
    problem = only(text)
    assert spot(problem) == ("CS142", 1, column)
    assert problem.message == '"-" must be a real number'


def test_an_integer_of_five_thousand_digits_is_refused_where_it_stands() -> None:
    problem = only(f"a: 1\nb: {'9' * 5000}\n")
    assert spot(problem) == ("CS143", 2, 4)
    assert "(5000 characters)" in problem.message
    assert len(problem.message) < 200


@pytest.mark.parametrize(
    "written", ["1e301", "-1e301", "1e999", "1" + "0" * 301, "1e-301", "-1e-310", "1e-400"]
)
def test_magnitudes_that_no_model_holds_are_refused(written: str) -> None:
    assert spots(f"a: {written}") == [("CS143", 1, 4)]


@pytest.mark.parametrize(
    ("text", "spot_", "instead"),
    [
        ("a: {mean: £1,000}", (1, 11), "£1000"),
        ("a: {mean: £1,000, sd: 2}", (1, 11), "£1000"),
        ("a: {mean: £1,234,567.50}", (1, 11), "£1234567.50"),
        ("a: {n: 1,200}", (1, 8), "1200"),
        ("a: {mean: £1,000 a year}", (1, 11), "£1000"),
        ("a: [£1,000]", (1, 5), "£1000"),
        ("a: [£1,200]", (1, 5), "£1200"),
        ("a:\n  [12,050]", (2, 4), "12050"),
    ],
)
def test_a_comma_that_cuts_a_number_in_brackets_is_explained(
    text: str, spot_: tuple[int, int], instead: str
) -> None:
    problem = only(text)
    assert spot(problem) == ("CS144", *spot_)
    assert problem.hint == f"Write {instead} without the comma, or put it in quotes."
    assert problem.path == "a"


def test_commas_that_cut_no_number_do_no_harm() -> None:
    text = 'a: £1,000\nb: [1,200,300]\nc: {d: 1,e: 2}\nf: ["£1,000",£500]\ng: {h: 1,200: 5}\n'
    assert read(text) == {
        "a": "£1,000",
        "b": [1, 200, 300],
        "c": {"d": 1, "e": 2},
        "f": ["£1,000", "£500"],
        "g": {"h": 1, "200": 5},
    }


def test_an_escape_may_not_bring_in_a_control_character() -> None:
    found = problems('a: "x\\0y"\n"k\\e": 1\nb: "tab\\t, line\\n, \\u00a3"')
    assert [spot(problem) for problem in found] == [("CS106", 1, 4), ("CS106", 2, 1)]


# --- syntax --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    ("text", "expected", "words"),
    [
        ("a: 'x\nb: 1", ("CS122", 1, 4), "never closed"),
        ('a: "x\u201d\nb: 1', ("CS122", 1, 4), "straight quote"),
        ("a: 'b\n---\n'", ("CS122", 1, 4), "never closed"),
        ("a: 'it's'", ("CS122", 1, 8), "write it twice"),
        ('a: "b\\q"', ("CS123", 1, None), "single quotes"),
        ("a: [1, 2\nb: 3", ("CS125", 1, 4), "not closed"),
        ("a: {b: 1\n", ("CS125", 1, 4), "not closed"),
        ("a: {x: 1 y: 2}", ("CS125", 1, None), "comma"),
        ("a: [1]]", ("CS125", 1, 7), "without an opening one"),
        ("a: b: c", ("CS127", 1, 5), "quotes"),
        ("a: 1\n b: 2", ("CS128", 2, 3), "further in"),
        ("a:\n    b: 1\n  c: 2", ("CS128", 3, 3), "same number of spaces"),
        ("a:\n  - 1\n c: 3", ("CS128", 3, 2), "same number of spaces"),
        ("- 1\nb: 2", ("CS128", 2, 1), "same number of spaces"),
        ("a: - 1", ("CS128", 1, 4), "line of its own"),
        ("a\nb: 2", ("CS129", 2, 2), "has no colon"),
        (": 1", ("CS129", 1, 1), "no key"),
        ("a: %5", ("CS126", 1, 4), "double quotes"),
        ("a: @x", ("CS126", 1, 4), "double quotes"),
        ("a: ,", ("CS126", 1, 4), "quotes"),
        ("a: > x", ("CS126", 1, 6), "lines of its own"),
        ("a: ? b", ("CS120", 1, 4), "could not be understood"),
    ],
)
def test_broken_syntax_gets_one_problem_in_plain_words(
    text: str, expected: tuple[str, int, int | None], words: str
) -> None:
    problem = only(text)
    code, line, column = spot(problem)
    assert (code, line) == expected[:2]
    assert expected[2] in (None, column)
    assert words in problem.message + problem.hint
    assert problem.source_line == text.split("\n")[line - 1]


def test_a_line_without_a_colon_is_found_where_it_starts() -> None:
    assert spots("a: 1\nb\n# c\nd: 1") == [("CS129", 2, 1)]


@pytest.mark.usefixtures("either_parser")
def test_an_impossible_character_code_is_refused() -> None:
    assert {problem.code for problem in problems('a: "\\U00110000"')} == {"CS123"}


def test_problems_before_broken_syntax_are_reported_with_it() -> None:
    assert spots("a: 010\na: 1\nb: 'x") == [("CS140", 1, 4), ("CS130", 2, 1), ("CS122", 3, 4)]


def test_all_problems_of_a_text_come_together_in_reading_order() -> None:
    text = "a: 010\nb: &x 1\nc: !t 2\na: .inf\n~: 3\nd: {e: £1,000}\n"
    codes = [problem.code for problem in problems(text)]
    assert codes == ["CS140", "CS132", "CS134", "CS130", "CS142", "CS131", "CS144"]


# --- anything at all -----------------------------------------------------------------------------

SNIPPETS = st.sampled_from(
    ["a", "b: ", ": ", "- ", "\n", "\n  ", "\t", " ", "'", '"', "[", "]", "{", "}", ",", "#", " #",
     "&x ", "*x", "!t ", "!!int ", "<<: ", "? ", "|\n", ">\n", "%", "---\n", "...\n", "\\", "\\u",
     "010", "1,000", "£", "12:30", ".nan", "~", "\xa0", "\u200b", "\u201c", "\u2019", "\u2028",
     "\ufeff", "\r", "\0", "\U0001f600", "9" * 400, "1e-400", "@", "`", "-"]
)  # fmt: skip
ANY_TEXT = st.text() | st.lists(SNIPPETS, max_size=40).map("".join)


def outcome(reading: Callable[[], Document]) -> Document | tuple[Problem, ...]:
    try:
        return reading()
    except ScenarioError as error:
        return error.problems


@given(ANY_TEXT, st.sampled_from(BOTH_PARSERS))
def test_any_text_is_either_read_or_refused_with_places(text: str, parser: object) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tree, "_Events", parser)
        found = outcome(lambda: read_text(text, "s.yaml"))
    if isinstance(found, Document):
        assert read_text(found.text, "s.yaml") == found
    else:
        assert found
        assert all(problem.place for problem in found)


@given(st.binary())
def test_any_bytes_are_either_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(data)
    found = outcome(lambda: read_file(path))
    assert found
    assert not isinstance(found, Document) or found == read_text(data.decode(), str(path))


class QuotingDumper(yaml.SafeDumper):
    """Writes every text in double quotes, and every list and mapping out in full."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')


QuotingDumper.add_representer(str, quoted)

WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]))
NUMBERS = st.integers(-(10**300), 10**300) | st.floats(allow_nan=False).filter(
    lambda number: number == 0 or 1e-300 <= abs(number) <= 1e300
)
DATA = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner),
    max_leaves=15,
).filter(lambda data: depth(data) < tree.DEEPEST)


def depth(data: object) -> int:
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return 1 + max((depth(each) for each in inner), default=0)


@given(st.dictionaries(WORDS, DATA, min_size=1))
def test_data_written_as_yaml_is_read_back_the_same(data: dict[str, Plain]) -> None:
    assert read(yaml.dump(data, Dumper=QuotingDumper, sort_keys=False)) == data


@given(NUMBERS)
def test_a_number_as_python_writes_it_is_read_back_the_same(number: float) -> None:
    found = read_text(f"a: {number!r}", "s.yaml").root.get("a")
    assert isinstance(found, Scalar)
    assert isinstance(found.value, type(number))
    assert found.value == number
    assert math.copysign(1, found.value) == math.copysign(1, number)


# --- weight --------------------------------------------------------------------------------------


def test_reading_needs_neither_numpy_nor_pydantic() -> None:
    program = (
        "import sys; from costsim.scenario.text import read_text; read_text('a: 1', 's');"
        "print({'numpy', 'pydantic', 'pandas', 'scipy'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", program]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("set()\n", "")
