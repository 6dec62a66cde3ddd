"""What a workbook needs and its writer has no word for: a heading style, and its language.

The title of a sheet is a heading to a screen reader only where its cell has a named heading style,
and text is read out in the right language only where the document says which.
"""

from __future__ import annotations

import io
import re
import zipfile

STYLES, CORE = "xl/styles.xml", "docProps/core.xml"
_TITLE = re.compile(r'<font><b/><sz val="16"/>')
_FONT = re.compile(r"<font>.*?</font>")


def finished(content: bytes, language: str) -> bytes:
    """The workbook with its titles in the style Heading 1, and with its language.

    The same bytes come of the same bytes. Raises ValueError where the workbook has no titles.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for member in old.infolist():
            text = old.read(member)
            if member.filename == STYLES:
                text = _with_headings(text.decode()).encode()
            elif member.filename == CORE:
                text = _with_language(text.decode(), language).encode()
            new.writestr(member, text, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _with_headings(styles: str) -> str:
    """The formats of titles as instances of a named style, which stands beside Normal."""
    fonts = _FONT.findall(styles.partition("</fonts>")[0])
    (font,) = [number for number, each in enumerate(fonts) if _TITLE.match(each)]
    before, opening, formats = styles.partition("<cellXfs")
    titled = re.sub(rf'(fontId="{font}"[^>]*) xfId="0"', r'\1 xfId="1"', formats)
    style = f'<xf numFmtId="0" fontId="{font}" fillId="0" borderId="0"/>'
    for old, new in (
        ('<cellStyleXfs count="1">', '<cellStyleXfs count="2">'),
        ("</cellStyleXfs>", f"{style}</cellStyleXfs>"),
    ):
        before = _replaced(before, old, new)
    named = '<cellStyles count="2"><cellStyle name="Heading 1" xfId="1" builtinId="16"/>'
    return before + opening + _replaced(titled, '<cellStyles count="1">', named)


def _with_language(core: str, language: str) -> str:
    said = f"<dc:language>{language}</dc:language></cp:coreProperties>"
    return _replaced(core, "</cp:coreProperties>", said)


def _replaced(text: str, old: str, new: str) -> str:
    if text.count(old) != 1:
        raise ValueError(f"the workbook's writer wrote something else than {old}")
    return text.replace(old, new)
