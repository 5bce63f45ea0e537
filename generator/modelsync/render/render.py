"""(targets, templates) -> {path: output}: everything is rendered in memory, nothing is written.

A project's own template replaces the target's template of the same name.
:mod:`modelsync.render.environment` runs them.
"""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import CodeType
from typing import ClassVar

import jinja2
import jinja2.bccache
import jinja2.meta

from modelsync.errors import (
    Position,
    Problem,
    ProblemsError,
    did_you_mean,
    error_text,
    visible,
)
from modelsync.paths import is_hidden
from modelsync.render.environment import Bounded, LimitExceeded, Sandbox, Trusted, Unencoded
from modelsync.render.own_templates import OwnTemplates
from modelsync.targets import (
    Owners,
    absolute,
    fault,
    file_place,
    files_of,
    is_target,
    line_place,
    pass_on,
    place_in,
    target_names,
    where,
)
from modelsync.targets.base import File, Output, Target
from modelsync.tree import InTheWay, Tree


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


class _Compiled(jinja2.BytecodeCache):
    """Compiled templates, for as long as the program runs: a watch renders many times."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Load the code of a template, if it was compiled before."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Store the code of a template."""
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


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
        self.own = own.project / self.shown
        self.built_in = target.templates or built_in_templates() / target.name
        self.code = target.code
        self.own_files: dict[str, bytes] = {}
        loader: jinja2.BaseLoader = jinja2.FileSystemLoader(self.built_in, encoding="utf-8")
        environment = self.bounded if target.code else self.trusted
        if self.own.resolve() != self.built_in.resolve():
            self.own_files = own.of(target.name)
        if self.own_files:
            loader = jinja2.ChoiceLoader([_OwnLoader(self.own, self.own_files), loader])
            environment = self.sandbox
            self.code = (Path(absolute(self.own)), *self.code)
        self.environment = environment(loader, target.filters)
        self.environment.bytecode_cache = self.compiled.setdefault(
            (environment, target), _Compiled()
        )
        self._encoders = sorted(target.filters)
        self._renderers: dict[str, Callable[[Mapping[str, object]], str]] = {}

    def render(self, target: Target, file: File) -> str:
        """Return the text of one file of `target`. Raises :class:`TemplateError`.

        Errors that involve neither the project's own templates nor a target from another package
        are raised unchanged.
        """
        try:
            renderer = self._renderers.get(file.template)
            if renderer is None:
                renderer = self._renderers[file.template] = self._renderer(file.template)
            return renderer({**file.view, "definitions": file.definitions})
        except jinja2.TemplateSyntaxError as error:
            place = Position(self._shown_path(error.filename or ""), error.lineno)
            message = f"this is not a Jinja template: {error.message}"
            raise self._failed(target, Problem(place, "MS060", message, cause=error)) from error
        except BaseException as error:  # filters and views are code, which may also call sys.exit
            pass_on(error)
            raise self._failed(target, self._problem(target, file, error)) from error

    def _problem(self, target: Target, file: File, error: BaseException) -> Problem:
        """Return the problem of a template that failed. Raises internal errors unchanged."""
        place = place_in(self.code, error)
        if isinstance(error, jinja2.TemplateNotFound):
            name = str(error.name)
            message = f"{self.target} has no template `{visible(name)}`"
            known = self.environment.list_templates()
            help_ = did_you_mean(name, known) or "it has " + ", ".join(known)
            # If no template asks for it, the target does.
            place = self._shown(place or file_place(target) or Position(f"{self.shown}/{name}"))
            return Problem(place, "MS061", message, help=help_)
        if isinstance(error, UnicodeDecodeError) and _is_of_loader(error):
            place = self._shown(place or self._template_file(file.template))
            return Problem(place, "MS060", f"this template is not UTF-8: {error.reason}")
        if place is None:
            raise error
        if not place.path.endswith(".j2"):
            (problem,) = fault(target.settings, place, f"fails on {file.path}", error).problems
            # Jinja maps the lines of compiled code only for `Exception`, not for `SystemExit`.
            line = _template_place(error) if isinstance(error, Exception) else None
            called = ((self._shown(line), "called from this template"),) if line else ()
            return replace(problem, related=called)
        is_plain = isinstance(error, jinja2.TemplateError | Unencoded | LimitExceeded)
        text = visible(str(error)) if is_plain else error_text(error)
        message = f"the template fails on {visible(file.path)}: {text}"
        help_ = self._help(file, error)
        return Problem(self._shown(place), "MS062", message, help=help_, cause=error)

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

    def formatted(self, target: Target, file: File, text: str) -> bytes:
        """Return the data of a file that was rendered. Raises :class:`TemplateError`."""
        try:
            return target.formatted(text).encode("utf-8")
        except ValueError as error:
            # What comes from our own templates is tested to be formatted already.
            if not self.code:
                raise
            place = self._shown(self._template_file(file.template))
            message = f"{visible(file.path)} cannot be formatted: {error_text(error)}"
            problem = Problem(place, "MS062", message, help="fix the template", cause=error)
            raise self._failed(target, problem) from error

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
                help=did_you_mean(name, known) or "it has " + ", ".join(sorted(known)),
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
            with contextlib.suppress(jinja2.TemplateError, UnicodeDecodeError, RecursionError):
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

        None where a template renders.
        """
        if f"{name}.j2" in self.own_files:
            return None
        if name in self.own_files:
            return self.own / name, self.own_files[name].decode("utf-8")
        file = self.built_in / name
        if (self.built_in / f"{name}.j2").is_file() or not file.is_file():
            return None
        return file, file.read_text("utf-8")

    def text_of(self, file: Path) -> str:
        """Return the text of a template, as far as it is UTF-8."""
        name = file.relative_to(self.own).as_posix() if file.is_relative_to(self.own) else ""
        data = self.own_files[name] if name in self.own_files else file.read_bytes()
        return data.decode("utf-8", "replace").replace("\r\n", "\n")


def _is_of_loader(error: BaseException) -> bool:
    """Whether an error was raised while a template was read."""
    frames = (frame for frame, _ in traceback.walk_tb(error.__traceback__))
    return any(
        frame.f_code.co_filename == jinja2.loaders.__file__
        or frame.f_code.co_name == Templates._renderer.__name__
        for frame in frames
    )


def _template_place(error: BaseException) -> Position | None:
    """Return the innermost template line in the traceback of an error."""
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        if frame.f_code.co_filename.endswith(".j2"):
            return line_place(frame.f_code.co_filename, line)
    return None


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
        return self.files[name].decode("utf-8"), str(self.folder / name), None

    def list_templates(self) -> list[str]:
        return list(self.files)


def render(
    targets: Iterable[Target],
    own: OwnTemplates | None = None,
    rendered: Callable[[], object] = lambda: None,
) -> dict[str, Output]:
    """Return every file of `targets`, by its path relative to the project.

    `own` has the project's own templates. `rendered` is called after each file.

    Raises :class:`ProblemsError` with every template that failed and every pair of files with the
    same path (paths that differ only in case or Unicode form are the same on some file systems).
    """
    own = own or OwnTemplates()
    outputs: dict[str, Output] = {}
    problems = list(_unused_folders(own))
    owners: Owners = {}
    compiled: dict[type[Target], Templates] = {}
    for target in targets:
        cls = type(target)
        try:
            if cls not in compiled:
                compiled[cls] = Templates(cls, own)
                problems += compiled[cls].unused()
            for path, output in _outputs(compiled[cls], target, owners, problems):
                outputs[path] = output
                rendered()
        except ProblemsError as error:
            problems += error.problems
    if problems:
        raise ProblemsError(problems)
    return outputs


def _outputs(
    templates: Templates, target: Target, owners: Owners, problems: list[Problem]
) -> Iterator[tuple[str, Output]]:
    """Yield each file of a target by its path, and add the problems of its templates."""
    templates.environment.start_target()
    failed: set[object] = set()
    for path, file in files_of(target, owners, problems):
        try:
            data = templates.formatted(target, file, templates.render(target, file))
        except TemplateError as error:
            # A template that fails on one file may fail on thousands.
            place = error.problem.position, error.problem.code
            problems += [error.problem] if place not in failed else []
            failed.add(place)
            if templates.environment.exhausted:
                return
            continue
        yield path, Output(data, target.settings.name, file.template, file.definitions)


def _unused_folders(own: OwnTemplates) -> Iterator[Problem]:
    """Yield a problem for each entry of the templates folder that belongs to no target."""
    with Tree(own.project) as tree:
        try:
            entries = tree.entries(own.folder)
        except InTheWay:
            return  # each target says so
    for entry in entries:
        if entry.for_folder and not is_hidden(entry.name) and not is_target(entry.name):
            yield Problem(
                Position(f"{own.folder}/{entry.name}"),
                "MS063",
                f"unknown target `{visible(entry.name)}`: its templates are not used",
                help=did_you_mean(entry.name, target_names()),
            )
