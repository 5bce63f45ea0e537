"""Enums that look as if they were written as `name: value`."""

from __future__ import annotations

import pytest

from modelsync.spec.read import read_specs


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ("{RED: red, DARK_BLUE: dark-blue}", 2),
        ("{Low: 1, High: 2}", 2),
        ("{NONE: , Open: open}", 2),
    ],
)
def test_values_that_are_described_by_a_value_are_a_warning(values: str, line: int) -> None:
    (warning,) = read_specs({"specs/a.yaml": f"enum: E\nvalues: {values}\n"}, "specs").warnings
    assert (warning.code, warning.position.line) == ("MS052", line)


@pytest.mark.parametrize(
    "values",
    [
        "{red: Red, open: Open}",
        "{red: red}",
        "{RED: Red}",
        "{RED: red, BLUE: as the sky}",
        "{EUR: euro}",
        "{NOT_STARTED: not started}",
        "{low: 1}",
        "{RED: , BLUE: }",
    ],
)
def test_real_descriptions_are_not(values: str) -> None:
    reading = read_specs({"specs/a.yaml": f"enum: E\nvalues: {values}\n"}, "specs")
    assert reading.warnings == ()
