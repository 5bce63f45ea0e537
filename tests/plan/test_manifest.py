"""The manifest: how it is written and read, and how its conflicts are merged."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelsync.errors import ProblemsError
from modelsync.plan.manifest import Entry, Input, Manifest, read_manifest, write_manifest

ONE, TWO = "1" * 64, "2" * 64

WORD = st.text("abcXYZ019_-.", min_size=1, max_size=8)
VALUE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=20)
DIGEST = st.sampled_from([digit * 64 for digit in "0123456789abcdef"])
PATH = st.lists(st.text("abAB01_", min_size=1, max_size=3), min_size=1, max_size=3).map("/".join)
SOURCE = st.one_of(st.just("-"), PATH, PATH.map("{}/".format))
ENTRY = st.builds(Entry, st.frozensets(DIGEST, min_size=1, max_size=3), WORD, SOURCE)
INPUT = st.one_of(
    st.builds(Input, st.sampled_from(["spec", "template"]), st.just(""), WORD),
    st.builds(Input, st.just("option"), WORD, WORD),
)


def inputs(key: Input) -> st.SearchStrategy[frozenset[str]]:
    """The value of an option is any text; other inputs have a digest."""
    return st.frozensets(VALUE if key.kind == "option" else WORD, min_size=1, max_size=2)


MANIFESTS = st.builds(
    Manifest,
    st.dictionaries(PATH, ENTRY, max_size=6),
    st.lists(INPUT, max_size=4, unique=True).flatmap(
        lambda keys: st.fixed_dictionaries({key: inputs(key) for key in keys})
    ),
)


@pytest.mark.slow
@given(MANIFESTS)
def test_any_manifest_is_read_back_unchanged(manifest: Manifest) -> None:
    text = write_manifest(manifest)
    assert read_manifest(text) == manifest
    assert write_manifest(read_manifest(text)) == text
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines == sorted(lines), "sorted, so that git merges most changes"


Line = tuple[str, str, str]


def facts(manifest: Manifest) -> set[Line]:
    """Return the facts in a manifest, one per line."""
    files = {
        ("file", path, sum_) for path, entry in manifest.files.items() for sum_ in entry.digests
    }
    return files | {
        (f"{key.kind} {key.target}", key.name, value)
        for key, values in manifest.inputs.items()
        for value in values
    }


@pytest.mark.slow
@given(MANIFESTS, MANIFESTS)
def test_the_union_has_the_entries_of_both(one: Manifest, other: Manifest) -> None:
    assert facts(one | other) == facts(one) | facts(other)


@pytest.mark.slow
@settings(max_examples=40)
@given(MANIFESTS, MANIFESTS, MANIFESTS, MANIFESTS)
def test_git_merges_any_two_manifests_into_their_union(
    one: Manifest, other: Manifest, ours: Manifest, theirs: Manifest
) -> None:
    """This includes conflicts in each style of git, and merges as a union.

    A line that one side deletes may be in the result: the next run removes it.
    """
    sides = {"ours": one | ours, "base": one | other, "theirs": other | theirs}
    base, left, right = (facts(sides[side]) for side in ("base", "ours", "theirs"))
    with tempfile.TemporaryDirectory() as folder:
        for name, manifest in sides.items():
            Path(folder, name).write_bytes(write_manifest(manifest).encode())
        for style in ("--union", "--diff3", "--zdiff3"):
            words = ["git", "merge-file", "-p", style, *sides]
            merged = subprocess.run(words, cwd=folder, capture_output=True, check=False).stdout
            found = facts(read_manifest(merged.decode()))
            assert (left & right) | (left - base) | (right - base) <= found <= left | right


def test_conflict_markers_in_the_base_are_skipped() -> None:
    """If branches were merged in both directions, git shows the conflict of their bases."""
    text = f"""\
<<<<<<< ours
file out/a.py {ONE} python -
||||||| merged common ancestors
<<<<<<<<< Temporary merge branch 1
file out/b.py {ONE} python -
||||||||| base
file out/c.py {ONE} python -
=========
file out/d.py {ONE} python -
>>>>>>>>> Temporary merge branch 2
=======
file out/e.py {ONE} python -
>>>>>>> theirs
"""
    assert set(read_manifest(text).files) == {"out/a.py", "out/e.py"}


def test_a_manifest_is_read_back_unchanged() -> None:
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


def test_a_conflict_is_read_as_both_sides() -> None:
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
        "spec a",
        "file  out/a.py",
        f"file modelsync.yaml/ {ONE} python -",
        f"file out/./a.py {ONE} python -",
        f"file out/nul {ONE} python -",
        f"file out\\a.py {ONE} python -",
        f"file out/a.py {ONE.upper()}x python -",
        f" file out/a.py {ONE} python -",
        "<<<<<<",
        "=" * 8,
    ],
)
def test_an_invalid_line_is_reported(line: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        read_manifest(f"# head\n{line}\n")
    (problem,) = caught.value.problems
    assert problem.code == "MS090"
    assert problem.position.line == 2


def test_a_file_that_is_not_a_manifest_gives_few_problems() -> None:
    with pytest.raises(ProblemsError) as caught:
        read_manifest("nonsense\n" * 1_000_000)
    assert len(caught.value.problems) == 10
