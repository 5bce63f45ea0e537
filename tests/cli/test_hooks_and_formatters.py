"""The hook that generates, beside hooks that format Markdown: a commit passes when all are done."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import yaml

from helpers.projects import write
from helpers.repositories import attempt, commit_all, environment, git, new_repository
from modelsync.cli import run

pytestmark = pytest.mark.toolchain

CONFIG = """\
targets:
  python: {out: models/python}
  typescript: {out: models/typescript}
  go: {out: models/go, module: example.com/models}
  docs: {target: markdown, out: docs}
"""
SPECS = {
    "specs/shop/order.yaml": """\
model: Order
description: |
  What a customer has bought, with at least one line.

  It is `open` until it is paid.
fields:
  id: {type: string, required: true, pattern: '^[a-z_]+$', examples: [my_order]}
  lines: {type: 'list[list[Line | null]]', required: true, minItems: 1}
  tags: {type: 'list[string]', default: [a, b], uniqueItems: true}
  totals: {type: 'map[int64] | null', description: In cents by snake_case key}
  state: {type: State, default: open}
  paid_with: {type: Payment, deprecated: use `state`}
---
model: Line
fields: {sku: {type: string, required: true}, price: {type: float64, minimum: 0.5}}
---
enum: State
values: {open: Not paid yet, paid: }
---
union: Payment
discriminator: kind
mapping: {card: Card, cash: Cash}
members: [Card, Cash]
---
model: Card
fields: {number: {type: string, required: true, writeOnly: true}}
---
model: Cash
fields: {}
---
model: Labels
additionalProperties: list[string] | null
fields: {}
---
alias: Prices
type: list[float64 | null]
description: Prices of 3 shops
""",
}
LINE = "model: Line\nfields: {"


def hook(id_: str, entry: str, **more: object) -> dict[str, object]:
    return {"id": id_, "name": id_, "entry": entry, "language": "system", **more}


def test_hooks_leave_the_files_of_each_other_alone(tmp_path: Path) -> None:
    python = sys.executable
    always: dict[str, object] = {"always_run": True, "pass_filenames": False}
    generate = f"{python} -m modelsync generate --fail-on-change --tracked"
    hooks = [
        hook("modelsync-generate", generate, **always),
        hook("mdformat", f"{python} -m mdformat", types=["markdown"]),
        hook("end-of-file-fixer", f"{python} -m pre_commit_hooks.end_of_file_fixer"),
        hook("trailing", f"{python} -m pre_commit_hooks.trailing_whitespace_fixer"),
    ]
    config = yaml.safe_dump({"repos": [{"repo": "local", "hooks": hooks}]})
    new_repository(tmp_path)
    write(tmp_path, {"modelsync.yaml": CONFIG, ".pre-commit-config.yaml": config, **SPECS})
    assert run(["generate", "-q", "--project", str(tmp_path)]) == 0
    commit_all(tmp_path)
    env = environment(
        {"PRE_COMMIT_HOME": str(tmp_path.parent / "home"), "PATH": os.environ["PATH"]}
    )
    pre_commit = (python, "-m", "pre_commit", "run", "--all-files")
    passed, result = attempt(tmp_path, *pre_commit, env=env)
    assert passed, result + git(tmp_path, "diff")

    path = tmp_path / "specs/shop/order.yaml"
    path.write_text(path.read_text("utf-8").replace(LINE, f"{LINE}name: {{type: string}}, "))
    git(tmp_path, "add", "--all")
    assert not attempt(tmp_path, *pre_commit, env=env)[0]  # the hook has generated the files
    git(tmp_path, "add", "--all")
    passed, result = attempt(tmp_path, *pre_commit, env=env)
    assert passed, result
