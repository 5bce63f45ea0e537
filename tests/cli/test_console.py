"""How output is printed: colors, progress, terminals, and outputs that nobody reads."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.projects import write
from modelsync.cli import run

if sys.platform == "win32":
    pytest.skip("a separate terminal needs a POSIX system", allow_module_level=True)

import fcntl
import pty
import struct
import termios

CONFIG = "targets: {docs: {target: sdk-docs, notation: go, out: out}}\n"
SPEC = "model: Point\ndescription: ✓\nfields: {x: {type: float64}}\n"
COMMAND = [sys.executable, "-m", "modelsync"]
IMPATIENT = """\
import sys
from modelsync import cli
from modelsync.cli import console
console._PATIENCE = console._PERIOD = 0
sys.argv[0] = "modelsync"
cli.main()
"""
"""modelsync, which shows progress from the first file on."""

DRIFTED = [
    "created       out/models/README.md",
    "created       out/models/point.md",
    "2 files differ: 2 created; 0 in sync",
    "modelsync generate",
]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that was never generated, as the current folder."""
    write(tmp_path, {"modelsync.yaml": CONFIG, "specs/point.yaml": SPEC})
    for name in ("NO_COLOR", "FORCE_COLOR", "CI", "PYTHONIOENCODING", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def in_terminal(*argv: str, columns: int = 80) -> str:
    """Run a program in its own terminal, and return everything that it printed."""
    terminal, program_end = pty.openpty()
    fcntl.ioctl(program_end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(argv, stdin=program_end, stdout=program_end, stderr=program_end):
        os.close(program_end)
        sent = b""
        while True:
            try:
                part = os.read(terminal, 65536)
            except OSError:  # on Linux, the other side has closed it
                part = b""
            if not part:
                break
            sent += part
    os.close(terminal)
    return sent.decode("utf-8").replace("\r\n", "\n")


def screen(sent: str) -> list[str]:
    """Return the lines that stay on the screen, without their colors."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", sent)
    return [re.sub(r".*\r\x1b\[K", "", line) for line in plain.removesuffix("\n").split("\n")]


def cut(lines: list[str]) -> list[str]:
    """Return lines without the causes of changes."""
    return [re.sub(r"(\.md): .*", r"\1", line) for line in lines]


def impatient(*arguments: str, columns: int = 80) -> str:
    return in_terminal(sys.executable, "-c", IMPATIENT, *arguments, columns=columns)


# Color


@pytest.mark.parametrize(
    ("arguments", "env", "colored"),
    [
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": ""}, False),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
        (["--color", "always"], {"NO_COLOR": "1", "TERM": "dumb"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_color_without_a_terminal(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    env: dict[str, str],
    colored: bool,
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert run(["check", "--diff", *arguments]) == 1
    out = capsys.readouterr().out
    assert ("\x1b[32mcreated\x1b[0m       out" in out) == colored
    assert ("\x1b[32m+# Point\x1b[0m" in out) == colored
    assert ("\x1b" in out) == colored


@pytest.mark.slow
@pytest.mark.parametrize(
    ("env", "colored"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({"CI": "1"}, True)],
)
def test_color_on_a_terminal(
    project: Path, monkeypatch: pytest.MonkeyPatch, env: dict[str, str], colored: bool
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    sent = in_terminal(*COMMAND, "check")
    assert ("\x1b[32mcreated" in sent) == colored
    assert cut(screen(sent)) == DRIFTED


@pytest.mark.parametrize("format_", ["json", "sarif", "github"])
def test_documents_for_programs_have_no_color(
    project: Path, capsys: pytest.CaptureFixture[str], format_: str
) -> None:
    assert run(["check", "--format", format_, "--diff", "--color", "always"]) == 1
    assert "\x1b" not in capsys.readouterr().out


# Progress


@pytest.mark.slow
@pytest.mark.parametrize("env", [{}, {"NO_COLOR": "1"}], ids=["color", "no color"])
def test_progress_is_shown_on_a_terminal_and_cleared(
    project: Path, monkeypatch: pytest.MonkeyPatch, env: dict[str, str]
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    sent = impatient("check")
    assert "\r\x1b[Krendering 1 of 1" in sent
    assert cut(screen(sent)) == DRIFTED
    sent = impatient("generate")
    assert "\r\x1b[Kwriting 2 of 2" in sent
    assert screen(sent) == ["2 created, 0 updated, 0 deleted, 0 unchanged"]


def test_progress_does_not_wrap(project: Path) -> None:
    sent = impatient("check", columns=12)
    shown = re.findall(r"\x1b\[K([^\r\n\x1b]+)\r", sent)
    assert set(shown) == {"rendering 1"}
    assert cut(screen(sent)) == DRIFTED


def test_progress_is_cleared_before_problems_are_printed(project: Path) -> None:
    write(project, {"templates/sdk-docs/model.md.j2": "{{ nosuch.thing }}\n"})
    sent = impatient("generate")
    assert "rendering" in sent
    assert screen(sent)[0].startswith("MS")
    assert screen(sent)[-1] == "1 problem; nothing was written"


@pytest.mark.parametrize(
    ("arguments", "env"), [(["-q"], {}), ([], {"CI": "true"}), ([], {"TERM": "dumb"})]
)
def test_there_is_no_progress_without_a_terminal(
    project: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], env: dict[str, str]
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    sent = impatient("check", *arguments)
    assert "rendering" not in sent
    assert "\r" not in sent
    assert "modelsync generate" in screen(sent)


def test_there_is_no_progress_in_a_pipe(project: Path) -> None:
    argv = [sys.executable, "-c", IMPATIENT, "check"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert cut(done.stdout.splitlines()) == DRIFTED


# Outputs that nobody reads


def outcome(shell: str) -> tuple[int, str, str]:
    """Run a line of shell, in which $0 is modelsync; return its exit code and what it printed."""
    program = Path(sys.executable).parent / "modelsync"
    argv = ["bash", "-o", "pipefail", "-c", shell, str(program)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout, done.stderr


def no_reader(*arguments: str) -> tuple[int, str]:
    """Run modelsync with a pipe for output that nobody reads; return its exit code and errors."""
    read, write = os.pipe()
    os.close(read)
    argv = [*COMMAND, *arguments]
    done = subprocess.run(argv, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    return done.returncode, done.stderr


def test_a_reader_may_close_the_pipe(project: Path) -> None:
    code, out, err = outcome('"$0" check | head -n 1')
    assert (code, err) == (1, "")
    assert cut(out.splitlines()) == DRIFTED[:1]


@pytest.mark.slow
def test_without_a_reader_the_exit_code_is_the_same(project: Path) -> None:
    for arguments in (["check"], ["check", "--format", "sarif", "-q"], ["check", "--diff"]):
        assert no_reader(*arguments) == (1, "")
    assert no_reader("generate", "--diff") == (0, "")
    assert (project / "out/models/point.md").is_file()
    assert no_reader("check") == (0, "")


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_closed_output_does_not_hide_a_drift(project: Path, closed: str, format_: str) -> None:
    code, out, _ = outcome(f'"$0" check --format {format_} {closed}')
    assert code == 1
    assert bool(out) == (closed == "2>&-")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_full_disk_for_the_output_is_reported(project: Path, format_: str) -> None:
    assert run(["generate", "-q"]) == 0
    code, out, err = outcome(f'"$0" check --format {format_} > /dev/full')
    assert (code, out) == (3, "")
    result = "modelsync: [Errno 28] No space left on device: 'standard output'"
    assert err.splitlines()[0] == result


@pytest.mark.slow
def test_any_text_can_be_printed_in_any_encoding(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    write(project, {"specs/point.yaml": SPEC.replace("✓", "✓ 名")})
    code, out, err = outcome('"$0" check --diff')
    assert (code, err) == (1, "")
    assert "+\\u2713 \\u540d\n" in out
    write(project, {"specs/point.yaml": SPEC.replace("float64", "名")})
    code, out, err = outcome('"$0" check')
    assert (code, out) == (2, "")
    assert "unknown type or definition `\\u540d`" in err
