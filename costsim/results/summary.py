"""The summary of a run under its published schema, and the files of its results folder."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from importlib.metadata import version
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints

from costsim.results.folder import Writer

if TYPE_CHECKING:
    import pyarrow as pa

Row = TypeVar("Row", bound=Any)  # a dataclass
SCHEMA = "costsim.summary/1"
PACKAGES = ("costsim", "numpy", "scipy", "simpy", "pydantic", "pyyaml", "holidays")


def versions() -> dict[str, str]:
    """The versions that results depend on."""
    found = {name: version(name) for name in PACKAGES}
    return {"python": platform.python_version()} | found


def json_text(content: Mapping[str, Any], *, ascii_only: bool = False) -> str:
    """JSON that people can read, in a fixed form; refuses what is not a real number."""
    return json.dumps(content, indent=2, ensure_ascii=ascii_only, allow_nan=False) + "\n"


def json_writer(content: Mapping[str, Any]) -> Writer:
    """Writes one JSON file."""
    return _text_writer(json_text(content))


def _text_writer(text: str) -> Writer:
    return bytes_writer(text.encode())


def bytes_writer(content: bytes) -> Writer:
    """Writes a file as it is."""

    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def csv_writer(kind: type[Row], rows: Mapping[str, Sequence[Row]]) -> Writer:
    """Writes rows of one kind (parts with named fields), their owner's name first."""
    names = [each.name for each in fields(kind)]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(["of", *names])
    for owner, years in rows.items():
        writer.writerows([owner, *asdict(row).values()] for row in years)
    return _text_writer(stream.getvalue())


def csv_rows(kind: type[Row], text: str) -> dict[str, tuple[Row, ...]]:
    """The rows that `csv_writer` wrote, by owner.

    Raises `ValueError` or `KeyError` where the text is something else.
    """
    kinds = get_type_hints(kind)
    found: dict[str, list[Row]] = {}
    for line in csv.DictReader(io.StringIO(text, newline="")):
        known = {each.name: _parsed(kinds[each.name], line[each.name]) for each in fields(kind)}
        found.setdefault(line["of"], []).append(kind(**known))
    return {owner: tuple(rows) for owner, rows in found.items()}


def _parsed(kind: Any, text: str) -> Any:
    """A cell's value; an empty one is None where it may be."""
    options = get_args(kind) or (kind,)
    return None if not text and NoneType in options else options[0](text)


def parquet_writer(tables: Callable[[], Iterator[pa.Table]]) -> Writer:
    """Writes tables one after another into one Parquet file, holding one at a time."""

    def write(path: Path) -> None:
        import pyarrow.parquet as pq

        writer = None
        for table in tables():
            writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table)
        if writer:
            writer.close()

    return write
