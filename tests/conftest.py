"""What all tests share: the toolchains, the corpus, and how Hypothesis searches."""

import gc
import os
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from helpers import explaining
from helpers.places import ROOT
from helpers.projects import write
from helpers.synced import CONFIG, OLD, TEAM, USER, Project
from modelsync.cli import run
from modelsync.verify.languages import go as go_language
from modelsync.verify.languages import python as python_language
from modelsync.verify.languages import typescript as typescript_language
from modelsync.verify.toolchains import Tool
from toolchains import tools

collect_ignore = ["cases"]  # an expected file may have the name of a test module
if sys.platform == "win32":  # they import modules of Unix: terminals, locks, resource limits
    collect_ignore += ["cli/test_console.py", "disk/test_state.py", "commands/test_watch.py"]

NO_CORPUS = "MODELSYNC_CORPUS is not set: it names a folder of model pages to test on"

# Tests have no deadline, and try the same examples each time: a change fails by its own faults.
# `make check` uses the profile `quick`. A job of each week searches with `explore`.
settings.register_profile("modelsync", deadline=None, derandomize=True)
settings.register_profile("quick", settings.get_profile("modelsync"), max_examples=25)
settings.register_profile("explore", deadline=None, max_examples=1_000)
settings.load_profile("modelsync")


# Tests and the programs that they start have the same environment on every machine, without the
# user's settings of git, Python or a CI service. Each pip installs the versions that `make` does,
# which sets two of the variables; if they are empty, pip installs the newest versions.
USER_VARIABLES = (
    *("CI", "GITHUB_", "GITLAB_", "RUNNER_"),
    *("CLICOLOR", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR", "TERM"),
    *("GIT_", "LANG", "LC_", "MODELSYNC_DEBUG", "PRE_COMMIT", "PYTHON", "SKIP"),
)
for variable in [name for name in os.environ if name.startswith(USER_VARIABLES)]:
    del os.environ[variable]
os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}
for variable in ("PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT"):
    os.environ.setdefault(variable, (ROOT / "constraints.txt").as_uri())


def open_and_not_flushed(handle: int) -> None:
    """Replace `os.fsync`: raise an error if there is no such file, but do not wait for a disk."""
    os.fstat(handle)


# Much of the time of many tests would be spent waiting, and no test turns the power off. Programs
# that tests start do wait.
os.fsync = open_and_not_flushed  # type: ignore[assignment]

# A background job of a shell ignores Ctrl-C, and so would the programs that tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def corpus_folder() -> Path | None:
    folder = os.environ.get("MODELSYNC_CORPUS")
    return Path(folder).resolve() if folder else None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-goldens",
        action="store_true",
        help="overwrite the expected files with the current output; then read the diff",
    )


LONGEST = (
    *("verify/test_agreement.py", "targets/test_cases.py", "targets/python/test_target.py"),
    *("transcribe/test_languages.py", "transcribe/test_truth.py", "verify/test_mutants.py"),
    *("targets/typescript/test_target.py", "targets/pydantic/test_target.py"),
)
"""The modules with the longest tests."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest modules first, then those that call compilers, then those with slow tests.

    Idle workers take tests from the end of a queue. Long tests there would keep only one busy.
    """
    longest = {ROOT / "tests" / path for path in LONGEST}
    marks: dict[Path, set[str]] = {}
    for item in items:
        marks.setdefault(item.path, set()).update(mark.name for mark in item.iter_markers())

    def rank(item: pytest.Item) -> int:
        first = (item.path in longest, "toolchain" in marks[item.path], "slow" in marks[item.path])
        return next((at for at, applies in enumerate(first) if applies), len(first))

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """Spare the garbage collector what lives until the end: modules, and thousands of tests."""
    gc.collect()
    gc.freeze()


def pytest_report_header() -> str:
    return f"corpus: {corpus_folder() or NO_CORPUS}"


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def update_goldens(request: pytest.FixtureRequest) -> bool:
    """Whether to write goldens. Without the flag, a missing golden is a failure."""
    return bool(request.config.getoption("--update-goldens"))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of model pages outside the project; tests are skipped without it."""
    folder = corpus_folder()
    if folder is None:
        pytest.skip(NO_CORPUS)
    assert folder.is_dir(), f"MODELSYNC_CORPUS is not a folder: {folder}"
    return folder


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Project:
    made = Project(tmp_path / "project", capsys)
    made.write({"modelsync.yaml": CONFIG, "specs/user.yaml": USER, "specs/team.yaml": TEAM})
    made.write({"specs/old.yaml": OLD, "specs/other.yaml": OLD.replace("Old", "Other")})
    assert made.generate().code == 0
    return made


@pytest.fixture
def user_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with every target, as the current folder."""
    write(tmp_path, {"modelsync.yaml": explaining.CONFIG, "specs/user.yaml": explaining.SPEC})
    assert run(["generate", "-q", "--project", str(tmp_path)]) == 0
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def silent_mypy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mypy that reports nothing, without running."""
    fake = Tool("mypy", (sys.executable, "-c", ""), (2, 0))
    monkeypatch.setattr(python_language, "find_mypy", lambda _packages: fake)


# A missing tool is a failure, never a skip; `ToolchainMissing` has the command to install it.


@pytest.fixture(scope="session")
def go() -> Tool:
    return go_language.find_go(tools.GO_OF_STATICCHECK)


@pytest.fixture(scope="session")
def gofmt(go: Tool) -> Tool:
    return go_language.find_gofmt(go)


@pytest.fixture(scope="session")
def staticcheck() -> Tool:
    return tools.find_staticcheck()


@pytest.fixture(scope="session")
def node() -> Tool:
    return typescript_language.find_node()


@pytest.fixture(scope="session", params=tools.TSC_VERSIONS, ids="tsc-{}".format)
def tsc(request: pytest.FixtureRequest) -> Tool:
    """The oldest and the newest TypeScript that must compile generated code."""
    return tools.find_tsc(request.param)


@pytest.fixture(scope="session")
def prettier() -> Tool:
    return tools.find_prettier()


@pytest.fixture(scope="session")
def markdownlint() -> Tool:
    return tools.find_markdownlint()


@pytest.fixture(scope="session")
def pyright() -> Tool:
    return tools.find_pyright()
