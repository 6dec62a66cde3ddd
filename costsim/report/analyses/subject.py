"""What is analysed: a scenario file, or the scenario of a folder of results with its run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from costsim.errors import ResultsError
from costsim.evaluation import Evaluation, evaluate
from costsim.findings import read
from costsim.report.analyses.cells import text_list
from costsim.report.analyses.exhibit import Table
from costsim.results.checks import Check
from costsim.results.summary import versions
from costsim.scenario import loader
from costsim.scenario.schema import Scenario
from costsim.words import in_words

FEW = 30
"""Replications that show whether a scenario can be run as it stands."""


@dataclass(frozen=True)
class Subject:
    """A scenario to be analysed, and the luck of its analysis.

    `folder` is the folder of results that it is from, None for a file; `checks` are those of its
    run, None where it has not been run.
    """

    scenario: Scenario
    seed: int
    folder: Path | None = None
    checks: tuple[Check, ...] | None = None

    @classmethod
    def of(cls, source: Path, seed: int | None = None) -> Subject:
        """What a path leads to: a scenario file, or a folder of results, whose seed is kept.

        Raises `ScenarioError` for a scenario with problems, `ResultsError` for a folder that is
        none of results, or that has been changed.

        >>> Subject.of(Path("scenarios/starter.yaml")).seed
        1
        """
        if not source.is_dir():
            scenario = loader.load(source)
            return cls(scenario, scenario.run.seed if seed is None else seed)
        if not (source / "manifest.json").is_file():
            raise ResultsError(
                f"{source} is a folder, and holds no manifest.json: it is not one of results. Give "
                "a scenario, or the folder that costsim run wrote."
            )
        found = read(source)
        own = int(found.manifest["seed"])
        return cls(found.scenario, own if seed is None else seed, source, found.checks)

    def checked(self, **hands: Any) -> tuple[Check, ...]:
        """The checks of its run; of a few replications, if it has not been run.

        `hands` go to `costsim.evaluate`. Raises `KeyboardInterrupt` if that was interrupted.
        """
        return self.checks if self.checks is not None else self._evaluated(**hands).checks

    def _evaluated(self, **hands: Any) -> Evaluation:
        most = self.scenario.run.replications or FEW
        found = evaluate(
            self.scenario, replications=min(most, FEW), seed=self.seed, keep=1, **hands
        )
        if found.runs.interrupted:
            raise KeyboardInterrupt
        return found

    def settings(self, **further: Any) -> dict[str, Any]:
        """What would repeat an analysis of it, and what it was of."""
        return {**of_scenario(self.scenario), "seed": self.seed, **further, "versions": versions()}


def of_scenario(scenario: Scenario) -> dict[str, Any]:
    """Which scenario it is: its title, its file's name and hash."""
    origin = scenario.origin
    known = {"title": scenario.title, "file": origin.file, "sha256": origin.sha256}
    return {"scenario": known}


def alarm(checks: Sequence[Check]) -> Iterator[str]:
    """The warning to go on top where a check failed."""
    if any(not each.passed for each in checks):
        yield "A CHECK OF THIS RUN FAILED (see below): do not rely on its figures."


def failures(checks: Sequence[Check]) -> tuple[Table, ...]:
    """The checks that failed, as a list, if any."""
    lines = [f"{each.name}: {in_words(each.detail)}" for each in checks if not each.passed]
    return text_list("failed_checks", "Checks that failed", lines)
