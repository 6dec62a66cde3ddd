"""Run the kernel without its compiler, compare it with the reference, and say what was not reached.

A program of its own: numba reads NUMBA_DISABLE_JIT when it is first loaded, and nothing measures
the coverage of compiled code. It prints the lines and branches that were not reached, as JSON.
With the argument `little` it plays so little that much is not.
"""

from __future__ import annotations

import json
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from coverage import Coverage
from hypothesis import HealthCheck, given, settings

FEATURES = sorted((Path(__file__).parents[2] / "scenarios" / "features").glob("*.yaml"))
TIED = 30
MOST_REFERRALS = 12.0
GENERATED = ("_one_multiplication", "_compiled_high_product")
"""What writes machine code, and so cannot be interpreted."""


def main() -> None:
    """Measure, and print what was not reached in each file of the kernel."""
    coverage = Coverage(
        branch=True,
        source_pkgs=["costsim.engines.kernel"],
        omit=["*/keeping.py"],  # without the compiler there is nothing to keep
        data_file=None,
    )
    for name in GENERATED:
        coverage.exclude(rf"def {name}\(")
    with coverage.collect(), warnings.catch_warnings():
        # The generator's integers wrap round; only the interpreter remarks on it.
        warnings.filterwarnings("ignore", "overflow encountered in scalar", RuntimeWarning)
        play_little() if sys.argv[1:] == ["little"] else play()
    json.dump(_missed(coverage), sys.stdout)


def _missed(coverage: Coverage) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        coverage.json_report(outfile=str(report))
        files = json.loads(report.read_text("utf-8"))["files"]
    return {
        Path(name).stem: found["missing_lines"] + found["missing_branches"]
        for name, found in files.items()
    }


def play() -> None:
    """Everything that the kernel can do, on a small scale."""
    from costsim.engines.kernel import KernelEngine
    from costsim.sampling import Luck
    from tests.model import small_plans
    from tests.model.agreeing import assert_engines_agree, assert_same_outcome

    luck = Luck(seed=1, site="site", replications=2)
    assert KernelEngine().ready
    _features(FEATURES)
    _tied()
    assert_engines_agree(small_plans.many_meetings(80), luck)
    assert_engines_agree(small_plans.long_loops(), luck)
    assert_same_outcome(small_plans.races(), luck)
    assert_same_outcome(small_plans.races(headcount=None), luck)


def play_little() -> None:
    """One pathway with unlimited staff."""
    _features(FEATURES[:1])


def _features(files: list[Path]) -> None:
    import costsim
    from costsim.pathway.compile import compile_site
    from costsim.sampling import Luck
    from tests.model.agreeing import assert_engines_agree

    for file in files:
        scenario = costsim.load(file)
        for name in scenario.sites:
            plan = compile_site(scenario, name)
            length = min(plan.length, MOST_REFERRALS / plan.demand.per_year)
            small = replace(plan, length=length, warm_up=min(plan.warm_up, length / 2))
            assert_engines_agree(small, Luck(seed=1, site=name, replications=2))


def _tied() -> None:
    from tests.model.agreeing import assert_engines_agree
    from tests.model.tied_scenarios import lucks, plans

    @given(plan=plans(), luck=lucks())
    @settings(
        max_examples=TIED,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def sample(plan: Any, luck: Any) -> None:
        assert_engines_agree(plan, luck)

    sample()


if __name__ == "__main__":
    main()
