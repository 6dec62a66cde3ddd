"""One activity of a pathway as a box: what is declared of it, and what it took in the run."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from costsim.drawing.text import sentence, titled
from costsim.economics.activities import NOBODY, OTHER, ActivityRow
from costsim.report.figures.journey import ACTIVITY, MEETING, Box
from costsim.report.figures.setting import averaged
from costsim.scenario.pathways import Activity, Meeting
from costsim.scenario.quantities import CaseMinutes, Count
from costsim.words import listed, money, plain_name


@dataclass(frozen=True)
class Work:
    """What an activity took, averaged over sites: rows of the account and weights by site."""

    rows: Mapping[str, Sequence[ActivityRow]]
    over: dict[str, float]

    @cached_property
    def visits(self) -> float:
        """Visits a referral, which every role's row repeats."""
        most = {
            site: max((row.visits for row in rows), default=0.0) for site, rows in self.rows.items()
        }
        return averaged(most, self.over)

    @cached_property
    def roles(self) -> set[str]:
        """Who worked, as the account has them."""
        return {row.role for row in chain(*self.rows.values())}

    def each_visit(self, figure: str, *roles: str) -> float:
        """Minutes or pounds a visit of some roles; nothing where none came."""
        sums = {site: math.fsum(_figures(rows, figure, roles)) for site, rows in self.rows.items()}
        return averaged(sums, self.over) / self.visits if self.visits else 0.0

    @property
    def minutes(self) -> str:
        """Staff minutes a visit, of all roles."""
        return f"{self.each_visit('minutes', *self.roles):,.1f}" if self.visits else "none"

    @property
    def cost(self) -> str:
        """Pounds a visit, of all roles and other cost."""
        return money(self.each_visit("cost", *self.roles)) if self.visits else "none came"


def _figures(rows: Sequence[ActivityRow], figure: str, roles: Sequence[str]) -> Iterator[float]:
    return (float(getattr(row, figure)) for row in rows if row.role in roles)


@dataclass(frozen=True)
class Step:
    """An activity: its name, what is declared of it, and its work.

    `titles` are those that roles have, `day` the minutes of a working day.
    """

    name: str
    activity: Activity
    work: Work
    titles: Mapping[str, str | None]
    day: float

    @property
    def box(self) -> Box:
        """The activity in words."""
        work = self.work
        return Box(
            f"activity {self.name}",
            MEETING if self.activity.meeting else ACTIVITY,
            sentence(titled(self.activity.title, self.name)),
            (*self._before(), *self._taken(), f"{work.cost} a visit" if work.visits else work.cost),
            (f"{work.visits:,.2f}", work.minutes, work.cost),
        )

    def _before(self) -> Iterator[str]:
        """Waits, sittings and patience, as declared."""
        if self.activity.wait is not None:
            yield f"Wait: {self._days(self.activity.wait)}"
        if self.activity.meeting is not None:
            yield self._sittings(self.activity.meeting)
        if self.activity.withdraw_after is not None:
            yield f"Withdrawn after waiting {self._days(self.activity.withdraw_after)}"

    def _sittings(self, meeting: Meeting) -> str:
        every = f"{meeting.every.value / self.day:,.1f}".removesuffix(".0")
        return f"Meeting every {every} working days, at most {meeting.capacity.value:,} cases"

    def _days(self, time: CaseMinutes) -> str:
        """A declared time in working days, by whatever it varies with."""
        means = {v: f"{each.family().mean / self.day:,.1f}" for v, each in time.choices().items()}
        each = [f"{plain_name(value)} {mean}" for value, mean in means.items()]
        return f"{listed(each if len(means) > 1 else list(means.values()))} working days"

    @property
    def members(self) -> Mapping[str, Count]:
        """How many of each role sit on its meeting."""
        return self.activity.meeting.members if self.activity.meeting else {}

    @property
    def roles(self) -> list[str]:
        """The roles that it took, in the order in which they are declared."""
        worked = self.work.roles - {NOBODY, OTHER}
        declared = dict.fromkeys(chain(*(self.activity.staff or []), self.members, sorted(worked)))
        return list(filter(worked.__contains__, declared))

    def _taken(self) -> Iterator[str]:
        """Each role's minutes a visit, and other cost."""
        yield from self._together()
        for role in self.roles:
            yield f"{self._who(role)}: {self.work.each_visit('minutes', role):,.0f} min"
        if OTHER in self.work.roles:
            yield f"Other cost: {money(self.work.each_visit('cost', OTHER))}"

    def _together(self) -> Iterator[str]:
        """Whether several roles work together or in turn; nothing of a meeting."""
        if len(self.roles) > 1 and self.activity.staff:
            yield "One after another:" if len(self.activity.staff) > 1 else "Together:"

    def _who(self, role: str) -> str:
        """A role, and how many of it sit on a meeting."""
        many = self.members[role].value if role in self.members else 1
        times = f" × {many:,}" if many > 1 else ""
        return sentence(titled(self.titles.get(role), role)) + times
