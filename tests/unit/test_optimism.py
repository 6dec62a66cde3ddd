"""Optimism bias: what it does to a cash flow, the study's own figures, and never twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costsim.economics.appraisal import CashFlow, appraise
from costsim.economics.discounting import Discounting
from costsim.economics.optimism import LADDER, OptimismBias

STUDY = CashFlow(30_288.0, (15_598.58,) * 3, (0.0,) * 3)


@pytest.mark.parametrize(
    ("savings", "payback", "net"),
    [(0.10, 2.16, 11_828), (0.15, 2.28, 9_488), (0.25, 2.59, 4_809), (0.40, None, -2_211)],
)
def test_the_study_after_each_step_of_the_ladder(
    savings: float, payback: float | None, net: float
) -> None:
    """Worked out from the published figures; 3.24 years is beyond the horizon of three."""
    answer = appraise(OptimismBias(savings).adjusted(STUDY), Discounting(0.035))
    assert answer.net_benefit == pytest.approx(net, abs=0.5)
    assert answer.payback_years == (payback and pytest.approx(payback, abs=0.005))
    assert savings in LADDER


def test_no_bias_changes_nothing() -> None:
    assert OptimismBias(0.0).adjusted(STUDY) == STUDY


amounts = st.floats(-1e6, 1e6)


@given(
    one_off=amounts, saving=amounts, running=amounts, share=st.floats(0, 1), costs=st.floats(0, 2)
)
def test_it_never_makes_anything_look_better(
    one_off: float, saving: float, running: float, share: float, costs: float
) -> None:
    flow = CashFlow(one_off, (saving,), (running,), (abs(running),))
    after = OptimismBias(share, costs).adjusted(flow)
    before, worse = flow.net(), after.net()
    assert all(b <= a + 1e-6 for a, b in zip(before, worse, strict=True))
