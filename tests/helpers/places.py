"""Where the tests find their files."""

from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parents[1]
ROOT: Final = TESTS.parent
CASES: Final = TESTS / "cases"
ERRORS: Final = TESTS / "errors"
MEANING: Final = TESTS / "verify/meaning"
REPORTS: Final = TESTS / "reports"
