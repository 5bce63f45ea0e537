"""Work in threads."""

from __future__ import annotations

import pytest

from modelsync.threads import apart


def test_an_interrupt_is_passed_on() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apart(interrupt)
