"""The office: a site on SimPy's clock, where each referral is a process that reads as its story.

`Office.story` is the model. A referral arrives; at each activity it waits (time without staff, then
a queue or the next meeting), is worked on by staff in turn, and goes on to where its need and its
luck lead it, until an outcome; or it is withdrawn because it waited too long.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Any

from simpy import Environment, Event

from costsim.caseload import Caseload
from costsim.engines.protocol import A_MOMENT
from costsim.engines.reference.logbook import Logbook, Visit
from costsim.engines.reference.people import People
from costsim.engines.reference.staffing import StaffRoom, Ticket
from costsim.pathway.plan import Panel, Plan, Track, Varied, Work, World
from costsim.results.record import Record
from costsim.scenario.families import Family

Process = Generator[Event, Any, None]
Begun = Generator[Event, Any, bool]


class Office:
    """One site for one replication: its clock, its staff, its panels and its referrals."""

    def __init__(self, plan: Plan, world: World, caseload: Caseload) -> None:
        self.plan = plan
        self.world = world
        self.caseload = caseload
        self.people = People(caseload)
        self.clock = Environment()
        self.staff = StaffRoom(self.clock, plan.posts)
        self.panels = {each: PanelDiary(self.clock, each[1]) for each in world.meetings}
        self.logbook = Logbook(world, len(caseload))
        self.to_come = int(caseload.counted.sum())

    def run(self) -> Record:
        """Let every referral live its story, until the window and all counted cases end."""
        for referral in self.people.in_order():
            self.clock.process(self.story(referral))
        _, window_ends = self.plan.window
        while self.to_come or self.clock.peek() < window_ends:
            self.clock.step()
        while self.clock.peek() <= self.clock.now:  # what happens at the last moment, happens
            self.clock.step()
        return self.logbook.record(self.caseload)

    def story(self, referral: int) -> Process:
        """One referral, from the day it arrives to its outcome."""
        yield self.clock.timeout(self.people.arrivals[referral])
        track, number = self.first_activity(referral)
        while number >= 0:
            visit = self.logbook.reaches(referral, track, number, self.clock.now)
            began = yield from self.wait_to_begin(visit)
            if not began:
                break
            yield from self.work_through(visit)
            self.logbook.ends(visit, self.clock.now)
            track, number = self.goes_on(visit)
        self.close(referral, track, number)

    def first_activity(self, referral: int) -> tuple[Track, int]:
        """Where a referral starts: on the option if it takes it up, else on the comparator."""
        if self.world.option is not None and self.people.takes_up[referral]:
            return self.world.option, self.world.option.start
        waits_at = self.people.starts[referral]
        return self.world.comparator, waits_at if waits_at >= 0 else self.world.comparator.start

    def wait_to_begin(self, visit: Visit) -> Begun:
        """Wait, then queue for the first staff or the next meeting; False if withdrawn."""
        step = visit.step
        patience = None
        if step.patience is not None:
            patience = self.minutes(visit, f"patience/{step.name}", step.patience)
        if step.wait is not None:
            wait = self.minutes(visit, f"wait/{step.name}", step.wait)
            if patience is not None and patience < wait:
                yield self.clock.timeout(patience)
                return False
            yield self.clock.timeout(wait)
        if step.panel is not None:
            return (yield from self.wait_for_panel(visit, step.panel, patience))
        if step.turns:
            return (yield from self.wait_for_staff(visit, step.turns[0], patience))
        self.logbook.begins(visit, self.clock.now)
        return True

    def wait_for_staff(
        self, visit: Visit, works: tuple[Work, ...], patience: float | None
    ) -> Begun:
        """Queue for everyone that a turn needs."""
        roles = tuple(work.role for work in works)
        ticket = self.staff.ask(roles, self.rank(visit.referral))
        leave = partial(self.staff.leave, ticket)
        return (yield from self.begin_when_called(visit, ticket, patience, leave))

    def wait_for_panel(self, visit: Visit, panel: Panel, patience: float | None) -> Begun:
        """Join the list for the next meeting."""
        minutes = self.minutes(visit, panel.purpose, panel.each_case)
        ticket = self.panels[visit.step.name, panel].join(self.rank(visit.referral), minutes)
        return (yield from self.begin_when_called(visit, ticket, patience, ticket.leave))

    def begin_when_called(
        self, visit: Visit, ticket: Ticket, patience: float | None, leave: Callable[[], None]
    ) -> Begun:
        """Begin at once, or when the queue lets one; False if patience ends first."""
        if ticket.called is not None:
            self.give_up_after(visit, patience, leave)
            if not (yield ticket.called):
                return False
        self.logbook.begins(visit, self.clock.now)
        return True

    def give_up_after(
        self, visit: Visit, patience: float | None, leave: Callable[[], None]
    ) -> None:
        """Leave the queue when patience, counted from reaching the activity, is at its end."""
        if patience is not None:
            left = max(0.0, visit.reached + patience - self.clock.now)
            self.clock.timeout(left).callbacks.append(lambda _: leave())

    def work_through(self, visit: Visit) -> Process:
        """Staff work in turn; each turn's staff were all free at once when it began."""
        step = visit.step
        if step.panel is not None:
            yield from self.heard_by_panel(visit, step.panel)
        for number, works in enumerate(step.turns):
            if number > 0:
                ticket = self.staff.ask(tuple(w.role for w in works), self.rank(visit.referral))
                if ticket.called is not None:
                    yield ticket.called
            yield from self.work_together(visit, works)

    def work_together(self, visit: Visit, works: tuple[Work, ...]) -> Process:
        """Each role works its own minutes and is then free; the longest ends the turn."""
        longest = 0.0
        for work in works:
            minutes = self.minutes(visit, work.purpose, work.minutes)
            elapsed = minutes / self.plan.posts[work.role].share_of_time
            longest = max(longest, elapsed)
            self.logbook.works(
                visit, work.role, minutes, (self.clock.now, self.clock.now + elapsed)
            )
            self.release_after(elapsed, work.role)
        yield self.clock.timeout(longest)

    def release_after(self, elapsed: float, role: int) -> None:
        """Free a person of a limited role when their own part is done."""
        if self.plan.posts[role].headcount is not None:
            done = self.clock.timeout(elapsed)
            done.callbacks.append(lambda _: self.staff.release(role))

    def heard_by_panel(self, visit: Visit, panel: Panel) -> Process:
        """Every member of the meeting gives their time to the case."""
        minutes = self.minutes(visit, panel.purpose, panel.each_case)
        times = (self.clock.now, self.clock.now + minutes)
        for role, members in panel.members:
            self.logbook.works(visit, role, minutes, times, members)
        yield self.clock.timeout(minutes)

    def goes_on(self, visit: Visit) -> tuple[Track, int]:
        """Where a referral goes next, by its need and its luck, and whether it leaks to the old."""
        route = visit.step.routes.at(self.people.levels[visit.referral])
        choice = 0
        if len(route.targets) > 1:
            u = self.people.chance(f"route/{visit.step.name}", visit.referral, visit.number)
            choice = bisect_right(route.cumulative, u)
        target = route.targets[choice]
        leak = self.world.leak
        ended_option = target < 0 and visit.track is self.world.option
        if ended_option and leak is not None and self.people.leaks[visit.referral]:
            return self.world.comparator, leak.to
        return visit.track, target

    def close(self, referral: int, track: Track, target: int) -> None:
        """The case ends: with an outcome, or withdrawn from the activity where it waited."""
        self.logbook.closes(referral, track, target, self.clock.now)
        if self.people.counted[referral]:
            self.to_come -= 1

    def minutes(self, visit: Visit, purpose: str, varied: Varied[Family]) -> float:
        """A referral's own minutes for a purpose at a visit."""
        return self.people.minutes(purpose, varied, visit.referral, visit.number)

    def rank(self, referral: int) -> int:
        """The referral's priority in queues; 0 is served first."""
        return self.plan.precedence.at(self.people.levels[referral])


@dataclass
class PanelDiary:
    """A meeting that sits at fixed intervals and hears the cases on its list, one after another."""

    clock: Environment
    panel: Panel
    _list: list[tuple[int, int, float, Ticket]] = field(default_factory=list)
    _free_from: float = 0.0
    _joined: count[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.clock.process(self.sittings())

    def join(self, rank: int, minutes: float) -> Ticket:
        """Put a case on the list for the next sitting with room."""
        ticket = Ticket((), self.clock.event())
        heappush(self._list, (rank, next(self._joined), minutes, ticket))
        return ticket

    def sittings(self) -> Process:
        """Sit every so many working days."""
        while True:
            yield self.clock.timeout(self.panel.every)
            self.clock.process(self.sitting())

    def sitting(self) -> Process:
        """Hear at most `capacity` cases in turn; begin late if the last sitting overran."""
        for _ in range(self.panel.capacity):
            while (late := self._free_from - self.clock.now) > A_MOMENT:
                yield self.clock.timeout(late)
            minutes = self.call_next()
            if minutes is None:
                return
            self._free_from = self.clock.now + minutes
            yield self.clock.timeout(minutes)

    def call_next(self) -> float | None:
        """Call the next case that still waits; its minutes, or None when the list is empty."""
        while self._list:
            _, _, minutes, ticket = heappop(self._list)
            if ticket.waiting:
                ticket.call()
                return minutes
        return None
