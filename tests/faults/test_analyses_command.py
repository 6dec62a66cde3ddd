"""The commands of analysis, uncertainty, sensitivity and voi: what they show, leave and answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from costsim import answers
from costsim.uncertainty import response
from tests.faults.command import SCENARIO, Done, contents, costsim, names
from tests.faults.full_disk import room_in_each_file_for

QUICK = SCENARIO.replace("        wait: {lognormal: {mean: 12 days, sd: 9 days}}\n", "").replace(
    "other: £5000", "other: £46000"
)
COMMANDS = {
    "uncertainty": ["uncertainty", "s.yaml", "--draws", "64"],
    "sensitivity": ["sensitivity", "s.yaml", "--replications", "2", "--workers", "1"],
    "voi": ["voi", "s.yaml", "--draws", "64"],
}
every_command = pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)


@pytest.fixture(autouse=True)
def quick(folder: Path) -> None:
    """A scenario of which only money varies, and which does not always repay."""
    (folder / "s.yaml").write_text(QUICK, encoding="utf-8")


@pytest.fixture
def results(folder: Path) -> Path:
    """A folder of results of a run with a seed of its own."""
    assert costsim("run", "s.yaml", "--replications", 4, "--seed", 7, "--out", "r").code == 0
    return folder / "r"


@pytest.fixture
def interrupt_after(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Press Ctrl-C once, when so many draws are worked out by arithmetic, 16 at a time."""
    real, done = answers.means, []

    def means(*words: Any) -> Any:
        done.append(words)
        if len(done) == arranged[0] + 1:
            raise KeyboardInterrupt
        return real(*words)

    arranged = [-1]

    def arrange(draws: int) -> None:
        arranged[0] = draws + 1  # whether there is arithmetic is asked once before
        monkeypatch.setattr(response, "means", means)
        monkeypatch.setattr(response, "BY_ARITHMETIC_AT_ONCE", 16)

    return arrange


def lines(shown: str) -> str:
    """What is shown, however it is broken into lines."""
    return " ".join(shown.split())


def rows(content: Any, table: str) -> list[list[Any]]:
    """The rows of a table in an analysis, figures as numbers."""
    found = next(each for each in content["tables"] if each["name"] == table)
    return [
        [cell if isinstance(cell, str) else cell["number"] for cell in row] for row in found["rows"]
    ]


# --- 0: done -------------------------------------------------------------------------------------


@every_command
def test_an_analysis_answers_0_and_says_nothing_on_standard_error(words: list[str]) -> None:
    done = costsim(*words)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Online form: ")


@every_command
def test_json_is_one_document_of_real_numbers_without_pictures(words: list[str]) -> None:
    done = costsim(*words, "--json")
    assert (done.code, done.err) == (0, "")
    assert done.json["kind"] == words[0]
    assert done.json["pictures"] == []


@every_command
def test_quiet_prints_nothing_but_the_files_are_there(folder: Path, words: list[str]) -> None:
    done = costsim(*words, "--quiet", "--out", "kept")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert f"{words[0]}.json" in names(folder / "kept")
    assert names(folder / "kept" / "figures")


@every_command
def test_the_file_says_what_json_prints(folder: Path, words: list[str]) -> None:
    done = costsim(*words, "--json", "--out", "kept")
    assert done.json == json.loads((folder / "kept" / f"{words[0]}.json").read_text("utf-8"))
    assert done.json["pictures"]
    drawn = {f"{each['name']}.svg" for each in done.json["pictures"]}
    assert names(folder / "kept" / "figures") == drawn


@every_command
def test_the_same_seed_gives_the_same_json_and_another_seed_another(words: list[str]) -> None:
    first = costsim(*words, "--json").out
    assert costsim(*words, "--json", "--workers", 2).out == first
    assert costsim(*words, "--json", "--seed", 5).out != first


@every_command
@pytest.mark.parametrize("width", ["60", "80"])
def test_no_figure_is_lost_on_a_narrow_screen(
    monkeypatch: pytest.MonkeyPatch, words: list[str], width: str
) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    wide = costsim(*words).out
    monkeypatch.setenv("COLUMNS", width)
    narrow = costsim(*words).out
    figures = re.compile(r"-?£?\d[\d,.]*\d%?|-?£?\d%?")
    assert {each.rstrip(".,") for each in figures.findall(wide)} <= {
        each.rstrip(".,") for each in figures.findall(narrow)
    }
    plain = [line for line in narrow.splitlines() if "#" not in line and "|" not in line]
    assert max(map(len, plain)) <= int(width) + 1


def test_the_screen_of_an_uncertainty_goes_from_the_answer_to_the_inputs() -> None:
    shown = lines(costsim(*COMMANDS["uncertainty"]).out)
    order = [
        "Online form: how sure the answer is",
        "It saves money in",
        "The spread of the answer",
        "How well so many draws show it",
        "How probable it is",
        "It repays within 3 years",
        "What it may lose to choose now",
        "How the inputs were drawn",
        "uniform, £30.00 to £50.00",
    ]
    places = [shown.find(each) for each in order]
    assert -1 not in places
    assert places == sorted(places)


def test_the_files_of_an_uncertainty_hold_every_draw(folder: Path) -> None:
    assert costsim(*COMMANDS["uncertainty"], "--quiet", "--out", "kept").code == 0
    assert names(folder / "kept") == {"uncertainty.json", "draws.parquet", "samples.csv", "figures"}
    table = pq.read_table(folder / "kept" / "draws.parquet")
    assert table.num_rows == 64
    inputs = {"staff.worker.hourly_cost", "referrals.per_year"}
    assert inputs | {"net_benefit.new", "payback_years.new", "days_sooner.new"} <= set(
        table.column_names
    )
    read = np.genfromtxt(folder / "kept" / "samples.csv", delimiter=",", names=True)
    assert read.dtype.names == ("referralsper_year", "staffworkerhourly_cost", "net_benefitnew")
    assert np.array_equal(read["net_benefitnew"], table["net_benefit.new"].to_numpy())


def test_the_samples_of_an_uncertainty_have_its_evpi() -> None:
    done = costsim(*COMMANDS["uncertainty"], "--json", "--out", "kept")
    least = min(row[2] for row in rows(done.json, "losses"))
    assert least > 0
    worth = costsim("voi", "kept/samples.csv", "--json")
    assert worth.code == 0
    assert rows(worth.json, "evpi")[0][1] == pytest.approx(least)
    assert rows(costsim(*COMMANDS["voi"], "--json").json, "evpi")[0][1] == pytest.approx(least)


def test_a_sensitivity_with_every_part_shows_and_gives_them_all(folder: Path) -> None:
    text = f"{QUICK}uncertainty: {{draws: 200}}\n"
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    inputs = ("referrals.per_year", "staff.worker.hourly_cost")
    words = (*COMMANDS["sensitivity"], "--two-way", *inputs, "--discover")
    done = costsim(*words, "--global", "regression", "--size", 128, "--out", "kept")
    assert (done.code, done.err) == (0, "")
    for heading in ("Switching values", "two inputs together", "What drives the", "does not pay"):
        assert heading in done.out
    kept = json.loads((folder / "kept" / "sensitivity.json").read_text("utf-8"))
    assert {"swings", "switches", "two_way", "global", "discovery"} <= set(kept)
    assert kept["schema"] == "costsim.oneway/1"
    assert kept["discovery"]["verdict"] == "box"


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_groups_of_inputs_move_together(method: str) -> None:
    words = (*COMMANDS["sensitivity"], "--global", method, "--size", 8, "--json")
    found = costsim(*words, "--group", "pay=staff.*").json["global"]
    assert {each["name"] for each in found["indices"]} == {"pay", "referrals.per_year"}


def test_a_study_is_valued_with_its_costs_and_spread() -> None:
    words = (*COMMANDS["voi"], "--study", "staff.worker.hourly_cost", "--sizes", "2,20", "--json")
    done = costsim(*words, "--spread", "£4", "--fixed", "£100", "--each", "£3")
    assert done.code == 0
    assert [(row[0], row[3]) for row in rows(done.json, "study.1")] == [(2, 106.0), (20, 160.0)]


# --- a folder of results -------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_an_analysis_of_results_stands_beside_them_and_in_the_report(
    results: Path, command: str
) -> None:
    before = contents(results)
    words = [command, "r", *COMMANDS[command][2:]]
    first = costsim(*words)
    assert first.code == 0
    assert "In place of" not in first.out
    after = contents(results)
    assert {name: after[name] for name in before} == before
    assert all(name.startswith("analyses/") for name in set(after) - set(before))
    kept = json.loads(after[f"analyses/{command}.json"])
    assert (kept["schema"], kept["settings"]["seed"]) == ("costsim.analysis/1", 7)
    assert f"In place of the earlier {command} analysis there." in costsim(*words).out
    assert costsim("report", "r", "--quiet").code == 0
    assert f"analysis-{command}" in (results / "report.html").read_text("utf-8")


def test_an_out_keeps_an_analysis_out_of_the_results(folder: Path, results: Path) -> None:
    before = contents(results)
    assert costsim("uncertainty", "r", "--draws", 64, "--quiet", "--out", "kept").code == 0
    assert contents(results) == before
    assert "uncertainty.json" in names(folder / "kept")


def test_results_that_were_changed_are_not_analysed(results: Path) -> None:
    (results / "summary.json").write_text("{}", encoding="utf-8")
    done = costsim("uncertainty", "r", "--draws", 64)
    assert (done.code, done.out) == (3, "")
    assert "has been changed" in done.err


# --- 1: done, but something failed ---------------------------------------------------------------


@pytest.fixture
def impossible(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Make every so manieth set of inputs impossible, but not the scenario as it stands."""
    real = answers.means
    asked: list[Any] = []

    def means(*words: Any) -> Any:
        asked.append(words)
        if len(asked) > 1 and len(asked) % every[0] == 0:
            raise ValueError("it cannot be")
        return real(*words)

    every = [1]

    def arrange(number: int) -> None:
        asked.clear()
        every[0] = number
        monkeypatch.setattr(response, "means", means)

    return arrange


def test_draws_that_cannot_be_evaluated_are_counted_and_the_others_kept(
    folder: Path, impossible: Callable[[int], None]
) -> None:
    impossible(8)
    done = costsim(*COMMANDS["uncertainty"], "--workers", 1, "--out", "kept")
    assert (done.code, done.err) == (1, "")
    assert "Mind: 8 of 64 draws could not be evaluated; draw 7: it cannot be" in done.out
    samples = (folder / "kept" / "samples.csv").read_text("utf-8").splitlines()
    assert len(samples) == 1 + 56
    impossible(8)
    assert costsim(*COMMANDS["voi"], "--workers", 1, "--quiet").code == 1


@pytest.mark.parametrize("command", ["uncertainty", "voi"])
def test_where_no_draw_can_be_evaluated_it_says_why(
    impossible: Callable[[int], None], command: str
) -> None:
    impossible(1)
    done = costsim(*COMMANDS[command], "--workers", 1)
    assert (done.code, done.out) == (1, "")
    assert "There is no answer: 64 of 64 draws could not be evaluated" in done.err


@every_command
def test_a_check_that_failed_is_said_on_top_and_told_below(folder: Path, words: list[str]) -> None:
    text = QUICK.replace("worker: {hourly_cost", "worker: {headcount: 1, hourly_cost")
    text = text.replace("value: 50", "value: 900").replace("[40, 60]", "[800, 1000]")
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    done = costsim(*words)
    assert done.code == 1
    assert done.out.split("\n")[1].startswith("A CHECK OF THIS RUN FAILED")
    assert "Checks that failed - load: this site, old" in lines(done.out)


# --- 2: the command line -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["uncertainty", "s.yaml", "--draws", "0"], "--draws"),
        (["uncertainty"], "FILE|DIR"),
        (["sensitivity", "s.yaml", "--global", "anova"], "'anova' is not one of"),
        (["sensitivity", "s.yaml", "--global", "sobol", "--size", "100"], "no power of two"),
        (["sensitivity", "s.yaml", "--global", "pawn", "--size", "50"], "at least 100"),
        (["sensitivity", "s.yaml", "--group", "staff.*"], "is no group"),
        (["sensitivity", "s.yaml", "--group", "a=staff.*"], "--global"),
        (["sensitivity", "s.yaml", "--outcome", "saving"], "no outcome here"),
        (["sensitivity", "s.yaml", "--two-way", "referrals.per_yr", "a"], "Did you mean"),
        (["voi", "s.yaml", "--study", "referrals.year"], "Did you mean referrals.per_year"),
        (["voi", "s.yaml", "--draws", "20", "--study", "referrals.per_year"], "give the spread"),
        (["voi", "s.yaml", "--study", "referrals.per_year", "--spread", "2 h"], "spread of"),
        (["voi", "s.yaml", "--sizes", "5;10"], "as in 5,10,20"),
        (["voi", "s.yaml", "--each", "-£2"], "below zero"),
        (["voi", "s.yaml", "--fixed", "€2"], "amount of money"),
        (["voi", "s.yaml", "--group", "a=b.*"], "no uncertain input is called"),
        (["voi", "s.yaml", "--group", "a=staff.*", "--group", "a=staff.*"], "the same name"),
    ],
    ids=range(17),
)
def test_what_cannot_be_asked_answers_2_in_a_sentence_and_leaves_nothing(
    folder: Path, words: list[str], said: str
) -> None:
    done = costsim(*words, *["--out", "kept"] * (len(words) > 1))
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err
    assert names(folder) == {"s.yaml"}


# --- 3: the input --------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["uncertainty", "voi"])
def test_a_scenario_without_uncertain_inputs_answers_3(folder: Path, command: str) -> None:
    text = re.sub(r", uncertain: \{uniform: \[[^]]*\]\}", "", QUICK)
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    done = costsim(*COMMANDS[command])
    assert (done.code, done.out) == (3, "")
    assert "no input of this scenario is uncertain" in done.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "begins with net_benefit"),
        ("a,net_benefit\n1,2\n", "at least 10 are needed"),
        ("a,net_benefit\n" + "1,£5\n" * 20, "is no number"),
    ],
    ids=["worthless", "few", "pounds"],
)
def test_a_table_that_is_wrong_answers_3_with_its_line(folder: Path, text: str, said: str) -> None:
    (folder / "t.csv").write_text(text, encoding="utf-8")
    done = costsim("voi", "t.csv")
    assert (done.code, done.out) == (3, "")
    assert "t.csv:" in done.err
    assert said in done.err


@pytest.fixture
def anybodys(folder: Path) -> str:
    """A table of draws that costsim did not make: a share, a number and two options."""
    places = np.arange(1, 301) / 301
    worth = 100 * np.sin(12 * places) + 20
    cells = np.column_stack([places, 40 * places, 0 * places, worth]).tolist()
    text = "\n".join(",".join(map(str, row)) for row in cells)
    (folder / "t.csv").write_text(f"share,hours,net_benefit_old,net_benefit_new\n{text}\n", "utf-8")
    return "t.csv"


def test_anybodys_table_is_valued_by_its_own_names(anybodys: str) -> None:
    words = ("voi", anybodys, "--json", "--study", "share", "--sizes", "10")
    found = costsim(*words).json
    assert [row[0] for row in rows(found, "options")] == ["old", "new"]
    assert {row[0] for row in rows(found, "evppi")} == {"share", "hours"}
    assert 0 < rows(found, "study.1")[0][1] < rows(found, "evpi")[0][1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--study", "hours"], "give the spread"),
        (["--study", "hour"], "Did you mean hours"),
        (["--study", "hours", "--spread", "3 h"], "a spread"),
        (["--draws", "100"], "the draws that it has"),
    ],
    ids=range(4),
)
def test_what_cannot_be_asked_of_a_table_answers_2(
    anybodys: str, words: list[str], said: str
) -> None:
    done = costsim("voi", anybodys, *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


# --- 4: the disk ---------------------------------------------------------------------------------


@every_command
def test_what_cannot_be_written_is_still_shown_and_leaves_nothing(
    folder: Path, words: list[str]
) -> None:
    with room_in_each_file_for(100):
        done = costsim(*words, "--out", "kept")
    assert done.code == 4
    assert done.out.startswith("Online form: ")
    assert names(folder) == {"s.yaml"}


@every_command
def test_a_folder_that_is_there_is_refused_at_once(folder: Path, words: list[str]) -> None:
    (folder / "kept").mkdir()
    done = costsim(*words, "--out", "kept")
    assert (done.code, done.out) == (4, "")
    assert names(folder / "kept") == set()


def test_an_earlier_analysis_stays_whole_when_the_disk_is_full(results: Path) -> None:
    words = ("uncertainty", "r", "--draws", 64, "--quiet")
    assert costsim(*words).code == 0
    before = contents(results)
    with room_in_each_file_for(100):
        assert costsim(*words, "--seed", 3).code == 4
    assert contents(results) == before


# --- 130: interrupted ----------------------------------------------------------------------------


def _kept(folder: Path) -> Any:
    return json.loads((folder / "kept" / "uncertainty.json").read_text("utf-8"))


def test_the_draws_that_are_done_are_shown_and_kept_without_figures(
    folder: Path, interrupt_after: Callable[[int], None]
) -> None:
    interrupt_after(40)
    done = costsim(*COMMANDS["uncertainty"], "--workers", 1, "--out", "kept")
    assert done.code == 130
    assert done.out.split("\n")[1] == "INTERRUPTED: 32 of 64 draws were made."
    assert names(folder / "kept") == {"uncertainty.json", "draws.parquet", "samples.csv"}
    assert _kept(folder)["interrupted"]
    assert len((folder / "kept" / "samples.csv").read_text("utf-8").splitlines()) == 33


def test_information_of_the_draws_that_are_done_says_that_it_was_interrupted(
    interrupt_after: Callable[[int], None],
) -> None:
    interrupt_after(40)
    done = costsim(*COMMANDS["voi"], "--workers", 1)
    assert done.code == 130
    assert "INTERRUPTED: 32 of 64 draws were made." in done.out


def test_so_few_draws_that_information_cannot_be_told_leave_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, interrupt_after: Callable[[int], None]
) -> None:
    interrupt_after(9)
    monkeypatch.setattr(response, "BY_ARITHMETIC_AT_ONCE", 8)
    done = costsim(*COMMANDS["voi"], "--workers", 1, "--out", "kept")
    assert (done.code, done.out) == (130, "")
    assert names(folder) == {"s.yaml"}


def _interrupted(command: str) -> Done:
    return costsim(*COMMANDS[command], "--workers", 1, "--out", "kept")


@pytest.mark.parametrize("command", ["uncertainty", "voi"])
def test_an_interruption_before_any_draw_leaves_nothing(
    folder: Path, interrupt_after: Callable[[int], None], command: str
) -> None:
    interrupt_after(0)
    done = _interrupted(command)
    assert (done.code, done.out) == (130, "")
    assert names(folder) == {"s.yaml"}


def test_the_swings_are_kept_where_switching_values_are_interrupted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = costsim(*COMMANDS["sensitivity"], "--json").json

    def switches(*_words: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("costsim.report.analyses.further.switches", switches)
    done = costsim(*COMMANDS["sensitivity"], "--json", "--out", "kept")
    assert done.code == 130
    assert done.json["swings"] == whole["swings"]
    assert (done.json["interrupted"], done.json["not_done"]) == (True, ["switching values"])
    assert names(folder / "kept") == {"sensitivity.json"}
    assert "INTERRUPTED. Not done: switching values." in costsim(*COMMANDS["sensitivity"]).out
