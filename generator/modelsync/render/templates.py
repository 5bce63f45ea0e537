"""The templates of one target: how they are found, run, and reported when they fail.

A project's own template replaces the target's template of the same name. Where a template fails,
the problem is at its line, also in a template that comes with modelsync.
:mod:`modelsync.render.environment` runs them.
"""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import CodeType, FrameType
from typing import ClassVar, NamedTuple

import jinja2
import jinja2.bccache
import jinja2.meta

from modelsync.errors import (
    Position,
    Problem,
    ProblemsError,
    did_you_mean,
    error_text,
    in_backticks,
    visible,
)
from modelsync.render.environment import Bounded, LimitExceeded, Trusted, Unencoded
from modelsync.render.own_templates import OwnTemplates
from modelsync.render.sandbox import Sandbox
from modelsync.targets.base import File, Target
from modelsync.targets.calls import fault, where
from modelsync.targets.error_places import absolute, is_in, line_place, pass_on
from modelsync.targets.guard import file_place


class TemplateError(Exception):
    """A template failed: `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def built_in_templates() -> Path:
    """Return the folder of the templates that come with modelsync."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "templates"  # an installed package
    return inside if inside.is_dir() else package.parents[1] / "templates"  # a checkout


class Templates:
    """The templates of one target: a project's own before the built-in one of the same name.

    `name.j2` is a Jinja template; `name` without that ending is a file that is copied unchanged.
    The project's own templates are read when this object is created, which raises what
    :meth:`OwnTemplates.of` does.
    """

    trusted: ClassVar[type[Trusted]] = Trusted
    bounded: ClassVar[type[Trusted]] = Bounded
    sandbox: ClassVar[type[Trusted]] = Sandbox
    compiled: ClassVar[dict[tuple[object, object], _Compiled]] = {}
    """By the kind of environment and the target, whose filters also affect the compiled code."""

    def __init__(self, target: type[Target], own: OwnTemplates) -> None:
        self.target = target.name
        self.shown = f"{own.folder}/{target.name}"
        """The folder of the project's own templates, relative to the project."""
        self.own = own.project / self.shown
        self.built_in = target.templates or built_in_templates() / target.name
        self.own_files: dict[str, bytes] = {}
        loader: jinja2.BaseLoader = _FolderLoader(self.built_in)
        environment = self.bounded if target.code else self.trusted
        if self.own.resolve() != self.built_in.resolve():
            self.own_files = own.of(target.name)
        if self.own_files:
            loader = jinja2.ChoiceLoader([_OwnLoader(self.own, self.own_files), loader])
            environment = self.sandbox
        self.environment = environment(loader, target.filters)
        self.environment.bytecode_cache = self.compiled.setdefault(
            (environment, target), _Compiled()
        )
        self._encoders = sorted(target.filters)
        self._renderers: dict[str, Callable[[Mapping[str, object]], str]] = {}

    def render(self, target: Target, file: File) -> str:
        """Return the text of one file of `target`.

        Raises :class:`TemplateError`. Errors that no template line has caused are raised unchanged.
        """
        try:
            renderer = self._renderers.get(file.template)
            if renderer is None:
                renderer = self._renderers[file.template] = self._renderer(file.template)
            return renderer({**file.view, "definitions": file.definitions})
        except BaseException as error:  # filters and views are code, which may also call sys.exit
            pass_on(error)
            problem = self._problem(target, file, error)
            if problem is None:
                raise
            raise self._failed(target, problem) from error

    def formatted(self, target: Target, file: File, text: str) -> bytes:
        """Return the data of a file that was rendered. Raises :class:`TemplateError`."""
        try:
            return target.formatted(text).encode("utf-8")
        except ProblemsError:
            raise
        except Exception as error:  # a formatter may fail in any way on text that is not code
            place = self._shown(self._template_file(file.template))
            message = f"{visible(file.path)} cannot be formatted: {error_text(error)}"
            problem = Problem(place, "MS062", message, help="fix the template", cause=error)
            raise self._failed(target, problem) from error

    # Errors -----------------------------------------------------------------------------------

    def _problem(self, target: Target, file: File, error: BaseException) -> Problem | None:
        """Return the problem of a template that failed; None if no template line caused it."""
        if isinstance(error, jinja2.TemplateSyntaxError):
            place = Position(self._shown_path(error.filename or ""), error.lineno)
            text = str(error.message)
            message = (
                text if isinstance(error, _NotText) else f"this is not a Jinja template: {text}"
            )
            return Problem(place, "MS060", message, cause=error)
        line = _failed_line(error, target.code)
        if isinstance(error, jinja2.TemplateNotFound):
            return self._missing(target, str(error.name), line.position if line else None)
        if line is None:
            return None
        if not line.in_template:
            (problem,) = fault(
                target.settings, line.position, f"fails on {file.path}", error
            ).problems
            caller = _failed_line(error, ())
            notes = ((self._shown(caller.position), "called from this template"),) if caller else ()
            return replace(problem, related=notes)
        is_plain = isinstance(error, jinja2.TemplateError | Unencoded | LimitExceeded)
        text = visible(str(error)) if is_plain else error_text(error)
        message = f"the template fails on {visible(file.path)}: {text}"
        help_ = self._help(file, error)
        return Problem(self._shown(line.position), "MS062", message, help=help_, cause=error)

    def _missing(self, target: Target, name: str, asking: Position | None) -> Problem:
        """Return the problem of a missing template; `asking` is the line that refers to it."""
        message = f"{self.target} has no template `{visible(name)}`"
        known = self.environment.list_templates()
        help_ = did_you_mean(name, known) or f"the templates are {in_backticks(known)}"
        # If no template refers to it, the target does.
        place = asking or file_place(target) or Position(f"{self.shown}/{name}")
        return Problem(self._shown(place), "MS061", message, help=help_)

    def _help(self, file: File, error: BaseException) -> str:
        if isinstance(error, Unencoded):
            if not self._encoders:
                return "give the target `filters` that return Code, and pass the text through one"
            name = "literal" if "literal" in self._encoders else self._encoders[0]
            return f"pass text through an encoder, such as `{{{{ text | {name} }}}}`"
        if isinstance(error, jinja2.UndefinedError) and file.view:
            return "it knows " + ", ".join(sorted(file.view))
        return ""

    def _failed(self, target: Target, problem: Problem) -> TemplateError:
        """Return the error for a problem, with the position of the target if it is not built in."""
        if target.code:
            problem = replace(problem, related=(*problem.related, *where(target.settings)))
        return TemplateError(problem)

    def _template_file(self, name: str) -> Position:
        for each in (name, f"{name}.j2"):
            if each in self.own_files:
                return Position(str(self.own / each))
            if (self.built_in / each).is_file():
                return Position(str(self.built_in / each))
        return Position(str(self.built_in))

    def _shown(self, place: Position) -> Position:
        return place._replace(path=self._shown_path(place.path))

    def _shown_path(self, path: str) -> str:
        """Return the name of a template in messages; for a project's own, its path there."""
        own, place = absolute(self.own), absolute(path)
        if Path(place).is_relative_to(own):
            return f"{self.shown}/{Path(place).relative_to(own).as_posix()}"
        return path

    # Which templates there are ----------------------------------------------------------------

    def unused(self) -> Iterator[Problem]:
        """Yield a problem for each of the project's own files that overrides no template.

        A template that another one names (to include it) is in use.
        """
        if not self.own_files:
            return
        files = (path for path in self.built_in.rglob("*") if path.is_file())
        known = {path.relative_to(self.built_in).as_posix() for path in files}
        text = "".join(data.decode("utf-8", "replace") for data in self.own_files.values())
        for name in self.own_files:
            stem = name.removesuffix(".j2")
            included = f'"{name}"' in text or f"'{name}'" in text
            if included or {stem, f"{stem}.j2"} & known:
                continue
            yield Problem(
                Position(f"{self.shown}/{name}"),
                "MS063",
                f"{self.target} has no template of this name, and nothing includes this one",
                help=did_you_mean(name, known)
                or f"the templates are {in_backticks(sorted(known))}",
            )

    def used(self, name: str) -> frozenset[str]:
        """Return the parts of the template `name`, each under the path of the project's own one."""
        found: set[str] = set()
        rest = [f"{name}.j2", name]
        seen = set(rest)
        while rest:
            name = rest.pop()
            if name in self.own_files or (self.built_in / name).is_file():
                found.add(f"{self.shown}/{name}")
            if not name.endswith(".j2") or self.environment.loader is None:
                continue
            # A file that no condition ever renders may not be a template at all.
            with contextlib.suppress(jinja2.TemplateError, RecursionError):
                source = self.environment.loader.get_source(self.environment, name)[0]
                for other in jinja2.meta.find_referenced_templates(self.environment.parse(source)):
                    if other is not None and other not in seen:
                        seen.add(other)
                        rest.append(other)
        return frozenset(found)

    def _renderer(self, name: str) -> Callable[[Mapping[str, object]], str]:
        copied = self.copied(name)
        if copied is not None:
            text = copied[1]
            return lambda view: text
        return self.environment.get_template(f"{name}.j2").render

    def copied(self, name: str) -> tuple[Path, str] | None:
        """Return the file that is copied for the template `name`, and its text.

        None if the template is rendered.
        """
        if f"{name}.j2" in self.own_files:
            return None
        if name in self.own_files:
            return self.own / name, _decoded(self.own_files[name], name, self.own / name)
        file = self.built_in / name
        if (self.built_in / f"{name}.j2").is_file() or not file.is_file():
            return None
        return file, _decoded(file.read_bytes(), name, file)

    def text_of(self, file: Path) -> str:
        """Return the text of a template, with U+FFFD for each invalid byte."""
        name = file.relative_to(self.own).as_posix() if file.is_relative_to(self.own) else ""
        data = self.own_files[name] if name in self.own_files else file.read_bytes()
        return data.decode("utf-8", "replace").replace("\r\n", "\n")


# Where an error comes from ------------------------------------------------------------------------


class _Line(NamedTuple):
    """A line in the traceback of an error."""

    position: Position
    in_template: bool


def _failed_line(error: BaseException, code: Collection[Path]) -> _Line | None:
    """Return the innermost line in a traceback that is in a template, or in or below `code`."""
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        filename = frame.f_code.co_filename
        line = _template_line(frame, number)
        if line is not None:
            return _Line(line_place(filename, line), in_template=True)
        if is_in(code, filename):
            return _Line(line_place(filename, number), in_template=False)
    return None


def _template_line(frame: FrameType, number: int) -> int | None:
    """Return the line of the template that a frame runs; None for the frame of other code."""
    if "__jinja_exception__" in frame.f_globals:  # Jinja has put the template's line here
        return number
    template = frame.f_globals.get("__jinja_template__")  # it does so only for `Exception`
    return template and template.get_corresponding_lineno(number)


# Loading -----------------------------------------------------------------------------------------


class _NotText(jinja2.TemplateSyntaxError):
    """A template that is not UTF-8."""


def _decoded(data: bytes, name: str, path: Path) -> str:
    """Return the text of a template. Raises :class:`_NotText`."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"this template is not UTF-8: {error.reason}"
        line = data.count(b"\n", 0, error.start) + 1
        raise _NotText(message, line, name, str(path)) from error


class _FolderLoader(jinja2.FileSystemLoader):
    """Finds the templates in a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, encoding="utf-8")
        self.folder = folder

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        try:
            return super().get_source(environment, template)
        except UnicodeDecodeError:
            path = self.folder.joinpath(*jinja2.loaders.split_template_path(template))
            _decoded(path.read_bytes(), template, path)
            raise


class _OwnLoader(jinja2.BaseLoader):
    """Finds the templates of a project in what was read from its folder."""

    def __init__(self, folder: Path, files: Mapping[str, bytes]) -> None:
        self.folder = folder
        self.files = files

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool] | None]:
        name = "/".join(jinja2.loaders.split_template_path(template))
        if name not in self.files:
            raise jinja2.TemplateNotFound(template)
        path = self.folder / name
        return _decoded(self.files[name], name, path), str(path), None

    def list_templates(self) -> list[str]:
        return list(self.files)


class _Compiled(jinja2.BytecodeCache):
    """Keeps compiled templates while the program runs, because a watch renders many times."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Load the code of a template, if it was compiled before."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Store the code of a template."""
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code
