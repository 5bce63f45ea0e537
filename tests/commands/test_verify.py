"""How verify reports broken code and tools, without an internal error."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpers.places import MEANING
from helpers.projects import generate, schema_in, schema_of, target, write
from modelsync.__main__ import main
from modelsync.cli import run
from modelsync.commands import verify as proof
from modelsync.schema.meaning import Holds
from modelsync.spec.read import read_schema
from modelsync.targets.go import GoTarget
from modelsync.targets.python import PythonTarget
from modelsync.threads import apart
from modelsync.verify import toolchains
from modelsync.verify.cases import Case, Outcome, RunFailed, written
from modelsync.verify.expected import Expectations, Language, agrees, expected, same
from modelsync.verify.languages import go as go_runner
from modelsync.verify.languages import python as python_runner
from modelsync.verify.languages import typescript as typescript_runner
from modelsync.verify.strict import DEPTH, nests_too_deep, parse, parse_written
from modelsync.verify.toolchains import Tool, ToolchainMissing
from modelsync.verify.vectors import cases
from toolchains.tools import NODE_MODULES

pytestmark = pytest.mark.slow

SPEC = """\
model: Order
fields:
  id: {type: string, required: true}
  note: {type: string}
"""
SCHEMA = read_schema({"specs/shop.yaml": SPEC}, "specs")
ORDER = Case("Order", b"{}")
PYTHON = "targets:\n  python: {out: generated/python}\n"
GO = "targets:\n  go: {out: generated/go, module: example.com/models}\n"
MARKDOWN = "  docs: {target: markdown, out: docs, notation: python}\n"


# What a document and an outcome are ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Expecting value"),
        ("{", "Expecting property name"),
        ("[1, NaN]", "NaN is not JSON"),
        ("-Infinity", "-Infinity is not JSON"),
        ('{"a": 1, "b": 2, "a": 1}', 'duplicate key "a"'),
        ('[{"a": {"\\u0062": 1, "b": 2}}]', 'duplicate key "b"'),
    ],
)
def test_what_is_written_has_to_be_json_without_equal_keys(text: str, reason: str) -> None:
    outcome = written(text)
    assert not outcome.accepted
    assert outcome.crash.startswith(f"the output is not valid JSON: {reason}")
    assert not agrees(outcome, Outcome(accepted=True, json="{}"))


def test_what_defaults_make_deeper_than_a_document_may_be_is_looked_at_too() -> None:
    assert written("[" * DEPTH + "[1,,2]" + "]" * DEPTH).crash


def test_the_last_of_duplicate_keys_in_a_document_is_used() -> None:
    assert parse('{"a": 1, "a": 2}') == {"a": 2}


@pytest.mark.parametrize("digits", [310, 5000])
def test_an_integer_beyond_all_doubles_is_read_as_a_huge_number(digits: int) -> None:
    for read in (parse, parse_written):
        assert read("9" * digits) == float("inf")
        assert read("-" + "9" * digits) == float("-inf")
    assert parse("9" * 308) == 10**308 - 1


def test_an_integer_and_a_double_are_compared_however_large() -> None:
    assert not same(10**309, float("inf"))
    assert not same(10**309, 1.5)
    assert same([10**23], [1e23])
    assert same([1e23], [10**23])


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        ("[" * DEPTH + "]" * DEPTH, False),
        ("[" * (DEPTH + 1) + "]" * (DEPTH + 1), True),
        ("[" * (DEPTH + 1), True),
        ('{"a":' * DEPTH + "[]" + "}" * DEPTH, True),
        ("[" + "{}," * DEPTH + "{}]", False),
        ('["' + "[" * DEPTH + '", {}]', False),
        ('["\\"' + "[" * DEPTH + '", {}]', False),
    ],
)
def test_depth_is_counted_outside_of_strings(text: str, deep: bool) -> None:
    assert nests_too_deep(text) is deep


# What is expected ---------------------------------------------------------------------------------

UNIONS = """\
union: A
members: [B, string]
---
union: B
members: [C, int32]
---
union: C
members: [M, 'list[A]', 'map[A]', bool]
---
model: M
fields: {n: {type: A | null, required: true}}
"""


def nested(levels: int) -> bytes:
    ways = (('{"n": ', "}"), ("[", "]"))
    around = [ways[level % 2] for level in range(levels)]
    return "".join([*(b for b, _ in around), "7", *(a for _, a in reversed(around))]).encode()


def test_the_deepest_document_is_read_within_the_stack_of_a_test() -> None:
    schema = schema_of(UNIONS)
    limit = sys.getrecursionlimit()
    outcome = expected(schema, Case("A", nested(DEPTH)), Holds())
    assert outcome is not None
    assert json.loads(outcome.json) == json.loads(nested(DEPTH))
    assert agrees(written(nested(DEPTH).decode()), outcome)
    assert sys.getrecursionlimit() == limit


@pytest.mark.parametrize("levels", [DEPTH + 1, 100_000])
def test_a_document_that_is_too_deep_must_not_crash(levels: int) -> None:
    schema = schema_of(UNIONS)
    wanted = expected(schema, Case("A", nested(levels)), Holds())
    assert wanted is None
    assert agrees(Outcome(accepted=False), wanted)
    assert agrees(written(nested(levels).decode()), wanted)
    assert not agrees(Outcome(accepted=False, crash="RecursionError"), wanted)


@pytest.mark.slow
def test_the_shared_expectations_equal_those_of_each_language() -> None:
    schema = schema_in(MEANING)
    spec = f"{SPEC}  at: {{type: datetime, default: 2024-01-01T00:00:00.1234567Z}}\n"
    limited = read_schema({"specs/shop.yaml": spec}, "specs")
    small = Holds(integers=range(-(2**53) + 1, 2**53))
    languages = {
        "general": Language(schema, Holds()),
        "small": Language(schema, small),
        "fine": Language(schema, Holds(fraction=9)),
        "other": Language(limited, Holds()),
        "other, fine": Language(limited, Holds(fraction=9)),
    }
    expectations = Expectations(languages)
    for case in (*cases(schema), *cases(limited)):
        assert expectations.of(case) == {
            name: expected(each.schema, case, each.holds)
            for name, each in languages.items()
            if case.definition in each.schema.by_id
        }


def test_an_interrupt_while_modules_are_imported_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupt:
        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            if name == "modelsync.cli":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "modelsync.cli")
    monkeypatch.setattr(sys, "meta_path", [Interrupt, *sys.meta_path])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130
    assert capsys.readouterr().err == "interrupted\n"


# Python -------------------------------------------------------------------------------------------


def ran(folder: Path, body: str, seconds: float = 60) -> list[Outcome]:
    """Return what a module says, in which `body` is that of the function that reads an Order."""
    made = target(SCHEMA, "python", "models")
    assert isinstance(made, PythonTarget)
    text = f"""\
class DecodeError(Exception):
    path = "here"


class Order:
    @staticmethod
    def from_json(document):
        {body}

    def to_json(self):
        return self.text

    def __init__(self, text):
        self.text = text
"""
    write(folder, {"models/__init__.py": text})
    return python_runner.run(made, folder / "models", [ORDER], seconds)


def test_python_is_run(tmp_path: Path) -> None:
    assert ran(tmp_path, 'return Order("{}")') == [Outcome(accepted=True, json="{}")]
    (refused,) = ran(tmp_path, 'raise DecodeError("why")')
    assert refused == Outcome(accepted=False, path="here", message="why")


@pytest.mark.parametrize(
    ("body", "crash"),
    [
        ("raise SystemExit", "SystemExit"),
        ("raise SystemExit(0)", "SystemExit: 0"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("return {}['a']", "KeyError: 'a'"),
        ("return Order(None)", "TypeError: "),
        ("return Order('')", "the output is not valid JSON: "),
        ("return Order('{\"a\": NaN}')", "the output is not valid JSON: NaN"),
        ('return Order(\'{"a": 1, "a": 1}\')', 'the output is not valid JSON: duplicate key "a"'),
    ],
)
def test_what_is_no_answer_is_a_crash(tmp_path: Path, body: str, crash: str) -> None:
    (outcome,) = ran(tmp_path, body)
    assert not outcome.accepted
    assert outcome.crash.startswith(crash)


def test_what_python_prints_is_not_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = 'import sys; print("noise"); print("noise", file=sys.stderr); return Order("1")'
    assert ran(tmp_path, body)[0].accepted
    assert capsys.readouterr() == ("", "")


def test_python_that_does_not_end_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(RunFailed, match=r"no answer within 0\.1 seconds"):
        ran(tmp_path, "import time; time.sleep(30)", seconds=0.1)


def test_a_python_without_the_required_packages_is_reported(tmp_path: Path) -> None:
    made = target(SCHEMA, "python", "models")
    assert isinstance(made, PythonTarget)
    write(tmp_path, {"models/__init__.py": "class DecodeError(Exception): ..."})
    with pytest.raises(RunFailed, match="has no attribute 'Order'"):
        python_runner.run(made, tmp_path / "models", [ORDER])


def test_an_interrupt_is_passed_on() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apart(interrupt)


# The other languages ------------------------------------------------------------------------------


@pytest.mark.toolchain
def test_the_document_that_changes_a_prototype_is_named(tmp_path: Path, node: Tool) -> None:
    index = """\
export class DecodeError extends Error {}
export class EncodeError extends Error {}
export function parseOrder(text: string): unknown {
  const value = JSON.parse(text);
  if (value === 1) (Object.prototype as any).polluted = "yes";
  if (value === 2) Array.prototype.map = function () { return []; };
  if (value === 3) delete (String.prototype as any).trim;
  return decodeOrder(value);
}
export const decodeOrder = (value: unknown) => (value === 4 ? undefined : value);
export const encodeOrder = (value: unknown) => value;
export const stringifyOrder = JSON.stringify;
"""
    write(tmp_path, {"index.ts": index, "package.json": '{"type": "module"}'})
    asked = [Case("Order", text) for text in (b"0", b"1", b"2", b"3", b"4", b"5")]
    made = target(SCHEMA, "typescript", "models")
    outcomes = typescript_runner.run(made, tmp_path, asked, node)
    assert [outcome.crash.partition(":")[0] for outcome in outcomes] == [
        "",
        "has changed Object.prototype.polluted",
        "has changed Array.prototype.map",
        "has changed String.prototype.trim",
        "the output is not valid JSON",
        "",
    ]


@pytest.mark.toolchain
def test_what_go_prints_is_no_answer(tmp_path: Path, go: Tool) -> None:
    made = generate(SCHEMA, "go", tmp_path, "models", {"module": "example.com/models"})
    assert isinstance(made, GoTarget)
    noise = 'package wire\n\nimport "fmt"\n\nfunc init() { fmt.Println("noise") }\n'
    write(tmp_path, {"models/wire/noise.go": noise})
    asked = [Case("Order", b'{"id": "a"}')]
    (outcome,) = go_runner.run(made, tmp_path / "models", asked, go)
    assert json.loads(outcome.json) == {"id": "a"}


# The command --------------------------------------------------------------------------------------


def project(folder: Path, appended: str = "", config: str = PYTHON, spec: str = SPEC) -> Path:
    """Return a project whose own template of Python ends with what is `appended`."""
    write(folder, {"modelsync.yaml": config, "specs/shop.yaml": spec})
    if appended:
        assert run(["init", "--eject", "python", "--project", str(folder)]) == 0
        with (folder / "templates/python/wire.py.j2").open("a", encoding="utf-8") as template:
            template.write(f"\n{appended}\n")
    return folder


@pytest.mark.parametrize(
    ("appended", "cause"),
    [
        ("raise SystemExit", "cannot be imported: SystemExit\n"),
        ('exec("def")', "cannot be imported: SyntaxError: invalid syntax (<string>, line 1)"),
        ('int("x")', "cannot be imported: ValueError: invalid literal for int()"),
    ],
)
def test_code_that_does_not_load_is_reported_with_the_cause(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], appended: str, cause: str
) -> None:
    folder = project(tmp_path, appended)
    capsys.readouterr()
    assert run(["verify", "--project", str(folder)]) == 1
    output = capsys.readouterr().out
    assert "mypy reports" not in output
    assert cause in output
    assert output.endswith("0 targets: 1 target failed\n")


@pytest.mark.usefixtures("content_mypy")
def test_json_output_is_only_json_and_names_every_tool(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project(tmp_path, 'print("noise")')
    capsys.readouterr()
    assert run(["verify", "--project", str(folder), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    (verdict,) = found["targets"]
    assert set(verdict["tools"]) == {"mypy", "python"}
    assert verdict["tools"]["python"] == ".".join(map(str, sys.version_info[:3]))


def test_specs_without_a_definition_to_run_are_a_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = SPEC.replace("model: Order\n", "model: Order\nonly: [markdown]\n")
    folder = project(tmp_path, config=PYTHON + MARKDOWN, spec=spec)
    assert run(["verify", "--project", str(folder)]) == 2
    assert "MS095 no target of code has a definition to try" in capsys.readouterr().err


@pytest.mark.usefixtures("content_mypy")
def test_cases_are_those_of_the_targets_that_are_run(tmp_path: Path) -> None:
    note = "---\nmodel: Note\nonly: [markdown]\nfields: {text: {type: string}}\n"
    alone = proof.verify(project(tmp_path / "a"))
    both = proof.verify(project(tmp_path / "b", config=PYTHON + MARKDOWN, spec=SPEC + note))
    assert both.case_count == alone.case_count > 0


def test_problems_of_the_project_are_reported_in_every_format(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project(tmp_path, spec="model: Order\nfields: {id: {type: strng}}\n")
    capsys.readouterr()
    call = ["verify", "--project", str(folder), "--format"]
    assert run([*call, "github"]) == 2
    output = capsys.readouterr()
    assert output.out.startswith(
        "::error title=modelsync%3A MS020,file=specs/shop.yaml,line=2,col="
    )
    assert output.out.count("\n") == 1
    assert output.err.endswith("1 problem; nothing was run\n")
    assert run([*call, "json"]) == 2
    output = capsys.readouterr()
    found = json.loads(output.out)
    (problem,) = found["problems"]
    assert (problem["code"], problem["path"], problem["line"]) == ("MS020", "specs/shop.yaml", 2)
    assert (found["outcome"], found["cases"]) == ("problems", 0)
    assert output.err.endswith("1 problem; nothing was run\n")


@pytest.mark.parametrize(("require", "level"), [([], "warning"), (["--require"], "error")])
def test_a_tool_that_is_missing_is_annotated(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    require: list[str],
    level: str,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(toolchains, "in_wheel", lambda *_: None)
    folder = project(tmp_path, config=GO)
    code = run(["verify", "--project", str(folder), "--format", "github", *require])
    assert code == (3 if require else 0)
    (annotation, *_) = capsys.readouterr().out.splitlines()
    title = f"::{level} title=modelsync%3A go is missing,file=modelsync.yaml,line=2,"
    assert annotation.startswith(title)
    assert "go: not found; so neither compiled nor run: go%0Ahelp: put Go" in annotation


@pytest.mark.toolchain
def test_a_go_without_its_formatter_is_run_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_: Tool) -> Tool:
        raise ToolchainMissing("gofmt", "not in /go/bin", "install the whole of Go")

    monkeypatch.setattr(go_runner, "find_gofmt", missing)
    folder = project(tmp_path, config=GO)
    assert run(["verify", "--project", str(folder)]) == 0
    output = capsys.readouterr()
    assert "so not held against its formatter: go\nhelp: install the whole of Go" in output.err
    assert output.out.endswith("1 target: all agree\n")
    assert run(["verify", "--project", str(folder), "--require"]) == 3


@pytest.mark.toolchain
@pytest.mark.usefixtures("go")
def test_a_folder_for_temporary_files_that_is_not_there_is_no_fault_of_the_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project(tmp_path, config=GO)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "nowhere"))
    assert run(["verify", "--project", str(folder)]) == 0


def test_a_compiler_that_does_not_end_fails_the_target(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def hangs(*_: Any, **__: Any) -> subprocess.CompletedProcess[str]:
        raise RunFailed("mypy: no answer within 900 seconds")

    monkeypatch.setattr(Tool, "run", hangs)
    assert run(["verify", "--project", str(project(tmp_path))]) == 1
    assert "the run reports:\n  mypy: no answer within 900 seconds\n" in capsys.readouterr().out


# Tools --------------------------------------------------------------------------------------------


@pytest.mark.posix
def test_a_program_that_does_not_end_is_ended_with_what_it_has_started() -> None:
    # The second sleep holds the outputs open: whoever waits for those, waits for it.
    tool = Tool("sh", ("sh", "-c"), (1, 0))
    with pytest.raises(RunFailed, match=r"sh: no answer within 0\.2 seconds"):
        tool.run("sleep 60 & sleep 60", seconds=0.2)


@pytest.mark.posix
@pytest.mark.parametrize(
    ("script", "where"),
    [
        (
            "printf '{}\\n{' > \"$4\"; printf '\\377' >&2; exit 3",
            "after 1 of 2 cases, at Order, a b",
        ),
        ("exit 3", "after 0 of 2 cases"),
    ],
)
def test_the_case_at_which_a_program_stops_is_reported(
    tmp_path: Path, script: str, where: str
) -> None:
    made = target(SCHEMA, "go", "models", {"module": "example.com/models"})
    assert isinstance(made, GoTarget)
    write(tmp_path, {"order.go": ""})
    ended = Tool("go", ("sh", "-c", script, "go"), (1, 24))
    with pytest.raises(RunFailed) as output:
        go_runner.run(made, tmp_path, [ORDER, replace(ORDER, what="a b")], ended)
    assert str(output.value).startswith(f"{where}:\ngo ended with 3\n")


@pytest.mark.parametrize("manifest", ["{", "{}", "[]", '{"version": 3}', '{"version": "none"}', ""])
def test_a_package_that_tells_no_version_is_missing(tmp_path: Path, manifest: str) -> None:
    package = tmp_path / "node_modules/typescript"
    write(package, {"bin/tsc": "", "package.json": manifest})
    with pytest.raises(ToolchainMissing, match=r"package\.json has no version"):
        typescript_runner.find_tsc(tmp_path)


@pytest.mark.posix
def test_a_mypy_that_does_not_run_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolchainMissing, match=r"python -P -m mypy does not run"):
        python_runner.find_mypy()


@pytest.mark.posix
def test_a_go_toolchain_without_gofmt_is_reported(tmp_path: Path) -> None:
    go = Tool("go", ("sh", "-c", f"echo {tmp_path}"), (1, 26))
    with pytest.raises(ToolchainMissing, match=f"gofmt: not in {tmp_path}/bin") as missing:
        go_runner.find_gofmt(go)
    assert missing.value.help.startswith("install a complete Go")


@pytest.mark.toolchain
@pytest.mark.parametrize("place", ["python", "node"])
def test_an_interrupt_ends_a_run_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setenv("PATH", str(NODE_MODULES / ".bin"), prepend=":")
    begun = tmp_path / "begun"
    if place == "python":
        hangs = f"from pathlib import Path\nPath({str(begun)!r}).touch()\nwhile True: ..."
        folder = project(tmp_path / "project", hangs)
    else:
        config = "targets:\n  typescript: {out: generated/typescript}\n"
        folder = project(tmp_path / "project", config=config)
        assert run(["init", "--eject", "typescript", "--project", str(folder)]) == 0
        template = folder / "templates/typescript/index.ts.j2"
        hangs = f'import {{ writeFileSync }} from "node:fs";\nwriteFileSync("{begun}", "");\n'
        template.write_text(f"{hangs}{template.read_text('utf-8')}\nwhile (true) {{}}\n", "utf-8")
    command = [sys.executable, "-m", "modelsync", "verify", "--project", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        _wait_until(lambda: begun.exists() or process.poll() is not None)
        process.send_signal(signal.SIGINT)
        try:
            _, output = process.communicate(timeout=60)
        finally:
            process.kill()  # one that goes on would never let go of us
    assert begun.exists()
    assert process.returncode == 130
    assert output.decode().endswith("interrupted\n")


def _wait_until(is_so: Callable[[], bool]) -> None:
    while not is_so():
        time.sleep(0.05)
