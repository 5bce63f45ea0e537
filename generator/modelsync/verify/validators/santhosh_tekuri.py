"""Validate with the Go module `github.com/santhosh-tekuri/jsonschema/v6`, in one Go program."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from modelsync.targets.go import GoTarget
from modelsync.verify.cases import Case, Outcome
from modelsync.verify.languages.go import find_go
from modelsync.verify.toolchains import (
    Tool,
    ToolchainMissing,
    Version,
    format_version,
    parse_version,
)
from modelsync.verify.validators.request import Files, Schemas, ask

NAME: Final = "santhosh-tekuri"
_MODULE: Final = "github.com/santhosh-tekuri/jsonschema/v6"
_CURE: Final = f"run `go get {_MODULE}` in a Go module, which adds it to Go's module cache"

_PROGRAM: Final = """\
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

type request struct {
	Texts   map[string]string `json:"texts"`
	URIs    map[string]string `json:"uris"`
	Formats map[string]format `json:"formats"`
}

type format struct {
	Pattern   string `json:"pattern"`
	MaxLength int    `json:"maxLength"`
}

type document struct {
	Definition string `json:"definition"`
	Document   []byte `json:"document"`
}

type answer struct {
	Accepted bool   `json:"accepted"`
	Message  string `json:"message"`
	Crash    string `json:"crash"`
}

var english = message.NewPrinter(language.English)

// checker returns the function that checks the values of a format.
func checker(f format) func(any) error {
	pattern := regexp.MustCompile(f.Pattern)
	return func(value any) error {
		text, ok := value.(string)
		if !ok {
			return nil
		}
		if f.MaxLength > 0 && utf8.RuneCountInString(text) > f.MaxLength {
			return fmt.Errorf("is longer than %d characters", f.MaxLength)
		}
		if !pattern.MatchString(text) {
			return errors.New("does not have the form")
		}
		return nil
	}
}

// removeOtherFormats removes the formats that specs only document. The module would check some of
// them, and not let others replace its checker of regular expressions.
func (r request) removeOtherFormats(schema any) {
	switch schema := schema.(type) {
	case []any:
		for _, item := range schema {
			r.removeOtherFormats(item)
		}
	case map[string]any:
		if name, ok := schema["format"].(string); ok {
			if _, known := r.Formats[name]; !known {
				delete(schema, "format")
			}
		}
		for _, item := range schema {
			r.removeOtherFormats(item)
		}
	}
}

// compiled returns the schema of each definition.
func compiled(r request) (map[string]*jsonschema.Schema, error) {
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	for name, f := range r.Formats {
		compiler.RegisterFormat(&jsonschema.Format{Name: name, Validate: checker(f)})
	}
	for uri, text := range r.Texts {
		schema, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			return nil, err
		}
		r.removeOtherFormats(schema)
		if err := compiler.AddResource(uri, schema); err != nil {
			return nil, err
		}
	}
	schemas := map[string]*jsonschema.Schema{}
	for definition, uri := range r.URIs {
		schema, err := compiler.Compile(uri)
		if err != nil {
			return nil, err
		}
		schemas[definition] = schema
	}
	return schemas, nil
}

func try(schema *jsonschema.Schema, data []byte) (result answer) {
	defer func() {
		if fault := recover(); fault != nil {
			result = answer{Crash: fmt.Sprint(fault)}
		}
	}()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return answer{Crash: err.Error()}
	}
	err = schema.Validate(value)
	var refusal *jsonschema.ValidationError
	if errors.As(err, &refusal) {
		for len(refusal.Causes) > 0 {
			refusal = refusal.Causes[0]
		}
		where := strings.Join(refusal.InstanceLocation, "/")
		return answer{Message: where + " " + refusal.ErrorKind.LocalizedString(english)}
	}
	if err != nil {
		return answer{Crash: err.Error()}
	}
	return answer{Accepted: true}
}

func run() error {
	data, err := os.ReadFile(os.Args[1])
	if err != nil {
		return err
	}
	var r request
	if err := json.Unmarshal(data, &r); err != nil {
		return err
	}
	schemas, err := compiled(r)
	if err != nil {
		return err
	}
	cases, err := os.Open(os.Args[2])
	if err != nil {
		return err
	}
	answers, err := os.Create(os.Args[3])
	if err != nil {
		return err
	}
	in, out := json.NewDecoder(cases), json.NewEncoder(answers)
	for {
		var d document
		if err := in.Decode(&d); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := out.Encode(try(schemas[d.Definition], d.Document)); err != nil {
			return err
		}
	}
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
"""


def run(schemas: Schemas, cases: Sequence[Case], validator: Tool) -> list[Outcome]:
    """Return what the Go module says about each case, in order."""
    return ask(schemas, cases, "re2", partial(_run, validator))


def _run(validator: Tool, files: Files) -> str:
    folder = files.folder / "module"
    _write_module(folder, validator.version, _PROGRAM)
    # `-trimpath` keeps the folder's path out of the build cache, so a second run can use it.
    command = ("run", "-trimpath", ".", files.request, files.cases, files.answers)
    return validator.failure(*command, cwd=folder)


def _write_module(folder: Path, version: Version, program: str) -> None:
    folder.mkdir()
    requirement = f"require {_MODULE} v{format_version(version)}"
    text = f"module modelsync.invalid/verify\n\ngo {GoTarget.oldest}\n\n{requirement}\n"
    (folder / "go.mod").write_text(text, encoding="utf-8")
    (folder / "main.go").write_text(program, encoding="utf-8", newline="\n")


# Tools -------------------------------------------------------------------------------------------


def find(project: Path) -> Tool:
    """Find the version of the module that a project requires, or else the newest in Go's cache.

    Go downloads nothing: the module and what it imports must be in its cache.
    """
    go = find_go()
    cache = Path(go.run("env", "GOMODCACHE").stdout.strip())
    versions = [*_required(project), *sorted(_cached(cache), reverse=True)]
    if not versions:
        raise ToolchainMissing(NAME, f"{_MODULE} is not in {cache}", _CURE)
    # The checksums of what is in the cache were compared when it was downloaded.
    tool = Tool(NAME, go.argv, versions[0], {**go.env, "GOSUMDB": "off"})
    with tempfile.TemporaryDirectory(prefix="modelsync-") as temporary:
        folder = Path(temporary, "module")
        _write_module(folder, tool.version, _PROGRAM)
        done = tool.run("list", "-deps", ".", cwd=folder)
    if done.returncode:
        reason = f"{_MODULE} v{format_version(tool.version)} is not complete in {cache}"
        raise ToolchainMissing(NAME, reason, _CURE)
    return tool


def _required(project: Path) -> Iterator[Version]:
    """Yield the version that the nearest go.mod requires, if it does."""
    for place in (project, *project.parents):
        if (place / "go.mod").is_file():
            text = (place / "go.mod").read_text(encoding="utf-8", errors="replace")
            match = re.search(rf"{re.escape(_MODULE)}\s+v(\d+\.\d+\.\d+)\s", text)
            if match is not None:
                yield parse_version(match[1])
            return


def _cached(cache: Path) -> Iterator[Version]:
    """Yield the released versions in Go's module cache."""
    for file in (cache / "cache" / "download" / _MODULE / "@v").glob("v*.zip"):
        if re.fullmatch(r"v\d+\.\d+\.\d+", file.stem):
            yield parse_version(file.stem)
