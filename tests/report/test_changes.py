"""The lines that `check` and `generate` print about changes and problems."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from helpers.drift import KINDS, Check, outdated
from helpers.projects import write
from modelsync.cli import run
from modelsync.plan.changes import Cause, Change, Kind, because
from modelsync.report import changes
from modelsync.report.changes import change_lines

Capture = pytest.CaptureFixture[str]


# `check`


def test_in_sync_is_one_line(project: Path, check: Check) -> None:
    assert check(project) == (0, "in sync: 11 files\n", "")
    assert check(project, "-q") == (0, "", "")


def test_the_fixture_has_every_kind_of_drift(drifted: Path, check: Check) -> None:
    """tests/reports/check.txt has the whole output."""
    kinds = [line[:12].strip() for line in check(drifted, "-q")[1].splitlines()[:-1]]
    assert sorted(set(kinds)) == sorted(KINDS)


def test_the_command_at_the_end_is_for_the_same_project_and_targets(
    drifted: Path, check: Check, capsys: Capture
) -> None:
    _, out, _ = check(drifted.parent, "--project", "back end", "docs")
    command = out.splitlines()[-1]
    assert command == "modelsync generate --project 'back end' docs"
    assert run(["generate", "--project", "back end", "docs"]) == 0
    capsys.readouterr()
    assert check(drifted, "docs")[0] == 0


def test_the_help_for_a_link_does_not_suggest_force(drifted: Path, check: Check) -> None:
    for path in (drifted / "out/docs/models").iterdir():
        path.unlink()
    (drifted / "out/docs/models").rmdir()
    (drifted / "out/docs/models").symlink_to(drifted)
    (drifted / "out/python/new.py").unlink()
    code, out, _ = check(drifted)
    lines = out.splitlines()
    assert (code, lines[0]) == (
        1,
        "foreign       out/docs/models: a symbolic link is here instead of a folder",
    )
    assert "--force" not in out
    assert [line for line in lines if line.startswith("help: move")] == [
        "help: move it, or use the real folder as the `out` of the target:"
        " modelsync does not follow symbolic links"
    ]
    assert lines[-2:] == [
        "7 files differ: 1 created, 2 outdated, 1 deleted, 1 orphaned, 1 foreign, 1 line endings;"
        " 4 files cannot be written; 2 in sync",
        "mv out/docs/models out/docs/models.old && modelsync generate",
    ]
    (drifted / "out/docs/models").rename(drifted / "out/docs/models.old")
    assert run(["generate", "-q", "--project", str(drifted)]) == 0


def test_diff_shows_what_generate_would_change(drifted: Path, check: Check) -> None:
    _, short, _ = check(drifted, "--diff")
    _, whole, _ = check(drifted, "--diff", "-v")
    for out in (short, whole):
        lines = out.splitlines()
        headers = pairwise(lines)
        assert [pair for pair in headers if pair[0].startswith("--- ")] == [
            (f"--- {before}", f"+++ {after}")
            for before, after in (
                ("out/docs/models/README.md",) * 2,
                ("out/docs/models/gone.md", "/dev/null"),
                ("/dev/null", "out/docs/models/new.md"),
                ("out/docs/models/point.md",) * 2,
                ("out/docs/models/queue.md",) * 2,
                ("out/python/__init__.py",) * 2,
                ("out/python/gone.py", "/dev/null"),
                ("out/python/new.py",) * 2,
                ("out/python/point.py",) * 2,
                ("out/python/queue.py",) * 2,
                ("/dev/null", "out/python/wire.py"),
            )
        ]
        assert '-_KEYS: Final = ["x"]\n+_KEYS: Final = ["y"]\n' in out
        assert lines[-1] == "modelsync generate --force"
    texts = re.findall(r"^\.\.\. ([\d,]+) more lines \(-v shows all\)$", short, re.M)
    omitted = [int(text.replace(",", "")) for text in texts]
    assert len(whole.splitlines()) - len(short.splitlines()) == sum(omitted) - len(omitted)
    assert omitted[0] == 32
    assert omitted[1] > 600  # of wire.py
    assert "more lines" not in whole


def test_a_change_of_only_the_manifest_is_reported(project: Path, check: Check) -> None:
    manifest = project / "modelsync.manifest"
    manifest.write_text(manifest.read_text("utf-8").replace("# ", "#  ", 1), "utf-8")
    code, out, _ = check(project)
    assert (code, out.splitlines()) == (
        1,
        [
            "outdated      modelsync.manifest: does not match the files",
            "only `modelsync.manifest` differs; 11 files in sync",
            "modelsync generate",
        ],
    )
    assert "\n-#  The files" in check(project, "--diff")[1]


def test_an_edited_file_has_the_same_cause_as_others(project: Path, check: Check) -> None:
    """Its own new lines may be those of the edit: here the first one is."""
    spec = "model: Point\nfields:\n  x: {type: float64}\n  y: {type: string}\n"
    write(project, {"specs/p.yaml": spec})
    assert run(["generate", "-q", "--project", str(project)]) == 0
    point = project / "out/python/point.py"
    point.write_text(point.read_text("utf-8").replace("x: ", "xx: "), "utf-8")
    write(project, {"specs/p.yaml": spec.replace("y: {type: string}", "z: {type: bool}")})
    _, out, _ = check(project, "-q")
    assert out.splitlines()[:-1] == [
        "outdated      out/docs/models/point.md: specs/p.yaml:4:3 changed",
        "edited        out/python/point.py: edited since it was generated;"
        " specs/p.yaml:4:3 changed",
    ]


# `generate`


def test_generate_reports_that_only_the_manifest_changed(project: Path, capsys: Capture) -> None:
    config = (project / "modelsync.yaml").read_text("utf-8")
    renamed = config.replace("python: {out", "snake: {target: python, out")
    write(project, {"modelsync.yaml": renamed})
    words = ["generate", "--fail-on-change", "--project", str(project)]
    summary = "0 created, 0 updated, 0 deleted, 11 unchanged; only `modelsync.manifest` changed"
    assert run([*words, "--dry-run"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == f"would be: {summary}"
    assert run([*words, "--diff"]) == 1
    change, *diff, last = capsys.readouterr().out.splitlines()
    assert change.startswith("outdated      modelsync.manifest: ")
    assert '+option snake out "out/python"' in diff
    assert last == summary
    assert run(words) == 0
    assert capsys.readouterr().out == "0 created, 0 updated, 0 deleted, 11 unchanged\n"


def test_generate_shows_an_edit_and_where_its_copy_is(project: Path, capsys: Capture) -> None:
    page = project / "out/docs/models/point.md"
    page.write_text("mine\n" + page.read_text("utf-8"), "utf-8")
    assert run(["generate", "-q", "--project", str(project)]) == 0
    out = capsys.readouterr().out
    first, *diff, kept = out.splitlines()
    assert first == "edited        out/docs/models/point.md: edited since it was generated"
    assert "-mine" in diff
    path, copy = kept.split(": previous version saved as ")
    assert path == "out/docs/models/point.md"
    assert (project / copy).read_text("utf-8").startswith("mine\n")


def test_a_dry_run_prints_what_generate_would_print(drifted: Path, capsys: Capture) -> None:
    """tests/reports has the output of a dry run for one target."""
    before = {path: path.read_bytes() for path in drifted.rglob("*") if path.is_file()}
    words = ["generate", "--project", str(drifted)]
    assert run([*words, "--dry-run"]) == 2
    dry = capsys.readouterr()
    assert "foreign       out/python/new.py: modelsync did not generate this file" in dry.out
    assert run([*words, "--force", "--dry-run", "-q"]) == 0
    forced = capsys.readouterr()
    assert run([*words, "--force", "--dry-run"]) == 0
    *_, would_be = capsys.readouterr().out.splitlines()
    assert {path: path.read_bytes() for path in drifted.rglob("*") if path.is_file()} == before
    assert run(words) == 2
    assert capsys.readouterr().err.startswith(dry.err.removesuffix("1 problem\n"))
    assert run([*words, "--force"]) == 0
    *lines, summary = capsys.readouterr().out.splitlines()
    assert summary == "2 created, 7 updated, 2 deleted, 2 unchanged"
    assert would_be == f"would be: {summary}"
    assert forced.out.splitlines() == [line for line in lines if "previous version" not in line]


# Long lists


def texts(changes: list[Change], with_diff: bool = False, verbose: bool = False) -> list[str]:
    present = {change.path: b"old\n" * 100 for change in changes}
    return [line.text for line in change_lines(changes, present, lambda _: with_diff, verbose)]


def test_a_long_list_with_one_cause_is_shortened() -> None:
    lines = texts(outdated(1000))
    assert len(lines) == 31
    assert lines[-1] == "... and 970 more outdated: s.yaml:3:7 changed (-v shows all)"
    assert len(texts(outdated(30))) == 30
    assert len(texts(outdated(1000), verbose=True)) == 1000


def test_a_long_list_with_similar_causes_is_shortened() -> None:
    lines = texts([change for index in range(50) for change in outdated(1, f"s{index:02}.yaml")])
    assert len(lines) == 31
    assert lines[-1] == "... and 20 more outdated (-v shows all)"
    edited = Change("out/x", Kind.EDITED, (Cause("edited since it was generated"),), b"new\n")
    assert texts([*outdated(40), edited])[-2:] == [
        "edited        out/x: edited since it was generated",
        "... and 10 more outdated: s.yaml:3:7 changed (-v shows all)",
    ]


def test_the_differences_of_one_run_are_shortened() -> None:
    """Each has 104 lines, of which a run shows 60, until it has shown 400 in all."""
    changes = [change for index in range(20) for change in outdated(1, f"s{index:02}.yaml")]
    lines = texts(changes, with_diff=True)
    diffs = [line for line in lines if not line.startswith("outdated")]
    assert lines[-1] == "... and the differences in 13 more files (-v shows all)"
    assert len(diffs[:-1]) == 403  # the last one counts without its header
    assert len(texts(changes, with_diff=True, verbose=True)) == 20 * (1 + 104)


def test_many_causes_are_shortened() -> None:
    causes = tuple(Cause(f"cause {number}") for number in range(5))
    change = Change("out/x", Kind.OUTDATED, causes, b"")
    assert because(change) == "cause 0; cause 1; cause 2; and 2 more"
    assert because(change, verbose=True) == "cause 0; cause 1; cause 2; cause 3; cause 4"


def test_generate_lists_at_most_30_copies() -> None:
    kept = {f"out/{number}": f".modelsync/kept/{number}" for number in range(1000)}
    lines = list(changes.backup_lines(kept))
    assert len(lines) == 31
    assert lines[-1] == "... and 970 more copies in `.modelsync/kept`"
    assert len(list(changes.backup_lines(kept, verbose=True))) == 1000


def test_control_characters_in_causes_are_escaped() -> None:
    cause = Cause("a symbolic link to \x1b[2J\udcff is at this path")
    change = Change("out/x", Kind.FOREIGN, (cause,), b"")
    assert because(change) == "a symbolic link to \\x1b[2J\\udcff is at this path"
