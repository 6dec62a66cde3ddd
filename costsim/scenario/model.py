"""The manner of every part of a scenario: frozen, typed, strict about its keys, and documented.

A part knows its own keys and reports each unknown one at the place where it is written, with the
nearest valid name; `Section` adds the words by which an analyst says where a number comes from.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from costsim import units
from costsim.errors import Place, Problem

MOST_NAMES = 12


class Written(dict[str, Any]):
    """A mapping as written in a scenario file, which knows its place and its keys' places."""

    def __init__(
        self, items: Mapping[str, Any], place: Place, keys: Mapping[str, tuple[Place, str]]
    ) -> None:
        super().__init__(items)
        self.place = place
        self.keys_written = keys


@dataclass
class Reading:
    """What validators share while one scenario is read: the working day, and what they found."""

    minutes_per_day: float = units.MINUTES_PER_DAY
    problems: list[Problem] = field(default_factory=list)
    misspelt: set[tuple[Place, str]] = field(default_factory=set)
    unsound: set[Place] = field(default_factory=set)


def refusal(code: str, sentence: str) -> PydanticCustomError:
    """A validation error from a sentence, with an optional hint after a `|`."""
    message, _, hint = sentence.partition("|")
    return PydanticCustomError(
        "costsim", "{message}", {"code": code, "message": message, "hint": hint}
    )


@contextmanager
def refusing(code: str) -> Iterator[None]:
    """Whatever `ValueError` is raised inside becomes a validation error with this code."""
    try:
        yield
    except ValueError as error:
        raise refusal(code, str(error)) from error


def nearest(name: str, known: Iterable[str]) -> str:
    """`Did you mean ...?` with the nearest known name, or the list of what is known.

    >>> nearest("social_wroker", ["social_worker", "team_manager"])
    'Did you mean social_worker?'
    """
    names = sorted(known)
    close = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]}?"
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f"Known here: {', '.join(names[:MOST_NAMES])}{more}" if names else "None is declared"


def reads(code: str, reader: Callable[[object], Any]) -> BeforeValidator:
    """A validator that reads one written value with a function of `costsim.units`."""

    def before(value: object) -> Any:
        with refusing(code):
            return reader(value)

    return BeforeValidator(before)


def _read_minutes(value: object, info: ValidationInfo) -> float:
    reading = info.context or Reading()
    with refusing("CS301"):
        return units.minutes(value, reading.minutes_per_day)


Minutes = Annotated[float, BeforeValidator(_read_minutes)]
Pounds = Annotated[float, reads("CS302", units.pounds)]
Share = Annotated[float, reads("CS303", units.share)]
Rate = Annotated[float, reads("CS303", units.rate)]
Real = Annotated[float, reads("CS304", units.number)]
Whole = Annotated[int, reads("CS305", units.whole)]
Years = Annotated[float, reads("CS306", units.years)]
Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


def within(low: float, high: float) -> AfterValidator:
    """A validator that keeps a plain number between two ends."""

    def check(value: float) -> float:
        if not low <= value <= high:
            shown = f"{value:,}".removesuffix(".0")
            rule = f"{shown} is outside {low:,} to {high:,}"
            raise refusal("CS307", f"{rule}|Write a number from {low:,} to {high:,}")
        return value

    return AfterValidator(check)


Year = Annotated[str, reads("CS309", units.price_year)]


class Model(BaseModel):
    """A part of a scenario: immutable, and strict about the keys it knows."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True
    )

    @model_validator(mode="before")
    @classmethod
    def _report_unknown_keys(cls, data: Any, info: ValidationInfo) -> Any:
        if not isinstance(data, Written) or not isinstance(info.context, Reading):
            return data
        known = cls.known_keys()
        for key in data.keys() - known:
            _report(info.context, data, key, known - data.keys(), known)
        return {key: data[key] for key in data.keys() & known}

    @classmethod
    def known_keys(cls) -> set[str]:
        """The keys that this part may have, as written in a file."""
        return {info.alias or name for name, info in cls.model_fields.items()}

    def altered(self, update: Mapping[str, Any]) -> Self:
        """The same with some fields replaced by others that are known to be valid.

        As `model_copy` does it, but several times as fast: it is done for each of many draws.
        """
        copied = type(self).__new__(type(self))
        object.__setattr__(copied, "__dict__", {**self.__dict__, **update})
        object.__setattr__(copied, "__pydantic_fields_set__", self.__pydantic_fields_set__)
        object.__setattr__(copied, "__pydantic_extra__", None)
        private = self.__pydantic_private__
        object.__setattr__(copied, "__pydantic_private__", private and dict(private))
        return copied

    def __reduce__(self) -> tuple[Any, ...]:
        """How it goes to a worker process."""
        from costsim.scenario.travel import packed

        return packed(self)


class Section(Model):
    """A part that may say where its numbers come from; numbers inside it inherit what it says."""

    source: Text | None = Field(None, description="Where the number comes from.")
    assumed: bool = Field(False, strict=True, description="True if nobody has measured it.")
    year: Year | None = Field(None, description="The year that the source tells of.")
    grade: Annotated[Whole, within(1, 6)] | None = Field(
        None,
        description="How good the evidence is, from 1 (measured here, lately and on many cases) to "
        "6 (somebody's opinion).",
    )
    note: Text | None = Field(None, description="Anything a reader should know.")


def _report(reading: Reading, data: Written, key: str, free: set[str], known: set[str]) -> None:
    place, path = data.keys_written[key]
    close = difflib.get_close_matches(key.lower(), sorted(free), n=1, cutoff=0.6)
    reading.misspelt |= {(data.place, name) for name in (*close, "value")}
    reading.unsound.add(data.place)
    hint = f"Did you mean {close[0]}?" if close else _advice(key, known)
    reading.problems.append(
        Problem("CS201", f"{key!r} is not a key that is known here", hint, path, place)
    )


_FAMILIES = {
    "uniform", "triangular", "pert", "normal", "lognormal", "gamma", "weibull", "exponential",
    "beta", "empirical", "bins", "discrete", "dirichlet",
}  # fmt: skip


def _advice(key: str, known: set[str]) -> str:
    if key in _FAMILIES and "uncertain" in known:
        return f"This is one number: write value: ... and uncertain: {{{key}: ...}}"
    if key.startswith("by_") and "value" in known:
        return "This number cannot vary between referrals: write one value"
    return f"Known here: {', '.join(sorted(known))}"
