"""Toolsets from other packages: an error in one is reported at its own line."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.outside_language import INFO, TOOLSET, install
from helpers.projects import write
from modelsync import targets
from modelsync.cli import run
from modelsync.verify import languages

FILE = "acme_verify.py"
RUNS = """\
from acme_scheme import SchemeTarget
from modelsync.verify.cases import Outcome


class SchemeRunner(SchemeToolset):
    runnable = SchemeTarget
    runtime = RequiredTool(
        "interpreter", lambda _: Tool("scheme", (sys.executable,), (1, 0)), "not run"
    )

    def run(self, target, out, cases, tool):
        return [Outcome(False, message="not implemented") for _ in cases]


TOOLSET = SchemeRunner()
"""
"""A toolset that also runs the code."""


class Site:
    """A folder with a target, and a toolset that a test changes."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder / "site"
        self.project = folder / "project"
        self.capsys = capsys
        self.text = TOOLSET

    def change(self, old: str, new: str) -> None:
        assert old in self.text
        self.text = self.text.replace(old, new, 1)

    def verify(self) -> tuple[int, str]:
        """Return the exit code and the errors of `modelsync verify`."""
        _clear()
        write(self.folder, {FILE: self.text})
        code = run(["verify", "--project", str(self.project)])
        return code, self.capsys.readouterr().err

    def assert_reported(self, code: str, text: str, place: str = "") -> None:
        """Assert that verify reports one problem: at a position, or at the line with `# here`."""
        status, error = self.verify()
        assert status == 2, error
        assert re.findall(r"^MS\d+", error, re.M) == [code], error
        lines = self.text.split("\n")
        here = [number for number, line in enumerate(lines, 1) if "# here" in line]
        assert f"--> {self.folder}/{place or f'{FILE}:{here[0]}:'}" in error, error
        assert "the toolset `scheme`" in error
        assert text in error, error
        assert "modelsync.yaml:2:3: the target `scheme`" in error


def _clear() -> None:
    for cached in (
        *(targets.target_names, targets.target_class),
        *(languages.toolset_names, languages._external),
    ):
        cached.cache_clear()
    for name in [name for name in sys.modules if name.startswith("acme_")]:
        del sys.modules[name]


@pytest.fixture
def site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Site]:
    install(tmp_path)
    site = Site(tmp_path, capsys)
    monkeypatch.syspath_prepend(site.folder)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield site
    _clear()


def test_a_valid_toolset_is_used(site: Site) -> None:
    assert site.verify() == (0, "")


# Loading -----------------------------------------------------------------------------------------

LOADING = {
    "import": ("import sys\n", "import acme_nope  # here\n", "ModuleNotFoundError"),
    "syntax": ("def check(out, scheme):", "def check(out,  # here", "SyntaxError"),
    "at import": ("TOOLSET =", "{}['no']  # here\nTOOLSET =", "KeyError: 'no'"),
    "exit at import": ("TOOLSET =", "raise SystemExit(3)  # here\nTOOLSET =", "SystemExit: 3"),
    "a missing method": (
        "def compilers(self, target):",
        "def compiles(self, target):",
        "abstract",
    ),
}


@pytest.mark.parametrize("name", LOADING)
def test_a_toolset_that_cannot_be_loaded_is_reported(site: Site, name: str) -> None:
    old, new, text = LOADING[name]
    site.change(old, new)
    if "# here" not in new:
        site.change("TOOLSET = SchemeToolset()", "TOOLSET = SchemeToolset()  # here")
    site.assert_reported("MS130", text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("None", "its module has no TOOLSET"),
        ("5", "a value of the type int, not a Toolset"),
        ("SchemeToolset", ", not a Toolset"),
    ],
)
def test_a_value_that_is_not_a_toolset_is_reported(site: Site, value: str, text: str) -> None:
    site.change("TOOLSET = SchemeToolset()", f"TOOLSET = {value}")
    site.assert_reported("MS130", text, f"{FILE}:1:")


ATTRIBUTES = {
    "runnable = 5": "its runnable is not a target class",
    "runtime = 5": "its runtime is not a RequiredTool",
    "prepare = 5": "its prepare is not a method",
}


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_an_attribute_of_the_wrong_type_is_reported(site: Site, attribute: str) -> None:
    site.change("    def compilers", f"    {attribute}  # here\n\n    def compilers")
    site.assert_reported("MS130", ATTRIBUTES[attribute])


def test_a_toolset_that_can_run_code_must_have_a_method_and_a_tool_for_it(site: Site) -> None:
    site.text += RUNS.replace("def run", "def runs").replace(
        "(SchemeToolset):", "(SchemeToolset):  # here"
    )
    site.assert_reported("MS130", "it can run code, but has no method `run`")
    site.text = TOOLSET + RUNS.replace("runtime =", "other =").replace(
        "(SchemeToolset):", "(SchemeToolset):  # here"
    )
    site.assert_reported("MS130", "it can run code, but has no `runtime`")


@pytest.mark.parametrize("entry", ["acme_nope", "acme_verify:TOOLSET", "acme_verify:nothing"])
def test_an_invalid_entry_point_is_reported(site: Site, entry: str) -> None:
    points = site.folder / INFO / "entry_points.txt"
    points.write_text(points.read_text("utf-8").replace("acme_verify", entry), "utf-8")
    site.assert_reported("MS130", "cannot be used", f"{INFO}/entry_points.txt:4:1")


def test_two_packages_with_the_same_toolset_name_are_reported(site: Site) -> None:
    other = "[modelsync.verify]\nscheme = acme_other\n"
    info = {"METADATA": "Name: acme-other\nVersion: 1\n", "entry_points.txt": other}
    write(site.folder, {f"acme_other-1.dist-info/{name}": text for name, text in info.items()})
    status, error = site.verify()
    assert status == 2
    assert "MS130 the toolset `scheme` cannot be used: several packages have a toolset" in error
    assert "help: uninstall one of acme-other, acme-scheme" in error


# Calling -----------------------------------------------------------------------------------------

FIND = 'lambda _: Tool("scheme", (sys.executable,), (1, 0))'
METHOD = "    def compilers(self, target):\n"
CALLS = {
    "compilers": (METHOD, METHOD + "        {}  # here\n"),
    "prepare": (METHOD, "    def prepare(self, target, out):\n        {}  # here\n\n" + METHOD),
    "can_run": (METHOD, "    def can_run(self, target):\n        {}  # here\n\n" + METHOD),
    "check": ("    texts =", "    {}  # here\n    texts ="),
    "find": ("lambda _: tool", "lambda _: [tool, {}][0]  # here\n            "),
}


@pytest.mark.parametrize("method", CALLS)
@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("{}['no']", "KeyError: 'no'"),
        ("open('/nothing/here')", "FileNotFoundError"),
        ("sys.exit(4)", "SystemExit: 4"),
        ("Tool(5)", "TypeError"),
    ],
)
def test_a_method_that_fails_is_reported(site: Site, method: str, code: str, text: str) -> None:
    old, new = CALLS[method]
    site.change(old, new.replace("{}", code, 1))
    site.assert_reported("MS131", f"the toolset `scheme` failed in `{method}`: {text}")


@pytest.mark.parametrize("method", ["run", "find"])
def test_a_runtime_that_fails_is_reported(site: Site, method: str) -> None:
    site.text += RUNS
    if method == "run":
        site.change("        return [Outcome(", "        None.x  # here\n        return [Outcome(")
    else:
        site.change(FIND, "lambda _: None.x  # here\n        ")
    site.assert_reported("MS131", f"the toolset `scheme` failed in `{method}`: AttributeError")


def test_a_method_with_other_parameters_is_reported(site: Site) -> None:
    site.change("def compilers(self, target):", "def compilers(self):  # here")
    site.assert_reported("MS131", "failed in `compilers`: TypeError")
    site.text = TOOLSET.replace("def check(out, scheme):", "def check(out):  # here")
    site.assert_reported("MS131", "failed in `check`: TypeError")


RETURNS = {
    "no compilers": (METHOD, METHOD.rstrip() + "  # here\n        return None\n", "returns None"),
    "a text for a compiler": (
        METHOD,
        METHOD.rstrip() + "  # here\n        return ['scheme']\n",
        "has a value of the type str, not a Compiler",
    ),
    "no tool": ("lambda _: tool", "lambda _: None  # here\n            ", "find returns None"),
    "no findings": (
        "def check(out, scheme):",
        "def check(out, scheme):  # here\n    return None",
        "check returns None",
    ),
    "a text for a finding": (
        "def check(out, scheme):",
        "def check(out, scheme):  # here\n    return ['wrong']",
        "check has a value of the type str, not a Finding",
    ),
}


@pytest.mark.parametrize("name", RETURNS)
def test_a_result_of_the_wrong_type_is_reported(site: Site, name: str) -> None:
    old, new, text = RETURNS[name]
    site.change(old, new)
    site.assert_reported("MS132", text)


def test_a_wrong_number_of_outcomes_is_reported(site: Site) -> None:
    site.text += RUNS.replace("cases, tool):", "cases, tool):  # here").replace(
        "in cases]", "in cases[1:]]"
    )
    site.assert_reported("MS132", "outcomes for")


def test_a_run_that_gives_no_result_is_a_failure_of_the_code(site: Site) -> None:
    for method in ("prepare", "check"):
        old, new = CALLS[method]
        raising = "from modelsync.verify.cases import RunFailed; raise RunFailed('it stopped')"
        site.text = TOOLSET
        site.change(old, new.replace("{}", raising))
        _clear()
        write(site.folder, {FILE: site.text})
        assert run(["verify", "--project", str(site.project)]) == 1
        assert "it stopped" in site.capsys.readouterr().out


def test_a_missing_tool_is_not_an_error_of_the_toolset(site: Site) -> None:
    site.change("lambda _: tool", "find")
    missing = "    raise ToolchainMissing('scheme', 'not found', 'install it')\n\n\n"
    site.change("class SchemeToolset", f"def find(project):\n{missing}class SchemeToolset")
    site.change("import RequiredTool, Tool", "import RequiredTool, Tool, ToolchainMissing")
    status, error = site.verify()
    assert (status, "MS13" in error) == (0, False)
