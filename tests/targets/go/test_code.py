"""Generated Go, compiled, checked by tools and run."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from helpers.go_specs import FIELD_NAMES, NAMELESS, TESTDATA, TEXTS, TRICKY, TYPES, go_target, write
from helpers.projects import reference
from modelsync.schema import meaning
from modelsync.schema.ir import Enum, Model, Schema, Union
from modelsync.schema.validation import ValidationError
from modelsync.targets.go import GoTarget
from modelsync.targets.go.comments import comment
from modelsync.targets.go.defaults import kinds_of_initial
from modelsync.verify.cases import Case, RunFailed
from modelsync.verify.languages import go as go_runner
from modelsync.verify.toolchains import Tool
from toolchains import tools

SAMPLES = (TESTDATA / "samples.txt").read_text("utf-8").split()
# Numbers that some languages cannot represent. Types without a rule for them skip these.
BIG = ["9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808"]
NOT_JSON = [
    b"",
    b" ",
    b"{",
    b'{"r"',
    b'{"r":',
    b'{"r":1',
    b'{"r":1,}',
    b"[1,]",
    b"[1 2]",
    b"{} {}",
    b"NaN",
    b"Infinity",
    b"-",
    b"01",
    b"1.",
    b".5",
    b"1e",
    b"+1",
    b"0x1",
    b"tru",
    b"nulls",
    b'"a',
    b'"\\x"',
    b'"\\u12"',
    b'"\t"',
    b'"\x00"',
    b"'a'",
    b'"\xff"',
    b'"\xed\xa0\x80"',
    b'{"unknown": [1, {"a": "\xc0\x80"}]}',
    b'{"unknown": [1, {"a": tru}]}',
    b'{"r": 1, "unknown": }',
    b"\xef\xbb\xbf{}",
    b"{1: 2}",
    b"{} // comment",
    b"\x00",
    b"{}\x00",
]
STRUCT_METHODS = {
    "Shape": ["Value"],
    "Both": ["Value"],
    "Account": ["String", "GoString", "LogValue"],
    "AccountEither": ["Value", "LogValue"],
    "LoginProof": ["Value"],
    "Login": ["String", "GoString", "LogValue"],
    "Logins": ["LogValue"],
}
"""The methods that only some structs have."""


@pytest.fixture(scope="module")
def tricky(tmp_path_factory: pytest.TempPathFactory) -> tuple[GoTarget, Path]:
    target = go_target(TRICKY, gomod=True)
    folder = tmp_path_factory.mktemp("go")
    write(target, folder)
    return target, folder


def cases_of(schema: Schema) -> Iterator[Case]:
    """Yield each sample in each field of each model, with valid values for required fields."""
    for index, type_ in enumerate(TYPES):
        model = schema.by_id[f"types.T{index}"]
        assert isinstance(model, Model)
        samples = SAMPLES if re.search("any|float64", type_) else SAMPLES + BIG
        fits = next(s for s in samples if s != "null" and accepts(schema, model, s))
        for field in model.fields:
            others = [f'"{other}":{fits}' for other in "rn" if other != field.json_key]
            yield Case(model.id, f"{{{','.join(others)}}}".encode())
            for sample in samples:
                around = ",".join([*others, f'"{field.json_key}":{sample}'])
                yield Case(model.id, f"{{{around}}}".encode())
    for definition in schema.definitions:
        for sample in SAMPLES if definition.package != "texts" else ():
            yield Case(definition.id, sample.encode())


def accepts(schema: Schema, model: Model, sample: str) -> bool:
    try:
        meaning.read(schema, model.fields[0].type, json.loads(sample))
    except ValidationError:
        return False
    return True


def strictly(value: Any) -> Any:
    """Return a JSON value that equals only the same value: in Python, `1` equals `True`.

    Go replaces lone surrogates, which `any` accepts, with U+FFFD.
    """
    match value:
        case bool() | None:
            return (type(value).__name__, value)
        case str():
            return re.sub("[\ud800-\udfff]", "\ufffd", value)
        case dict():
            return {strictly(key): strictly(item) for key, item in value.items()}
        case list():
            return [strictly(item) for item in value]
        case _:
            return value


def without_number(message: str) -> str:
    """Return an error without the number that it shows: Go writes 3.0 as 3."""
    return re.sub(r"found -?(Infinity|\d.*)", "found a number", message)


PIECES = [
    *("`" * number for number in (1, 2, 3, 4, 5, 8, 300)),
    *("'" * number for number in (1, 2, 3)),
    *('"', "“", "word", "Heading Words", "é", "漢字", "\u200d", "\u2028", "\r\n"),
    *("# ", "#", "## x", "- ", "* ", "1. ", "• ", "|---|", "~~~", "---", "===", "**b**", "<b>"),
    *("+build x", "go:build linux", "//go:build x", "//", "/*", "*/", "export x", "package x"),
    *("[x]: http://a.b", "[x]:", "[x] : y", "[foo]", "[fmt.Println]", "http://a.b/``x", "```json"),
    *("\t", "  ", "    ", "\n", "\n\n", "\n    ", "a" * 100, "a b " * 30, ":", "Deprecated: x"),
]


@pytest.mark.toolchain
def test_gofmt_does_not_change_comments(tmp_path: Path, gofmt: Tool) -> None:
    """The comments have any text, and are before a package, a type, a field and a value."""
    random = Random(0)  # noqa: S311
    for number in range(3_000):
        pieces = (random.choice(PIECES) for _ in range(random.randint(1, 12)))
        lines = comment("".join(piece + random.choice(["", " ", "\n"]) for piece in pieces))
        here, indented = ("".join(f"{indent}{line}\n" for line in lines) for indent in ("", "\t"))
        text = (
            f"{here}package p\n\n{here}type T struct {{\n{indented}\tA int\n}}\n\n"
            f"{here}const (\n{indented}\tC = 1\n)\n"
        )
        (tmp_path / f"f{number}.go").write_text(text, "utf-8", newline="")
    found = gofmt.run("-d", tmp_path)
    assert (found.stdout[:2_000], found.stderr) == ("", "")


@pytest.mark.toolchain
def test_gofmt_vet_and_staticcheck_report_nothing(
    tricky: tuple[GoTarget, Path], go: Tool, gofmt: Tool, staticcheck: Tool
) -> None:
    _, folder = tricky
    assert gofmt.run("-l", ".", cwd=folder).stdout == ""
    vet = go.run("vet", "-trimpath", "./...", cwd=folder)
    assert (vet.returncode, vet.stderr) == (0, "")
    found = staticcheck.run("./...", cwd=folder)
    assert (found.returncode, found.stdout) == (0, "")


@pytest.mark.toolchain
def test_the_code_agrees_with_the_reference(tricky: tuple[GoTarget, Path], go: Tool) -> None:
    target, folder = tricky
    cases = list(cases_of(target.schema))
    wrong = []
    for case, outcome in zip(cases, go_runner.run(target, folder, cases, go), strict=True):
        expected = reference(target.schema, case)
        same = (outcome.accepted, outcome.path) == (expected.accepted, expected.path)
        if same and expected.accepted:
            written = json.loads(re.sub(r"(?<=59\.123)4(?=Z)", "", outcome.json))
            same = strictly(written) == strictly(json.loads(expected.json))
        elif same:
            same = without_number(outcome.message) == without_number(expected.message)
        if not same:
            wrong.append(f"{case}\n  Go:   {outcome}\n  reference: {expected}")
    assert not wrong, "\n".join(wrong[:20]) + f"\n{len(wrong)} of {len(cases)}"


@pytest.mark.toolchain
def test_unusual_names_and_texts_keep_their_values(tricky: tuple[GoTarget, Path], go: Tool) -> None:
    target, folder = tricky
    names = {name: f"value of {name}" for name in FIELD_NAMES + NAMELESS}
    documents = [("names.Fields", names), ("types.Defaults", {}), ("types.Everything", {})]
    documents += [(f"texts.Model{i}", {"b": text, "c": text}) for i, text in enumerate(TEXTS)]
    documents += [(f"texts.Enum{i}", text) for i, text in enumerate(TEXTS)]  # type: ignore[misc]
    cases = [Case(id_, json.dumps(value).encode()) for id_, value in documents]
    for case, outcome in zip(cases, go_runner.run(target, folder, cases, go), strict=True):
        expected = reference(target.schema, case)
        assert outcome.accepted, outcome
        assert json.loads(outcome.json) == json.loads(expected.json)


@pytest.mark.toolchain
def test_invalid_json_is_rejected(tricky: tuple[GoTarget, Path], go: Tool) -> None:
    target, folder = tricky
    deep = 100_000
    documents = [
        *NOT_JSON,
        b"[" * deep,
        b'{"o":' * deep + b"1" + b"}" * deep,
        b'{"unknown":' + b"[" * deep + b"]" * deep + b"}",
        b'{"r":' + b'{"next":' * deep + b"}" * deep + b"}",
    ]
    cases = [
        Case(f"types.{name}", d) for d in documents for name in ("T20", "T9", "Mixed", "Shape")
    ]
    for case, outcome in zip(cases, go_runner.run(target, folder, cases, go), strict=True):
        assert not outcome.accepted, case
        assert (outcome.path, outcome.message[:8]) == ("", "not JSON"), (case, outcome)


@pytest.mark.toolchain
def test_deep_and_large_documents_are_read_in_time(tricky: tuple[GoTarget, Path], go: Tool) -> None:
    target, folder = tricky

    def nested(opening: str, inner: str, closing: str, depth: int = 199) -> bytes:
        return (opening * depth + inner + closing * depth).encode()

    cases = [
        Case("types.Leaf", nested('{"name":"x","next":', '{"name":"y"}', "}")),
        Case("types.Mixed", nested("[", "1", "]")),
        Case("types.Shape", nested('{"kind":"\\"","shape":', '{"kind":"\\""}', "}")),
        # Each level is tried as a Left first, which only its last key excludes.
        Case("types.Both", nested('{"child":', '{"value":1}', ',"value":1}')),
        Case("types.Both", nested('{"child":', '{"value":null}', ',"value":1}')),
        Case("types.Leaf", b'{"name":"' + b"x" * 10_000_000 + b'"}'),
        Case("types.Shape", nested('{"kind":"\\"","shape":', f'"{"x" * 1_000_000}"', "}", 900)),
        Case("types.T3", b'{"r":' + b"1" * 1_000_000 + b',"n":1}'),
        Case("types.T5", b'{"r":0.' + b"1" * 1_000_000 + b',"n":1}'),
    ]
    outcomes = go_runner.run(target, folder, cases, go)
    assert [outcome.accepted for outcome in outcomes] == [
        *(True, True, True, True, False),
        *(True, False, False, True),
    ]
    for case, outcome in zip(cases[:4], outcomes, strict=False):
        assert json.loads(outcome.json) == json.loads(case.document)
    assert (outcomes[4].path, outcomes[7].path) == ("", "r")


@pytest.mark.toolchain
def test_tags_are_found_in_linear_time(tricky: tuple[GoTarget, Path], go: Tool) -> None:
    import resource  # noqa: PLC0415 - Windows has none

    target, folder = tricky

    def seconds(depth: int) -> float:
        levels = '{"kind":"\\"","shape":' * depth, '"}' + "}" * depth
        document = f'{levels[0]}{{"kind":"\\"","a":"{"x" * 300_000}{levels[1]}'
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        outcomes = go_runner.run(target, folder, [Case("types.Shape", document.encode())] * 20, go)
        assert all(outcome.accepted for outcome in outcomes)
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before

    seconds(1)  # builds the program
    assert seconds(190) < 3 * seconds(10)


@pytest.mark.toolchain
def test_a_crash_is_an_outcome_and_a_failed_build_an_error(
    tricky: tuple[GoTarget, Path], go: Tool, tmp_path: Path
) -> None:
    target, folder = tricky
    cases = [Case("NoSuch", b"{}"), Case("Root", b"{}")]
    crashed, fine = go_runner.run(target, folder, cases, go)
    assert "nil pointer dereference" in crashed.crash
    assert fine.accepted
    (tmp_path / "broken.go").write_text("package broken {")
    with pytest.raises(RunFailed, match="after 0 of 1 cases"):
        go_runner.run(target, tmp_path, [Case("Root", b"{}")], go)


@pytest.mark.toolchain
def test_declarations_match_the_schema(tricky: tuple[GoTarget, Path], go: Tool) -> None:
    target, folder = tricky
    files = {
        file.path: file.definitions[0] for file in target.files() if len(file.definitions) == 1
    }
    files = {path: d for path, d in files.items() if not path.endswith("doc.go")}
    done = go.run("run", TESTDATA / "declarations.go", cwd=folder, stdin="\n".join(files))
    assert done.returncode == 0, done.stderr
    found = {line.split(" ")[0]: line.split(" ")[1:] for line in done.stdout.splitlines()}
    for path, definition in files.items():
        name = target.definition_names[definition.id]
        expected = [f"type:{name}"]
        match definition:
            case Model(fields=fields):
                expected += [f".{target.field_names[definition.id, f.json_key]}" for f in fields]
                expected += [f"New{name}"] * bool(kinds_of_initial(target.schema, definition))
            case Union():
                expected += [f".{name}" for name in target.member_names[definition.id]]
            case Enum(values=values):
                expected += [f"={target.value_names[definition.id, v.json_value]}" for v in values]
                expected.append("IsKnown")
        expected += [f"Decode{name}", "DecodeAllJSON"]
        expected += ["UnmarshalJSON", "MarshalJSON", "AppendJSON"]
        if isinstance(definition, Enum) and definition.type == "string" and not definition.open:
            expected += ["UnmarshalText", "MarshalText"]
        expected += STRUCT_METHODS.get(name, [])
        expected += ["ReadJSON", "WriteJSON"]
        assert found[path] == expected


@pytest.mark.toolchain
@pytest.mark.parametrize("experiment", ["", "jsonv2"])
def test_the_code_works_with_encoding_json_and_other_modules(
    go: Tool, tmp_path: Path, experiment: str
) -> None:
    write(go_target(TRICKY, tags=("yaml",)), tmp_path)
    (tmp_path / "use").mkdir()
    for file in TESTDATA.glob("use*_test.go"):
        shutil.copy(file, tmp_path / "use")
    for file in tools.GO_MODULES.iterdir():
        shutil.copy(file, tmp_path)
    done = go.run("test", "-trimpath", "./use", cwd=tmp_path, env={"GOEXPERIMENT": experiment})
    assert done.returncode == 0, done.stdout + done.stderr
