"""The runner of Python, and how its type checker is found."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from helpers.projects import schema_of, target, write
from helpers.verify_projects import (
    ORDER,
)
from modelsync.targets.python import PythonTarget
from modelsync.verify.cases import Case, Error, Outcome, RunFailed
from modelsync.verify.languages import python as python_runner
from modelsync.verify.toolchains import ToolchainMissing

SCHEMA = schema_of(ORDER)
CASE = Case("Order", b"{}")


def outcome_of(body: str, folder: Path, seconds: float = 60) -> Outcome:
    """Return the outcome of a module in which `body` is the one of `Order.from_json`."""
    made = target(SCHEMA, "python", "models")
    assert isinstance(made, PythonTarget)
    text = f"""\
class DecodeError(Exception):
    path = "here"


def all_errors(read, data):
    try:
        read(data)
    except DecodeError as error:
        return [error]
    return []


class Order:
    @staticmethod
    def from_json(document):
        return Order.from_dict(document)

    @staticmethod
    def from_dict(document):
        {body}

    def to_json(self):
        return self.text

    def __init__(self, text):
        self.text = text
"""
    write(folder, {"models/__init__.py": text})
    (outcome,) = python_runner.run(made, folder / "models", [CASE], seconds)
    return outcome


def test_a_document_is_decoded_and_encoded_again(tmp_path: Path) -> None:
    assert outcome_of('return Order("{}")', tmp_path) == Outcome(accepted=True, json="{}")


def test_a_decode_error_has_a_path_and_a_message(tmp_path: Path) -> None:
    errors = (Error("here", "why"),)
    rejected = Outcome(accepted=False, path="here", message="why", errors=errors)
    assert outcome_of('raise DecodeError("why")', tmp_path) == rejected


@pytest.mark.parametrize(
    ("body", "crash"),
    [
        ("raise SystemExit", "SystemExit"),
        ("raise SystemExit(0)", "SystemExit: 0"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("return {}['a']", "KeyError: 'a'"),
        (
            "return Order(None)",
            "TypeError: the JSON object must be str, bytes or bytearray, not NoneType",
        ),
        (
            "return Order('')",
            "the output is not valid JSON: Expecting value: line 1 column 1 (char 0): ",
        ),
        (
            "return Order('{\"a\": NaN}')",
            'the output is not valid JSON: NaN is not JSON: {"a": NaN}',
        ),
        (
            'return Order(\'{"a": 1, "a": 1}\')',
            'the output is not valid JSON: duplicate key "a": {"a": 1, "a": 1}',
        ),
    ],
)
def test_any_other_error_is_a_crash(tmp_path: Path, body: str, crash: str) -> None:
    assert outcome_of(body, tmp_path) == Outcome(accepted=False, crash=crash)


def test_the_output_of_generated_python_is_hidden(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = 'import sys; print("noise"); print("noise", file=sys.stderr); return Order("1")'
    assert outcome_of(body, tmp_path).accepted
    assert capsys.readouterr() == ("", "")


def test_python_that_hangs_is_abandoned(tmp_path: Path) -> None:
    with pytest.raises(RunFailed, match=r"^no answer within 0\.1 seconds$"):
        outcome_of("import time; time.sleep(30)", tmp_path, seconds=0.1)


def test_a_package_without_the_class_is_reported(tmp_path: Path) -> None:
    made = target(SCHEMA, "python", "models")
    assert isinstance(made, PythonTarget)
    write(tmp_path, {"models/__init__.py": "DecodeError = all_errors = Exception"})
    with pytest.raises(RunFailed, match="has no attribute 'Order'"):
        python_runner.run(made, tmp_path / "models", [CASE])


@pytest.mark.posix
def test_a_mypy_that_does_not_run_counts_as_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolchainMissing, match=r"python -P -m mypy does not run"):
        python_runner.find_mypy()
