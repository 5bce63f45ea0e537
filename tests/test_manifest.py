"""The manifest: written, read, and read as both sides of a merge."""

from __future__ import annotations

import pytest

from modelsync.errors import ProblemsError
from modelsync.manifest import Entry, Input, Manifest, read_manifest, write_manifest

ONE, TWO = "1" * 64, "2" * 64


def test_it_is_read_as_it_was_written() -> None:
    manifest = Manifest(
        {
            "out/a.py": Entry(frozenset({ONE}), "python", "specs/a.yaml"),
            "out/b.py": Entry(frozenset({ONE, TWO}), "python", "-"),
        },
        {
            Input("spec", "", "specs/a.yaml"): frozenset({"abc"}),
            Input("option", "docs", "pages"): frozenset({'{"a b": "c d"}'}),
        },
    )
    text = write_manifest(manifest)
    assert read_manifest(text) == manifest
    assert read_manifest(text.replace("\n", "\r\n")) == manifest


def test_a_conflict_is_both_sides() -> None:
    text = f"""\
file out/a.py {ONE} python specs/a.yaml
<<<<<<< ours
file out/b.py {ONE} python specs/b.yaml
||||||| base
file out/c.py {ONE} python specs/c.yaml
=======
file out/b.py {TWO} python specs/b.yaml
>>>>>>> theirs
"""
    manifest = read_manifest(text)
    assert set(manifest.files) == {"out/a.py", "out/b.py"}
    assert manifest.files["out/b.py"].digests == {ONE, TWO}


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        f"file ../secret {ONE} python -",
        f"file /etc/passwd {ONE} python -",
        f"file .git/config {ONE} python -",
        "file out/a.py 12ab python -",
        "file out/a.py",
        "option x",
        "option x y",
        "spec a b c",
    ],
)
def test_a_line_that_is_none_is_told(line: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        read_manifest(f"# head\n{line}\n")
    (problem,) = caught.value.problems
    assert problem.code == "MS090"
    assert problem.position.line == 2
