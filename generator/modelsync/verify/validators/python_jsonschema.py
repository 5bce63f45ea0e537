"""Validate with the Python package `jsonschema`, in the Python that runs modelsync."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from modelsync.verify.cases import Case, Outcome
from modelsync.verify.languages.python import python_with
from modelsync.verify.toolchains import Tool, ToolchainMissing, format_version, parse_version
from modelsync.verify.validators.request import Files, Schemas, ask

_OLDEST: Final = (4, 18)
"""The first version that resolves references with `referencing`."""

_PROGRAM: Final = """\
import base64, json, re, sys, threading, traceback

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

request_file, cases_file, answers_file = sys.argv[1:]


def checker_of(formats):
    checker = FormatChecker(formats=())
    for name, each in formats.items():
        pattern = re.compile(each["pattern"], re.ASCII)
        longest = each["maxLength"] or sys.maxsize

        @checker.checks(name)
        def check(value, pattern=pattern, longest=longest):
            if not isinstance(value, str):
                return True
            return len(value) <= longest and pattern.search(value) is not None

    return checker


def answer(validator, document):
    try:
        error = next(validator.iter_errors(json.loads(document)), None)
    except Exception as error:
        return {"accepted": False, "crash": repr(error)}
    if error is None:
        return {"accepted": True}
    return {"accepted": False, "message": f"{error.json_path}: {error.message}"}


def main():
    with open(request_file, encoding="utf-8") as file:
        request = json.load(file)
    schemas = {uri: json.loads(text) for uri, text in request["texts"].items()}
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    resources = [(uri, DRAFT202012.create_resource(each)) for uri, each in schemas.items()]
    options = {
        "registry": Registry().with_resources(resources).crawl(),
        "format_checker": checker_of(request["formats"]),
    }
    validators = {
        definition: Draft202012Validator({"$ref": uri}, **options)
        for definition, uri in request["uris"].items()
    }
    with open(cases_file, encoding="utf-8") as cases, open(answers_file, "w") as answers:
        for line in cases:
            case = json.loads(line)
            document = base64.b64decode(case["document"])
            print(json.dumps(answer(validators[case["definition"]], document)), file=answers)


failures = []


def run():
    try:
        main()
    except Exception:
        failures.append(traceback.format_exc(-2))


# Each level of a document takes several calls.
sys.setrecursionlimit(100_000)
sys.set_int_max_str_digits(0)
threading.stack_size(512 * 1024 * 1024)
thread = threading.Thread(target=run)
thread.start()
thread.join()
sys.exit("".join(failures) or 0)
"""


def run(schemas: Schemas, cases: Sequence[Case], python: Tool) -> list[Outcome]:
    """Return what jsonschema says about each case, in order."""
    return ask(schemas, cases, "re", partial(_run, python))


def _run(python: Tool, files: Files) -> str:
    return python.failure("-P", "-B", "-c", _PROGRAM, files.request, files.cases, files.answers)


def find(_project: Path) -> Tool:
    """Return the Python that runs modelsync, with the version of its `jsonschema`."""
    python = python_with("jsonschema")
    version = parse_version(importlib.metadata.version("jsonschema"))
    if version < _OLDEST:
        text = f"{format_version(version)} is too old"
        help_ = "run `pip install --upgrade jsonschema` in the environment of modelsync"
        raise ToolchainMissing("jsonschema", text, help_)
    return Tool("jsonschema", python.argv, version, python.env)
