"""Each way in which a command can end has its exit code, its words, and nothing left behind."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from costsim import __version__, evaluation
from costsim.scenario import loader
from tests.faults.command import FILES, SCENARIO, contents, costsim, names, program
from tests.faults.full_disk import room_in_each_file_for


def _raising(fault: BaseException) -> Callable[..., NoReturn]:
    def fails(*_: object, **__: object) -> NoReturn:
        raise fault

    return fails


ON_A_FILE = {
    "run": ["run", "s.yaml", "--replications", "2"],
    "check": ["check", "s.yaml"],
    "trace": ["trace", "s.yaml", "--referral", "1"],
    "sensitivity": ["sensitivity", "s.yaml", "--replications", "2"],
}
EVERY = [*ON_A_FILE.values(), ["schema"], ["new", "fresh.yaml"], ["--help"], ["--version"]]


# --- 0: done -------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", EVERY, ids=lambda words: words[0].strip("-"))
def test_a_command_that_succeeds_answers_0_and_says_nothing_on_standard_error(
    words: list[str],
) -> None:
    done = costsim(*words)
    assert (done.code, done.err) == (0, "")
    assert done.out.strip()


def test_the_version_is_that_of_the_package() -> None:
    assert costsim("--version").out.strip().endswith(__version__)


def test_a_run_makes_a_numbered_folder_with_every_file(folder: Path) -> None:
    assert costsim("run", "s.yaml", "--replications", 2).code == 0
    assert names(folder / "results") == {"s-001"}
    assert names(folder / "results" / "s-001") == FILES


@pytest.mark.parametrize("words", ON_A_FILE.values(), ids=ON_A_FILE)
def test_json_on_standard_output_is_one_valid_document_and_nothing_else(words: list[str]) -> None:
    done = costsim(*words, "--json")
    assert done.err == ""
    assert done.json["schema"].startswith("costsim.")
    assert done.out.startswith("{\n")
    assert done.out.endswith("}\n")


def test_the_json_of_a_run_is_what_its_summary_file_says(folder: Path) -> None:
    done = costsim("run", "s.yaml", "--replications", 2, "--json", "--out", "kept")
    assert done.json == json.loads((folder / "kept" / "summary.json").read_text("utf-8"))


def test_the_json_of_a_sensitivity_is_what_its_file_says(folder: Path) -> None:
    done = costsim("sensitivity", "s.yaml", "--replications", 2, "--json", "--out", "kept")
    assert done.code == 0
    assert done.json == json.loads((folder / "kept" / "sensitivity.json").read_text("utf-8"))


@pytest.mark.parametrize("command", ["run", "sensitivity"])
def test_quiet_prints_nothing_but_the_files_are_there(folder: Path, command: str) -> None:
    done = costsim(command, "s.yaml", "--replications", 2, "--quiet", "--out", "kept")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert names(folder / "kept")


def test_a_sensitivity_without_uncertain_inputs_says_so(folder: Path) -> None:
    text = re.sub(r", uncertain: \{uniform: \[[^]]*\]\}", "", SCENARIO)
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    done = costsim("sensitivity", "s.yaml", "--replications", 2)
    assert (done.code, done.err) == (0, "")
    assert "No input is uncertain" in done.out
    assert costsim("sensitivity", "s.yaml", "--replications", 2, "--json").json["swings"] == []


# --- 1: done, but a check failed -----------------------------------------------------------------


def test_a_run_whose_queue_grows_without_limit_answers_1_and_keeps_its_results(
    folder: Path,
) -> None:
    text = SCENARIO.replace("worker: {hourly_cost", "worker: {headcount: 1, hourly_cost")
    (folder / "s.yaml").write_text(text.replace("value: 50", "value: 900").replace(
        "[40, 60]", "[800, 1000]"), encoding="utf-8")  # fmt: skip
    done = costsim("run", "s.yaml", "--replications", 2)
    assert done.code == 1
    assert "Checks that failed" in done.out
    assert "grows without" in done.out
    assert names(folder / "results" / "s-001") == FILES
    failed = costsim("run", "s.yaml", "--replications", 2, "--json").json["checks"]
    assert any(not check["passed"] for check in failed)


# --- 2: wrong command line -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Usage"),
        (["rnu", "s.yaml"], "rnu"),
        (["run"], "FILE"),
        (["run", "s.yaml", "more.yaml"], "more.yaml"),
        (["run", "s.yaml", "--sed", "3"], "--sed"),
        (["run", "s.yaml", "--seed", "-1"], "--seed"),
        (["run", "s.yaml", "--seed", "lucky"], "--seed"),
        (["run", "s.yaml", "--seed", str(2**63)], "--seed"),
        (["run", "s.yaml", "--replications", "0"], "--replications"),
        (["run", "s.yaml", "--replications", "1.5"], "--replications"),
        (["run", "s.yaml", "--replications", "1000000000"], "--replications"),
        (["run", "s.yaml", "--precision", "0"], "--precision"),
        (["run", "s.yaml", "--precision", "-£2"], "--precision"),
        (["run", "s.yaml", "--precision", "two"], "--precision"),
        (["run", "s.yaml", "--keep", "0"], "--keep"),
        (["run", "s.yaml", "--keep", "-1"], "--keep"),
        (["run", "s.yaml", "--keep", "some"], "--keep"),
        (["run", "s.yaml", "--keep", "²"], "--keep"),
        (["trace", "s.yaml"], "--referral"),
        (["trace", "s.yaml", "--referral", "0"], "--referral"),
        (["trace", "s.yaml", "--referral", "100000"], "referrals"),
        (["trace", "s.yaml", "--referral", "1", "--replication", "-1"], "--replication"),
        (["trace", "s.yaml", "--referral", "1", "--replication", str(2**64)], "--replication"),
        (["trace", "s.yaml", "--referral", "1", "--site", "nowhere"], "nowhere"),
        (["sensitivity", "s.yaml", "--replications", "0"], "--replications"),
        (["new"], "FILE"),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_answers_2_and_names_what_is_wrong(
    folder: Path, words: list[str], said: str
) -> None:
    done = costsim(*words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert names(folder) == {"s.yaml"}


def test_a_trace_of_an_unknown_site_lists_the_sites(folder: Path) -> None:
    (folder / "s.yaml").write_text(f"{SCENARIO}sites: {{york: {{}}, bath: {{}}}}\n", "utf-8")
    done = costsim("trace", "s.yaml", "--referral", 1, "--site", "kent")
    assert done.code == 2
    assert "bath, york" in done.err


# --- 3: invalid scenario -------------------------------------------------------------------------

UNFIT = {
    "empty": b"",
    "comments only": b"# nothing\n",
    "a list": b"- a\n- b\n",
    "a sentence": b"hello\n",
    "a tab": SCENARIO.replace("  per_year", "\tper_year").encode(),
    "a no-break space": SCENARIO.replace("  per_year", "\xa0 per_year").encode(),
    "curly quotes": SCENARIO.replace("title: Online", "title: “Online”: x").encode(),
    "utf-16": SCENARIO.encode("utf-16"),
    "cp1252": SCENARIO.encode("cp1252"),
    "a control character": SCENARIO.replace("Online", "Onl\x07ine").encode(),
    "zeros": bytes(64),
    "a key twice": f"{SCENARIO}title: Again\n".encode(),
    "an octal number": SCENARIO.replace("value: 50", "value: 050").encode(),
    "infinity": SCENARIO.replace("value: 50", "value: .inf").encode(),
    "5000 digits": SCENARIO.replace("value: 50", f"value: {'9' * 5000}").encode(),
    "an alias": SCENARIO.replace("title: Online form", "title: &t Online form").encode(),
    "a tag": b"title: !!python/object/apply:os.system [touch owned]\n",
    "two documents": f"{SCENARIO}---\n{SCENARIO}".encode(),
    "too deep": b"a: " + b"[" * 200_000,
    "too large": b"a: " + b"x" * 2_000_000,
    "an unclosed bracket": SCENARIO.replace("rest}", "rest").encode(),
    "true for a number": SCENARIO.replace("value: 50", "value: true").encode(),
}


@pytest.mark.parametrize("command", ON_A_FILE)
@pytest.mark.parametrize("kind", UNFIT)
def test_a_file_that_is_no_scenario_answers_3_and_leaves_nothing(
    folder: Path, command: str, kind: str
) -> None:
    (folder / "s.yaml").write_bytes(UNFIT[kind])
    done = costsim(*ON_A_FILE[command])
    assert (done.code, done.out) == (3, "")
    assert re.search(r"^(s\.yaml:\d+:\d+: )?CS\d\d\d ", done.err)
    assert done.err.endswith("found. Nothing was run and no files were changed.\n")
    assert contents(folder) == {"s.yaml": UNFIT[kind]}


@pytest.mark.parametrize("command", ON_A_FILE)
@pytest.mark.parametrize(
    ("name", "said"), [("s.yml", "similar: s.yaml"), (".", "is a folder"), ("no/where", "Cannot")]
)
def test_a_file_that_is_not_there_answers_3_and_says_what_is(
    folder: Path, command: str, name: str, said: str
) -> None:
    done = costsim(*(name if word == "s.yaml" else word for word in ON_A_FILE[command]))
    assert (done.code, done.out) == (3, "")
    assert said in done.err
    assert names(folder) == {"s.yaml"}


def test_every_problem_is_shown_with_its_line_and_a_mark_under_its_column(folder: Path) -> None:
    text = SCENARIO.replace("next: closed}", "next: clsed}").replace("higher: 14 h", "higher: 14")
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    shown = costsim("check", "s.yaml").err.split("\n")
    first, second = (n for n, line in enumerate(shown) if re.match(r"s\.yaml:\d+:\d+: CS", line))
    assert "CS301" in shown[first]
    assert "CS421" in shown[second]
    line, mark = shown[second + 1], shown[second + 2]
    assert line.endswith(text.split("\n")[int(line.split("|")[0]) - 1])
    assert line[mark.index("^") :].startswith("clsed")
    assert "Did you mean closed?" in shown[second + 3]
    assert "2 problems found" in shown[-2]


def test_at_most_twenty_problems_are_shown_and_the_rest_are_counted(folder: Path) -> None:
    many = "".join(f"wrong_{number}: 1\n" for number in range(25))
    (folder / "s.yaml").write_text(SCENARIO + many, encoding="utf-8")
    done = costsim("check", "s.yaml")
    assert done.code == 3
    assert len(re.findall("CS201", done.err)) == 20
    assert "... and 5 more." in done.err
    assert "25 problems found" in done.err


def test_a_check_gives_every_problem_as_json_too(folder: Path) -> None:
    many = "".join(f"wrong_{number}: 1\n" for number in range(25))
    (folder / "s.yaml").write_text(SCENARIO + many, encoding="utf-8")
    done = costsim("check", "s.yaml", "--json")
    assert done.code == 3
    assert len(done.json["problems"]) == 25
    assert {each["code"] for each in done.json["problems"]} == {"CS201"}
    assert all(each["hint"] for each in done.json["problems"])


# --- 4: cannot read or write ---------------------------------------------------------------------


def test_new_never_replaces_a_file(folder: Path) -> None:
    done = costsim("new", "s.yaml")
    assert (done.code, done.out) == (4, "")
    assert "s.yaml exists already" in done.err
    assert (folder / "s.yaml").read_text("utf-8") == SCENARIO


@pytest.mark.parametrize("place", [".", "no/such/folder.yaml"])
def test_new_where_no_file_can_be_written_answers_4(folder: Path, place: str) -> None:
    done = costsim("new", place)
    assert (done.code, done.out) == (4, "")
    assert place in done.err
    assert names(folder) == {"s.yaml"}


def test_new_on_a_full_disk_leaves_no_half_file(folder: Path) -> None:
    with room_in_each_file_for(10):
        done = costsim("new", "fresh.yaml")
    assert (done.code, done.out) == (4, "")
    assert "fresh.yaml" in done.err
    assert names(folder) == {"s.yaml"}


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (MemoryError(), "not enough memory. Use fewer --replications"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
        (OSError(5, "Input/output error"), "Input/output error"),
        (ModuleNotFoundError("No module named 'simpy'", name="simpy"), "simpy"),
        (ImportError("DLL load failed"), "DLL load failed"),
    ],
    ids=lambda fault: type(fault).__name__ if isinstance(fault, Exception) else "",
)
def test_an_environment_at_fault_answers_4_with_advice(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, said: str
) -> None:
    monkeypatch.setattr(evaluation, "evaluate", _raising(fault))
    done = costsim("run", "s.yaml")
    assert (done.code, done.out) == (4, "")
    assert said in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("package", ["click", "yaml", "pydantic", "numpy", "simpy", "rich"])
def test_a_missing_package_answers_4_with_the_command_that_installs_it(package: str) -> None:
    start = "import runpy; runpy.run_module('costsim', run_name='__main__')"
    without = f"import sys; sys.modules[{package!r}] = None; {start}"
    done = program("run", "s.yaml", "--replications", "2", python=("-c", without))
    assert (done.code, done.out) == (4, "")
    assert package in done.err
    assert re.search(r"python -m pip install .*costsim", done.err)
    assert done.err.count("\n") == 1


# --- 5: a fault of ours --------------------------------------------------------------------------


@pytest.mark.parametrize("words", ON_A_FILE.values(), ids=ON_A_FILE)
@pytest.mark.parametrize(
    "fault",
    [RuntimeError("odd"), RecursionError("deep"), AssertionError(), KeyError("gone")],
    ids=repr,
)
def test_an_unforeseen_fault_answers_5_and_its_traceback_goes_to_a_log(
    folder: Path, logs: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], fault: Exception
) -> None:
    monkeypatch.setattr(loader, "load", _raising(fault))
    done = costsim(*words)
    (log,) = logs.iterdir()
    assert (done.code, done.out) == (5, "")
    assert done.err.count("\n") == 1
    assert done.err.rstrip().endswith(str(log))
    assert "Traceback" not in done.err
    written = log.read_text("utf-8")
    assert written.startswith(" ".join(words))
    assert "Traceback (most recent call last)" in written
    assert type(fault).__name__ in written
    assert names(folder) == {"s.yaml"}


def test_where_no_log_can_be_written_there_is_still_an_answer_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loader, "load", _raising(RuntimeError("odd")))
    monkeypatch.setattr(tempfile, "mkstemp", _raising(FileNotFoundError(2, "No folder")))
    done = costsim("run", "s.yaml")
    assert (done.code, done.out) == (5, "")
    assert "fault of costsim" in done.err
    assert "Traceback" not in done.err


def test_a_command_that_goes_well_leaves_no_log(logs: Path) -> None:
    assert costsim("run", "s.yaml", "--replications", 2).code == 0
    assert names(logs) == set()
