"""Shares of the full-roll-out saving, against hand-worked years and an exact integral."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costsim.economics.rollout import Rollout

SHARES = st.floats(0.0, 1.0)
DELAYS = st.floats(0.0, 6.0)
ROLLOUTS = st.builds(
    Rollout,
    start_delay=DELAYS,
    ramp_up=st.lists(SHARES, min_size=1, max_size=5).map(tuple),
    fade=SHARES,
)


def exact_saving_share(rollout: Rollout, year: int) -> Fraction:
    """Overlap of one appraisal year with every year since going live, weighted, in fractions."""
    total = Fraction(0)
    for k in range(year):
        begins = Fraction(rollout.start_delay) + k
        overlap = min(Fraction(year), begins + 1) - max(Fraction(year - 1), begins)
        ramp = rollout.ramp_up[k] if k < len(rollout.ramp_up) else rollout.ramp_up[-1]
        total += max(overlap, Fraction(0)) * Fraction(ramp) * (1 - Fraction(rollout.fade)) ** k
    return total


def test_a_rollout_is_full_from_the_first_day_unless_told_otherwise() -> None:
    assert Rollout().saving_shares(3) == (1.0, 1.0, 1.0)
    assert Rollout().live_shares(3) == (1.0, 1.0, 1.0)


def test_a_delay_within_the_first_year_costs_that_part_of_it() -> None:
    assert Rollout(start_delay=0.25).saving_shares(2) == (0.75, 1.0)


def test_a_delay_of_whole_years_leaves_those_years_empty() -> None:
    assert Rollout(start_delay=2.0, ramp_up=(0.5, 1.0)).saving_shares(4) == (0.0, 0.0, 0.5, 1.0)


def test_a_delay_beyond_the_horizon_leaves_nothing() -> None:
    late = Rollout(start_delay=5.5)
    assert late.saving_shares(3) == late.live_shares(3) == (0.0, 0.0, 0.0)


def test_the_last_share_of_the_ramp_up_holds_afterwards() -> None:
    assert Rollout(ramp_up=(0.25, 0.5, 0.75)).saving_shares(5) == (0.25, 0.5, 0.75, 0.75, 0.75)


def test_the_fade_counts_from_going_live_and_spares_the_first_year() -> None:
    assert Rollout(fade=0.5).saving_shares(3) == (1.0, 0.5, 0.25)
    assert Rollout(start_delay=1.0, fade=0.5).saving_shares(3) == (0.0, 1.0, 0.5)


def test_a_fade_of_everything_leaves_the_first_year_since_going_live() -> None:
    assert Rollout(fade=1.0).saving_shares(3) == (1.0, 0.0, 0.0)


def test_a_fractional_delay_mixes_two_years_since_going_live_in_one_appraisal_year() -> None:
    # Live from 0.75: year 1 has a quarter at 0.5; year 2 three quarters at 0.5, a quarter at 0.8.
    rollout = Rollout(start_delay=0.75, ramp_up=(0.5, 1.0), fade=0.2)
    expected = (0.25 * 0.5, 0.75 * 0.5 + 0.25 * 0.8, 0.75 * 0.8 + 0.25 * 0.64)
    assert rollout.saving_shares(3) == pytest.approx(expected, rel=1e-14)


def test_live_time_knows_nothing_of_ramp_up_and_fade() -> None:
    rollout = Rollout(start_delay=1.25, ramp_up=(0.1,), fade=0.5)
    assert rollout.live_shares(3) == (0.0, 0.75, 1.0)


def test_full_years_add_up_the_shares() -> None:
    assert Rollout(start_delay=0.5, ramp_up=(0.5, 1.0)).full_years(3) == 2.0


@given(rollout=ROLLOUTS, years=st.integers(0, 9))
def test_saving_shares_equal_an_exact_integral(rollout: Rollout, years: int) -> None:
    exact = [float(exact_saving_share(rollout, year)) for year in range(1, years + 1)]
    assert rollout.saving_shares(years) == pytest.approx(exact, rel=1e-12, abs=1e-15)


@given(rollout=ROLLOUTS, years=st.integers(0, 9))
def test_live_shares_add_up_to_the_years_after_the_delay(rollout: Rollout, years: int) -> None:
    live = math.fsum(rollout.live_shares(years))
    assert live == pytest.approx(max(years - rollout.start_delay, 0.0), abs=1e-12)


@given(rollout=ROLLOUTS)
def test_no_year_saves_more_than_it_is_live(rollout: Rollout) -> None:
    pairs = zip(rollout.saving_shares(9), rollout.live_shares(9), strict=True)
    assert all(0 <= saving <= live + 1e-15 for saving, live in pairs)


@given(delay=DELAYS)
def test_without_ramp_up_or_fade_saving_time_is_exactly_live_time(delay: float) -> None:
    rollout = Rollout(start_delay=delay)
    assert rollout.saving_shares(9) == rollout.live_shares(9)


@given(rollout=ROLLOUTS, whole=st.integers(1, 3))
def test_a_year_more_of_delay_moves_every_share_a_year_later(rollout: Rollout, whole: int) -> None:
    later = Rollout(rollout.start_delay + whole, rollout.ramp_up, rollout.fade)
    moved = (0.0,) * whole + rollout.saving_shares(6)
    assert later.saving_shares(6 + whole) == pytest.approx(moved, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("delay", [-0.1, math.nan, math.inf])
def test_a_delay_that_is_no_time_at_all_is_refused(delay: float) -> None:
    with pytest.raises(ValueError, match="start delay must be zero or more years"):
        Rollout(start_delay=delay)


def test_an_empty_ramp_up_is_refused() -> None:
    with pytest.raises(ValueError, match="ramp-up needs at least one share"):
        Rollout(ramp_up=())


@pytest.mark.parametrize(("share", "said"), [(1.5, "150 %"), (-0.1, "-10 %"), (math.nan, "nan %")])
def test_a_ramp_up_outside_0_to_100_percent_is_refused_by_its_year(share: float, said: str) -> None:
    with pytest.raises(ValueError, match=f"ramp-up in year 2 since going live .* it is {said}"):
        Rollout(ramp_up=(0.5, share))


@pytest.mark.parametrize("fade", [-0.01, 1.01, math.nan])
def test_a_fade_outside_0_to_100_percent_is_refused(fade: float) -> None:
    with pytest.raises(ValueError, match="The fade a year must lie between 0 % and 100 %"):
        Rollout(fade=fade)
