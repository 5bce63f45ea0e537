"""(targets, templates) -> {path: text}: everything is rendered in memory, nothing is written.

Templates are the built-in ones, or a project's own of the same name. The first are trusted; the
second run in Jinja's sandbox. In both, `{{ ... }}` takes only :class:`~modelsync.targets.base.Code`
and an undefined name is an error.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import jinja2
import jinja2.sandbox

from modelsync.errors import Position, Problem, ProblemsError, did_you_mean, visible
from modelsync.ir import Definition
from modelsync.paths import path_key, path_problem
from modelsync.targets.base import Code, File, Target


class Unencoded(Exception):
    """A template tried to output text that no encoder has made."""


class TemplateError(Exception):
    """A template failed: `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def built_in_templates() -> Path:
    """Return the folder of the templates that come with modelsync."""
    package = Path(__file__).resolve().parent
    inside = package / "templates"  # an installed package
    return inside if inside.is_dir() else package.parents[1] / "templates"  # a checkout


def _finalize(value: object) -> object:
    if type(value) is not Code:
        raise Unencoded(
            f"{value!r:.60} reaches the output without an encoder"
            if not isinstance(value, jinja2.Undefined)
            else value._undefined_message
        )
    return value


_SETTINGS: Final[Mapping[str, Any]] = {
    "undefined": jinja2.StrictUndefined,
    "finalize": _finalize,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "autoescape": False,
    "auto_reload": False,
    "cache_size": -1,
}


class Templates:
    """The templates of one target: a project's own `own/<name>.j2` before the built-in one."""

    def __init__(self, target: type[Target], own: Path | None) -> None:
        self.target = target.name
        self.folders = [own / target.name] if own is not None else []
        built_in = target.templates or built_in_templates() / target.name
        if self.folders and self.folders[0].resolve() == built_in.resolve():
            self.folders = []
        has_own = any(folder.is_dir() for folder in self.folders)
        environment = (
            jinja2.sandbox.ImmutableSandboxedEnvironment if has_own else jinja2.Environment
        )
        self.folders.append(built_in)
        self.environment = environment(
            loader=jinja2.FileSystemLoader(self.folders, encoding="utf-8"), **_SETTINGS
        )
        self.environment.filters.update(target.filters)

    def render(self, file: File) -> str:
        """Return the text of one file. Raises :class:`TemplateError`."""
        name = f"{file.template}.j2"
        try:
            return self.environment.get_template(name).render(file.view)
        except jinja2.TemplateNotFound as error:
            known = [n.removesuffix(".j2") for n in self.environment.list_templates(["j2"])]
            message = f'{self.target} has no template "{visible(str(error.name))}"'
            raise TemplateError(
                Problem(self._position(name), "MS061", message, help=did_you_mean(name, known))
            ) from error
        except jinja2.TemplateSyntaxError as error:
            position = self._position(error.name or name, error.lineno)
            raise TemplateError(
                Problem(position, "MS060", f"this is not a Jinja template: {error.message}")
            ) from error
        except (jinja2.TemplateError, Unencoded, TypeError, ValueError, ArithmeticError) as error:
            place = self._failing_line(error)
            if place is None:
                raise
            raise TemplateError(
                Problem(
                    place,
                    "MS062",
                    f"the template fails on {visible(file.path)}: {error}",
                    help="pass text through an encoder, such as `{{ text | literal }}`"
                    if isinstance(error, Unencoded)
                    else "",
                )
            ) from error

    def _position(self, name: str, line: int = 1) -> Position:
        for folder in self.folders:
            if (folder / name).is_file():
                return Position((folder / name).as_posix(), line)
        return Position((self.folders[0] / name).as_posix(), line)

    def _failing_line(self, error: BaseException) -> Position | None:
        """Return the template line in which `error` was raised; None where it was our own code."""
        frames = traceback.extract_tb(error.__traceback__)
        for frame in reversed(frames):
            if frame.filename.endswith(".j2"):
                return Position(Path(frame.filename).as_posix(), frame.lineno or 1)
        return None


def render(targets: Iterable[Target], own_templates: Path | None) -> dict[str, str]:
    """Return every file of `targets`: path relative to the project -> text.

    Raises :class:`ProblemsError` with every template that failed and every two files that would
    have one path (on any file system: case and Unicode form do not tell paths apart).
    """
    wanted: dict[str, str] = {}
    problems: list[Problem] = []
    # Not the files: a view is large, and done with once it is rendered.
    owners: dict[str, tuple[Definition, ...]] = {}
    for target in targets:
        templates = Templates(type(target), own_templates)
        for file in target.files():
            path = f"{target.settings.out}/{file.path}"
            wrong = path_problem(path)
            if wrong:
                problems.append(_bad_path(target, path, file, wrong))
                continue
            key = path_key(path)
            if key in owners:
                problems.append(_same_path(target, path, file, owners[key]))
                continue
            owners[key] = file.definitions
            try:
                wanted[path] = target.formatted(templates.render(file))
            except TemplateError as error:
                problems.append(error.problem)
    if problems:
        raise ProblemsError(problems)
    return wanted


def _bad_path(target: Target, path: str, file: File, wrong: str) -> Problem:
    places = [definition.position for definition in file.definitions]
    return Problem(
        places[0] if places else target.settings.position,
        "MS044",
        f"{visible(path)} cannot be the path of a file: {wrong}",
        help=f"choose another name: `names: {{{target.name}: ...}}`",
    )


def _same_path(target: Target, path: str, file: File, others: tuple[Definition, ...]) -> Problem:
    here = [definition.position for definition in file.definitions]
    there = [definition.position for definition in others]
    return Problem(
        here[0] if here else target.settings.position,
        "MS043",
        f"two files have the path {visible(path)}",
        help="rename one of the two definitions, or give the targets output folders of their own",
        related=tuple((position, "the other one") for position in there[:1]),
    )
