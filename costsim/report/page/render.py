"""From sections to one HTML file that needs nothing else and lets nothing else in.

The style and the script stand in the file. Its content-security policy allows these two alone, by
their hashes, and no request of any kind. Texts are escaped where they are put in.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from costsim.harmless import harmless
from costsim.report.page.content import Picture, Section

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_JOINT = re.compile(r"(?<=[a-z0-9])([._/])(?=[a-z])", re.IGNORECASE)


def html(title: str, lines: Sequence[str], sections: Sequence[Section]) -> str:
    """The whole page: its title, the lines below it, and its sections in order."""
    drawn = list(map(_with_harmless_drawings, sections))
    style = _text("page.css")
    script = _text("panel.js")
    return (
        _environment()
        .get_template("page.html")
        .render(
            title=title,
            lines=lines,
            sections=drawn,
            style=style,
            script=script,
            policy=policy(style, script),
        )
    )


def policy(style: str, script: str) -> str:
    """The content-security policy that allows this style and this script, and nothing else."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def data(numbers: dict[str, object]) -> str:
    r"""Numbers as JSON that cannot end the element which it stands in; refuses inf and nan.

    >>> data({"a": "</script>"})
    '{"a":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(numbers, allow_nan=False, separators=(",", ":"), sort_keys=True)
    return text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")


def breakable(text: str) -> Markup:
    """Escaped text in which a long name may go on in the next line, after a dot or underscore.

    >>> breakable("staff.social_worker <b> 0.18")
    Markup('staff.<wbr>social_<wbr>worker &lt;b&gt; 0.18')
    """
    from markupsafe import Markup, escape

    return Markup(_JOINT.sub(r"\1<wbr>", str(escape(harmless(text)))))  # noqa: S704 - it is escaped


def _with_harmless_drawings(section: Section) -> Section:
    """The section, in whose drawings every character shows; styles of their own they have none."""
    blocks = [
        replace(block, drawing=harmless(block.drawing.replace("\r\n", "\n")))
        if isinstance(block, Picture)
        else block
        for block in section.blocks
    ]
    return replace(section, blocks=blocks)


def _text(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("costsim.report.page", "."),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_final,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"data": data, "breakable": breakable}
    return made


def _final(value: Any) -> Any:
    """What is about to be put into the page; texts of a scenario lose what could deceive."""
    from markupsafe import Markup

    return harmless(value) if isinstance(value, str) and not isinstance(value, Markup) else value
