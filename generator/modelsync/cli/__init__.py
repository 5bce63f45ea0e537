"""The command line: reads arguments, prints results, and returns exit codes.

- 0: success.
- 1: drift or a disagreement, or a change with `--fail-on-change`.
- 2: invalid spec, config, template, target or arguments.
- 3: environment error (disk full, no permission) or internal error.
- 130: interrupted.
"""

from modelsync.cli.common import DRIFT, FAILURE, INTERRUPTED, INVALID
from modelsync.cli.main import cli, main, run

__all__ = ["DRIFT", "FAILURE", "INTERRUPTED", "INVALID", "cli", "main", "run"]
