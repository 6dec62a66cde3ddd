"""Commands about how sure an answer is, and what drives it: uncertainty, sensitivity, voi."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from costsim.cli import output
from costsim.cli.options import ENGINE, JSON, QUIET, SEED, SO_MANY, WORKERS, shared

if TYPE_CHECKING:
    from costsim.report.analyses.presented import Presented
    from costsim.report.analyses.shelf import Shelf
