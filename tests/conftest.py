"""What every test shares: how Hypothesis searches.

On a developer's machine each run looks at new examples and remembers the failing ones. Where CI is
set the examples are the same on every run, so that a red build can be repeated.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # test processes share the machine

from hypothesis import settings

settings.register_profile("explore", deadline=None)
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.load_profile("repeatable" if os.environ.get("CI") else "explore")
