"""Workbooks as LibreOffice recalculates them, to compare with what costsim says.

LibreOffice trusts the values that a file brings, so a profile of its own tells it to recalculate
everything on loading.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl

ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
Sheets = dict[str, dict[str, Any]]


def recalculated(files: Mapping[str, bytes], folder: Path) -> dict[str, Sheets]:
    """What LibreOffice makes of each workbook, all in one go: values by sheet and cell."""
    program = shutil.which("soffice")
    assert program, "LibreOffice is missing: apt-get install libreoffice-calc"
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    paths = [folder / f"{name}.xlsx" for name in files]
    for path, content in zip(paths, files.values(), strict=True):
        path.write_bytes(content)
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "xlsx", "--outdir", str(out), *map(str, paths)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return {path.stem: values((out / path.name).read_bytes()) for path in paths}


def values(content: bytes) -> Sheets:
    """The values that a workbook holds, without recalculating: by sheet and cell."""
    return {name: {at: value for at, _, value in cells if value is not None}
            for name, cells in _cells(content)}  # fmt: skip


def formulas(content: bytes) -> dict[str, dict[str, str]]:
    """The formulas of a workbook, by sheet and cell."""
    return {name: {at: f"={formula}" for at, formula, _ in cells if formula}
            for name, cells in _cells(content)}  # fmt: skip


def _cells(content: bytes) -> Iterator[tuple[str, list[tuple[str, str, Any]]]]:
    """Every sheet with its cells, each with its formula and its value; as the file has them."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        strings = _parsed(parts.read("xl/sharedStrings.xml"))
        shared = ["".join(t.text or "" for t in each.iter(f"{MAIN}t")) for each in strings]
        links = _parsed(parts.read("xl/_rels/workbook.xml.rels"))
        targets = {link.attrib["Id"]: link.attrib["Target"] for link in links}
        for sheet in _parsed(parts.read("xl/workbook.xml")).iter(f"{MAIN}sheet"):
            path = targets[sheet.attrib[f"{RELATION}id"]].lstrip("/").removeprefix("xl/")
            content_of = _parsed(parts.read(f"xl/{path}"))
            yield sheet.attrib["name"], [_cell(c, shared) for c in content_of.iter(f"{MAIN}c")]


def _parsed(part: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(part)  # noqa: S314  # it was written here, a moment ago


def _cell(cell: ElementTree.Element, shared: list[str]) -> tuple[str, str, Any]:
    text = cell.findtext(f"{MAIN}v")
    kinds: dict[str, Callable[[str], Any]] = {
        "s": lambda each: shared[int(each)],
        "b": lambda each: each == "1",
        "str": str,
        "e": str,
    }
    value = None if text is None else kinds.get(cell.get("t", "n"), float)(text)
    return cell.attrib["r"], cell.findtext(f"{MAIN}f") or "", value


def changed(content: bytes, cells: Mapping[tuple[str, str], Any]) -> bytes:
    """The workbook with other values in some cells, and no formula's value kept."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for (sheet, at), value in cells.items():
        book[sheet][at] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
