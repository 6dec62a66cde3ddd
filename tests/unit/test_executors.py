"""A crew gives the results in the order of the work, however many hands there are."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest

from costsim.errors import SimulationError
from costsim.executors import Crew, LocalProcesses, alone
from costsim.executors.pool import undisturbed

HERE = ["as imported"]


class Pile(Sequence[int]):
    """Pieces of work that know how many of them were looked at."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.taken: set[int] = set()

    def __len__(self) -> int:
        return self.number

    def __getitem__(self, position: int) -> int:  # type: ignore[override]
        self.taken.add(position)
        return position


class UnreadableError(Exception):
    """An error that can be sent, but not be read where it arrives."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} and {two}")


def unevenly(piece: int) -> int:
    """Later pieces of each five are done sooner."""
    time.sleep(0.01 * (5 - piece % 5))
    return piece**2


def where(piece: int) -> tuple[int, int]:
    return piece, os.getpid()


def fail(error: Exception, at: int, done: Path, piece: int) -> int:
    if piece == at:
        raise error
    time.sleep(0.05)
    (done / str(piece)).touch()
    return piece


def meet(room: Path, piece: int) -> tuple[int, int]:
    """Wait, for some time, until two workers are in the room."""
    (room / str(os.getpid())).touch()
    give_up = time.monotonic() + 20
    while len(list(room.iterdir())) < 2 and time.monotonic() < give_up:
        time.sleep(0.01)
    return where(piece)


def what_is_here(_piece: int) -> list[str]:
    return HERE


def heeds_ctrl_c(_piece: int) -> bool:
    return signal.getsignal(signal.SIGINT) is not signal.SIG_IGN


def a_lambda(piece: int) -> Callable[[], int]:
    return lambda: piece


def fail_unreadably(done: Path, piece: int) -> int:
    if piece == 4:
        raise UnreadableError("this", "that")
    return fail(KeyError(), -1, done, piece)


@pytest.fixture(scope="module")
def crew() -> Iterator[LocalProcesses]:
    with LocalProcesses(2) as workers:
        yield workers


@pytest.mark.parametrize("hands", [1, 2, 3])
def test_results_come_in_the_order_of_the_work_whatever_the_number_of_workers(hands: int) -> None:
    with LocalProcesses(hands) as crew:
        found = list(crew(unevenly, range(10)))
    assert found == list(alone(unevenly, range(10)))


def test_several_processes_do_the_work_and_none_of_them_is_this_one(
    crew: LocalProcesses, tmp_path: Path
) -> None:
    done_by = {pid for _, pid in crew(partial(meet, tmp_path), range(4))}
    assert len(done_by) == 2
    assert os.getpid() not in done_by
    assert crew.losses == []


@pytest.mark.parametrize(("hands", "pieces"), [(1, 5), (4, 1), (4, 0), (0, 3)])
def test_one_worker_or_one_piece_needs_no_process(hands: int, pieces: int) -> None:
    with LocalProcesses(hands) as crew:
        found = list(crew(where, range(pieces)))
    assert found == [(piece, os.getpid()) for piece in range(pieces)]


def test_workers_start_afresh_and_share_nothing_with_this_process(
    crew: LocalProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "HERE", ["changed"])
    crew.close()
    assert list(crew(what_is_here, range(2))) == [["as imported"]] * 2


def test_workers_leave_ctrl_c_to_this_process(crew: LocalProcesses) -> None:
    assert list(crew(heeds_ctrl_c, range(2))) == [False, False]


def test_workers_are_kept_from_one_call_to_the_next(crew: LocalProcesses, tmp_path: Path) -> None:
    first = {pid for _, pid in crew(partial(meet, tmp_path), range(4))}
    second = {pid for _, pid in crew(where, range(20))}
    assert second <= first


def test_a_crew_that_was_closed_starts_again_with_new_workers(crew: LocalProcesses) -> None:
    first = {pid for _, pid in crew(where, range(4))}
    crew.close()
    second = {pid for _, pid in crew(where, range(4))}
    assert first.isdisjoint(second)


def test_nothing_starts_before_the_first_result_is_asked_for(crew: LocalProcesses) -> None:
    pile = Pile(10)
    crew(unevenly, pile)
    assert pile.taken == set()


def test_few_pieces_are_given_out_ahead_of_what_is_handed_on(crew: LocalProcesses) -> None:
    pile = Pile(30)
    ahead = [len(pile.taken) - handed for handed, _ in enumerate(crew(abs, pile))]
    assert max(ahead) == 6
    assert len(pile.taken) == 30


@pytest.mark.parametrize(
    "error",
    [SimulationError("referral 7 waits for ever"), MemoryError(), KeyError("a", 1)],
    ids=repr,
)
def test_an_error_in_a_task_reaches_the_caller_as_it_is(
    crew: LocalProcesses, tmp_path: Path, error: Exception
) -> None:
    with pytest.raises(type(error)) as caught:
        list(crew(partial(fail, error, 4, tmp_path), range(5)))
    assert type(caught.value) is type(error)
    assert caught.value.args == error.args
    assert crew.losses == []


def test_an_error_comes_in_its_turn_and_the_queue_behind_it_gives_way_to_other_work(
    crew: LocalProcesses, tmp_path: Path
) -> None:
    found: list[int] = []
    results = crew(partial(fail, SimulationError("stop"), 3, tmp_path), range(100))
    with pytest.raises(SimulationError, match="stop"):
        found.extend(results)
    assert found == [0, 1, 2]
    assert list(crew(abs, [-1, -2, -3])) == [1, 2, 3]
    assert len(list(tmp_path.iterdir())) < 10
    assert crew.losses == []


def test_an_error_that_cannot_be_read_elsewhere_is_told_in_words(
    crew: LocalProcesses, tmp_path: Path
) -> None:
    with pytest.raises(SimulationError, match=r"^UnreadableError: this and that$"):
        list(crew(partial(fail_unreadably, tmp_path), range(5)))


def test_a_result_that_cannot_be_sent_is_an_error_and_no_loss(crew: LocalProcesses) -> None:
    with pytest.raises(Exception, match="lambda"):
        list(crew(a_lambda, range(4)))
    assert crew.losses == []


def test_a_caller_who_leaves_early_leaves_no_work_behind(
    crew: LocalProcesses, tmp_path: Path
) -> None:
    results = crew(partial(fail, ValueError(), -1, tmp_path), range(100))
    assert next(results) == 0
    del results
    done = len(list(tmp_path.iterdir()))
    time.sleep(0.2)
    assert done == len(list(tmp_path.iterdir())) < 10


def test_a_crew_of_processes_is_a_crew(crew: LocalProcesses) -> None:
    hands: Crew = crew
    assert list(hands(abs, [-2, 1])) == [2, 1]


def test_a_worker_needs_the_standard_library_only() -> None:
    ask = (
        "import sys; before = set(sys.modules); import costsim.executors;"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "costsim" in loaded
    assert loaded - {"costsim"} <= sys.stdlib_module_names


def interrupt(reached: list[str]) -> None:
    with undisturbed():
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)
        reached.append("the end")


def test_ctrl_c_waits_until_a_worker_has_started_whichever_thread_hears_it() -> None:
    before, reached, over = signal.getsignal(signal.SIGINT), list[str](), Event()
    other = Thread(target=over.wait, daemon=True)
    other.start()
    with pytest.raises(KeyboardInterrupt):
        interrupt(reached)
    over.set()
    other.join()
    assert reached == ["the end"]
    assert signal.getsignal(signal.SIGINT) is before
