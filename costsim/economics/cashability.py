"""How much of the staff time saved is cash, and how much is capacity for other work.

An hour saved here and an hour there leave the pay bill as it is. Pay is saved when a whole post is
no longer needed, when somebody leaves one, and when it is not filled again. Each role of each site
is looked at by itself, for a post cannot be shared by two councils or made of two roles.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from costsim.economics.savings import RoleTime, SiteCase, Terms
from costsim.results.estimates import Estimate, t_quantile
from costsim.results.metrics import Cashability

_ROUNDING = 1e-9
"""Posts within which a number of them counts as whole."""


@dataclass(frozen=True)
class CashRow:
    """One role in one year: hours and full-time posts, then pounds.

    `whole_posts` are those that the hours make, `vacated` those that have fallen vacant before the
    year begins, `posts_gone` the fewer of the two. `staff_time` is the value of the hours at the
    role's cost; less `part_posts` (hours that make no whole post), `not_vacated` (whole posts that
    nobody leaves) and `filled_again` it is `cash`. Where more time is needed all are negative: a
    part of a post is absorbed, a whole post has to be paid at once.
    """

    role: str
    year: int
    hours: float
    posts: float
    whole_posts: int
    vacated: int
    posts_gone: int
    staff_time: float
    part_posts: float
    not_vacated: float
    filled_again: float
    cash: float


def cash_rows(case: SiteCase, terms: Terms, errors: float = 0.0) -> Iterator[CashRow]:
    """Every role of a site in every year of the appraisal.

    Hours are the estimates, or so many standard errors above them.
    """
    levels = terms.pay_levels()
    shares = case.rollout.saving_shares(terms.years)
    for role in case.roles:
        minutes = role.released.number + errors * (role.released.mcse or 0.0)
        for year, share in enumerate(shares, start=1):
            hours = minutes * case.referrals_per_year * share / 60
            dearer = replace(role, hourly_cost=role.hourly_cost * levels[year - 1])
            yield _row(dearer, year, hours, terms.full_time_minutes / 60)


def _row(role: RoleTime, year: int, hours: float, full_time: float) -> CashRow:
    posts = hours / full_time
    whole = math.trunc(posts + math.copysign(_ROUNDING, posts))
    vacated = math.floor(role.vacated_a_year * (year - 1) + _ROUNDING)
    gone = whole if whole < 0 else min(whole, vacated)
    post = full_time * role.hourly_cost
    again = max(0, gone) * role.backfill
    return CashRow(
        role=role.name,
        year=year,
        hours=hours,
        posts=posts,
        whole_posts=whole,
        vacated=vacated,
        posts_gone=gone,
        staff_time=hours * role.hourly_cost,
        part_posts=hours * role.hourly_cost - whole * post,
        not_vacated=(whole - gone) * post,
        filled_again=again * post,
        cash=(gone - again) * post,
    )


def cashability(cases: Sequence[SiteCase], terms: Terms) -> Cashability:
    """The staff time saved over the horizon, in pounds, and the part of it that is cash.

    Cash rises with the hours in steps. Intervals take all roles and sites to their own ends at
    once, so they are rather too wide than too narrow.
    """
    return Cashability(
        staff_time_saving=_over_the_horizon(cases, terms, "staff_time"),
        cashable_saving=_over_the_horizon(cases, terms, "cash"),
    )


def _over_the_horizon(cases: Sequence[SiteCase], terms: Terms, name: str) -> Estimate:
    def total(errors: float) -> float:
        rows = (row for case in cases for row in cash_rows(case, terms, errors))
        return math.fsum(map(attrgetter(name), rows))

    estimates = [case.gross() for case in cases]
    degrees = min(each.degrees or 0 for each in estimates)
    if not degrees or None in map(attrgetter("mcse"), estimates):
        return Estimate(total(0.0))
    half = t_quantile(degrees)
    return Estimate(0.0, 1.0, (-half, half), degrees).through(total)
