"""Which of the rarer things happened in a record, so that a sample can be seen to have tried them.

Each is read from the record and the plan alone, in a way that has no other explanation: somebody
who began an activity without a wait later than they reached it, for example, was in a queue.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from costsim.pathway.plan import Panel, Plan, Step, World
from costsim.results.record import WITHDRAWN, Record
from costsim.scenario.families import Fixed

CLOSE = 1e-6


@dataclass(frozen=True)
class Visit:
    """A visit of a record, in plain numbers; nan for what did not happen."""

    row: int
    case: int
    track: int
    step: Step
    withdrawn: bool
    number: int
    reached: float
    began: float
    ended: float

    @property
    def was_late(self) -> bool:
        """Whether it began later than it was reached, and no wait explains it."""
        return self.step.wait is None and self.began > self.reached

    @property
    def left_a_queue(self) -> bool:
        """Whether it was given up, and certainly in a queue."""
        return self.withdrawn and self.step.wait is None


@dataclass(frozen=True)
class Story:
    """One replication of a world, to be asked what happened in it."""

    plan: Plan
    world: World
    record: Record

    @cached_property
    def visits(self) -> list[Visit]:
        """Every visit."""
        columns = [column.tolist() for column in vars(self.record.visits).values()]
        gone = self.record.outcomes.index(WITHDRAWN)
        outcomes = self.record.cases.outcome.tolist()
        found = []
        for row, (case, track, number, *rest) in enumerate(zip(*columns, strict=True)):
            step = self.world.tracks[track].steps[number]
            last = row + 1 == len(columns[0]) or columns[0][row + 1] != case
            found.append(Visit(row, case, track, step, last and outcomes[case] == gone, *rest))
        return found

    @cached_property
    def work(self) -> dict[int, list[tuple[float, float]]]:
        """When each piece of work on a visit began and ended, by the visit's row."""
        done = self.record.work
        columns = [column.tolist() for column in (done.visit, done.began, done.ended)]
        found: dict[int, list[tuple[float, float]]] = {}
        for visit, began, ended in zip(*columns, strict=True):
            found.setdefault(visit, []).append((began, ended))
        return found

    def limited(self, step: Step) -> int:
        """How many roles of the first turn are limited."""
        works = step.turns[0] if step.turns else ()
        return sum(self.plan.posts[work.role].headcount is not None for work in works)

    def hearings(self) -> Iterator[tuple[Panel, Visit]]:
        """Every hearing that began."""
        for visit in self.visits:
            if visit.step.panel is not None and not math.isnan(visit.began):
                yield visit.step.panel, visit


def happenings(plan: Plan, world: World, record: Record) -> Counter[str]:
    """How many replications of a record have each of the rarer things."""
    found: Counter[str] = Counter()
    for number in range(record.replications):
        story = Story(plan, world, record.of(number))
        found.update(name for name, happened in HAPPENINGS.items() if happened(story))
    return found


def _joint_staff_waited(story: Story) -> bool:
    return any(v.was_late and story.limited(v.step) > 1 for v in story.visits)


def _called_from_queue(story: Story) -> bool:
    return any(v.was_late and v.step.turns for v in story.visits)


def _called_when_patience_ended(story: Story) -> bool:
    """Called at the very minute at which patience ends, so that the order of events decided."""
    return any(v.was_late and v.began - v.reached == _patience(v.step) for v in story.visits)


def _patience(step: Step) -> float:
    options = step.patience.options if step.patience else ()
    known = len(options) == 1 and isinstance(options[0], Fixed)
    return options[0].quantile(np.zeros(1))[0] if known else np.nan


def _gave_up_in_wait(story: Story) -> bool:
    """Withdrawn where there is nobody to queue for."""
    return any(
        v.withdrawn and v.step.panel is None and not story.limited(v.step) for v in story.visits
    )


def _gave_up_in_queue(story: Story) -> bool:
    return any(v.left_a_queue and v.step.turns for v in story.visits)


def _gave_up_on_list(story: Story) -> bool:
    return any(v.left_a_queue and v.step.panel for v in story.visits)


def _overran(story: Story) -> bool:
    """A hearing still went on when the next sitting was due."""
    for panel, visit in story.hearings():
        due = (np.floor(visit.began / panel.every) + 1) * panel.every
        if visit.ended > due + CLOSE:
            return True
    return False


def _tracks_shared_a_meeting(story: Story) -> bool:
    tracks: dict[tuple[str, Panel], set[int]] = {}
    for panel, visit in story.hearings():
        tracks.setdefault((visit.step.name, panel), set()).add(visit.track)
    return any(len(each) > 1 for each in tracks.values())


def _third_visit(story: Story) -> bool:
    return any(v.number > 1 for v in story.visits)


def _leaked(story: Story) -> bool:
    return any(
        a.case == b.case and a.track == 1 and b.track == 0
        for a, b in zip(story.visits, story.visits[1:], strict=False)
    )


def _second_turn_queued(story: Story) -> bool:
    for visit in story.visits:
        works = story.work.get(visit.row, [])
        if visit.step.panel is None and any(_gap(works, number) for number in range(1, len(works))):
            return True
    return False


def _gap(works: list[tuple[float, float]], number: int) -> bool:
    """Whether a piece of work began later than all those before it had ended."""
    return works[number][0] > max(ended for _, ended in works[:number]) + CLOSE


def _same_time(story: Story) -> bool:
    """Several cases reached, began or ended something at one time."""
    moments = {(t, v.case) for v in story.visits for t in (v.reached, v.began, v.ended)}
    times = [time for time, _ in moments if not math.isnan(time)]
    return len(times) > len(set(times))


def _overtook(story: Story) -> bool:
    """Somebody of a better rank began before another who had reached the same activity earlier."""
    levels = [tuple(row) for row in story.record.cases.levels.tolist()]
    late = [v for v in story.visits if v.was_late]
    return any(
        a.step is b.step
        and a.reached < b.reached
        and b.began < a.began
        and story.plan.precedence.at(levels[b.case]) < story.plan.precedence.at(levels[a.case])
        for a in late
        for b in late
    )


def _ended_at_closing(story: Story) -> bool:
    """Something happened at the very end of the counted period."""
    closing = story.plan.window[1]
    return any(closing in (v.reached, v.began, v.ended) for v in story.visits)


def _happened_at_the_last_moment(story: Story) -> bool:
    """After the last counted case was decided, at that same time, more was written down."""
    cases = story.record.cases
    last = max(story.plan.window[1], cases.decided[cases.counted].max(initial=0.0))
    return any(
        last in (v.reached, v.began, v.ended) and not cases.counted[v.case] for v in story.visits
    )


def _unfinished(story: Story) -> bool:
    cases = story.record.cases
    return bool((np.isnan(cases.decided) & ~cases.counted).any())


def _unfinished_alone(story: Story) -> bool:
    """Not finished though nobody could wait for anybody."""
    return _unfinished(story) and story.plan.unlimited and not story.world.meetings


def _gave_up_alone(story: Story) -> bool:
    return _gave_up_in_wait(story) and story.plan.unlimited and not story.world.meetings


def _begun_and_unfinished(story: Story) -> bool:
    return any(math.isnan(v.ended) and not math.isnan(v.began) for v in story.visits)


def _took_no_time(story: Story) -> bool:
    """Staff worked for no minutes."""
    return any(v.step.turns and v.ended == v.began for v in story.visits)


def _extra(story: Story) -> bool:
    return bool(story.record.cases.extra.any())


def _backlog(story: Story) -> bool:
    return bool(story.plan.backlog)


HAPPENINGS: dict[str, Callable[[Story], bool]] = {
    "joint staff waited": _joint_staff_waited,
    "called from a queue": _called_from_queue,
    "called when patience ended": _called_when_patience_ended,
    "gave up in a wait": _gave_up_in_wait,
    "gave up in a queue": _gave_up_in_queue,
    "gave up on a list": _gave_up_on_list,
    "a panel overran": _overran,
    "two tracks shared a meeting": _tracks_shared_a_meeting,
    "came a third time": _third_visit,
    "leaked": _leaked,
    "extra": _extra,
    "backlog": _backlog,
    "second turn queued": _second_turn_queued,
    "overtook by priority": _overtook,
    "several at one time": _same_time,
    "at closing": _ended_at_closing,
    "at the last moment": _happened_at_the_last_moment,
    "not finished at the end": _unfinished,
    "not finished where nobody waits for others": _unfinished_alone,
    "gave up where nobody waits for others": _gave_up_alone,
    "under way at the end": _begun_and_unfinished,
    "work of no minutes": _took_no_time,
}
"""What to look for, by name."""
