"""`init --docs`: a site of the reference pages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.places import CASES
from helpers.projects import schema_in, write
from helpers.reference_pages import reference_pages
from modelsync.cli import run
from modelsync.project.config import read_config

CONFIG = "targets: {api: {target: markdown, out: pages}}\n"


def test_a_new_project_has_pages_and_their_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"pyproject.toml": ""})
    assert run(["init", "--docs", "--project", str(tmp_path)]) == 0
    config = read_config((tmp_path / "modelsync.yaml").read_text("utf-8"))
    assert [settings.target for settings in config.targets] == ["python", "markdown"]
    assert "\ndocs_dir: generated/docs\n" in (tmp_path / "mkdocs.yml").read_text("utf-8")
    printed = capsys.readouterr().out
    assert f"mkdocs serve --config-file {tmp_path / 'mkdocs.yml'}\n" in printed
    assert run(["generate", "-q", "--project", str(tmp_path)]) == 0


def test_a_project_gets_the_site_of_its_pages(tmp_path: Path) -> None:
    project = tmp_path / "my shop: 2"
    write(project, {"modelsync.yaml": CONFIG})
    assert run(["init", "--docs", "--project", str(project)]) == 0
    written = (project / "mkdocs.yml").read_text("utf-8")
    assert '\nsite_name: "my shop: 2"\ndocs_dir: pages\n' in written


def test_the_pages_may_be_outside_of_the_folder_of_the_config(tmp_path: Path) -> None:
    write(tmp_path, {"tools/modelsync.yaml": "root: ..\n" + CONFIG.replace("pages", "../pages")})
    assert run(["init", "--docs", "--project", str(tmp_path / "tools")]) == 0
    assert "\ndocs_dir: ../pages\n" in (tmp_path / "tools/mkdocs.yml").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--docs"], "modelsync.yaml has no target `markdown`"),
        (["--docs", "--eject", "go"], "--docs and --eject exclude each other"),
    ],
)
def test_a_site_needs_pages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    write(tmp_path, {"modelsync.yaml": "targets: {python: {out: py}}\n"})
    assert run(["init", *arguments, "--project", str(tmp_path)]) == 2
    assert message in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["modelsync.yaml"]


def test_what_a_formatter_must_not_change_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {".pre-commit-config.yaml": "repos: [{hooks: [{id: mdformat}]}]\n"})
    assert run(["init", "--project", str(tmp_path)]) == 0
    assert "add `exclude: ^generated/docs/` to mdformat" in capsys.readouterr().out


@pytest.mark.toolchain
@pytest.mark.parametrize("builder", ["mkdocs", "zensical"])
def test_sites_of_all_specs_build(tmp_path: Path, builder: str) -> None:
    assert run(["init", "--docs", "-q", "--project", str(tmp_path)]) == 0
    write(tmp_path / "generated/docs", {"README.md": "# Models\n"})
    for case in sorted(path.name for path in CASES.iterdir() if path.is_dir()):
        for path, text in reference_pages(schema_in(CASES / case)).items():
            write(tmp_path / "generated/docs" / case, {path: text})
    command = (sys.executable, "-m", builder, "build", "--strict")
    # Otherwise, Material prints when its development ends.
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr
    page = (tmp_path / "site/packages/shop/orders/Order/index.html").read_text("utf-8")
    assert '<pre class="mermaid"><code>flowchart LR' in page
    assert 'id="' in page
    # Text of specs is no element: the only scripts are those of the theme.
    hostile = (tmp_path / "site/text/Text/index.html").read_text("utf-8")
    assert "&lt;/script&gt;&lt;b&gt;html" in hostile
