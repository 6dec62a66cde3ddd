"""The examples of the documentation: the fenced blocks of a Markdown page, and how each is run.

A page is followed as a reader would follow it, from top to bottom, in a folder that holds a copy of
the shipped scenarios. Its `python` blocks share one namespace; `sh` blocks that call costsim are
given to a real shell; a `yaml` block marked for it must pass `costsim check`. Comments on the lines
just above a block say what is special about it:

    <!-- check -->         write this YAML to a file and run `costsim check` on it
    <!-- exit: 3 -->       the command is expected to end with this exit code
    <!-- skip: reason -->  not run, because ...
    <!-- command: run -->  a command of the README that is run in a fresh environment instead
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,}|~{3,}) *(?P<language>[\w+-]*)")
COMMENT = re.compile(r"^\s*<!--\s*(?P<word>\w+)(?::\s*(?P<value>.*?))?\s*-->\s*$")
CALL = re.compile(r"^(costsim|python3? -m costsim) ", re.MULTILINE)
SHELLS = {"sh", "bash", "shell", "console"}
MARKS = {"check", "exit", "skip", "command"}
TIME_LIMIT_SECONDS = 300


class BrokenExampleError(AssertionError):
    """An example that does not do what the page says: where it stands, and what happened."""


@dataclass(frozen=True)
class Block:
    """One fenced block: its page and line, its language, its text, and the marks above it."""

    page: str
    line: int
    language: str
    text: str
    marks: dict[str, str]

    @property
    def exit_code(self) -> int:
        """The exit code that the page promises; 0 unless it says otherwise."""
        return int(self.marks.get("exit", "0"))

    def fail(self, why: str) -> BrokenExampleError:
        """What to raise when this block is wrong."""
        return BrokenExampleError(f"{self.page}:{self.line}: {why}")


def blocks(page: str, text: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        fence = FENCE.match(lines[at])
        if fence is None:
            at += 1
            continue
        end = _closing_fence(lines, at + 1, fence["ticks"])
        body = [line.removeprefix(fence["indent"]) for line in lines[at + 1 : end]]
        text_within = "".join(f"{line}\n" for line in body)
        yield Block(page, at + 2, fence["language"], text_within, _marks_above(lines, at))
        at = end + 1


def _closing_fence(lines: list[str], start: int, ticks: str) -> int:
    """The first line of nothing but as many ticks or more; the end of the page if there is none."""
    for number in range(start, len(lines)):
        line = lines[number].strip()
        if line.startswith(ticks) and not line.strip(ticks[0]):
            return number
    return len(lines)


def _marks_above(lines: list[str], at: int) -> dict[str, str]:
    marks: dict[str, str] = {}
    while at > 0 and (mark := COMMENT.match(lines[at - 1])):
        marks[mark["word"]] = mark["value"] or ""
        at -= 1
    return marks


def _check_marks(block: Block) -> None:
    if unknown := sorted(set(block.marks) - MARKS):
        raise block.fail(f"unknown mark {unknown[0]!r}; use one of {sorted(MARKS)}")
    if not block.marks.get("skip", "a reason"):
        raise block.fail("a skipped example needs its reason: <!-- skip: reason -->")
    if not re.fullmatch(r"\d+", block.marks.get("exit", "0")):
        raise block.fail("an exit code is a number: <!-- exit: 3 -->")
    if "check" in block.marks and block.language != "yaml":
        raise block.fail("only a yaml block can be checked")


@dataclass
class Walk:
    """Somebody following a page: the folder they work in, and the Python names they have so far.

    `path` is put before PATH for the shell, so that `costsim` and `python` are those under test.
    """

    folder: Path
    path: Path
    names: dict[str, object] = field(default_factory=lambda: {"__name__": "__docs__"})

    ran: int = 0

    def follow(self, page: str, text: str) -> list[str]:
        """Run every example of a page and count them in `ran`; say which are broken, and how."""
        broken = []
        for block in blocks(page, text):
            try:
                _check_marks(block)
                self.ran += self._run(block)
            except BrokenExampleError as error:
                broken.append(str(error))
        return broken

    def _run(self, block: Block) -> bool:
        """Run one block; False if it is not an example to run."""
        if not {"skip", "command"}.isdisjoint(block.marks):
            return False
        if block.language in {"python", "py", "pycon"}:
            self._python(block)
        elif block.language in SHELLS:
            return self._shell(block)
        elif "check" in block.marks:
            self._check(block)
        else:
            return False
        return True

    def _python(self, block: Block) -> None:
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            self._execute(block)
        except BrokenExampleError:
            raise
        except Exception as error:
            raise block.fail(_what_happened(error, block)) from error
        finally:
            os.chdir(before)

    def _execute(self, block: Block) -> None:
        if block.text.lstrip().startswith(">>>"):
            self._session(block)
            return
        padded = "\n" * (block.line - 1) + block.text
        exec(compile(padded, block.page, "exec"), self.names)  # noqa: S102 - examples are to be run

    def _session(self, block: Block) -> None:
        """Run a block with prompts, and compare what it prints with what the page shows."""
        parser, said = doctest.DocTestParser(), list[str]()
        example = parser.get_doctest(block.text, self.names, block.page, block.page, block.line)
        runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
        runner.run(example, out=said.append, clear_globs=False)
        self.names.update(example.globs)
        if runner.failures:
            raise block.fail("".join(said))

    def _shell(self, block: Block) -> bool:
        if re.search(r"^\$ ", block.text, re.MULTILINE):
            raise block.fail("write commands without a prompt, so that they can be copied and run")
        if not CALL.search(block.text):
            return False
        self._expect_exit(block, ["sh", "-e", "-c", block.text])
        return True

    def _check(self, block: Block) -> None:
        file = self.folder / f"{Path(block.page).stem}-line-{block.line}.yaml"
        file.write_text(block.text, encoding="utf-8")
        self._expect_exit(block, ["sh", "-c", f"costsim check {file.name}"])

    def _expect_exit(self, block: Block, command: list[str]) -> None:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=os.environ | {"PATH": f"{self.path}{os.pathsep}{os.environ['PATH']}"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT_SECONDS,
            check=False,
        )
        if done.returncode != block.exit_code:
            said = (done.stdout + done.stderr).strip()
            raise block.fail(f"exit {done.returncode}, expected {block.exit_code}\n{said}")


def _what_happened(error: Exception, block: Block) -> str:
    """The error, and the line of the page that led to it."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == block.page]
    where = f"line {lines[-1]} " if lines else ""
    return f"{where}raised {type(error).__name__}: {error}"


def start_walk(folder: Path, root: Path) -> Walk:
    """A new walk through a page of the checkout `root`, with its scenarios and its costsim."""
    work, path = folder / "work", folder / "bin"
    shutil.copytree(root / "scenarios", work / "scenarios", dirs_exist_ok=True)
    path.mkdir()
    add_command(path, "costsim", f'exec "{sys.executable}" -m costsim "$@"')
    for name in ("python", "python3"):
        add_command(path, name, f'exec "{sys.executable}" "$@"')
    return Walk(work, path)


def add_command(path: Path, name: str, script: str) -> None:
    """Put a command of a few shell lines into a folder that is searched for commands."""
    (path / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (path / name).chmod(0o755)
