"""Lines are broken where a reader would break them, and nothing is lost or too wide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from costsim.report.wrapping import wrapped

NAME = "pathways.old.activities.assessment.staff.social_worker.by_need.lower.lognormal.mean"


@pytest.mark.parametrize("room", range(16, 90))
def test_a_name_is_broken_after_a_dot_or_an_underscore(room: int) -> None:
    found = wrapped(NAME, room)
    assert "".join(found) == NAME
    assert all(line.endswith((".", "_")) for line in found[:-1])


def test_a_name_is_broken_at_its_underscores_only_where_dots_do_not_do() -> None:
    assert wrapped("staff.social_worker.headcount", 20) == ["staff.social_worker.", "headcount"]
    narrow = ["staff.", "social_", "worker.", "headcount"]
    assert wrapped("staff.social_worker.headcount", 9) == narrow


@pytest.mark.parametrize("copied", ["run: {warm_up: 1 year}", "`costsim run FILE`"])
def test_what_may_be_copied_stays_on_a_line_that_has_room_for_it(copied: str) -> None:
    words = f"Waits are short at first, so that you might give {copied} or a backlog"
    for room in range(len(copied), 80):
        assert any(copied in line for line in wrapped(words, room)), room


@given(st.text(alphabet="ab ._{}`:\n\t\u65e5", max_size=60), st.integers(2, 30))
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, room: int) -> None:
    found = wrapped(text, room)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert max(map(cell_len, found)) <= room
