"""What scenario discovery found, in words for somebody who decides."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from costsim.uncertainty.discovery.outcome import Check, Outcome, Restriction, Shows
from costsim.units import counted
from costsim.words import listed


def told(found: Outcome, show: Shows) -> str:
    """The finding in a paragraph."""
    return " ".join(_TELLERS[found.verdict](found, show))


def headline(found: Outcome, show: Shows) -> str:
    """The finding in a sentence without its full stop."""
    if found.verdict == "box":
        return (
            f"With {limits(found.restrictions, show)}, the case fails in {share(found.density)} of "
            f"draws, against {share(found.rate)} of all"
        )
    return next(iter(_TELLERS[found.verdict](found, show))).removesuffix(".")


def limits(restrictions: tuple[Restriction, ...], show: Shows) -> str:
    """Limits as a list within a sentence."""
    return listed(_limit(each, show.get(each.name, plain_value)) for each in restrictions)


def _limit(each: Restriction, write: Callable[[float], str]) -> str:
    name = each.name
    if math.isinf(each.high):
        return f"{name} above {write(each.low)}"
    if math.isinf(each.low):
        return f"{name} below {write(each.high)}"
    return f"{name} from {write(each.low)} to {write(each.high)}"


def plain_value(value: float) -> str:
    """A value of an input that no writer is given for.

    >>> plain_value(0.28731), plain_value(52431.7)
    ('0.287', '52,432')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def share(value: float) -> str:
    """A share in whole per cent; never none or all of what is not.

    >>> share(0.314), share(0.002), share(0.998), share(1.0)
    ('31%', 'less than 1%', 'more than 99%', '100%')
    """
    whole = round(100 * value)
    if whole == 0 and value > 0:
        return "less than 1%"
    return "more than 99%" if whole == 100 and value < 1 else f"{whole}%"


def _box(found: Outcome, show: Shows) -> Iterator[str]:
    yield f"The case fails in {share(found.rate)} of draws."
    yield (
        f"With {limits(found.restrictions, show)}, it fails in {share(found.density)} of draws; "
        f"this explains {share(found.coverage)} of the failures, with {share(found.mass)} of all "
        "draws."
    )
    if found.check:
        yield _check_words(found.check)
    yield _rest(found)
    yield (
        "These limits say where failures lie among the draws made: not that the inputs named cause "
        "them, nor how likely such values are beyond the ranges that the inputs were given."
    )


def _check_words(check: Check) -> str:
    return (
        f"In the quarter of draws kept aside while the limits were sought, it fails in "
        f"{share(check.count.density)} of those within them."
    )


def _rest(found: Outcome) -> str:
    """What the box leaves."""
    count = found.count
    outside = (count.failures - count.failing) / max(count.draws - count.held, 1)
    if not outside:
        return "Outside these limits it never fails."
    return f"Outside these limits it still fails in {share(outside)} of draws."


def _chance(found: Outcome, _: Shows) -> Iterator[str]:
    yield (
        f"The case fails in {share(found.rate)} of draws, and no limits on the inputs tell where."
    )
    if found.check:
        count = found.check.count
        yield (
            "The most promising limits did not hold up in the quarter of draws kept aside while "
            f"they were sought: there {count.failing:,} of the {count.held:,} within them failed, "
            "which is no more than chance may bring."
        )
    yield (
        "Failures may come of several causes, of luck between cases, or of inputs in ways that "
        "limits on each do not describe; more draws may tell."
    )


def _nothing_fails(found: Outcome, _: Shows) -> Iterator[str]:
    yield f"The case fails in none of {counted(found.count.draws, 'draw')}."
    yield "Nothing within the ranges given to the inputs makes it fail; wider ranges might."


def _everything_fails(found: Outcome, _: Shows) -> Iterator[str]:
    yield f"The case fails in every one of {counted(found.count.draws, 'draw')}."
    yield "Nothing within the ranges given to the inputs makes it succeed."


def _too_few_fail(found: Outcome, _: Shows) -> Iterator[str]:
    yield (
        f"The case fails in {found.count.failures:,} of {counted(found.count.draws, 'draw')}: too "
        "few to say when."
    )
    yield "At least 20 failures are needed to look for what they have in common: make more draws."


def _too_few_succeed(found: Outcome, _: Shows) -> Iterator[str]:
    succeeding = found.count.draws - found.count.failures
    yield (
        f"The case fails in all but {succeeding:,} of {counted(found.count.draws, 'draw')}: it "
        "fails nearly always, whatever the inputs."
    )
    yield "At least 20 draws that do not fail are needed to tell failures from them."


_TELLERS: dict[str, Callable[[Outcome, Shows], Iterator[str]]] = {
    "box": _box,
    "chance": _chance,
    "nothing_fails": _nothing_fails,
    "everything_fails": _everything_fails,
    "too_few_fail": _too_few_fail,
    "too_few_succeed": _too_few_succeed,
}
