"""Workers that are killed, interrupted, orphaned or never start: no result is lost, or all is said.

The tasks below are what the workers do; a folder tells the tests what was tried, and by whom.
"""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from multiprocessing import util
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from costsim.errors import SimulationError
from costsim.executors import LocalProcesses, pool

ROOT = Path(__file__).parents[2]
DIED = "A worker process died (SIGKILL); its work was done again."
SOON = 5.0
"""Seconds within which workers end that nobody needs any more."""


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def attempt(log: Path, piece: int) -> int:
    """How often a piece has been tried, this time included."""
    with (log / str(piece)).open("a") as file:
        file.write(f"{os.getpid()}\n")
    return len(attempts(log, piece))


def attempts(log: Path, piece: int) -> list[int]:
    """Which processes have tried a piece."""
    return [int(line) for line in (log / str(piece)).read_text().split()]


def wait_until(true: Callable[[], object], seconds: float) -> bool:
    give_up = time.monotonic() + seconds
    while not (now := true()) and time.monotonic() < give_up:
        time.sleep(0.02)
    return bool(now)


def deadly(log: Path, fatal: dict[int, int], piece: int) -> int:
    """Some pieces kill their worker, the first so many times."""
    time.sleep(0.02)
    if attempt(log, piece) <= fatal.get(piece, 0):
        die()
    return piece * 10


def leave(code: int, _piece: int) -> None:
    os._exit(code)


def deadly_at_the_end(log: Path, piece: int) -> int:
    """The sixth piece kills its worker while the first goes on, and all between are done."""
    if attempt(log, piece) == 1 and piece == 5:
        assert wait_until((log / "0").exists, 20)
        die()
    if len(attempts(log, piece)) == 1 and piece == 0:
        assert wait_until((log / "5").exists, 20)
        time.sleep(60)
    return piece


def half_said(log: Path, piece: int) -> bytes:
    """One worker is killed when half of its result is in the pipe."""
    if attempt(log, piece) == 1 and piece == 1:
        send = Connection._send  # type: ignore[attr-defined]

        def send_half(self: Any, buffer: bytes, *rest: Any) -> None:
            send(self, buffer[: len(buffer) // 2], *rest)
            die()

        Connection._send = send_half  # type: ignore[attr-defined]
    return bytes([piece]) * 1_000_000


def asleep(log: Path, piece: int) -> int:
    """The fourth piece takes a minute, and so does each later one."""
    attempt(log, piece)
    if piece >= 3:
        time.sleep(60)
    return piece


def just_in_time(log: Path, piece: int) -> int:
    """The fourth piece and the fifth take long enough to be interrupted, the next a minute."""
    attempt(log, piece)
    time.sleep(0 if piece < 3 else 0.5 if piece < 5 else 60)
    return piece


def busy(log: Path, piece: int) -> int:
    """Compiled code that lets no other thread of its process run for a minute."""
    attempt(log, piece)
    if piece >= 3:
        sum(itertools.repeat(1, 10**10))
    return piece


SCRIPT = """\
import sys, time
from functools import partial
from pathlib import Path
from costsim.executors import LocalProcesses
from tests.faults import test_workers_killed as tasks
if __name__ == "__main__":
    with LocalProcesses(2) as crew:
        try:
            for each in crew(partial(tasks.{task}, Path({log!r})), range(9)):
                print(each, flush=True)
        except KeyboardInterrupt:
            print("interrupted", *crew.losses)
"""
SLOW_START = """\
elif not Path({log!r}, "start").exists():
    Path({log!r}, "start").touch()
    time.sleep(1)
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "log").mkdir()
    return tmp_path / "log"


@pytest.fixture
def crew() -> Iterator[LocalProcesses]:
    with LocalProcesses(2) as workers:
        yield workers


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Start a script as a program of its own, with a process group of its own as in a terminal."""
    running: list[subprocess.Popen[str]] = []

    def program(text: str) -> subprocess.Popen[str]:
        (folder / "script.py").write_text(text, encoding="utf-8")
        program = subprocess.Popen(
            [sys.executable, "script.py"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        running.append(program)
        return program

    yield program
    for each in running:
        with suppress(ProcessLookupError):
            os.killpg(each.pid, signal.SIGKILL)
        each.communicate()


def workers_in(log: Path) -> set[int]:
    return {pid for path in log.glob("[0-9]") for pid in attempts(log, int(path.name))}


def living(pids: set[int]) -> set[int]:
    """Which of some processes run; one that nobody has buried yet does not."""
    states = subprocess.run(
        ["ps", "-o", "pid=,stat=", "-p", ",".join(map(str, pids))],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.split() for line in states.stdout.splitlines()]
    return {int(pid) for pid, state in lines if not state.startswith("Z")}


# --- killed --------------------------------------------------------------------------------------


def test_what_a_killed_worker_did_is_done_again_once_and_reported(
    crew: LocalProcesses, log: Path
) -> None:
    found = list(crew(partial(deadly, log, {7: 1}), range(12)))
    assert found == [piece * 10 for piece in range(12)]
    assert crew.losses == [DIED]
    assert len(attempts(log, 7)) == 2
    assert max(len(attempts(log, piece)) for piece in range(12)) == 2
    assert all(len(attempts(log, piece)) == 1 for piece in (0, 1))


def test_what_was_finished_before_a_worker_was_killed_is_not_done_again(
    crew: LocalProcesses, log: Path
) -> None:
    assert list(crew(partial(deadly_at_the_end, log), range(8))) == list(range(8))
    assert [len(attempts(log, piece)) for piece in range(8)] == [2, 1, 1, 1, 1, 2, 1, 1]


def test_workers_that_are_killed_again_and_again_by_chance_lose_nothing(
    crew: LocalProcesses, log: Path
) -> None:
    found = list(crew(partial(deadly, log, {1: 1, 4: 1, 7: 1}), range(9)))
    assert found == [piece * 10 for piece in range(9)]
    assert crew.losses == [DIED]


def test_a_piece_that_kills_its_worker_each_time_is_named(log: Path) -> None:
    found: list[int] = []
    with LocalProcesses(2) as crew:
        results = crew(partial(deadly, log, {5: 99}), range(12))
        with pytest.raises(
            SimulationError, match=r"Piece 6 of 12 of the work \(5\) cannot"
        ) as caught:
            found.extend(results)
    assert "SIGKILL" in str(caught.value)
    assert "`--workers 1`" in str(caught.value)
    assert found == [0, 10, 20, 30, 40]
    assert len(attempts(log, 5)) == 3


def test_after_a_task_that_kills_every_worker_the_crew_does_other_work(
    crew: LocalProcesses,
) -> None:
    with pytest.raises(SimulationError, match=r"Piece 1 of 2 .*\(exit code 3\)"):
        list(crew(partial(leave, 3), range(2)))
    assert list(crew(abs, [-1, -2])) == [1, 2]


def test_a_worker_that_is_killed_while_it_idles_is_no_loss(crew: LocalProcesses, log: Path) -> None:
    list(crew(partial(deadly, log, {}), range(6)))
    os.kill(attempts(log, 5)[0], signal.SIGKILL)
    assert wait_until(lambda: not living({attempts(log, 5)[0]}), SOON)
    assert list(crew(abs, [-1, -2, -3])) == [1, 2, 3]
    assert crew.losses == []


def test_a_worker_that_is_killed_while_it_hands_over_a_result_is_noticed(
    crew: LocalProcesses, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "WATCH_SECONDS", 0.2)
    monkeypatch.setattr(pool, "GRACE_SECONDS", 0.2)
    found = list(crew(partial(half_said, log), range(4)))
    assert found == [bytes([piece]) * 1_000_000 for piece in range(4)]
    assert crew.losses == [DIED]


# --- interrupted ---------------------------------------------------------------------------------


@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["the program", "as a terminal does"])
def test_an_interruption_keeps_what_is_finished_and_ends_the_workers(
    start: Callable[[str], subprocess.Popen[str]], log: Path, send: Callable[[int, int], None]
) -> None:
    program = start(SCRIPT.format(task="asleep", log=str(log)))
    assert wait_until(lambda: (log / "3").exists() and (log / "4").exists(), 30)
    began = time.monotonic()
    send(program.pid, signal.SIGINT)
    out, err = program.communicate(timeout=30)
    assert time.monotonic() - began < SOON
    assert (out.split(), err) == (["0", "1", "2", "interrupted"], "")
    assert not living(workers_in(log))


def test_what_is_finished_within_the_time_of_grace_is_kept_too(
    start: Callable[[str], subprocess.Popen[str]], log: Path
) -> None:
    program = start(SCRIPT.format(task="just_in_time", log=str(log)))
    assert wait_until(lambda: (log / "3").exists() and (log / "4").exists(), 30)
    os.killpg(program.pid, signal.SIGINT)
    out, err = program.communicate(timeout=30)
    assert (out.split(), err) == (["0", "1", "2", "3", "4", "interrupted"], "")


def test_an_interruption_while_workers_start_leaves_no_word_of_theirs(
    start: Callable[[str], subprocess.Popen[str]], log: Path
) -> None:
    program = start((SCRIPT + SLOW_START).format(task="asleep", log=str(log)))
    assert wait_until((log / "start").exists, 30)
    began = time.monotonic()
    os.killpg(program.pid, signal.SIGINT)
    out, err = program.communicate(timeout=30)
    assert time.monotonic() - began < SOON
    assert (out.split()[-1], err) == ("interrupted", "")


# --- orphaned ------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", ["asleep", *(["busy"] if sys.platform == "linux" else [])])
def test_no_worker_outlives_a_program_that_is_killed(
    start: Callable[[str], subprocess.Popen[str]], log: Path, task: str
) -> None:
    program = start(SCRIPT.format(task=task, log=str(log)))
    assert wait_until(lambda: (log / "3").exists() and (log / "4").exists(), 30)
    workers = workers_in(log)
    assert living(workers) == workers
    program.kill()
    assert wait_until(lambda: not living(workers), SOON)


# --- never started -------------------------------------------------------------------------------


def test_a_script_without_a_guard_is_told_what_to_do(
    start: Callable[[str], subprocess.Popen[str]],
) -> None:
    program = start(
        "from costsim.executors import LocalProcesses\nprint(*LocalProcesses(2)(abs, [-1, -2]))\n"
    )
    out, err = program.communicate(timeout=30)
    assert (program.returncode, out) == (1, "")
    last = err.splitlines()[-1]
    assert err.startswith("A worker process of costsim was asked to start workers, and stops.")
    assert err.count("Traceback") == 1
    assert last.startswith("costsim.errors.SimulationError: The worker processes could not start.")
    assert "script.py" in last
    assert 'if __name__ == "__main__":' in last


def test_a_machine_that_refuses_another_process_is_no_mystery(
    crew: LocalProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(util, "spawnv_passfds", refuse)
    with pytest.raises(SimulationError, match=r"could not be started: .*unavailable.*fewer worker"):
        list(crew(abs, [-1, -2]))
