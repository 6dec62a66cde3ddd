"""What commands can be told: kinds of values, and the options that several commands share."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from costsim import units

Command = TypeVar("Command", bound=Callable[..., Any])


class Pounds(click.ParamType[float]):
    """An amount of money above zero, such as 2 or £2.50; or nothing, where that may be."""

    name = "pounds"

    def __init__(self, *, or_nothing: bool = False) -> None:
        self._or_nothing = or_nothing

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The amount in pounds."""
        try:
            amount = units.pounds(value)
        except ValueError as error:
            self.fail(str(error).replace("|", ". "), param, ctx)
        if self._or_nothing:
            return amount if amount >= 0 else self.fail("it cannot be below zero", param, ctx)
        return amount if amount > 0 else self.fail("it must be above zero", param, ctx)


class Kept(click.ParamType[int]):
    """A number of replications, or `all`."""

    name = "N|all"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; all is as many as there can be."""
        if value == "all":
            return sys.maxsize
        if re.fullmatch("[1-9][0-9]{0,8}", str(value)):
            return int(value)
        return self.fail("write a whole number from 1, or all", param, ctx)


def shared(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Options that several commands have, in one decorator."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


FILE = click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
SEED = click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), help="Which luck; the scenario's unless given."
)
SO_MANY = click.IntRange(1, 100_000)
ENGINE = click.option(
    "--engine",
    type=click.Choice(["auto", "reference", "kernel"]),
    default="auto",
    show_default=True,
    help="SimPy (reference), compiled (kernel), or by how much work there is (auto): the figures "
    "are the same.",
)
WORKERS = click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    help="Processes that share large work; one for each processor unless given.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the screen.")
QUIET = click.option("--quiet", is_flag=True, help="Print nothing but errors.")
OUT = click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for the files; it must not exist yet."
)
