"""(targets, templates) -> {path: output}: everything is rendered in memory, nothing is written.

Templates are the built-in ones, or a project's own of the same name. The first are trusted; the
second run in Jinja's sandbox. In both, `{{ ... }}` takes only :class:`~modelsync.targets.base.Code`
and an undefined name is an error.
"""

from __future__ import annotations

import contextlib
import hashlib
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

import jinja2
import jinja2.meta
import jinja2.sandbox

from modelsync.errors import Position, Problem, ProblemsError, did_you_mean, visible
from modelsync.paths import is_hidden
from modelsync.spec.nodes import MAX_BYTES
from modelsync.targets import Owners, files_of, is_target, target_names
from modelsync.targets.base import Code, File, Output, Target
from modelsync.tree import InTheWay, Tree, read_below


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
    if not isinstance(value, Code):
        if isinstance(value, jinja2.Undefined):
            raise jinja2.UndefinedError(value._undefined_message)
        raise Unencoded(f"{value!r:.60} reaches the output without an encoder")
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
    `own_templates` is the folder of the own ones, relative to the `project`. They are read when
    this is made, and no link is followed: raises :class:`ProblemsError`.
    """

    trusted: ClassVar[type[jinja2.Environment]] = jinja2.Environment
    sandbox: ClassVar[type[jinja2.Environment]] = jinja2.sandbox.ImmutableSandboxedEnvironment

    def __init__(self, target: type[Target], project: Path, own_templates: str) -> None:
        self.target = target.name
        self.shown = f"{own_templates}/{target.name}"
        self.own = project / self.shown
        self.built_in = target.templates or built_in_templates() / target.name
        self.own_files: dict[str, bytes] = {}
        loader: jinja2.BaseLoader = jinja2.FileSystemLoader(self.built_in, encoding="utf-8")
        environment = self.trusted
        if self.own.resolve() != self.built_in.resolve():
            self.own_files = _own_files(project, self.shown)
        if self.own_files:
            loader = jinja2.ChoiceLoader([_OwnLoader(self.own, self.own_files), loader])
            environment = self.sandbox
        self.environment = environment(loader=loader, **_SETTINGS)
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
            templates = self.environment.list_templates()
            raise TemplateError(
                Problem(
                    Position(f"{self.shown}/{file.template}.j2"),
                    "MS061",
                    f'{self.target} has no template "{visible(str(error.name))}"',
                    help=did_you_mean(str(error.name), templates),
                )
            ) from error
        except jinja2.TemplateSyntaxError as error:
            message = f"this is not a Jinja template: {error.message}"
            place = Position(f"{self.shown}/{error.name or file.template}", error.lineno)
            raise TemplateError(Problem(place, "MS060", message)) from error
        except UnicodeDecodeError as error:
            place = Position(f"{self.shown}/{file.template}")
            message = f"this template is not UTF-8: {error.reason}"
            raise TemplateError(Problem(place, "MS060", message)) from error
        except Exception as error:
            line = self._own_line(error)
            if line is None:
                raise
            message = f"the template fails on {visible(file.path)}: {error}"
            cure = "pass text through an encoder, such as `{{ text | literal }}`"
            known = ("it knows " + ", ".join(sorted(file.view))) if file.view else ""
            undefined = isinstance(error, jinja2.UndefinedError)
            help_ = cure if isinstance(error, Unencoded) else known if undefined else ""
            raise TemplateError(Problem(line, "MS062", message, help=help_)) from error

    def formatted(self, target: Target, file: File, text: str) -> bytes:
        """Return the data of a file that was rendered. Raises :class:`TemplateError`."""
        try:
            return target.formatted(text).encode("utf-8")
        except ValueError as error:
            # What comes from our own templates is tested to be formatted already.
            if not self.own_files:
                raise
            place = Position(f"{self.shown}/{file.template}.j2")
            message = f"{visible(file.path)} cannot be formatted: {error}"
            problem = Problem(place, "MS062", message, help="mend the template")
            raise TemplateError(problem) from error

    def unused(self) -> Iterator[Problem]:
        """Yield a problem for each file of the project's own that takes the place of none.

        A template that one of the others names (to include it) is of use.
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
        """Return what the template `name` is made of, each called as the project's own one is."""
        found: set[str] = set()
        rest = [f"{name}.j2", name]
        seen = set(rest)
        while rest:
            name = rest.pop()
            if name in self.own_files or (self.built_in / name).is_file():
                found.add(f"{self.shown}/{name}")
            if not name.endswith(".j2") or self.environment.loader is None:
                continue
            with contextlib.suppress(jinja2.TemplateNotFound):
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


class _OwnLoader(jinja2.BaseLoader):
    """Finds the templates of a project among what was read of its folder."""

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


def _own_files(project: Path, folder: str) -> dict[str, bytes]:
    """Return the files below a project's folder of templates, by their paths below it."""
    found = read_below(project, folder, MAX_BYTES, "templates")
    return {path.removeprefix(f"{folder}/"): found[path] for path in sorted(found)}


def own_digests(project: Path, own_templates: str, targets: Iterable[str]) -> dict[str, str]:
    """Return the digest of each file among the project's own templates of `targets`, by path."""
    found = {}
    for target in sorted(set(targets)):
        folder = f"{own_templates}/{target}"
        for name, data in _own_files(project, folder).items():
            text = data.replace(b"\r\n", b"\n")
            found[f"{folder}/{name}"] = hashlib.sha256(text).hexdigest()[:16]
    return found


def render(
    targets: Iterable[Target],
    project: Path = Path(),
    own_templates: str = "templates",
    rendered: Callable[[], object] = lambda: None,
) -> dict[str, Output]:
    """Return every file of `targets`, by its path relative to the project.

    `own_templates` is the folder of the project's own templates, relative to it. `rendered` is
    called after each file.

    Raises :class:`ProblemsError` with every template that failed and every two files that would
    have one path (on any file system: case and Unicode form do not tell paths apart).
    """
    wanted: dict[str, Output] = {}
    problems = list(_unused_folders(project, own_templates))
    owners: Owners = {}
    for target in targets:
        try:
            templates = Templates(type(target), project, own_templates)
        except ProblemsError as error:
            problems += error.problems
            continue
        problems += templates.unused()
        for path, file in files_of(target, owners, problems):
            try:
                data = templates.formatted(target, file, templates.render(file))
            except TemplateError as error:
                problems.append(error.problem)
                continue
            wanted[path] = Output(data, target.settings.name, file.template, file.definitions)
            rendered()
    if problems:
        raise ProblemsError(problems)
    return wanted


def _unused_folders(project: Path, own_templates: str) -> Iterator[Problem]:
    """Yield a problem for what stands among the project's templates and belongs to no target."""
    with Tree(project) as tree:
        try:
            entries = tree.entries(own_templates)
        except InTheWay:
            return  # each target says so
    for entry in entries:
        if entry.for_folder and not is_hidden(entry.name) and not is_target(entry.name):
            yield Problem(
                Position(f"{own_templates}/{entry.name}"),
                "MS063",
                f'there is no target "{visible(entry.name)}" whose templates these could be',
                help=did_you_mean(entry.name, target_names()),
            )
