"""Programs that do not end."""

from __future__ import annotations

import pytest

from modelsync.verify.cases import RunFailed
from modelsync.verify.toolchains import Tool


@pytest.mark.posix
def test_a_program_that_hangs_is_killed_with_the_programs_that_it_started() -> None:
    # The second sleep keeps the outputs open: reading them would wait for it.
    tool = Tool("sh", ("sh", "-c"), (1, 0))
    with pytest.raises(RunFailed, match=r"^sh: no answer within 0\.2 seconds$"):
        tool.run("sleep 60 & sleep 60", seconds=0.2)
