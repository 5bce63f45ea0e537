"""Where the tests find their files."""

from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parents[1]
ROOT: Final = TESTS.parent
CASES: Final = TESTS / "cases"
ERRORS: Final = TESTS / "errors"
MEANING: Final = TESTS / "verify/meaning"
REPORTS: Final = TESTS / "reports"

WITHOUT: Final[dict[str, tuple[str, ...]]] = {"limits": ("pydantic", "typescript")}
"""The targets that cannot express the types of a case yet, by case."""
