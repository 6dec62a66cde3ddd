"""Distributions as an analyst writes them: exactly one family by name, with its figures.

`{gamma: {mean: 49 min, sd: 30 min}}`, `{pert: [£36, £43, £52]}`, a table of published bins, or
alternatives with their shares: each becomes one of the families of `costsim.scenario.families` or
of `costsim.scenario.tables`. A distribution says how something varies from case to case; `Unsure`
says how unsure one number is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any, ClassVar, Generic, Self

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from costsim.scenario import families
from costsim.scenario.forms import (
    FORMS,
    BetaForm,
    ExponentialForm,
    Fit,
    Form,
    LogNormalForm,
    N,
    NormalForm,
    P,
    PeakForm,
    RangeForm,
    ScaleForm,
    number,
    numbers,
)
from costsim.scenario.model import Model, Real, Section, Share, refusal
from costsim.scenario.tables import Bins, Discrete
from costsim.units import percent

ROUNDED_SHARES = 0.0015  # published percentages are rounded, so they may miss 100 % by this much
MOST_CASES = 100_000  # the largest shape of a beta


class Bin(Model, Generic[P, N]):
    """One bin of a published table: its ends, and its share or its count."""

    start: P = Field(alias="from", description="Lower end.")
    to: P = Field(description="Upper end.")
    share: Share | None = Field(None, description="Share of cases; all shares must add up to 100%.")
    count: N | None = Field(None, description="Number of cases, instead of a share.")


class Alternative(Model, Generic[P]):
    """One of the values that a number may have, and how likely it is."""

    value: P = Field(description="The value.")
    share: Share = Field(description="How likely it is; all shares must add up to 100%.")


class Distribution(Section, Generic[P, N]):
    """Exactly one family by name, with its figures."""

    of_mean: ClassVar[bool] = False

    fixed: P | None = Field(None, description="The same for every referral.")
    uniform: RangeForm[P] | None = Field(None, description="Uniform between low and high.")
    triangular: PeakForm[P] | None = Field(None, description="Triangular: low, mode, high.")
    pert: PeakForm[P] | None = Field(None, description="PERT: low, mode, high.")
    normal: NormalForm[P] | None = Field(None, description="Normal, truncated at zero.")
    lognormal: LogNormalForm[P, N] | None = Field(None, description="Lognormal.")
    gamma: ScaleForm[P, N] | None = Field(None, description="Gamma.")
    weibull: ScaleForm[P, N] | None = Field(None, description="Weibull.")
    exponential: ExponentialForm[P] | None = Field(None, description="Exponential.")
    beta: BetaForm[P, N] | None = Field(None, description="Beta on a range.")
    empirical: Annotated[list[P], Field(min_length=1)] | None = Field(
        None, description="Observed values, each as likely as the others."
    )
    bins: Annotated[list[Bin[P, N]], Field(min_length=1)] | None = Field(
        None, description="A published table of bins, each with a share or a count."
    )
    discrete: Annotated[list[Alternative[P]], Field(min_length=2)] | None = Field(
        None, description="Alternatives: two or more values, each with its share."
    )

    @model_validator(mode="before")
    @classmethod
    def _bare_number(cls, data: Any) -> Any:
        """`30 min` and `{value: 30 min, source: ...}` stand for a fixed number."""
        return {"fixed": data} if not isinstance(data, dict) or "value" in data else data

    @model_validator(mode="after")
    def _must_make_sense(self) -> Distribution[P, N]:
        if len(self._chosen()) != 1:
            found = ", ".join(self._chosen()) or "none"
            rule = f"exactly one distribution is needed here; found {found}"
            raise refusal("CS312", f"{rule}|Keep one, such as gamma: {{mean: ..., sd: ...}}")
        try:
            self._check()
        except ValueError as error:
            hint = (
                "" if "|" in str(error) else "|Figures are in working minutes, pounds or fractions"
            )
            raise refusal("CS313", f"{self._chosen()[0]}: {error}{hint}") from error
        return self

    def _check(self) -> None:
        self.family()

    def _chosen(self) -> list[str]:
        return [name for name in (*FORMS, *_AS_IT_IS) if getattr(self, name) is not None]

    @property
    def chosen(self) -> str:
        """The name of its family, as written."""
        return self._chosen()[0]

    def family(self) -> families.Family:
        """The distribution itself, in minutes, pounds or fractions.

        Raises `ValueError` in plain words if its figures are impossible together.
        """
        return self.made

    def altered(self, update: Mapping[str, Any]) -> Self:
        """The same with other figures; raises `ValueError` as `family` does."""
        copied = super().altered(update)
        copied.__dict__.pop("made", None)  # or the copy would keep what was made of the old ones
        copied.family()
        return copied

    @cached_property
    def made(self) -> families.Family:
        """What `family` gives, once."""
        name = self.chosen
        written = getattr(self, name)
        made: families.Family = (
            _AS_IT_IS[name](written)
            if name in _AS_IT_IS
            else written.family(name, of_mean=self.of_mean)
        )
        return made

    def fit(self) -> Fit:
        """The distribution beside the figures that it was fitted to, if it was fitted to any.

        Raises `ValueError` in plain words if its figures are impossible together.
        """
        name = self.chosen
        written = getattr(self, name)
        if isinstance(written, Form):
            return written.fit(name, of_mean=self.of_mean)
        return Fit(self.family(), {})


def _cases(count: float) -> float:
    if not 0 < count <= MOST_CASES:
        rule = f"{count:,.9g} is no number of cases for a dirichlet"
        raise refusal("CS307", f"{rule}|Write a number above 0 and up to {MOST_CASES:,}")
    return count


class Unsure(Distribution[P, N], Generic[P, N]):
    """How unsure one number is: what it might truly be, as a distribution."""

    of_mean = True

    dirichlet: Annotated[Real, AfterValidator(_cases)] | None = Field(
        None,
        description="For the shares of one `next`, or of one attribute of the referrals: how many "
        "cases were seen to go this way. All shares of the set must have theirs.",
    )

    _all_cases: float | None = PrivateAttr(None)

    @property
    def concentration(self) -> float | None:
        """The cases that were seen to go the way of this share; None unless it is a dirichlet."""
        return self.dirichlet

    def among(self, cases: float) -> None:
        """Say how many cases all shares of a dirichlet have together; once, when it is read."""
        self._all_cases = cases

    def _check(self) -> None:
        if self.dirichlet is None:  # a dirichlet makes sense among the others of its set only
            super()._check()

    def _chosen(self) -> list[str]:
        return super()._chosen() + ["dirichlet"] * (self.dirichlet is not None)

    def family(self) -> families.Family:
        """The distribution of the number, in minutes, pounds or fractions.

        That of one share of a dirichlet is a beta of its own cases and of all others (Johnson, Kotz
        and Balakrishnan, Continuous Multivariate Distributions 1, 2000, chapter 49). Raises
        `ValueError` in plain words if its figures are impossible together.
        """
        if self.dirichlet is None:
            return super().family()
        if self._all_cases is None:
            raise ValueError("a dirichlet is of several shares, and this is one number alone")
        return families.Beta(self.dirichlet, self._all_cases - self.dirichlet, 0.0, 1.0)

    def fit(self) -> Fit:
        """The distribution of the number beside the figures that it was fitted to, if any."""
        return super().fit() if self.dirichlet is None else Fit(self.family(), {})


def _binned(bins: list[Bin[P, N]]) -> Bins:
    edges = tuple((number(each.start), number(each.to)) for each in bins)
    weights = _weights(bins)
    total = sum(weights)
    if min(weights) < 0 or total <= 0:
        raise ValueError("the counts of the bins must not be negative, nor all be zero")
    return Bins(edges, tuple(weight / total for weight in weights))


def _weights(bins: list[Bin[P, N]]) -> list[float]:
    """The counts of the bins, or their shares, which must add up to 100 %."""
    counts, shares = _given(bins, "count"), _given(bins, "share")
    if (len(counts), len(shares)) == (len(bins), 0):
        return counts
    if (len(counts), len(shares)) != (0, len(bins)):
        raise ValueError("give every bin a share, or every bin a count")
    return _full(shares, "bins")


def _given(bins: Iterable[Bin[P, N]], name: str) -> list[float]:
    return list(numbers({n: getattr(each, name) for n, each in enumerate(bins)}).values())


def _full(shares: list[float], what: str) -> list[float]:
    if abs(sum(shares) - 1) > ROUNDED_SHARES:
        raise ValueError(f"the shares of the {what} add up to {percent(sum(shares))}, not 100%")
    return shares


def _alternatives(written: list[Alternative[P]]) -> Discrete:
    shares = _full([each.share for each in written], "alternatives")
    total = sum(shares)
    values = tuple(number(each.value) for each in written)
    return Discrete(values, tuple(share / total for share in shares))


_AS_IT_IS: dict[str, Callable[..., families.Family]] = {
    "fixed": lambda value: families.Fixed(number(value)),
    "empirical": lambda values: families.Empirical(tuple(map(number, values))),
    "bins": _binned,
    "discrete": _alternatives,
}
