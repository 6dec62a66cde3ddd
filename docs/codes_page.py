"""The page of error codes: every code in the source, what it means, and what is said with it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import words
from markup import code, table
from sources import SOURCES

CODE = re.compile(r"CS\d{3}")


def error_codes() -> Iterator[str]:
    """Every code in the source, what it means, and what is said with it."""
    found = codes()
    yield "# Error codes"
    yield f"\n{words.ERROR_CODES}"
    for start, title in words.GROUPS.items():
        inside = [each for each in sorted(found) if each.startswith(start)]
        yield f"\n## {start}: {title}"
        rows = (
            (code(each), _meaning(each, found[each]), "; ".join(found[each])) for each in inside
        )
        yield from table(("code", "what is wrong, and what to do", "messages"), rows)


def codes() -> dict[str, list[str]]:
    """Each code with the messages that are written out in the source, `…` for what varies."""
    found: dict[str, list[str]] = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for each, message in _coded(node):
                known = found.setdefault(each, [])
                if message and message not in known:
                    known.append(message)
    return found


def _coded(node: ast.AST) -> Iterator[tuple[str, str]]:
    """A code among arguments or in a tuple, and the text right after it."""
    parts = node.args if isinstance(node, ast.Call) else getattr(node, "elts", [])
    for number, part in enumerate(parts):
        if isinstance(part, ast.Constant) and CODE.fullmatch(str(part.value)):
            after = parts[number + 1] if number + 1 < len(parts) else None
            yield str(part.value), _message(node, _text(after))


def _message(node: ast.AST, text: str) -> str:
    """The message in a text: none in a call that words it itself; a refusal has its hint in it."""
    caller = _called(node) if isinstance(node, ast.Call) else ""
    if caller and caller not in words.SPEAKERS:
        return ""
    said = text.partition("|")[0] if caller == "refusal" else text
    return said if re.search(r"[a-z]{2}", said.replace("…", "")) else ""


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def _text(node: ast.AST | None) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"\{\w+\}", "…", node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(each) or "…" for each in node.values)
    return ""


def _meaning(name: str, messages: list[str]) -> str:
    if name not in words.CODES and not messages:
        raise SystemExit(f"docs/words.py does not say what {name} means")
    return words.CODES.get(name, "")
