"""Staff who can be waited for: queues by role, served together without deadlock.

Someone who needs several roles at once stands in each role's queue and begins when they are at the
head of all of them and everyone is free. Nobody holds one role while waiting for another, so there
is no deadlock; nobody is overtaken in a queue that they stand in, so there is no starvation. Every
step costs the logarithm of the queue.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

from simpy import Environment, Event

from costsim.pathway.plan import Post


@dataclass(eq=False)
class Ticket:
    """A place in queues. `called`, for those who wait, tells whether work begins: not if they left.

    `roles` are those whose queues it stands in.
    """

    roles: tuple[int, ...]
    called: Event | None = None
    waiting: bool = True

    def call(self) -> None:
        """The wait is over and work begins."""
        self._end(begins=True)

    def leave(self) -> None:
        """The wait is given up, if it is not over."""
        if self.waiting:
            self._end(begins=False)

    def _end(self, *, begins: bool) -> None:
        self.waiting = False
        if self.called is not None:
            self.called.succeed(begins)


@dataclass
class StaffRoom:
    """The staff of a site: who is free, and who waits for whom."""

    clock: Environment
    posts: tuple[Post, ...]
    _free: list[int] = field(init=False)
    _queues: list[list[tuple[int, int, Ticket]]] = field(init=False)
    _joined: count[int] = field(init=False, default_factory=count)

    def __post_init__(self) -> None:
        self._free = [post.headcount or 0 for post in self.posts]
        self._queues = [[] for _ in self.posts]

    def ask(self, roles: tuple[int, ...], rank: int) -> Ticket:
        """Join the queues of the roles that are limited; lower ranks are served first."""
        limited = tuple(role for role in roles if self.posts[role].headcount is not None)
        ticket = Ticket(limited, waiting=bool(limited))
        joined = next(self._joined)
        for role in limited:
            heappush(self._queues[role], (rank, joined, ticket))
        if limited:
            self._serve(limited[0])
        if ticket.waiting:
            ticket.called = Event(self.clock)
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Give up waiting, if it is not over, so that those behind move up."""
        if ticket.waiting:
            ticket.leave()
            for role in ticket.roles:
                self._serve(role)

    def release(self, role: int) -> None:
        """One person of a role has finished and is free for the next in the queue."""
        if self.posts[role].headcount is not None:
            self._free[role] += 1
            self._serve(role)

    def _serve(self, role: int) -> None:
        """Call whoever is at the head of a queue, for as long as they can begin."""
        while (ticket := self._head(role)) is not None and self._can_begin(ticket):
            for each in ticket.roles:
                heappop(self._queues[each])
                self._free[each] -= 1
            ticket.call()
            for other in ticket.roles:
                if other != role:
                    self._serve(other)

    def _head(self, role: int) -> Ticket | None:
        queue = self._queues[role]
        while queue and not queue[0][2].waiting:
            heappop(queue)
        return queue[0][2] if queue else None

    def _can_begin(self, ticket: Ticket) -> bool:
        return all(self._free[role] > 0 and self._head(role) is ticket for role in ticket.roles)
