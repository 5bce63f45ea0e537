"""How fast the generated codecs are: `python benchmarks/codecs.py` prints one table.

An ExportSession with 100 messages is decoded and encoded by the generated code, and by the usual
libraries over an equal model. One runner per language takes the document (JSON text, UTF-8) from
its standard input, and prints one line of JSON for each comparison, with just these keys:

    {"language": "typescript",      the target
     "what": "decode",              or "encode"
     "ours": "fromJson",            the generated function, as its users call it
     "peer": "zod 4.1.12",          the library with its version, and which function of it
     "ratio_median": 7.1,           CPU time of the peer / of ours: above 1, ours is faster
     "ratio_min": 6.8}              the least of all rounds

Each round measures every pair, one of the two right after the other, and gives one ratio for each.
Where `ours` stands in brackets, nothing of ours runs: that row says what a standard library takes
for itself, whatever code it calls.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from modelsync.verify.languages.go import find_go
from modelsync.verify.languages.typescript import find_node
from modelsync.verify.toolchains import ToolchainMissing

HERE: Final = Path(__file__).parent
MESSAGES: Final = 100

#: The command of each language's runner.
RUNNERS: Final[Mapping[str, Callable[[], tuple[str, ...]]]] = {
    "python": lambda: (sys.executable, "codecs_python.py"),
    "typescript": lambda: (*find_node().argv, "codecs_typescript.ts"),
    "go": lambda: (*find_go().argv, "-C", "codecs_go", "run", "."),
}


def document() -> str:
    """Return a session: like the example of its spec, and with every field."""
    messages = [
        {
            "content": f"Message {n}, as long as one sentence of a chat; {'¿sí?' * (n % 10 == 0)}",
            "createdAt": f"2023-05-08T11:{n % 60:02}:36.432Z",
            "id": f"msg_{n:08}",
            "role": "assistant" if n % 2 else "user",
            "updatedAt": f"2023-08-18T22:{n % 60:02}:02.047Z",
        }
        for n in range(MESSAGES)
    ]
    session = {
        "assistantMessageCount": MESSAGES // 2,
        "completionTokens": 12_034,
        "cost": 1.25,
        "createdAt": "2023-05-08T11:28:36.432Z",
        "id": "session_00000001",
        "messages": messages,
        "promptTokens": 55_021,
        "title": "How fast are the codecs?",
        "toolCallCount": 3,
        "updatedAt": "2023-08-18T22:35:02.047Z",
        "userMessageCount": MESSAGES // 2,
    }
    return json.dumps(session, ensure_ascii=False, separators=(",", ":"))


def rows(language: str, text: str) -> list[dict[str, Any]]:
    """Return what a language's runner prints. Raises ToolchainMissing, CalledProcessError."""
    command = RUNNERS[language]()
    done = subprocess.run(
        command, cwd=HERE, input=text, stdout=subprocess.PIPE, encoding="utf-8", check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def main(languages: list[str]) -> int:
    """Print the rows of the languages, or of all; return 1 if one could not run."""
    text, failed = document(), 0
    print(f"ExportSession with {MESSAGES} messages, {len(text.encode()):,} bytes of JSON;")
    print("CPU time of the peer / of ours, in interleaved rounds: above 1, ours is faster")
    print(f"{'':10} {'':6} {'ours':30} {'peer':36} {'median':>7} {'min':>6}")
    for language in languages or RUNNERS:
        try:
            found = rows(language, text)
        except (ToolchainMissing, subprocess.CalledProcessError) as error:
            print(f"error: {language}: {error}", file=sys.stderr)
            print("help: `make bench` installs what is missing", file=sys.stderr)
            failed = 1
            continue
        for row in found:
            ratios = f"{row['ratio_median']:7.2f} {row['ratio_min']:6.2f}"
            print(f"{language:10} {row['what']} {row['ours']:30} {row['peer']:36} {ratios}")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
