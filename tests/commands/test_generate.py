"""check and generate on real projects: every kind of drift, for all targets or some."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from helpers.synced import INDEX, OLD, PAGE, USER, Project, add_template, git
from modelsync import cli
from modelsync.plan.changes import Kind
from modelsync.plan.manifest import NAME as MANIFEST

# --- All kinds together ---


def test_every_kind_of_drift_is_reported_with_its_cause_and_fixed(project: Project) -> None:
    project.edit("specs/user.yaml", "string", "int64")
    (project.folder / "specs/old.yaml").unlink()
    project.write({"specs/fresh.yaml": "model: Fresh\nfields: {u: {type: User}}\n"})
    other = project.folder / "out/go/models/other.md"
    other.write_bytes(other.read_bytes().replace(b"\n", b"\r\n"))
    project.edit("out/go/models/team.md", "# Team", "# My team")
    (project.folder / "out/ts/models/team.md").unlink()
    foreign = {
        "out/ts/models/fresh.md": "my fresh page",
        "out/go/notes.txt": "notes",
        "out/go/models/draft.md": "draft",
        "elsewhere.md": "mine",
    }
    project.write(foreign)
    index = "specs/fresh.yaml is new; specs/old.yaml was deleted"
    result = project.check()
    assert result.code == cli.DRIFT
    assert result.out.splitlines()[-1].startswith("modelsync generate --project ")
    assert {kind for kind, _ in result.drift.values()} == set(Kind)
    assert result.drift == {
        "out/go/models/README.md": ("outdated", index),
        "out/ts/models/README.md": ("outdated", index),
        "out/go/models/fresh.md": ("created", "specs/fresh.yaml is new"),
        "out/ts/models/fresh.md": ("foreign", "modelsync did not generate this file"),
        "out/go/models/old.md": ("orphaned", "specs/old.yaml was deleted"),
        "out/ts/models/old.md": ("orphaned", "specs/old.yaml was deleted"),
        "out/go/models/other.md": ("line endings", "has CRLF line endings"),
        "out/go/models/team.md": ("edited", "edited since it was generated"),
        "out/ts/models/team.md": ("deleted", "deleted since it was generated"),
        "out/go/models/user.md": ("outdated", "specs/user.yaml changed"),
        "out/ts/models/user.md": ("outdated", "specs/user.yaml changed"),
    }  # fmt: skip

    before = project.stamps()
    refused = project.generate()
    assert refused.code == cli.INVALID
    assert "MS091" in refused.err
    assert "--> out/ts/models/fresh.md" in refused.err
    assert project.stamps() == before, "with one foreign file, nothing is written"

    (project.folder / "out/ts/models/fresh.md").rename(project.folder / "fresh.md")
    project.generate_and_check()
    del foreign["out/ts/models/fresh.md"]
    assert {path: project.text(path) for path in foreign} == foreign
    assert project.text("fresh.md") == "my fresh page"
    kept = list((project.folder / ".modelsync/kept").rglob("*.md"))
    assert sorted(path.name for path in kept) == ["old.md", "old.md", "team.md"]
    assert any("# My team" in path.read_text() for path in kept)


def test_a_difference_in_line_endings_has_its_own_kind(project: Project) -> None:
    page = project.folder / PAGE
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    assert project.check().drift == {PAGE: ("line endings", "has CRLF line endings")}
    project.generate_and_check()
    assert not (project.folder / ".modelsync/kept").exists()


# --- Some of the targets ---


def test_a_run_for_one_target_leaves_the_others_alone(project: Project) -> None:
    before = {path: time for path, time in project.stamps().items() if path.startswith("out/ts")}
    project.edit("specs/user.yaml", "string", "int64")
    (project.folder / "specs/old.yaml").unlink()
    project.write({"specs/x.yaml": "model: X\nfields: {}\n", "out/ts/models/user.md": "mine"})
    before["out/ts/models/user.md"] = project.stamps()["out/ts/models/user.md"]
    assert {path.split("/")[1] for path in project.check("go").drift} == {"go"}
    assert project.generate("go").code == 0
    after = {path: time for path, time in project.stamps().items() if path.startswith("out/ts")}
    assert after == before
    kept = [path for path in (project.folder / ".modelsync/kept").rglob("*") if path.is_file()]
    assert [path.name for path in kept] == ["old.md"]
    assert project.check("go").code == 0
    # The inputs of the other target are still known.
    index = "specs/x.yaml is new; specs/old.yaml was deleted"
    edited = "edited since it was generated; specs/user.yaml changed"
    assert project.check("ts").drift == {
        "out/ts/models/README.md": ("outdated", index),
        "out/ts/models/old.md": ("orphaned", "specs/old.yaml was deleted"),
        "out/ts/models/user.md": ("edited", edited),
        "out/ts/models/x.md": ("created", "specs/x.yaml is new"),
    }
    assert project.check().drift == project.check("ts").drift
    project.generate_and_check()


def test_a_target_that_cannot_be_read_does_not_stop_another(project: Project) -> None:
    shutil.rmtree(project.folder / "out/ts")
    (project.folder / "out/ts").symlink_to("nowhere")
    assert project.generate("go").code == 0
    assert project.generate("ts").code == cli.INVALID


def test_generating_each_target_leaves_the_manifest_to_a_run_for_all(project: Project) -> None:
    project.edit("specs/user.yaml", "string", "int64")
    assert project.generate("go").code == 0
    assert project.generate("ts").code == 0
    result = project.check()
    assert result.drift == {MANIFEST: ("outdated", "specs/user.yaml changed")}
    project.generate_and_check()


@pytest.mark.parametrize("then", ["user", "new", "gone"])
def test_an_older_spec_is_not_mistaken_for_another_version(project: Project, then: str) -> None:
    """The specs are unchanged since one target was generated; another one was generated later."""
    if then == "user":
        project.edit("specs/user.yaml", "string", "int64")
    elif then == "new":
        project.write({"specs/x.yaml": "model: X\nfields: {}\n"})
    else:
        (project.folder / "specs/old.yaml").unlink()
    assert project.generate("go").code == 0
    if then == "user":
        project.edit("specs/user.yaml", "int64", "string")
        expected = {PAGE: ("outdated", "specs/user.yaml changed")}
    elif then == "new":
        (project.folder / "specs/x.yaml").unlink()
        gone = "specs/x.yaml was deleted"
        expected = {INDEX: ("outdated", gone), "out/go/models/x.md": ("orphaned", gone)}
    else:
        project.write({"specs/old.yaml": OLD})
        new = "specs/old.yaml is new"
        expected = {INDEX: ("outdated", new), "out/go/models/old.md": ("created", new)}
    assert project.check().drift == expected
    assert project.check("ts").code == 0
    project.generate_and_check()


def test_runs_for_one_target_do_not_grow_the_manifest(project: Project) -> None:
    lengths = []
    for number in range(4):
        project.write({"specs/user.yaml": USER.replace("id", f"id{number}")})
        assert project.generate("go").code == 0
        lengths.append(len(project.text(MANIFEST).splitlines()))
    assert len(set(lengths)) == 1


def test_a_target_that_is_generated_alone_records_its_inputs(project: Project) -> None:
    """No other target was generated yet."""
    (project.folder / MANIFEST).unlink()
    shutil.rmtree(project.folder / "out")
    assert project.generate("go").code == 0
    project.edit("specs/user.yaml", "string", "int64")
    assert project.generate("go").code == 0
    project.edit("specs/user.yaml", "int64", "string")
    assert project.check("go").drift == {PAGE: ("outdated", "specs/user.yaml changed")}
    never = "the target `ts` is new (modelsync.yaml:3:3)"
    assert project.check().drift["out/ts/models/user.md"] == ("created", never)


# --- The manifest itself ---


def test_the_cause_of_a_manifest_change_is_reported(project: Project) -> None:
    project.write({MANIFEST: ""})
    assert project.check().drift == {MANIFEST: ("outdated", "lists no files")}
    (project.folder / MANIFEST).unlink()
    shutil.rmtree(project.folder / "out")
    result = project.check()
    assert result.drift[PAGE] == ("created", "specs/user.yaml needs it")
    project.generate_and_check()


# --- The depfile ---


@pytest.mark.parametrize(
    ("path", "what"),
    [
        (PAGE, "a generated file"),
        ("specs/user.yaml", "a spec"),
        ("templates/sdk-docs/page.md.j2", "a template"),
        (MANIFEST, "the manifest"),
        ("modelsync.yaml", "the config"),
    ],
)
def test_a_depfile_overwrites_no_other_file(project: Project, path: str, what: str) -> None:
    add_template(project)
    project.edit("specs/user.yaml", "string", "int64")
    before = project.stamps()
    (project.folder / "link").symlink_to(project.folder)
    for place in (project.folder / path, project.folder / "link" / path):
        result = project.generate("--depfile", str(place))
        assert result.code == cli.INVALID
        assert f"MS094 the depfile would overwrite {what}\n --> {path}" in result.err
    (project.folder / "link").unlink()
    assert project.stamps() == before
    assert project.generate("--depfile", str(project.folder / "deps")).code == 0


# --- Git ---


@pytest.fixture
def repository(project: Project) -> Project:
    project.git("init", "-q", "-b", "main")
    project.write({".gitattributes": f"{MANIFEST} merge=union\n"})
    project.git("add", "-A")
    project.git("commit", "-qm", "start")
    return project


def test_git_ignores_the_state_folder(repository: Project) -> None:
    repository.write({PAGE: "edited"})
    assert repository.generate().code == 0
    assert list((repository.folder / ".modelsync/kept").rglob("*.md"))
    assert repository.git("status", "--short", "-uall") == ""


def test_a_clone_with_autocrlf_differs_in_line_endings(repository: Project, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "-c", "core.autocrlf=true", str(repository.folder), "clone")
    clone = Project(tmp_path / "clone", repository.capsys)
    result = clone.check()
    assert result.code == cli.DRIFT
    assert {kind for kind, _ in result.drift.values()} == {"line endings"}
    assert len(result.drift) == 10
    assert ".gitattributes" in result.out
    assert MANIFEST not in result.drift
    clone.generate_and_check()
    # With the .gitattributes in the repository, a clone is in sync from the start.
    repository.write({".gitattributes": "out/** text eol=lf\n"})
    repository.git("commit", "-qam", "line endings")
    git(tmp_path, "clone", "-q", "-c", "core.autocrlf=true", str(repository.folder), "clone2")
    assert Project(tmp_path / "clone2", repository.capsys).check().code == 0


@pytest.mark.parametrize("union", [True, False])
@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_one_run_fixes_the_state_after_a_merge(
    repository: Project, union: bool, style: str
) -> None:
    """Each branch adds a model, and both change one; one of them deletes another."""
    if not union:
        (repository.folder / ".gitattributes").unlink()
        repository.git("commit", "-qam", "no union")
    repository.git("config", "merge.conflictStyle", style)
    repository.git("checkout", "-qb", "other")
    repository.edit("specs/user.yaml", "{id:", "{mail: {type: string}, id:")
    repository.write({"specs/theirs.yaml": "model: Theirs\nfields: {u: {type: User}}\n"})
    repository.write({"notes.md": "of the other branch"})
    assert repository.generate().code == 0
    repository.git("add", "-A")
    repository.git("commit", "-qm", "theirs")
    repository.git("checkout", "-q", "main")
    repository.edit("specs/user.yaml", "type: string", "type: int64")
    repository.write({"specs/ours.yaml": "model: Ours\nfields: {u: {type: User}}\n"})
    (repository.folder / "specs/old.yaml").unlink()
    assert repository.generate().code == 0
    repository.git("add", "-A")
    repository.git("commit", "-qm", "ours")
    merged = repository.git("merge", "other", check=False)
    assert "CONFLICT" in merged
    assert ("<<<<<<<" in repository.text(MANIFEST)) is not union
    repository.write(
        {"specs/user.yaml": "model: User\nfields: {mail: {type: string}, id: {type: int64}}\n"}
    )
    result = repository.check()
    assert result.code == cli.DRIFT
    assert result.drift[PAGE][1].startswith("contains merge conflict markers")
    repository.generate_and_check()
    assert "<<<<<<<" not in repository.text(MANIFEST)
    assert not (repository.folder / "out/go/models/old.md").exists()
    assert (repository.folder / "out/go/models/ours.md").exists()
    assert (repository.folder / "out/go/models/theirs.md").exists()
    assert repository.text("notes.md") == "of the other branch"
    repository.git("add", "-A")
    repository.git("commit", "-qm", "merged")
    fresh = repository.folder.parent / "fresh"
    git(fresh.parent, "clone", "-q", str(repository.folder), str(fresh))
    assert Project(fresh, repository.capsys).check().code == 0


def test_checking_out_a_branch_is_not_an_edit(repository: Project) -> None:
    """The manifest changes together with the files."""
    repository.git("checkout", "-qb", "other")
    repository.edit("specs/user.yaml", "string", "int64")
    assert repository.generate().code == 0
    repository.git("commit", "-qam", "other")
    repository.git("checkout", "-q", "main")
    assert repository.check().code == 0
    repository.git("checkout", "-q", "other", "--", "specs")
    assert {kind for kind, _ in repository.check().drift.values()} == {"outdated"}


# --- Names ---


def test_a_name_may_change_only_in_case(project: Project) -> None:
    project.write({"specs/user.yaml": USER.replace("User", "USER")})
    project.edit("specs/team.yaml", "User", "USER")
    project.generate_and_check()
    project.edit("modelsync.yaml", "out/go", "Out/Go")
    project.generate_and_check()
    assert (project.folder / "Out/Go/models/user.md").exists()
