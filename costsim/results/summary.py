"""The summary of a run under its published schema, and the files of its results folder."""

from __future__ import annotations

import csv
import io
import json
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from costsim.results.folder import Writer

if TYPE_CHECKING:
    import pyarrow as pa

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
    def write(path: Path) -> None:
        path.write_text(text, encoding="utf-8", newline="")

    return write


def csv_writer(rows: Mapping[str, Sequence[Any]]) -> Writer:
    """Writes rows (parts with named fields) of several owners, the owner's name first."""
    names = [each.name for each in fields(next(iter(rows.values()))[0])]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(["of", *names])
    for owner, years in rows.items():
        writer.writerows([owner, *asdict(row).values()] for row in years)
    return _text_writer(stream.getvalue())


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
