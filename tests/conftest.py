"""What all tests share: the toolchains, the corpus, and how Hypothesis searches."""

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

collect_ignore = ["cases"]  # what is expected may be called as a test is
if sys.platform == "win32":  # they import what only Unix has: terminals, locks, limits of resources
    collect_ignore += ["cli/test_console.py", "disk/test_state.py", "commands/test_watch.py"]

NO_CORPUS = "MODELSYNC_CORPUS is not given: it names the folder of model pages to test on"

# No test is timed. CI tries the same examples each time; people's machines go on searching. `make
# check` chooses `quick`.
settings.register_profile("modelsync", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.register_profile("quick", settings.get_profile("modelsync"), max_examples=25)
settings.load_profile("modelsync")


# The tests, and all that they start, have the same environment on every machine: no settings of
# git, Python or a CI service but those of a test. Each pip installs what `make` does, which sets
# two of the variables; empty, they ask for the newest versions.
OF_THE_USER = (
    *("CI", "GITHUB_", "GITLAB_", "RUNNER_"),
    *("CLICOLOR", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR", "TERM"),
    *("GIT_", "LANG", "LC_", "MODELSYNC_DEBUG", "PRE_COMMIT", "PYTHON", "SKIP"),
)
for variable in [name for name in os.environ if name.startswith(OF_THE_USER)]:
    del os.environ[variable]
os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}
for variable in ("PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT"):
    os.environ.setdefault(variable, (ROOT / "constraints.txt").as_uri())

# A shell's background jobs ignore Ctrl-C, and so would all that the tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def corpus_folder() -> Path | None:
    given = os.environ.get("MODELSYNC_CORPUS")
    return Path(given).resolve() if given else None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-goldens",
        action="store_true",
        help="write what comes out now as what is expected; then read the diff",
    )


def pytest_report_header() -> str:
    return f"corpus: {corpus_folder() or NO_CORPUS}"


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def update_goldens(request: pytest.FixtureRequest) -> bool:
    """Whether goldens are to be written; without the flag a missing one is a failure."""
    return bool(request.config.getoption("--update-goldens"))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of model pages that lie outside the project, where one is given."""
    folder = corpus_folder()
    if folder is None:
        pytest.skip(NO_CORPUS)
    assert folder.is_dir(), f"MODELSYNC_CORPUS names no folder: {folder}"
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
    """A project of every target, as the current folder."""
    write(tmp_path, {"modelsync.yaml": explaining.CONFIG, "specs/user.yaml": explaining.SPEC})
    assert run(["generate", "-q", "--project", str(tmp_path)]) == 0
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def content_mypy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mypy that has nothing to say, and takes no seconds for it."""
    content = Tool("mypy", (sys.executable, "-c", ""), (2, 0))
    monkeypatch.setattr(python_language, "find_mypy", lambda: content)


# A missing tool is a failure, never a skip: `ToolchainMissing` says how to install it.


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
    """Each TypeScript that generated code is promised to compile with."""
    return tools.find_tsc(request.param)


@pytest.fixture(scope="session")
def prettier() -> Tool:
    return tools.find_prettier()


@pytest.fixture(scope="session")
def pyright() -> Tool:
    return tools.find_pyright()
