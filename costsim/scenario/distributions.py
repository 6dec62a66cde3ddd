"""Distributions as an analyst writes them, by whichever figures are at hand.

`{gamma: {mean: 49 min, sd: 30 min}}`, `{lognormal: {interval: [2 h, 20 h]}}`,
`{pert: [£36, £43, £52]}`, `{weibull: {quantiles: {p10: 5 days, p90: 30 days}}}`, or the family's
own parameters: each becomes one of the families of `costsim.scenario.families`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import AfterValidator, Field, model_validator

from costsim.scenario import families, fitting
from costsim.scenario.model import Model, Section, Share, refusal
from costsim.units import percent

P = TypeVar("P")  # a number with the distribution's unit: minutes, pounds, a share
N = TypeVar("N")  # a number without a unit: a shape, a logarithm
K = TypeVar("K")
ROUNDED_SHARES = 0.0015  # published percentages are rounded, so they may miss 100 % by this much


def number(value: Any) -> float:
    """The float in a number that may carry its source along."""
    return float(getattr(value, "value", value))


def _quantile_names(quantiles: dict[str, Any]) -> dict[str, Any]:
    for name in quantiles:
        if not re.fullmatch(r"p\d{1,2}(\.\d+)?", name) or not 0 < float(name[1:]) < 100:
            raise refusal("CS310", f"{name!r} is not a quantile|Write p10, p50, p97.5 and so on")
    return quantiles


class Form(Model, Generic[P]):
    """One family's figures: its own parameters, or mean and sd, quantiles, or an interval."""

    native: ClassVar[tuple[str, ...]] = ()
    shorthand: ClassVar[tuple[str, ...]] = ()

    mean: P | None = Field(None, description="Mean.")
    sd: P | None = Field(None, description="Standard deviation.")
    quantiles: Annotated[dict[str, P], AfterValidator(_quantile_names)] | None = Field(
        None, description="Quantiles, such as {p10: 20 min, p90: 3 h}."
    )
    interval: Annotated[list[P], Field(min_length=2, max_length=2)] | None = Field(
        None, description="The two ends of an interval, of which `level` says how much it holds."
    )
    level: Share | None = Field(None, description="Share inside the interval; 95% unless given.")

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, data: Any) -> Any:
        """`[a, b, c]` stands for the family's own parameters in their usual order."""
        if not isinstance(data, list):
            return data
        names = cls.shorthand or cls.native
        if len(data) != len(names):
            rule = f"a list here needs {len(names)} numbers: {', '.join(names)}"
            raise refusal("CS311", f"{rule}|Write them in that order, or by name")
        return dict(zip(names, data, strict=True))

    def family(self, name: str) -> families.Family:
        """The family that these figures describe; `ValueError` if none does."""
        given = self._figures()
        if self.quantiles is not None:
            points = {float(key[1:]) / 100: q for key, q in self.quantiles.items()}
            return fitting.from_quantiles(name, _numbers(points), **given)
        if self.interval is not None:
            low, high = map(number, self.interval)
            return fitting.from_interval(name, low, high, level=self.level or 0.95, **given)
        return self._from_figures(name, given)

    def _figures(self) -> dict[str, float]:
        """The figures that are given by name, quantiles and intervals apart."""
        names = type(self).model_fields.keys() - {"quantiles", "interval", "level"}
        given = {name: getattr(self, name) for name in sorted(names)}
        return _numbers(given)

    def _from_figures(self, name: str, given: dict[str, float]) -> families.Family:
        names = frozenset(given)
        if names == frozenset(self.native):
            return _NATIVE[name](**given)
        if names == {"low", "mean", "high"}:
            return fitting.from_mean_in_range(name, given["low"], given["mean"], given["high"])
        if names >= {"mean", "sd"} and names <= {"mean", "sd", "low", "high"}:
            return fitting.from_moments(name, **given)
        raise ValueError(
            f"{', '.join(sorted(given)) or 'nothing'} does not determine it"
            f"|Give {' and '.join(self.native)}, or mean and sd, or quantiles, or an interval"
        )


class RangeForm(Form[P], Generic[P]):
    """Uniform: low and high."""

    native: ClassVar[tuple[str, ...]] = ("low", "high")
    low: P | None = Field(None, description="Lowest value.")
    high: P | None = Field(None, description="Highest value.")


class PeakForm(RangeForm[P], Generic[P]):
    """Triangular and PERT: low, mode (most likely) and high."""

    native = ("low", "mode", "high")
    mode: P | None = Field(None, description="Most likely value.")


class NormalForm(Form[P], Generic[P]):
    """Normal truncated at zero: mu and sigma before truncation; mean and sd are after it."""

    native = ("mu", "sigma")
    mu: P | None = Field(None, description="Mean before truncation at zero.")
    sigma: P | None = Field(None, description="Standard deviation before truncation at zero.")


class LogNormalForm(Form[P], Generic[P, N]):
    """Lognormal: mu and sigma of the natural logarithm of minutes, pounds or the number itself."""

    native = ("mu", "sigma")
    mu: N | None = Field(None, description="Mean of the natural logarithm.")
    sigma: N | None = Field(None, description="Standard deviation of the natural logarithm.")


class ScaleForm(Form[P], Generic[P, N]):
    """Gamma and Weibull: shape and scale."""

    native = ("shape", "scale")
    shape: N | None = Field(None, description="Shape, without a unit.")
    scale: P | None = Field(None, description="Scale.")


class ExponentialForm(Form[P], Generic[P]):
    """Exponential: its mean."""

    native = ("mean",)


class BetaForm(Form[P], Generic[P, N]):
    """Beta on the range low to high (0 to 1 unless given)."""

    native = ("alpha", "beta", "low", "high")
    alpha: N | None = Field(None, description="First shape.")
    beta: N | None = Field(None, description="Second shape.")
    low: P | None = Field(None, description="Lowest value; 0 unless given.")
    high: P | None = Field(None, description="Highest value; 1 unless given.")

    def _from_figures(self, name: str, given: dict[str, float]) -> families.Family:
        return super()._from_figures(name, {"low": 0.0, "high": 1.0} | given)


class Bin(Model, Generic[P, N]):
    """One bin of a published table: its ends, and its share or its count."""

    start: P = Field(alias="from", description="Lower end.")
    to: P = Field(description="Upper end.")
    share: Share | None = Field(None, description="Share of cases; all shares must add up to 100%.")
    count: N | None = Field(None, description="Number of cases, instead of a share.")


class Distribution(Section, Generic[P, N]):
    """Exactly one family by name, with its figures."""

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
            self.family()
        except ValueError as error:
            hint = (
                "" if "|" in str(error) else "|Figures are in working minutes, pounds or fractions"
            )
            raise refusal("CS313", f"{self._chosen()[0]}: {error}{hint}") from error
        return self

    def _chosen(self) -> list[str]:
        return [name for name in (*_NATIVE, *_AS_IT_IS) if getattr(self, name) is not None]

    def family(self) -> families.Family:
        """The distribution itself, in minutes, pounds or fractions.

        Raises `ValueError` in plain words if its figures are impossible together.
        """
        name = self._chosen()[0]
        written = getattr(self, name)
        made: families.Family = (
            _AS_IT_IS[name](written) if name in _AS_IT_IS else written.family(name)
        )
        return made


def _binned(bins: list[Bin[P, N]]) -> families.Bins:
    edges = tuple((number(each.start), number(each.to)) for each in bins)
    weights = _weights(bins)
    total = sum(weights)
    if min(weights) < 0 or total <= 0:
        raise ValueError("the counts of the bins must not be negative, nor all be zero")
    return families.Bins(edges, tuple(weight / total for weight in weights))


def _weights(bins: list[Bin[P, N]]) -> list[float]:
    """The counts of the bins, or their shares, which must add up to 100 %."""
    counts, shares = _given(bins, "count"), _given(bins, "share")
    if (len(counts), len(shares)) == (len(bins), 0):
        return counts
    if (len(counts), len(shares)) != (0, len(bins)):
        raise ValueError("give every bin a share, or every bin a count")
    if abs(sum(shares) - 1) > ROUNDED_SHARES:
        raise ValueError(f"the shares of the bins add up to {percent(sum(shares))}, not 100%")
    return shares


def _given(bins: list[Bin[P, N]], name: str) -> list[float]:
    return list(_numbers({n: getattr(each, name) for n, each in enumerate(bins)}).values())


def _numbers(written: Mapping[K, Any]) -> dict[K, float]:
    """The numbers among what is written; what is not there is left out."""
    return {key: number(value) for key, value in written.items() if value is not None}


_NATIVE: dict[str, Callable[..., families.Family]] = {
    "uniform": families.Uniform,
    "triangular": families.Triangular,
    "pert": families.Pert,
    "normal": families.TruncatedNormal,
    "lognormal": families.LogNormal,
    "gamma": families.Gamma,
    "weibull": families.Weibull,
    "exponential": families.Exponential,
    "beta": families.Beta,
}
_AS_IT_IS: dict[str, Callable[..., families.Family]] = {
    "fixed": lambda value: families.Fixed(number(value)),
    "empirical": lambda values: families.Empirical(tuple(map(number, values))),
    "bins": _binned,
}

# The orders in which a list may give a family's own parameters.
ORDERS = frozenset(
    form.native for form in (RangeForm, PeakForm, NormalForm, ScaleForm, ExponentialForm, BetaForm)
)
