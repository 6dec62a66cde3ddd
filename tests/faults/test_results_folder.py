"""The results folder appears whole or not at all, and what is there already stays as it is."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from costsim import experiment
from costsim.report import files
from tests.faults.command import FILES, SCENARIO, contents, costsim, names, program
from tests.faults.full_disk import room_in_each_file_for

RUN = ("run", "s.yaml", "--replications", "2")


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The replications that are simulated, as they happen."""
    numbers: list[int] = []
    real = experiment.replicate

    def counted(*words: Any) -> Any:
        numbers.append(words[-1])
        return real(*words)

    monkeypatch.setattr(experiment, "replicate", counted)
    return numbers


class Breaking:
    """A system call that fails the nth time that it is made, and works before and after."""

    def __init__(self, real: Callable[..., Any], nth: int, error: BaseException) -> None:
        self.calls = 0
        self._real, self._nth, self._error = real, nth, error

    def __call__(self, *words: Any, **named: Any) -> Any:
        if self.counts(*words, **named):
            self.calls += 1
            if self.calls == self._nth:
                raise self._error
        return self._real(*words, **named)

    def counts(self, *_: Any, **__: Any) -> bool:
        return True


class BreakingOpen(Breaking):
    """Opening a file to write in it."""

    def counts(self, *words: Any, **named: Any) -> bool:
        mode = str(named.get("mode", words[1] if len(words) > 1 else "r"))
        return bool(set(mode) & set("wxa+"))


# --- where results go ----------------------------------------------------------------------------


def test_runs_are_numbered_one_after_another(folder: Path) -> None:
    for _ in range(3):
        assert costsim(*RUN, "--quiet").code == 0
    assert names(folder / "results") == {"s-001", "s-002", "s-003"}


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (["s-001", "s-004"], "s-005"),
        (["s-999"], "s-1000"),
        (["s-007.old", "s-x", "t-003", "s-"], "s-001"),
        (["s-2017-005"], "s-001"),
    ],
)
def test_the_next_number_follows_the_highest_that_is_there(
    folder: Path, there: list[str], expected: str
) -> None:
    for name in there:
        (folder / "results" / name).mkdir(parents=True)
    assert costsim(*RUN, "--quiet").code == 0
    assert names(folder / "results") == {*there, expected}


def test_a_file_with_the_next_number_is_not_replaced(folder: Path) -> None:
    (folder / "results").mkdir()
    (folder / "results" / "s-001").write_text("precious", "utf-8")
    assert costsim(*RUN, "--quiet").code == 0
    assert (folder / "results" / "s-001").read_text("utf-8") == "precious"
    assert names(folder / "results" / "s-002") == FILES


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ("CON.yaml", "CON_-001"),
        ("com1.final.yaml", "com1_.final-001"),
        ("nul.yaml", "nul_-001"),
        (".yaml", "yaml-001"),
        ("..yaml", "scenario-001"),
        ("a b: c?.yaml", "a-b-c-001"),
        ("[s].yaml", "s-001"),
        ("..\\..\\x.yaml", "x-001"),
        ("C:x.yaml", "C-x-001"),
        ("trailing. .yaml", "trailing-001"),
        (f"{'long' * 50}.yaml", f"{'long' * 20}-001"),
        ("%s{0}$HOME.yaml", "s-0-HOME-001"),
    ],
)
def test_results_stay_in_their_folder_whatever_the_scenario_file_is_called(
    folder: Path, scenario: str, expected: str
) -> None:
    (folder / scenario).write_text(SCENARIO, encoding="utf-8")
    assert costsim("run", scenario, "--replications", 2, "--quiet").code == 0
    assert names(folder / "results") == {expected}
    assert names(folder) == {"s.yaml", "results", scenario}


def test_two_scenarios_named_in_letters_beyond_ascii_are_told_apart(folder: Path) -> None:
    for name in ("Größe.yaml", "Caffè.yaml"):
        (folder / name).write_text(SCENARIO, encoding="utf-8")
        assert costsim("run", name, "--replications", 2, "--quiet").code == 0
    assert len({name.rpartition("-")[0] for name in names(folder / "results")}) == 2


@pytest.mark.parametrize("name", ["ünïcode", "two words", "😀", "CON", "a" * 200, "-dash", "x.d"])
def test_out_is_made_under_exactly_the_name_that_was_asked_for(folder: Path, name: str) -> None:
    done = costsim(*RUN, f"--out={name}")
    assert done.code == 0
    assert names(folder) == {"s.yaml", name}
    assert names(folder / name) == FILES
    assert f"{name}  (summary.json" in done.out


def test_out_may_lie_deep_in_folders_that_are_not_there_yet(folder: Path) -> None:
    deep = Path(*["folder-with-a-long-name"] * 15)
    assert costsim(*RUN, "--out", deep, "--quiet").code == 0
    assert names(folder / deep) == FILES
    assert len(str(folder / deep)) > 300


def test_out_above_this_folder_goes_there_and_nowhere_else(folder: Path) -> None:
    assert costsim(*RUN, "--out", "../beside", "--quiet").code == 0
    assert names(folder.parent / "beside") == FILES
    assert names(folder) == {"s.yaml"}


def test_nothing_in_the_results_tells_who_ran_it_or_where(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER", "somebody-by-name")
    assert costsim("run", folder / "s.yaml", "--replications", 2, "--out", folder / "r").code == 0
    everything = b"".join(contents(folder / "r").values())
    for word in ("somebody-by-name", str(folder), str(folder.parent), os.uname().nodename):
        assert word.encode() not in everything


def test_the_same_run_elsewhere_and_later_gives_the_same_bytes(folder: Path) -> None:
    assert costsim(*RUN, "--out", "first", "--quiet").code == 0
    (folder / "elsewhere").mkdir()
    os.chdir(folder / "elsewhere")
    again = ("run", "../s.yaml", "--replications", "2", "--out", "first", "--quiet")
    assert costsim(*again).code == 0
    assert contents(folder / "first") == contents(folder / "elsewhere" / "first")


def test_the_manifest_has_the_hash_of_every_file_that_was_read(folder: Path) -> None:
    dated = SCENARIO.replace(
        "per_year: {value: 50, assumed: true, uncertain: {uniform: [40, 60]}}",
        "arrive: {dates: days.csv}",
    )
    (folder / "base.yaml").write_text(dated, encoding="utf-8")
    (folder / "s.yaml").write_text("extends: base.yaml\ntitle: Ours\n", encoding="utf-8")
    (folder / "days.csv").write_text("date\n2024-05-01\n2024-06-03\n", encoding="utf-8")
    assert costsim(*RUN, "--out", "kept", "--quiet").code == 0
    inputs = json.loads(contents(folder / "kept")["manifest.json"])["inputs"]
    assert set(inputs) == {"s.yaml", "base.yaml", "days.csv"}
    for name, digest in inputs.items():
        assert digest == hashlib.sha256((folder / name).read_bytes()).hexdigest()


# --- where they cannot go: found out before anything is simulated --------------------------------


def _file(folder: Path) -> str:
    (folder / "taken").write_text("precious", encoding="utf-8")
    return "taken"


def _folder(folder: Path) -> str:
    (folder / "taken").mkdir()
    (folder / "taken" / "note").write_text("precious", encoding="utf-8")
    return "taken"


def _empty_folder(folder: Path) -> str:
    (folder / "taken").mkdir()
    return "taken"


def _dangling_link(folder: Path) -> str:
    (folder / "taken").symlink_to(folder.parent / "nowhere")
    return "taken"


def _link_to_a_folder(folder: Path) -> str:
    (folder.parent / "other").mkdir()
    (folder / "taken").symlink_to(folder.parent / "other")
    return "taken"


def _below_a_file(folder: Path) -> str:
    return f"{_file(folder)}/inside"


def _no_such_place(_: Path) -> str:
    return "/proc/no-such-folder/results"


def _too_long(_: Path) -> str:
    return "x" * 300


def _this_folder(_: Path) -> str:
    return "."


@pytest.mark.parametrize("command", ["run", "sensitivity"])
@pytest.mark.parametrize(
    "place",
    [
        _file,
        _folder,
        _empty_folder,
        _dangling_link,
        _link_to_a_folder,
        _below_a_file,
        _no_such_place,
        _too_long,
        _this_folder,
    ],
    ids=lambda place: place.__name__.strip("_"),
)
def test_an_out_that_cannot_be_made_answers_4_before_anything_is_simulated(
    folder: Path, simulated: list[int], command: str, place: Callable[[Path], str]
) -> None:
    out = place(folder)
    before = contents(folder.parent), names(folder)
    done = costsim(command, "s.yaml", "--replications", 2, "--out", out)
    assert (done.code, done.out, simulated) == (4, "", [])
    assert done.err.count("\n") == 1
    assert (contents(folder.parent), names(folder)) == before


@pytest.mark.parametrize(
    "error",
    [PermissionError(13, "Permission denied"), OSError(30, "Read-only file system")],
    ids=["no permission", "read-only"],
)
def test_a_folder_that_refuses_files_answers_4_before_anything_is_simulated(
    folder: Path, simulated: list[int], monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    monkeypatch.setattr(io, "open", BreakingOpen(io.open, 1, error).__call__)
    done = costsim(*RUN)
    assert (done.code, simulated) == (4, [])
    assert str(error.strerror) in done.err
    assert "--out" in done.err
    assert names(folder) == {"s.yaml"}


def test_results_that_is_a_file_answers_4(folder: Path, simulated: list[int]) -> None:
    (folder / "results").write_text("precious", encoding="utf-8")
    done = costsim(*RUN)
    assert (done.code, simulated) == (4, [])
    assert (folder / "results").read_text("utf-8") == "precious"


def test_a_link_among_the_results_is_neither_followed_nor_replaced(folder: Path) -> None:
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    (folder / "results").mkdir()
    (folder / "results" / "s-001").symlink_to(elsewhere)
    assert costsim(*RUN, "--quiet").code == 0
    assert names(elsewhere) == set()
    assert (folder / "results" / "s-001").is_symlink()
    assert names(folder / "results" / "s-002") == FILES


def test_a_package_that_is_missing_for_writing_is_missed_before_anything_is_simulated(
    folder: Path, simulated: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyarrow"]:
        monkeypatch.setitem(sys.modules, name, None)
    done = costsim(*RUN)
    assert (done.code, done.out, simulated) == (4, "", [])
    assert "pyarrow" in done.err
    assert names(folder) == {"s.yaml"}


def test_no_folder_is_left_for_results_that_there_will_not_be(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replicate(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(experiment, "replicate", replicate)
    for words in (RUN, (*RUN, "--out", "a/b/c"), ("sensitivity", "s.yaml", "--out", "a/b/c")):
        assert costsim(*words).code == 4
        assert names(folder) == {"s.yaml"}


# --- a disk that fills up ------------------------------------------------------------------------


FULL = OSError(errno.ENOSPC, "No space left on device")
CALLS: dict[str, tuple[Any, str, type[Breaking], int]] = {
    "open": (io, "open", BreakingOpen, 5),
    "fsync": (os, "fsync", Breaking, 5),
    "rename": (os, "rename", Breaking, 1),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_disk_that_is_full_at_any_moment_leaves_the_earlier_results_and_nothing_else(
    earlier: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    module, name, kind, least = CALLS[call]
    results, reached, refused = earlier.parent, True, 0
    while reached:
        before = names(results)
        breaking = kind(getattr(module, name), refused + 1, FULL)
        with monkeypatch.context() as patch:
            patch.setattr(module, name, breaking.__call__)
            done = costsim(*RUN, "--quiet")
        reached = done.code != 0
        if reached:
            refused += 1
            assert (done.code, done.out) == (4, "")
            assert "No space left on device" in done.err
            assert names(results) == before
    assert refused >= least
    assert names(results / "s-002") == FILES


@pytest.mark.parametrize("size", [0, 1, 100, 1000, 5000])
def test_a_file_that_cannot_be_written_to_its_end_leaves_nothing(earlier: Path, size: int) -> None:
    with room_in_each_file_for(size):
        done = costsim(*RUN)
    assert done.code == 4
    assert "File too large" in done.err
    assert names(earlier.parent) == {"s-001"}
    assert costsim(*RUN).code == 0
    assert names(earlier.parent / "s-002") == FILES


def test_what_was_computed_is_still_shown_when_it_cannot_be_written(earlier: Path) -> None:
    with room_in_each_file_for(100):
        shown = costsim(*RUN)
        as_json = costsim(*RUN, "--json")
    assert (shown.code, as_json.code) == (4, 4)
    assert "The answer" in shown.out
    assert as_json.json["replications"] == 2
    assert earlier.is_dir()


def test_a_named_folder_does_not_appear_when_the_disk_is_full(folder: Path) -> None:
    with room_in_each_file_for(100):
        assert costsim(*RUN, "--out", "kept").code == 4
    assert names(folder) == {"s.yaml"}


def test_a_sensitivity_that_cannot_be_written_answers_4_and_leaves_nothing(folder: Path) -> None:
    with room_in_each_file_for(100):
        done = costsim("sensitivity", "s.yaml", "--replications", 2, "--out", "kept")
    assert done.code == 4
    assert "Swing" in done.out
    assert names(folder) == {"s.yaml"}


# --- somebody else at the same time --------------------------------------------------------------


@pytest.fixture
def another_run_first(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let another whole run come between the simulation and the writing of the next one."""
    real = files.write

    def arrange(*words: str) -> None:
        def late(*parts: Any) -> Any:
            monkeypatch.setattr(files, "write", real)
            assert costsim(*words).code == 0
            return real(*parts)

        monkeypatch.setattr(files, "write", late)

    return arrange


def test_of_two_runs_to_the_same_folder_the_second_to_finish_answers_4(
    folder: Path, another_run_first: Callable[..., None]
) -> None:
    another_run_first(*RUN, "--seed", "7", "--out", "same", "--quiet")
    done = costsim(*RUN, "--seed", "8", "--out", "same", "--json")
    assert done.code == 4
    assert "same" in done.err
    assert done.json["seed"] == 8
    assert names(folder) == {"s.yaml", "same"}
    assert b'"seed": 7' in contents(folder / "same")["summary.json"]
    assert names(folder / "same") == FILES


def test_two_numbered_runs_at_once_get_a_number_each(
    folder: Path, another_run_first: Callable[..., None]
) -> None:
    another_run_first(*RUN, "--seed", "7", "--quiet")
    assert costsim(*RUN, "--seed", "8", "--quiet").code == 0
    assert names(folder / "results") == {"s-001", "s-002"}
    assert b'"seed": 7' in contents(folder / "results" / "s-001")["summary.json"]
    assert b'"seed": 8' in contents(folder / "results" / "s-002")["summary.json"]


def test_a_folder_that_appears_at_the_last_moment_is_not_replaced(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.rename

    def late(source: str, target: str, **named: Any) -> None:
        Path(target).mkdir()
        (Path(target) / "note").write_text("precious", encoding="utf-8")
        real(source, target, **named)

    monkeypatch.setattr(os, "rename", late)
    done = costsim(*RUN, "--out", "same")
    assert done.code == 4
    assert names(folder) == {"s.yaml", "same"}
    assert contents(folder / "same") == {"note": b"precious"}


# --- a process that is killed --------------------------------------------------------------------

KILLED = """\
import os, signal
from costsim.cli import main
left = [{calls}]
def fatal(*words, real=os.{name}):
    left.append(left.pop() - 1)
    if left == [0]:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*words)
os.{name} = fatal
main()
"""


@pytest.mark.parametrize(("name", "calls"), [("fsync", 3), ("rename", 1)])
def test_a_run_that_is_killed_while_it_writes_shows_no_half_results(
    earlier: Path, name: str, calls: int
) -> None:
    done = program(*RUN, python=("-c", KILLED.format(name=name, calls=calls)))
    assert done.code == -9
    left = names(earlier.parent) - {"s-001"}
    assert all(each.startswith(".") for each in left)
    after = costsim(*RUN)
    assert after.code == 0
    assert names(earlier.parent / "s-002") == FILES
    assert all(each in after.out + after.err for each in left & names(earlier.parent))
