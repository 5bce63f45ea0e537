"""The command line: reads arguments, prints, and says the outcome by the exit code.

0: in sync, or done. 1: drift, or something changed under --fail-on-change.
2: something is wrong with a spec, the config, a template, a target or the call.
3: the machine got in the way (a full disk, missing rights), or a fault of modelsync itself.
130: interrupted.
"""

from modelsync.cli.common import DRIFT, FAULT, INTERRUPTED, WRONG
from modelsync.cli.main import cli, main, run

__all__ = ["DRIFT", "FAULT", "INTERRUPTED", "WRONG", "cli", "main", "run"]
