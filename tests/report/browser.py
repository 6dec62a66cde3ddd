"""Pages as tests read them: their elements and words, and how they fare in a real Chromium.

Playwright speaks to its driver and to the browser through pipes, and its event loop wakes itself
through a pair of unix sockets, which pytest-socket leaves open: no test of a page needs a network
socket, so none is opened to them. Chromium's own background traffic is switched off, every request
of a page is written down, and the browser is told that it is offline.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, sync_playwright

from costsim.findings import Findings
from costsim.report.page import page as made
from tests.report.folders import FEATURES, STUDY, findings_of

NAMES = ("chromium", "chromium-browser", "google-chrome")

VOID = frozenset({"meta", "br", "input", "link", "img", "hr"})
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
)
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
"""


def executable() -> str:
    """Where Chromium is."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, f"no browser found ({', '.join(NAMES)}): apt-get install chromium"
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for as long as it is needed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(QUIET))
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page that is open, with what it asked for and what the browser complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        """Breaches of the content-security policy."""
        found: list[str] = self.page.evaluate("window.violations || []")
        return found

    def evaluate(self, script: str, *given: Any) -> Any:
        """What a script gives."""
        return self.page.evaluate(script, *given)


@contextmanager
def opened(browser: Browser, file: Path, **options: Any) -> Iterator[Opened]:
    """A file open in a page of its own; `options` are those of a browser context."""
    context = browser.new_context(offline=True, **options)
    try:
        yield _watched(context, file)
    finally:
        context.close()


def _watched(context: BrowserContext, file: Path) -> Opened:
    page = context.new_page()
    found = Opened(page)
    page.add_init_script(WATCH)
    page.on("console", lambda message: found.complaints.append(message.text))
    page.on("pageerror", lambda error: found.complaints.append(str(error)))

    def note(route: Route, request: Request) -> None:
        found.requests.append(request.url)
        if request.url == file.as_uri():
            route.continue_()
        else:
            route.abort()

    context.route("**/*", note)
    page.goto(file.as_uri())
    return found


class Reader(HTMLParser):
    """Every element of a page with its attributes and its text, and what is out of balance."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text.replace("<wbr>", ""))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if len({name for name, _ in attrs}) < len(attrs):
            self.faults.append(f"an attribute twice in <{tag}>")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.append((self.open[-1], data))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]

    def said(self) -> str:
        """The text that a reader sees, with single spaces."""
        seen = (text for tag, text in self.texts if tag not in ("script", "style"))
        return re.sub(r"\s+", " ", " ".join(seen))


HOSTILE = {
    "title": "</title><script>alert(1)</script> & {{ 7 * 7 }} {% raw %}",
    "site": "<img src=x onerror=alert(1)> \"quoted\" 'so'",
    "role": "</label><style>*{display:none}</style>",
    "pathway": "</script><svg onload=alert(1)>",
    "activity": "--><iframe src='//example.org'></iframe>",
    "source": "javascript:alert(1) &lt;b&gt; ]]>",
    "note": "=cmd|'/c calc'!A1 " + "long" * 60,
}


@cache
def _words() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="costsim-hostile-")


@cache
def hostile_findings() -> Findings:
    """A scenario of two sites in which every text is hostile."""
    folder = Path(_words().name)
    base = next(FEATURES.glob("01-*.yaml"))
    (folder / base.name).write_bytes(base.read_bytes())
    story = {"value": "£61.50", "source": HOSTILE["source"], "note": HOSTILE["note"]}
    told = {"title": HOSTILE["pathway"]}
    activity = {"activities": {"assessment": {"title": HOSTILE["activity"]}}}
    content = {
        "extends": base.name,
        "title": HOSTILE["title"],
        "staff": {"social_worker": {"title": HOSTILE["role"], "hourly_cost": story}},
        "pathways": {"old": told, "new": told | activity},
        "sites": {"north": {"title": HOSTILE["site"]}, "south": {"title": "South"}},
    }
    file = folder / "hostile.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return findings_of(file, "--replications", "2")


ONE = ("--replications", "1")
FEW = ("--replications", "5")


def few(number: str, *options: str) -> Findings:
    return findings_of(next(FEATURES.glob(f"{number}-*.yaml")), *options)


@cache
def text_of(name: str) -> str:
    """The page of a case, made once."""
    return made(CASES[name]())


def study() -> Findings:
    return findings_of(STUDY)


CASES: dict[str, Callable[[], Findings]] = {
    "the study": study,
    "three pathways": lambda: few("19"),
    "one replication": lambda: few("06", *ONE),
    "withdrawals": lambda: few("08", *FEW),
    "queues": lambda: few("06", *FEW),
    "several sites": lambda: few("18"),
    "hostile words": hostile_findings,
}
