"""`modelsync watch` as a process: what it notices, what it survives, and how it ends."""

from __future__ import annotations

import contextlib
import json
import queue
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpers.projects import write
from modelsync.cli import run
from modelsync.commands import watch as watch_module
from modelsync.commands.watch import Watcher

pytestmark = pytest.mark.slow

CONFIG = "targets: {docs: {target: sdk-docs, notation: go, out: out/docs}}\n"
SPEC = "model: Point\nfields: {x: {type: float64}}\n"
FILES = {"modelsync.yaml": CONFIG, "specs/point.yaml": SPEC}
PAGE = "out/docs/models/point.md"

PATIENCE = 60.0
"""Seconds after which nothing more is expected, also on a busy machine."""
SUMMARY = re.compile(r"\d\d:\d\d:\d\d (?:(?P<why>.*): )?(?P<done>\d+ created, .*) \(\d+\.\d\d s\)")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, FILES)
    return tmp_path


class Watch:
    """A running `modelsync watch`, and the lines that it prints."""

    def __init__(self, project: Path, *options: str, max_file: int | None = None) -> None:
        def limit() -> None:
            if max_file is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (max_file, max_file))

        self.process = subprocess.Popen(
            [sys.executable, "-m", "modelsync", "watch", "--project", str(project), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=limit,  # noqa: PLW1509 - no thread of this process holds a lock
        )
        self.lines: queue.Queue[str | None] = queue.Queue()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def line(self, wanted: str) -> list[str]:
        """Return the lines up to the first in which `wanted` is found."""
        until = time.monotonic() + PATIENCE
        seen: list[str] = []
        while True:
            try:
                line = self.lines.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"no {wanted!r} in:\n" + "\n".join(seen))
            if line is None:
                pytest.fail(f"it ended without {wanted!r}:\n" + "\n".join(seen))
            seen.append(line)
            if wanted in line:
                return seen

    def run(self) -> tuple[str, str]:
        """Return the cause and the summary in the next line of a run.

        Only lines about deleted and skipped files may come before it.
        """
        *others, line = self.line(" s)")
        assert all(
            re.search("previous version saved as|^orphaned|^help: ", each) for each in others
        )
        match = SUMMARY.fullmatch(line)
        assert match is not None, line
        return match["why"] or "", match["done"]

    def end(self) -> int:
        """End it as Ctrl-C does, and return its exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        return code


@pytest.fixture
def watch(project: Path) -> Iterator[Callable[..., Watch]]:
    """Start a watch of the project, and wait for the end of its first run."""
    started: list[Watch] = []

    def start(*options: str, max_file: int | None = None) -> Watch:
        watching = Watch(project, *options, max_file=max_file)
        started.append(watching)
        watching.line("watching")
        return watching

    yield start
    for watching in started:
        watching.process.kill()
        watching.process.wait(PATIENCE)
        watching.reader.join(PATIENCE)


def eventually(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_only_changed_inputs_start_a_run(project: Path, watch: Callable[..., Watch]) -> None:
    watching = watch()
    assert "Point" in (project / PAGE).read_text()
    # An editor's copies, another program's file, an edit of a generated file.
    for path in ("specs/.point.yaml.swp", "specs/4913", "specs/point.yaml~", "notes.txt", PAGE):
        write(project, {path: "x"})
    write(project, {"specs/point.yaml": SPEC.replace("x:", "y:")})
    lines = watching.line(" s)")
    match = SUMMARY.fullmatch(lines[-1])
    assert match is not None, lines
    assert match["why"] == "specs/point.yaml"
    assert match["done"] == "0 created, 1 updated, 0 deleted, 1 unchanged"
    assert "edited" in lines[0]  # what was there is shown, as `generate` does
    assert any("previous version saved as" in line for line in lines)
    # An atomic save, and then a new file in a new folder.
    write(project, {"specs/.new": SPEC.replace("x:", "z:")})
    (project / "specs/.new").replace(project / "specs/point.yaml")
    assert watching.run() == (
        "specs/point.yaml",
        "0 created, 1 updated, 0 deleted, 1 unchanged",
    )
    write(project, {"specs/more/line.yml": "model: Line\nfields: {}\n"})
    assert watching.run()[0] == "specs/more/line.yml"
    shutil.rmtree(project / "specs/more")
    assert watching.run()[0] == "specs/more/line.yml"
    assert "`Z`" in (project / PAGE).read_text()
    assert not list((project / "out").rglob("line.md"))


def test_problems_are_reported_and_the_watch_continues(
    project: Path, watch: Callable[..., Watch]
) -> None:
    watching = watch()
    write(project, {"specs/point.yaml": SPEC.replace("float64", "Flaot")})
    result = watching.line("1 problem; nothing was written")
    assert any("MS020 unknown type or definition `Flaot`" in line for line in result)
    write(project, {"specs/point.yaml": SPEC.replace("x:", "y:")})
    assert watching.run()[0] == "specs/point.yaml"
    write(project, {"modelsync.yaml": "targets: ["})
    watching.line("1 problem; nothing was written")
    (project / "modelsync.yaml").unlink()
    watching.line("1 problem; nothing was written")
    write(project, {"modelsync.yaml": CONFIG.replace("out/docs", "pages")})
    assert watching.run() == ("modelsync.yaml", "2 created, 0 updated, 0 deleted, 0 unchanged")


def test_a_watch_that_starts_with_problems_waits_for_changes(
    project: Path, watch: Callable[..., Watch]
) -> None:
    write(project, {"specs/point.yaml": "model: ["})
    watching = watch()
    write(project, {"specs/point.yaml": SPEC})
    assert watching.run() == ("specs/point.yaml", "2 created, 0 updated, 0 deleted, 0 unchanged")


def test_removing_an_obstacle_starts_a_run(project: Path, watch: Callable[..., Watch]) -> None:
    write(project, {PAGE: "mine"})
    watching = watch()
    (project / PAGE).rename(project / "mine.md")
    assert watching.run() == (PAGE, "2 created, 0 updated, 0 deleted, 0 unchanged")
    assert (project / "mine.md").read_text() == "mine"


def test_deleted_and_recreated_folders_are_watched(
    project: Path, watch: Callable[..., Watch]
) -> None:
    watching = watch()
    shutil.rmtree(project / "specs")
    assert watching.run()[1] == "0 created, 0 updated, 2 deleted, 0 unchanged"
    assert not (project / PAGE).exists()
    write(project, {"specs/point.yaml": SPEC.replace("x:", "y:")})
    assert watching.run()[0] == "specs/point.yaml"
    write(project, {"specs/point.yaml": SPEC})
    assert watching.run()[0] == "specs/point.yaml"
    # Other folders, which are configured before they exist; the old one no longer counts.
    write(project, {"modelsync.yaml": f"specs: api/v1\ntemplates: mine\n{CONFIG}"})
    watching.line("1 problem; nothing was written")
    write(project, {"api/v1/line.yaml": "model: Line\nfields: {}\n"})
    assert watching.run()[0] == "api/v1/line.yaml"
    write(project, {"specs/point.yaml": "model: ["})
    (project / "api").rename(project / "old")
    assert watching.run()[1] == "0 created, 0 updated, 2 deleted, 0 unchanged"
    (project / "old").rename(project / "api")
    assert watching.run()[0] == "api/v1/line.yaml"


def test_templates_that_are_added_later_are_watched(
    project: Path, watch: Callable[..., Watch]
) -> None:
    watching = watch()
    assert run(["init", "--eject", "sdk-docs", "--project", str(project)]) == 0
    unchanged = "0 created, 0 updated, 0 deleted, 2 unchanged"
    assert watching.run()[1] == f"{unchanged}; only `modelsync.manifest` changed"
    page = project / "templates/sdk-docs/page.md.j2"
    write(
        project, {"templates/sdk-docs/.page.md.j2.swp": "x", "templates/sdk-docs/page.md.j2~": ""}
    )
    page.write_text(page.read_text() + "Our own ending\n")
    assert watching.run()[0] == "templates/sdk-docs/page.md.j2"
    assert (project / PAGE).read_text().endswith("Our own ending\n")


def test_many_changes_start_few_runs(project: Path, watch: Callable[..., Watch]) -> None:
    """A checkout changes one file after another. The last change is never lost."""
    watching = watch()
    began = time.monotonic()
    pauses = 0  # on a busy machine, the checkout seems to have finished
    for number in range(100):
        written = time.monotonic()
        write(project, {f"specs/m{number}.yaml": f"model: M{number}\nfields: {{}}\n"})
        time.sleep(0.015)
        pauses += time.monotonic() - written > 0.05
    seconds = time.monotonic() - began
    whys = []
    while not (project / "out/docs/models/m99.md").exists():
        whys.append(watching.run()[0])
    assert any(re.fullmatch(r"(specs/m\d+.yaml, ){3}\d+ more", why) for why in whys)
    assert len(whys) <= 6 + pauses + seconds


def test_the_last_of_many_saves_is_generated(project: Path, watch: Callable[..., Watch]) -> None:
    watch()
    for number in range(15):
        write(project, {"specs/point.yaml": SPEC.replace("x:", f"x{number}:")})
        time.sleep(0.13)  # some of them during a run
    eventually(lambda: "`X14`" in (project / PAGE).read_text())


@pytest.mark.skipif(sys.platform != "linux", reason="/proc says what is watched")
def test_only_folders_with_inputs_are_watched(project: Path, watch: Callable[..., Watch]) -> None:
    write(project, {"node_modules/a/b/c.js": "", "specs/.git/x": "", "specs/more/x.txt": ""})
    process = watch().process

    def watched() -> set[int]:
        """Return the inodes of what the process watches."""
        found = set()
        for info in Path(f"/proc/{process.pid}/fdinfo").iterdir():
            with contextlib.suppress(FileNotFoundError):
                found |= {
                    int(ino, 16)
                    for ino in re.findall(r"^inotify .* ino:(\w+)", info.read_text(), re.M)
                }
        return found

    folders = (project, project / "specs", project / "specs/more")
    eventually(lambda: watched() == {folder.stat().st_ino for folder in folders})


def test_a_change_during_a_run_is_not_lost(project: Path) -> None:
    """A change after the watcher has looked, and before it waits, is reported immediately."""
    watcher = Watcher(project)
    (project / "specs/point.yaml").write_text("model: Point\nfields: {}\n")
    assert watcher.wait() == ["specs/point.yaml"]
    (project / "specs/point.yaml").unlink()
    (project / "specs/line.yaml").write_text("model: Line\nfields: {}\n")
    assert watcher.wait() == ["specs/line.yaml", "specs/point.yaml"]


def rename(folder: Path, one: str, other: str) -> None:
    """Rename the existing file to the other name."""
    old, new = (one, other) if (folder / one).exists() else (other, one)
    (folder / old).rename(folder / new)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("modelsync.yaml", "old.yaml"),
        ("api", "old"),
        ("api/v1", "api/v2"),
        ("api/v1/specs/point.yaml", "api/v1/specs/line.yaml"),
        ("line.yaml", "api/v1/specs/empty/line.yaml"),
        ("mine.new", "mine"),
        (PAGE, "mine.md"),
        ("out/docs", "docs"),
    ],
)
def test_the_system_wakes_the_watcher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one: str, other: str
) -> None:
    """It does not poll."""
    monkeypatch.setattr(watch_module, "_TIMEOUT", 600.0)
    config = f"specs: api/v1/specs\ntemplates: mine\n{CONFIG}"
    spec = {"api/v1/specs/point.yaml": SPEC, "api/v1/specs/empty/.keep": ""}
    others = {"line.yaml": "", "mine.new/sdk-docs/page.md.j2": "", PAGE: ""}
    write(tmp_path, {"modelsync.yaml": config, **spec, **others})
    watcher = Watcher(tmp_path)
    watcher.include([PAGE])
    result: queue.Queue[list[str]] = queue.Queue()
    threading.Thread(target=lambda: result.put(watcher.wait()), daemon=True).start()
    until = time.monotonic() + PATIENCE
    while result.empty() and time.monotonic() < until:
        # A change before the thread waits is missed.
        time.sleep(0.3)
        rename(tmp_path, one, other)
    assert result.get(timeout=1)


@pytest.mark.parametrize("options", [(), ("--quiet",), ("docs",), ("--verbose",)])
def test_an_interrupt_ends_a_watch(
    project: Path, options: tuple[str, ...], watch: Callable[..., Watch]
) -> None:
    if "--quiet" in options:
        watching = Watch(project, *options)
        eventually((project / "modelsync.manifest").exists)
        time.sleep(0.2)
    else:
        watching = watch(*options)
    assert watching.end() == 130
    result = [line for line in iter(watching.lines.get, None) if line]
    assert result == ["interrupted"]


def test_a_full_disk_is_reported_and_the_watch_continues(
    project: Path, watch: Callable[..., Watch]
) -> None:
    watching = watch(max_file=20_000)
    write(project, {"specs/point.yaml": SPEC + f"description: {'long ' * 5_000}\n"})
    watching.line("modelsync: [Errno 27] File too large")
    before = (project / PAGE).read_text()
    assert len(before) < 20_000
    write(project, {"specs/point.yaml": SPEC.replace("x:", "y:")})
    assert watching.run() == ("specs/point.yaml", "0 created, 1 updated, 0 deleted, 1 unchanged")
    assert before != (project / PAGE).read_text()


@pytest.mark.parametrize(
    ("missing", "target", "code"), [("modelsync.yaml", "docs", "MS070"), ("", "nosuch", "MS079")]
)
def test_a_watch_without_a_project_ends(
    project: Path, missing: str, target: str, code: str
) -> None:
    if missing:
        (project / missing).unlink()
    watching = Watch(project, target)
    try:
        assert watching.process.wait(PATIENCE) == 2
    finally:
        watching.process.kill()
        watching.reader.join(PATIENCE)
    result = list(iter(watching.lines.get, None))
    assert any(code in str(line) for line in result)
    assert not any("watching" in str(line) for line in result)


def test_without_the_extra_the_error_says_how_to_install_it(project: Path) -> None:
    program = (
        "import sys; sys.modules['watchfiles'] = None; from modelsync.cli import run;"
        f"sys.exit(run(['watch', '--project', {str(project)!r}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "pip install watchfiles" in done.stderr
    assert not (project / "out").exists()


def rss(process: subprocess.Popen[str]) -> int:
    """Return how much memory a process has, in kB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0])


@pytest.mark.toolchain
@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is read from /proc")
def test_memory_does_not_grow(project: Path, watch: Callable[..., Watch]) -> None:
    config = {
        "python": {"out": "out/python"},
        "typescript": {"out": "out/typescript"},
        "go": {"out": "out/go", "module": "example.com/models"},
        "docs": {"target": "sdk-docs", "notation": "go", "out": "out/docs"},
    }
    write(project, {"modelsync.yaml": json.dumps({"targets": config})})
    fields = "".join(f"  f{number}: {{type: string}}\n" for number in range(300))
    watching = watch()
    sizes = []
    for number in range(50):
        type_ = "Strnig" if number % 2 else "string"  # a run that fails leaks more
        spec = f"model: Point\nfields:\n  n{number}: {{type: {type_}}}\n{fields}"
        write(project, {"specs/point.yaml": spec})
        watching.line("nothing was written" if number % 2 else " s)")
        sizes.append(rss(watching.process))
    # Without the search for cycles it grows by 3,600 kB.
    assert sizes[-1] - sizes[9] < 1_500, sizes
