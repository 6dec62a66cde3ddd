"""Standard output and error in any encoding: what cannot be shown is replaced, never fatal."""

from __future__ import annotations

import codecs
import io
import sys


def prepare_streams() -> None:
    """Let standard output and error show any text in any encoding: what they lack is replaced."""
    codecs.register_error("costsim", _in_plain_words)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, io.StringIO())
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="costsim")


def _in_plain_words(error: UnicodeError) -> tuple[str, int]:
    """GBP for a pound sign, and a question mark for anything else that cannot be shown."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join("GBP " if each == "£" else "?" for each in lost), error.end
