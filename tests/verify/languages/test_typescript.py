"""The runner of TypeScript, and how its compiler is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.projects import schema_of, target, write
from helpers.verify_projects import ORDER
from modelsync.verify.cases import Case
from modelsync.verify.languages import typescript as typescript_runner
from modelsync.verify.toolchains import Tool, ToolchainMissing


@pytest.mark.toolchain
def test_a_document_that_changes_a_prototype_is_a_crash(tmp_path: Path, node: Tool) -> None:
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
    cases = [Case("Order", text) for text in (b"0", b"1", b"2", b"3", b"4", b"5")]
    made = target(schema_of(ORDER), "typescript", "models")
    outcomes = typescript_runner.run(made, tmp_path, cases, node)
    assert [outcome.crash.partition(":")[0] for outcome in outcomes] == [
        "",
        "has changed Object.prototype.polluted",
        "has changed Array.prototype.map",
        "has changed String.prototype.trim",
        "the output is not valid JSON",
        "",
    ]


@pytest.mark.parametrize("manifest", ["{", "{}", "[]", '{"version": 3}', '{"version": "none"}', ""])
def test_a_compiler_without_a_version_counts_as_missing(tmp_path: Path, manifest: str) -> None:
    package = tmp_path / "node_modules/typescript"
    write(package, {"bin/tsc": "", "package.json": manifest})
    with pytest.raises(ToolchainMissing, match=r"package\.json has no version"):
        typescript_runner.find_tsc(tmp_path)
