"""Words of a scenario that would harm a page if they were not only words."""

from __future__ import annotations

import re
from dataclasses import replace

from costsim.report.page import page
from tests.report.browser import HOSTILE, Reader, text_of
from tests.report.folders import FEATURES, findings_of


def test_hostile_words_are_shown_as_they_are_and_do_nothing() -> None:
    reader = Reader(text_of("hostile words"))
    said = reader.said()
    assert reader.named("img") == []
    assert {attrs.get("src") for _, attrs in reader.elements} == {None}
    for words in HOSTILE.values():
        assert re.sub(r"\s+", " ", words) in said


def test_characters_that_hide_or_turn_others_are_named_instead() -> None:
    found = findings_of(next(FEATURES.glob("01-*.yaml")))
    title = "a\u202eb\u200bc\x07d\u2066e"
    scenario = found.scenario.model_copy(update={"title": title}).with_origin(found.scenario.origin)
    text = page(replace(found, scenario=scenario, warnings=("w\x1bz",)))
    assert "a[U+202E]b[U+200B]c[U+0007]d[U+2066]e" in text
    assert "w[U+001B]z" in text
    assert re.findall("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\u200b]", text) == []
