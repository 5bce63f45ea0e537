"""(targets, templates) -> {path: text}: everything is rendered in memory, nothing is written.

Templates are the built-in ones, or a project's own of the same name. The first are trusted; the
second run in Jinja's sandbox. In both, `{{ ... }}` takes only :class:`~modelsync.targets.base.Code`
and an undefined name is an error.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping
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
    """The templates of one target: a project's own before the built-in one of the same name.

    `name.j2` is a Jinja template; `name` without that ending is a file that is copied as it is.
    `own` is the project's folder of templates, and `shown` what messages call it.
    """

    def __init__(self, target: type[Target], own: Path, shown: str) -> None:
        self.target = target.name
        self.own = own / target.name
        self.shown = f"{shown}/{target.name}"
        built_in = target.templates or built_in_templates() / target.name
        self.folders = [built_in]
        environment: type[jinja2.Environment] = jinja2.Environment
        if self.own.is_dir() and self.own.resolve() != built_in.resolve():
            self.folders.insert(0, self.own)
            environment = jinja2.sandbox.ImmutableSandboxedEnvironment
        self.environment = environment(
            loader=jinja2.FileSystemLoader(self.folders, encoding="utf-8"), **_SETTINGS
        )
        self.environment.filters.update(target.filters)
        self._renderers: dict[str, Callable[[Mapping[str, object]], str]] = {}

    def render(self, file: File) -> str:
        """Return the text of one file. Raises :class:`TemplateError`."""
        try:
            renderer = self._renderers.get(file.template)
            if renderer is None:
                renderer = self._renderers[file.template] = self._renderer(file.template)
            return renderer({**file.view, "definitions": file.definitions})
        except jinja2.TemplateNotFound as error:
            known = self.environment.list_templates()
            raise TemplateError(
                Problem(
                    Position(f"{self.shown}/{file.template}.j2"),
                    "MS061",
                    f'{self.target} has no template "{visible(str(error.name))}"',
                    help=did_you_mean(str(error.name), known),
                )
            ) from error
        except jinja2.TemplateSyntaxError as error:
            message = f"this is not a Jinja template: {error.message}"
            place = Position(f"{self.shown}/{error.name or file.template}", error.lineno)
            raise TemplateError(Problem(place, "MS060", message)) from error
        except Exception as error:
            line = self._own_line(error)
            if line is None:
                raise
            message = f"the template fails on {visible(file.path)}: {error}"
            cure = "pass text through an encoder, such as `{{ text | literal }}`"
            help_ = cure if isinstance(error, Unencoded) else ""
            raise TemplateError(Problem(line, "MS062", message, help=help_)) from error

    def _renderer(self, name: str) -> Callable[[Mapping[str, object]], str]:
        for folder in self.folders:
            if (folder / f"{name}.j2").is_file():
                break
            if (folder / name).is_file():
                text = (folder / name).read_text("utf-8")
                return lambda view: text
        return self.environment.get_template(f"{name}.j2").render

    def _own_line(self, error: BaseException) -> Position | None:
        """Return the line of the project's own template in which `error` was raised, if it was."""
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if frame.filename.endswith(".j2"):
                path = Path(frame.filename)
                if not path.is_relative_to(self.own):
                    return None
                name = path.relative_to(self.own).as_posix()
                return Position(f"{self.shown}/{name}", frame.lineno or 1)
        return None


def render(
    targets: Iterable[Target], project: Path = Path(), own_templates: str = "templates"
) -> dict[str, str]:
    """Return every file of `targets`: path relative to the project -> text.

    `own_templates` is the folder of the project's own templates, relative to it.

    Raises :class:`ProblemsError` with every template that failed and every two files that would
    have one path (on any file system: case and Unicode form do not tell paths apart).
    """
    wanted: dict[str, str] = {}
    problems: list[Problem] = []
    # Not the files: a view is large, and done with once it is rendered.
    owners: dict[str, tuple[Definition, ...]] = {}
    for target in targets:
        templates = Templates(type(target), project / own_templates, own_templates)
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
