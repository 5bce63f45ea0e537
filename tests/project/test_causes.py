"""The causes that `check` reports for files that differ."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from helpers.synced import CONFIG, INDEX, PAGE, Project, add_template
from modelsync import cli
from modelsync.plan.changes import digest
from modelsync.plan.manifest import NAME as MANIFEST


def change_spec(project: Project) -> None:
    project.edit("specs/user.yaml", "string", "int64")


def add_spec(project: Project) -> None:
    project.write({"specs/x.yaml": "model: X\nfields: {}\n"})


def remove_spec(project: Project) -> None:
    (project.folder / "specs/old.yaml").unlink()


def rename_spec(project: Project) -> None:
    (project.folder / "specs/old.yaml").rename(project.folder / "specs/older.yaml")


def rename_model(project: Project) -> None:
    project.edit("specs/old.yaml", "Old", "Older")


def set_option(project: Project) -> None:
    project.edit("modelsync.yaml", "out: out/ts", "out: out/ts, sdk: acme")


def change_option(project: Project) -> None:
    project.edit("modelsync.yaml", "notation: go", "notation: python")


def change_template(project: Project) -> None:
    add_template(project)
    assert project.generate().code == 0
    project.write({"templates/sdk-docs/page.md.j2": "# {{ title }}\n"})


def change_included_template(project: Project) -> None:
    project.write(
        {
            "templates/sdk-docs/page.md.j2": '{% include "part.j2" %}\n',
            "templates/sdk-docs/part.j2": "{{ title }}\n",
        }
    )
    assert project.generate().code == 0
    project.write({"templates/sdk-docs/part.j2": "# {{ title }}\n"})


def remove_template(project: Project) -> None:
    add_template(project)
    assert project.generate().code == 0
    (project.folder / "templates/sdk-docs/page.md.j2").unlink()


def remove_templates(project: Project) -> None:
    """All templates are deleted; each file depends on one of them."""
    project.write(
        {
            "templates/sdk-docs/page.md.j2": "{{ title }}\n",
            "templates/sdk-docs/index.md.j2": "# All\n",
            "templates/sdk-docs/union.md.j2": "{{ title }}\n",
        }
    )
    assert project.generate().code == 0
    shutil.rmtree(project.folder / "templates")


def remove_part(project: Project) -> None:
    change_included_template(project)
    (project.folder / "templates/sdk-docs/part.j2").unlink()
    project.write({"templates/sdk-docs/page.md.j2": "{{ title }}.\n"})


def add_target(project: Project) -> None:
    text = CONFIG + "  py: {target: sdk-docs, notation: python, out: out/py}\n"
    project.write({"modelsync.yaml": text})


def remove_target(project: Project) -> None:
    project.write({"modelsync.yaml": CONFIG.partition("  ts:")[0]})


def rename_target(project: Project) -> None:
    project.edit("modelsync.yaml", "go: {", "goo: {")


def move_out(project: Project) -> None:
    project.edit("modelsync.yaml", "out/go", "docs/go")


def change_modelsync(project: Project) -> None:
    """Use the manifest of a version that generates other pages."""
    other = "# User, as it was\n"
    checksum = digest(project.text(PAGE).encode())
    project.edit(MANIFEST, checksum, digest(other.encode()))
    project.write({PAGE: other})


@pytest.mark.parametrize(
    ("change", "path", "kind", "causes"),
    [
        (change_spec, PAGE, "outdated", "specs/user.yaml changed"),
        (add_spec, "out/go/models/x.md", "created", "specs/x.yaml is new"),
        (add_spec, INDEX, "outdated", "specs/x.yaml is new"),
        (remove_spec, "out/go/models/old.md", "orphaned", "specs/old.yaml was deleted"),
        (remove_spec, INDEX, "outdated", "specs/old.yaml was deleted"),
        (
            rename_model,
            "out/go/models/old.md",
            "orphaned",
            "specs/old.yaml no longer needs it",
        ),
        (rename_model, "out/go/models/older.md", "created", "specs/old.yaml changed"),
        (
            set_option,
            "out/ts/models/user.md",
            "outdated",
            'the option `sdk` of `ts` changed from "sdk" to "acme" (modelsync.yaml:3:66)',
        ),
        (
            change_option,
            PAGE,
            "outdated",
            'the option `notation` of `go` changed from "go" to "python" (modelsync.yaml:2:36)',
        ),
        (add_template, PAGE, "outdated", "templates/sdk-docs/page.md.j2:1:1 is new"),
        (change_template, PAGE, "outdated", "templates/sdk-docs/page.md.j2:1:1 changed"),
        (change_included_template, PAGE, "outdated", "templates/sdk-docs/part.j2:1:1 changed"),
        (remove_template, PAGE, "outdated", "templates/sdk-docs/page.md.j2 was deleted"),
        (remove_templates, PAGE, "outdated", "templates/sdk-docs/page.md.j2 was deleted"),
        (remove_templates, INDEX, "outdated", "templates/sdk-docs/index.md.j2 was deleted"),
        (remove_part, PAGE, "outdated", "templates/sdk-docs/page.md.j2:1:1 changed"),
        (
            add_target,
            "out/py/models/user.md",
            "created",
            "the target `py` is new (modelsync.yaml:4:3)",
        ),
        (
            remove_target,
            "out/ts/models/user.md",
            "orphaned",
            "modelsync.yaml:1:1 no longer has a target `ts`;"
            " outside the `out` folders (modelsync.manifest:12:6)",
        ),
        (
            rename_target,
            MANIFEST,
            "outdated",
            "modelsync.yaml:1:1 no longer has a target `go`; did you mean `goo`?;"
            " the target `goo` is new (modelsync.yaml:2:3)",
        ),
        (
            move_out,
            PAGE,
            "orphaned",
            'the option `out` of `go` changed from "out/go" to "docs/go" (modelsync.yaml:2:45);'
            " outside the `out` folders (modelsync.manifest:7:6)",
        ),
        (
            move_out,
            "docs/go/models/user.md",
            "created",
            'the option `out` of `go` changed from "out/go" to "docs/go" (modelsync.yaml:2:45)',
        ),
        (
            move_out,
            INDEX,
            "orphaned",
            'the option `out` of `go` changed from "out/go" to "docs/go" (modelsync.yaml:2:45);'
            " outside the `out` folders (modelsync.manifest:3:6)",
        ),
        (
            change_modelsync,
            PAGE,
            "outdated",
            "this version of modelsync generates it differently",
        ),
    ],
)
def test_check_reports_the_cause_of_a_change(
    project: Project, change: Callable[[Project], None], path: str, kind: str, causes: str
) -> None:
    change(project)
    result = project.check()
    assert result.code == cli.DRIFT
    assert result.drift[path] == (kind, causes)
    project.generate_and_check()


def test_the_spec_that_another_one_refers_to_is_a_cause(project: Project) -> None:
    """The code for a field depends on the type that it refers to, directly or indirectly."""
    project.write(
        {
            "modelsync.yaml": "targets: {python: {out: out}}\n",
            "specs/alias.yaml": "union: Alias\nmembers: [Kind, int64]\n",
            "specs/kind.yaml": "enum: Kind\nvalues: {a: , b: }\n",
            "specs/user.yaml": "model: User\nfields: {kind: {type: Alias}}\n",
        }
    )
    project.generate_and_check()
    project.write({"specs/kind.yaml": "model: Kind\nfields: {}\n"})
    drift = project.check().drift
    assert drift["out/kind.py"] == ("outdated", "specs/kind.yaml changed")
    assert drift["out/alias.py"] == (
        "outdated",
        "specs/kind.yaml changed, and the file refers to it",
    )


def test_an_option_is_a_cause_for_the_files_that_depend_on_it(project: Project) -> None:
    """A spec is the cause for its own files, even if an option changed too."""
    config = "targets: {ts: {target: typescript, out: out%s}}\n"
    project.write({"modelsync.yaml": config % ""})
    project.generate_and_check()
    project.write({"modelsync.yaml": config % ", package: true"})
    project.edit("specs/user.yaml", "string", "int64")
    option = "the option `package` of `ts` changed from false to true (modelsync.yaml:1:55)"
    assert project.check().drift == {
        "out/package.json": ("created", option),
        "out/tsconfig.json": ("created", option),
        "out/user.ts": ("outdated", "specs/user.yaml changed"),
    }
    project.generate_and_check()
    project.write({"modelsync.yaml": config % ""})
    option = "the option `package` of `ts` changed from true to false (modelsync.yaml:1:11)"
    (project.folder / "specs/old.yaml").unlink()
    drift = project.check().drift
    assert drift["out/package.json"] == ("orphaned", option)
    assert drift["out/old.ts"] == ("orphaned", "specs/old.yaml was deleted")


@pytest.mark.parametrize("value", ['"nonsense"', "[]", "{", '"go", "x": 1'])
def test_an_invalid_old_option_is_a_cause(project: Project, value: str) -> None:
    """Another version accepted other values, so its output is unknown."""
    project.edit(MANIFEST, 'option go notation "go"', f"option go notation {value}")
    project.edit("specs/user.yaml", "string", "int64")
    text = f'the option `notation` of `go` changed from {value} to "go" (modelsync.yaml:2:36)'
    assert project.check().drift[PAGE] == ("outdated", f"{text}; specs/user.yaml changed")
    project.generate_and_check()


def test_an_option_that_is_duplicated_by_a_merge_is_a_cause(project: Project) -> None:
    """The file may have been generated with either value."""
    project.write({"modelsync.yaml": "targets: {ts: {target: typescript, out: out}}\n"})
    project.generate_and_check()
    lines = "option ts package false\noption ts package true\n"
    project.write({MANIFEST: project.text(MANIFEST) + lines})
    project.edit("specs/user.yaml", "string", "int64")
    option = (
        "the option `package` of `ts` changed from false or true to false (modelsync.yaml:1:11)"
    )
    cause = f"{option}; specs/user.yaml changed"
    assert project.check().drift["out/user.ts"] == ("outdated", cause)


def test_a_list_is_changed_by_added_and_deleted_specs(project: Project) -> None:
    project.write({"specs/x.yaml": "model: X\nfields: {}\n"})
    project.edit("specs/user.yaml", "string", "int64")
    assert project.check().drift[INDEX] == ("outdated", "specs/x.yaml is new")
    project.generate_and_check()
    (project.folder / "specs/x.yaml").unlink()
    project.edit("specs/user.yaml", "int64", "string")
    assert project.check().drift[INDEX] == ("outdated", "specs/x.yaml was deleted")


def test_a_change_without_effect_is_no_drift(project: Project) -> None:
    project.edit("specs/user.yaml", "fields", "# a comment has no effect\nfields")
    assert project.check().code == 0
    project.edit("modelsync.yaml", "out: out/go", "out: out/go, packages: []")
    assert project.check().code == 0
