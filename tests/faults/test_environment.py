"""The machine may be odd, but the answer is the same: interpreter, locale, home folder, network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.faults.command import FILES, SCENARIO, contents, costsim, names, program

RUN = ("run", "s.yaml", "--replications", "2", "--json")
NOWHERE = "/proc/no-such-folder"


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a run answers on an ordinary machine."""
    place = tmp_path_factory.mktemp("usual")
    (place / "s.yaml").write_text(SCENARIO, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        return costsim(*RUN).out


@pytest.mark.parametrize("flags", [["-O"], ["-I"], ["-W", "error"]], ids=" ".join)
def test_flags_of_the_interpreter_change_nothing(usual: str, flags: Sequence[str]) -> None:
    done = program(*RUN, python=(*flags, "-m", "costsim"))
    assert (done.code, done.err) == (0, "")
    assert done.out == usual


HOMELESS = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "APPDATA"), NOWHERE)


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONDONTWRITEBYTECODE": "1", "TZ": "Pacific/Kiritimati"},
        {"LC_ALL": "de_DE.UTF-8", "LC_NUMERIC": "de_DE.UTF-8", "LANGUAGE": "de"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {**HOMELESS, "PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "2", "CI": "true", "FORCE_COLOR": "1", "COLUMNS": "10"},
    ],
    ids=["no bytecode", "decimal commas", "plain C", "no home", "CI"],
)
def test_the_environment_changes_nothing(usual: str, env: Mapping[str, str]) -> None:
    done = program(*RUN, env=env)
    assert (done.code, done.err) == (0, "")
    assert done.out == usual


# --- network -------------------------------------------------------------------------------------

NO_SOCKETS = """\
import socket
def refuse(*words, **named):
    raise SystemExit("the network was asked for")
class Refused(socket.socket):
    __init__ = refuse
socket.socket = Refused
for name in ("create_connection", "getaddrinfo", "gethostbyname", "gethostname"):
    setattr(socket, name, refuse)
"""


@pytest.fixture
def offline(tmp_path: Path) -> dict[str, str]:
    """An environment in which no program can ask for the network and live."""
    place = tmp_path / "offline"
    place.mkdir()
    (place / "sitecustomize.py").write_text(NO_SOCKETS, encoding="utf-8")
    paths = [str(place), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(paths)}


def test_a_run_never_asks_for_the_network(usual: str, offline: dict[str, str]) -> None:
    for words in ("socket.socket()", "socket.getaddrinfo('a.example', 80)"):
        asking = program(python=("-c", f"import socket; {words}"), env=offline)
        assert (asking.code, asking.err) == (1, "the network was asked for\n")
    done = program(*RUN, env=offline)
    assert (done.code, done.err) == (0, "")
    assert done.out == usual


# --- two ways to start it, and two at once -------------------------------------------------------


def test_python_m_costsim_does_all_that_costsim_does(folder: Path) -> None:
    script = Path(sys.executable).with_name("costsim")
    by_module = program("run", "s.yaml", "--replications", "2", "--out", "out")
    shutil.move(folder / "out", folder / "by-module")
    by_script = program(
        "run", "s.yaml", "--replications", "2", "--out", "out", python=(str(script),)
    )
    assert by_script == by_module
    assert by_script.code == 0
    assert contents(folder / "out") == contents(folder / "by-module")


def test_of_two_programs_that_want_the_same_folder_one_gets_it_whole(folder: Path) -> None:
    words = ["run", "s.yaml", "--replications", "2", "--quiet", "--out", "same", "--seed"]
    both = [
        subprocess.Popen([sys.executable, "-m", "costsim", *words, seed], stderr=subprocess.PIPE)
        for seed in ("1", "2")
    ]
    said = [running.communicate(timeout=120)[1] for running in both]
    assert sorted(running.returncode for running in both) == [0, 4]
    assert sorted(map(bool, said)) == [False, True]
    assert names(folder) == {"s.yaml", "same"}
    assert names(folder / "same") == FILES
