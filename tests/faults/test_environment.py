"""The machine may be odd, but the answer is the same: interpreter flags, locale, home, network."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.faults.command import FILES, contents, costsim, names, program

RUN = ("run", "s.yaml", "--replications", "2", "--json")

NO_SOCKETS = """\
import socket
def refuse(*words, **named):
    raise RuntimeError("the network was asked for")
for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname", "socketpair"):
    setattr(socket, name, refuse)
"""


@pytest.mark.parametrize(
    "flags", [["-O"], ["-OO"], ["-I"], ["-W", "error"], ["-X", "dev"], ["-B", "-S", "-s"]], ids=" ".join
)
def test_interpreter_flags_change_nothing(flags: list[str]) -> None:
    if "-S" in flags:
        flags = [flag for flag in flags if flag != "-S"]
    done = program(*RUN, python=(*flags, "-m", "costsim"))
    assert (done.code, done.err) == (0, "")
    assert done.out == costsim(*RUN).out
