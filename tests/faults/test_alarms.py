"""What a reader must not miss is said on top: a run cut short, a check that failed, the luck."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import redirect_stderr
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from costsim import experiment
from costsim.progress import Progress, busy, silent
from costsim.report.progress import progress
from costsim.units import counted, narrow_money
from tests.faults.command import ESCAPE, SCENARIO, SIMULATED, Stream, costsim

Arrange = Callable[[int], None]
CLOSING = "No input alone, within its range, makes the net benefit negative."


@pytest.fixture
def interrupt_after(monkeypatch: pytest.MonkeyPatch) -> Arrange:
    """Press Ctrl-C when so many replications are done."""
    real = experiment.replicate

    def arrange(number: int) -> None:
        done = count()

        def replicate(*words: Any) -> Any:
            if next(done) == number:
                raise KeyboardInterrupt
            return real(*words)

        monkeypatch.setattr(experiment, "replicate", replicate)

    return arrange


@pytest.fixture
def overloaded(folder: Path) -> None:
    """Too many referrals for one worker."""
    text = SCENARIO.replace("worker: {hourly_cost", "worker: {headcount: 1, hourly_cost")
    text = text.replace("value: 50", "value: 900").replace("[40, 60]", "[800, 1000]")
    (folder / "s.yaml").write_text(text, encoding="utf-8")


def lines(shown: str) -> str:
    """What is shown, however it is broken into lines."""
    return " ".join(shown.split())


# --- interrupted ---------------------------------------------------------------------------------


def test_a_whole_sensitivity_says_nothing_of_an_interruption() -> None:
    done = costsim("sensitivity", "s.yaml", "--replications", 4)
    assert (done.code, "INTERRUPTED" in done.out) == (0, False)
    assert done.out.rstrip().endswith(CLOSING)
    found = costsim("sensitivity", "s.yaml", "--replications", 4, "--json").json
    assert (found["interrupted"], found["inputs"], found["not_varied"]) == (False, 2, [])


@pytest.fixture
def simulated(folder: Path) -> None:
    """A scenario of two inputs, of which the second by name is varied by simulating."""
    text = SIMULATED.replace(", uncertain: {uniform: [40, 60]}", "")
    taken = "take_up: {eligible: {value: 90%, uncertain: {beta: {mean: 90%, sd: 5%}}}}\n"
    (folder / "s.yaml").write_text(text + taken, encoding="utf-8")


@pytest.mark.usefixtures("simulated")
def test_an_interrupted_sensitivity_says_below_its_title_what_was_not_varied(
    interrupt_after: Arrange,
) -> None:
    interrupt_after(4 + 2)  # the base, and half of the only evaluation that needs the clock
    done = costsim("sensitivity", "s.yaml", "--replications", 4)
    assert done.code == 130
    said = "INTERRUPTED: 1 of 2 inputs were varied. Not varied: take_up.eligible."
    assert done.out.split("\n")[1] == said
    assert CLOSING not in done.out


@pytest.mark.usefixtures("simulated")
def test_an_interrupted_sensitivity_says_so_in_its_file(interrupt_after: Arrange) -> None:
    interrupt_after(4 + 2)
    found = costsim("sensitivity", "s.yaml", "--replications", 4, "--json").json
    assert (found["interrupted"], found["inputs"]) == (True, 2)
    assert found["not_varied"] == ["take_up.eligible"]
    assert len(found["swings"]) == 1


def test_an_interrupted_run_says_below_its_title_how_much_was_done(
    interrupt_after: Arrange,
) -> None:
    interrupt_after(3)
    done = costsim("run", "s.yaml", "--replications", 2000, "--workers", 1)
    assert done.code == 130
    said = r"INTERRUPTED after ([\d,]+) replications, of 2,000 that were asked for\."
    told = re.fullmatch(said, done.out.split("\n")[1])
    assert told
    assert f" {told[1]} replications, seed 1." in lines(done.out)


def test_an_interrupted_run_says_how_precise_it_is_and_was_to_be(interrupt_after: Arrange) -> None:
    interrupt_after(12)
    done = costsim("run", "s.yaml", "--precision", "0.05", "--json", "--out", "figures")
    low, high = done.json["programme"]["per_case_saving"]["ci95"]
    interrupt_after(12)
    shown = lines(costsim("run", "s.yaml", "--precision", "0.05").out)
    known = f"the saving on a case is known to within +-£{(high - low) / 2:.2f}"
    assert f"INTERRUPTED after 12 replications: {known}; +-£0.05 was asked for." in shown


# --- a check that failed -------------------------------------------------------------------------


@pytest.mark.usefixtures("overloaded")
@pytest.mark.parametrize("command", ["run", "sensitivity"])
def test_a_check_that_failed_is_said_on_top_and_told_below_by_every_command(command: str) -> None:
    done = costsim(command, "s.yaml", "--replications", 2)
    assert done.code == 1
    assert done.out.split("\n")[1].startswith("A CHECK OF THIS RUN FAILED")
    shown = lines(done.out)
    assert "Checks that failed - load: this site, old: worker is asked for" in shown


@pytest.mark.usefixtures("overloaded")
def test_a_sensitivity_gives_its_checks_as_data() -> None:
    done = costsim("sensitivity", "s.yaml", "--replications", 2, "--json")
    assert done.code == 1
    assert "load" in {each["name"] for each in done.json["checks"] if not each["passed"]}


# --- the luck of a sensitivity -------------------------------------------------------------------


@pytest.mark.usefixtures("simulated")
def test_a_sensitivity_says_how_many_replications_which_seed_and_how_sure_it_is() -> None:
    words = ("sensitivity", "s.yaml", "--replications", 7, "--seed", 4)
    found = costsim(*words, "--json").json
    low, high = found["net_benefit_ci95"]
    assert low < found["net_benefit"] < high
    said = rf"As it stands: \S+ \(7 replications, seed 4; £{(high - low) / 2:,.0f} either way"
    assert re.search(said, lines(costsim(*words).out))


def test_a_sensitivity_by_arithmetic_has_no_chance_in_it() -> None:
    shown = lines(costsim("sensitivity", "s.yaml", "--replications", 2).out)
    assert re.search(r"As it stands: £[\d,.]+ \(by arithmetic, with no chance in it\)", shown)


@pytest.mark.usefixtures("simulated")
def test_one_replication_says_nothing_of_chance() -> None:
    shown = lines(costsim("sensitivity", "s.yaml", "--replications", 1).out)
    assert "(1 replication, seed 1)" in shown


# --- progress ------------------------------------------------------------------------------------


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What a terminal shows while somebody tells a watcher something."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "120")

    def draw(tell: Callable[[Progress], None], **options: bool) -> str:
        stream = Stream(terminal=True)
        with redirect_stderr(stream), progress("Simulating", "runs", **options) as watcher:
            tell(watcher)
        return re.sub(ESCAPE + r"\[[\d;?]*[a-zA-Z]", "", stream.text())

    return draw


def test_a_total_that_is_a_guess_is_called_one(drawn: Callable[..., str]) -> None:
    shown = drawn(lambda tell: tell(3195, 3308), estimated=True)
    assert "3,195 of about 3,400 runs" in shown


def test_a_guess_that_has_come_true_is_no_end(drawn: Callable[..., str]) -> None:
    shown = drawn(lambda tell: tell(30, 30), estimated=True)
    assert " 30 runs" in shown
    assert "0:00:00" not in shown


def test_a_total_that_is_known_is_shown_as_it_is(drawn: Callable[..., str]) -> None:
    assert "1,195/3,308 runs" in drawn(lambda tell: tell(1195, 3308))


def test_what_is_being_done_stands_beside_the_bar_until_it_is_over(
    drawn: Callable[..., str],
) -> None:
    def work(tell: Progress) -> None:
        with busy(tell, "Compiling the model"):
            pass
        tell(1, 2)

    before, _, after = drawn(work).rpartition("Compiling the model")
    assert before
    assert "Simulating" in after


def test_in_a_file_there_is_a_line_for_what_cannot_be_counted_only(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress("Simulating", "replications") as tell:
        tell(1, 2)
        with busy(tell, "Compiling the model"):
            tell(2, 2)
    assert capsys.readouterr().err == "Compiling the model\n"


def test_quiet_work_and_a_plain_function_are_told_nothing_of_compiling(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told: list[tuple[int, int]] = []
    with progress("Simulating", "replications", hidden=True) as tell:
        for watcher in (tell, silent, lambda *each: told.append(each)):
            with busy(watcher, "Compiling the model"):
                watcher(1, 2)
    assert told == [(1, 2)]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("words", "estimated"), [((), True), (("--replications", 2), False)])
def test_a_run_calls_its_total_a_guess_only_under_a_precision(
    monkeypatch: pytest.MonkeyPatch, words: tuple[object, ...], estimated: bool
) -> None:
    asked: list[dict[str, Any]] = []

    def watch(*titles: str, **options: Any) -> Any:
        asked.append(options)
        return progress(*titles, **options)

    monkeypatch.setattr("costsim.report.progress.progress", watch)
    (one,) = [costsim("run", "s.yaml", *(words or ("--precision", 50)))]
    assert one.code == 0
    assert [each["estimated"] for each in asked] == [estimated]


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 inputs"), (1, "1 input"), (1539, "1,539 inputs")]
)
def test_one_is_not_many_and_thousands_are_set_apart(number: int, said: str) -> None:
    assert counted(number, "input") == said


def test_a_run_of_one_replication_over_one_year_is_told_in_the_singular(folder: Path) -> None:
    text = SCENARIO.replace("3 years", "1 year")
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    shown = lines(costsim("run", "s.yaml", "--replications", 1).out)
    assert "1 year, 2016-17 prices. 1 replication, seed 1." in shown
    assert re.search(r"Over 1 year, savings|within 1 year\.", shown)
    assert "By site, over 1 year " in shown


@pytest.mark.parametrize(
    ("amount", "said"),
    [(0.0001, "£0.0001"), (0.0996, "£0.1"), (0.5, "£0.50"), (2500, "£2,500.00"), (0, "£0.00")],
)
def test_a_small_amount_is_told_from_nothing(amount: float, said: str) -> None:
    assert narrow_money(amount) == said


def test_luck_that_gains_nothing_is_not_praised(folder: Path) -> None:
    certain = "form: {staff: {worker: {gamma: {mean: 2 h, sd: 1 h}}}, next: closed}"
    text = SCENARIO.replace(certain, "form: {staff: {worker: 2 h}, next: closed}")
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    found = costsim("run", "s.yaml", "--replications", 30, "--json", "--out", "kept").json
    assert found["gain_of_shared_luck"] < 1.05
    assert "as many replications" not in lines(costsim("run", "s.yaml", "--replications", 30).out)
    varied = costsim("run", "s.yaml", "--replications", 30, "--out", "again")
    assert varied.code == 0
