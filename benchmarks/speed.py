"""How fast costsim is, as ratios within one run, because machines differ and are shared.

Run it with `python benchmarks/speed.py`. It prints, each as the least of several runs:
start-up beside a bare interpreter; the study beside start-up; and the cost of a case as the queue
that it joins grows a hundredfold, which must grow no faster than the queue's logarithm.
"""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from costsim import load
from costsim.evaluation import replay

STUDY = Path(__file__).parent.parent / "scenarios" / "coram-2017.yaml"
QUEUE = """
costsim: 1
title: A queue that only grows
price_year: 2024-25
horizon: 1 year
calendar: {{bank_holidays: none}}
staff: {{worker: {{hourly_cost: £30, headcount: 1}}}}
referrals: {{per_year: {referrals}}}
pathways:
  old:
    start: work
    activities:
      work:
        staff: {{worker: {{exponential: {{mean: {minutes} min}}}}}}
        next: done
    outcomes: [done]
  new:
    start: form
    activities: {{form: {{next: done}}}}
    outcomes: [done]
"""


def least(runs: int, work: Callable[[], object]) -> float:
    """Seconds of the fastest of some runs."""
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


def python(*arguments: str) -> Callable[[], object]:
    """A run of the interpreter."""
    command = [sys.executable, *arguments]
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def run_study(folder: Path) -> None:
    """A whole run of the study, files and all."""
    out = str(folder / str(len(list(folder.iterdir()))))
    python("-m", "costsim", "run", str(STUDY), "--quiet", "--out", out)()


def seconds_a_case(referrals: int) -> float:
    """Seconds for one case when everybody queues for one worker who can serve half of them."""
    minutes = 2 * 260 * 7.4 * 60 / referrals
    text = QUEUE.format(referrals=referrals, minutes=minutes)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "queue.yaml"
        path.write_text(text, encoding="utf-8")
        scenario = load(path)
    return least(3, lambda: replay(scenario, "site")) / referrals


def main() -> None:
    """Print every ratio."""
    bare = least(7, python("-c", "pass"))
    importing = least(7, python("-c", "import costsim"))
    helping = least(7, python("-m", "costsim", "--help"))
    with tempfile.TemporaryDirectory() as folder:
        study = least(3, lambda: run_study(Path(folder)))
    print(f"bare interpreter          {bare:8.3f} s")
    print(f"import costsim            {importing:8.3f} s  {importing / bare:6.1f} x bare")
    print(f"costsim --help            {helping:8.3f} s  {helping / bare:6.1f} x bare")
    print(f"costsim run, the study    {study:8.3f} s  {study / helping:6.1f} x --help")
    small, large = 1_000, 100_000
    first, last = seconds_a_case(small), seconds_a_case(large)
    print(f"a case in a queue of {small:7,d} {first * 1e6:7.1f} us")
    print(f"a case in a queue of {large:7,d} {last * 1e6:7.1f} us  {last / first:6.2f} x")
    print(f"the logarithm of the queue grew {math.log(large) / math.log(small):6.2f} x")


if __name__ == "__main__":
    main()
