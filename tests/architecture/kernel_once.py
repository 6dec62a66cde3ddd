"""Run the kernel once and say which of its functions were compiled anew, and which read from disk.

A program of its own, for a cache on disk is seen by the next process only. With the argument `luck`
only the generator of luck is run, which is compiled in a moment. It prints JSON: for each function
how many versions were read from the cache, and how many compiled.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np

from costsim.engines.kernel import KernelEngine, clock, journeys, luck, recording
from costsim.sampling import Luck

LUCK = Luck(seed=3, site="site")


def main() -> None:
    """Run, and print where the machine code came from."""
    functions: list[Any] = [luck.fill]
    if sys.argv[1:] == ["luck"]:
        _draw()
    else:
        from tests.model.small_plans import many_meetings

        KernelEngine().run(many_meetings(3), LUCK)
        functions = [clock.run, journeys.walk, recording.collect]
    json.dump({each.__name__: _origin(each) for each in functions}, sys.stdout)


def _draw() -> None:
    where = (np.zeros(9, dtype=np.int64), np.arange(9), np.zeros(9, dtype=np.int64))
    found = luck.CompiledLuck(**vars(LUCK)).uniforms("test", *where)
    assert found.tolist() == LUCK.uniforms("test", *where).tolist()


def _origin(function: Any) -> list[int]:
    hits, misses = function.stats.cache_hits, function.stats.cache_misses
    return [sum(hits.values()), sum(misses.values())]


if __name__ == "__main__":
    main()
