"""The figures of one family as an analyst writes them, by whichever are at hand.

`{mean: 49 min, sd: 30 min}`, `{interval: [2 h, 20 h]}`, `{quantiles: {p10: 5 days, p90: 30 days}}`,
`{data: [8.1 h, 9.4 h, 7.7 h]}`, or the family's own parameters. Where one number is unsure, and not
a time that varies, `se` and data speak of the mean: of how near to the truth it is.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Generic, TypeVar

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from costsim.scenario import families, fitting
from costsim.scenario.model import Model, Share, refusal

P = TypeVar("P")  # a number with the distribution's unit: minutes, pounds, a share
N = TypeVar("N")  # a number without a unit: a shape, a logarithm
K = TypeVar("K")

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
FORMS = tuple(_NATIVE)
_WAYS = ("quantiles", "interval", "data")


@dataclass(frozen=True)
class Fit:
    """A distribution beside the figures that it was fitted to.

    `wanted` has, for each figure by its name, what was asked for and what the distribution has; it
    is empty where the family's own parameters were given.
    """

    family: families.Family
    wanted: Mapping[str, tuple[float, float]]

    @property
    def error(self) -> float:
        """The largest miss, as a share of the spread: of the quantiles from end to end, or the sd.

        >>> Fit(families.Uniform(0, 10), {"p10": (1.0, 1.0), "p90": (8.0, 9.0)}).error.__round__(4)
        0.1429
        """
        largest = max((abs(got - asked) for asked, got in self.wanted.values()), default=0.0)
        return largest / self._spread if largest else 0.0

    @property
    def _spread(self) -> float:
        for name in ("sd", "se"):
            if name in self.wanted:
                return self.wanted[name][0]
        asked = [figure for figure, _ in self.wanted.values()]
        return max(asked) - min(asked) or self.family.sd


def number(value: Any) -> float:
    """The float in a number that may carry its source along.

    Raises `ValueError` for what is no number, such as `unlimited`.
    """
    found = getattr(value, "value", value)
    if found is None:
        raise ValueError("every figure must be a number|Write no unlimited and no rest here")
    return float(found)


def numbers(written: Mapping[K, Any]) -> dict[K, float]:
    """The numbers among what is written; what is not there is left out."""
    return {key: number(value) for key, value in written.items() if value is not None}


def _quantile_names(quantiles: dict[str, Any]) -> dict[str, Any]:
    for name in quantiles:
        if not re.fullmatch(r"p\d{1,2}(\.\d+)?", name) or not 0 < float(name[1:]) < 100:
            raise refusal("CS310", f"{name!r} is not a quantile|Write p10, p50, p97.5 and so on")
    return quantiles


class Form(Model, Generic[P]):
    """One family's figures: its own parameters, or mean and sd, quantiles, an interval, or data."""

    native: ClassVar[tuple[str, ...]] = ()
    shorthand: ClassVar[tuple[str, ...]] = ()

    mean: P | None = Field(None, description="Mean.")
    sd: P | None = Field(None, description="Standard deviation.")
    se: P | None = Field(
        None, description="Standard error of the mean, under `uncertain` and instead of the sd."
    )
    quantiles: Annotated[dict[str, P], AfterValidator(_quantile_names)] | None = Field(
        None,
        description="Quantiles, such as {p10: 20 min, p90: 3 h}. Of more than decide it, the "
        "nearest is taken.",
    )
    interval: Annotated[list[P], Field(min_length=2, max_length=2)] | None = Field(
        None, description="The two ends of an interval, of which `level` says how much it holds."
    )
    level: Share | None = Field(None, description="Share inside the interval; 95% unless given.")
    data: Annotated[list[P], Field(min_length=3)] | None = Field(
        None,
        description="Observations, three or more. A time that varies has their mean and sd; under "
        "`uncertain` it is their mean that is unsure, with its standard error.",
    )

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

    def family(self, name: str, of_mean: bool = False) -> families.Family:
        """The family that these figures describe; `ValueError` if none does.

        `of_mean` says that what they describe is how unsure a mean is.
        """
        self._refuse_two_ways()
        self._refuse_error(of_mean)
        given = self._figures()
        if self.quantiles is not None:
            points = {_share(key): value for key, value in self.quantiles.items()}
            return fitting.from_quantiles(name, numbers(points), **given)
        if self.interval is not None:
            low, high = map(number, self.interval)
            return fitting.from_interval(name, low, high, level=self.level or 0.95, **given)
        return self._from_figures(name, given | self._observed(of_mean))

    def fit(self, name: str, of_mean: bool = False) -> Fit:
        """The family that these figures describe, beside them; `ValueError` if none does."""
        family = self.family(name, of_mean)
        asked = self._quantiles_asked() or self._observed(of_mean) or self._moments_asked()
        return Fit(family, {name: (asked[name], _figure(family, name)) for name in asked})

    def _quantiles_asked(self) -> dict[str, float]:
        """The quantiles that were given, those at the ends of an interval too, in order."""
        if self.interval is not None:
            tail = 50 * (1 - (self.level or 0.95))
            low, high = map(number, self.interval)
            return {f"p{tail:.9g}": low, f"p{100 - tail:.9g}": high}
        given = numbers(self.quantiles or {})
        return {name: given[name] for name in sorted(given, key=_share)}

    def _moments_asked(self) -> dict[str, float]:
        """The mean and the sd or se that were given, but for those that are parameters."""
        given = self._figures()
        return {n: given[n] for n in ("mean", "sd", "se") if n in given.keys() - {*self.native}}

    def _observed(self, of_mean: bool) -> dict[str, float]:
        """The mean of the data, and their sd or the standard error of the mean, if there are any.

        The sd is that of a sample: it divides by one less than the number of the data.
        """
        if self.data is None:
            return {}
        values = list(map(number, self.data))
        sd = statistics.stdev(values)
        if sd == 0:
            what = "how unsure their mean is" if of_mean else "how much they vary"
            raise ValueError(f"the data are all the same, so they do not tell {what}|Say it by sd")
        mean = statistics.fmean(values)
        return {"mean": mean, "sd": sd / math.sqrt(len(values)) if of_mean else sd}

    def _refuse_two_ways(self) -> None:
        ways = [name for name in _WAYS if getattr(self, name) is not None]
        figures = self._figures().keys() - {"low", "high"}
        if ways and len(found := [*ways, *sorted(figures)]) > 1:
            raise ValueError(f"{' and '.join(found)} are given at once|Keep one way of saying it")
        if figures >= {"sd", "se"}:
            raise ValueError("sd and se are given at once|Keep the se: how unsure the mean is")

    def _refuse_error(self, of_mean: bool) -> None:
        if self.se is not None and not of_mean:
            raise ValueError(
                "se, the standard error, says how unsure a mean is, but this is how a time varies"
                " from case to case|Write its sd, or write the se of its mean under uncertain"
            )

    def _figures(self) -> dict[str, float]:
        """The figures that are given by name, quantiles, intervals and data apart."""
        names = type(self).model_fields.keys() - {*_WAYS, "level"}
        given = {name: getattr(self, name) for name in sorted(names)}
        return numbers(given)

    def _from_figures(self, name: str, figures: dict[str, float]) -> families.Family:
        # The standard error is the sd of what the mean might be.
        given = {"sd" if each == "se" else each: figures[each] for each in figures}
        names = frozenset(given)
        if names == frozenset(self.native):
            return _NATIVE[name](**given)
        if names == {"low", "mean", "high"}:
            return fitting.from_mean_in_range(name, given["low"], given["mean"], given["high"])
        if names >= {"mean", "sd"} and names <= {"mean", "sd", "low", "high"}:
            return fitting.from_moments(name, **given)
        raise ValueError(
            f"{', '.join(sorted(figures)) or 'nothing'} does not determine it"
            f"|Give {' and '.join(self.native)}, or mean and sd, or quantiles, or an interval"
        )


def _share(quantile: str) -> float:
    """The share that lies below a quantile, by its name.

    >>> _share("p97.5")
    0.975
    """
    return float(quantile[1:]) / 100


def _figure(family: families.Family, name: str) -> float:
    """The figure of a family by its name: mean, sd, se, or a quantile such as p97.5."""
    if name.startswith("p"):
        return float(family.quantile(np.array([_share(name)]))[0])
    return family.mean if name == "mean" else family.sd


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

    def family(self, name: str, of_mean: bool = False) -> families.Family:
        """The exponential; of data that vary it has the mean, and `fit` tells what the sd is."""
        if self.data is None or of_mean:
            return super().family(name, of_mean)
        self._refuse_two_ways()
        return families.Exponential(self._observed(of_mean)["mean"])


class BetaForm(Form[P], Generic[P, N]):
    """Beta on the range low to high (0 to 1 unless given)."""

    native = ("alpha", "beta", "low", "high")
    alpha: N | None = Field(None, description="First shape.")
    beta: N | None = Field(None, description="Second shape.")
    low: P | None = Field(None, description="Lowest value; 0 unless given.")
    high: P | None = Field(None, description="Highest value; 1 unless given.")

    def _from_figures(self, name: str, figures: dict[str, float]) -> families.Family:
        return super()._from_figures(name, {"low": 0.0, "high": 1.0} | figures)


# The orders in which a list may give a family's own parameters.
ORDERS = frozenset(
    form.native for form in (RangeForm, PeakForm, NormalForm, ScaleForm, ExponentialForm, BetaForm)
)
