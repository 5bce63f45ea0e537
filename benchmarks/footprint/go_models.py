"""The models in Go: the time to compile them, and the size of the binary."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from measures import Table, measure

from modelsync.verify.languages.go import find_go

CODECS: Final = Path(__file__).resolve().parents[1] / "codecs/go"

MODEL: Final = """
type Order{n} struct {{
	ID           string            `json:"id"`
	CustomerName string            `json:"customerName"`
	TotalPrice   float64           `json:"totalPrice"`
	ItemCount    *int64            `json:"itemCount,omitempty"`
	Note         *string           `json:"note,omitempty"`
	CreatedAt    time.Time         `json:"createdAt"`
	Items        []Order{items}    `json:"items"`
	Parent       *Order{parent}    `json:"parent,omitempty"`
	State        State             `json:"state"`
	Labels       map[string]string `json:"labels,omitempty"`
}}
"""

MAIN: Final = """\
package main

import (
	"encoding/json"
	"os"

	"example.com/footprint/models"
)

func main() {
	var order models.Order0
	if err := json.NewDecoder(os.Stdin).Decode(&order); err != nil {
		panic(err)
	}
}
"""


def tables(folder: Path, graph: list[tuple[int, int]]) -> Iterator[Table]:
    """Yield the table of Go."""
    table = Table("Go: go build", ["build, s", "binary, MB"])
    # The libraries that easyjson needs are those of the other benchmark.
    for name in ("go.mod", "go.sum"):
        shutil.copy(CODECS / name, folder / name)
    module = (folder / "go.mod").read_text()
    module = module.replace("example.com/modelsync/benchmarks/codecs", "example.com/footprint")
    (folder / "go.mod").write_text(module)
    go = find_go().argv
    env = {"GOFLAGS": "-mod=mod"}
    easyjson = [f"github.com/mailru/easyjson{name}" for name in ("", "/jlexer", "/jwriter")]
    code = ['package models\n\nimport "time"\n\ntype State string\n']
    for n, (items, parent) in enumerate(graph):
        code.append(MODEL.format(n=n, items=items, parent=parent))
    (folder / "main.go").write_text(MAIN)
    listed = subprocess.run(
        [*go, "list", "-deps", "-f", "{{if .Standard}}{{.ImportPath}}{{end}}", ".", *easyjson],
        cwd=folder,
        env=os.environ | env,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    imported = [*listed.stdout.split(), *easyjson]
    subprocess.run([*go, "build", *imported], cwd=folder, env=os.environ | env, check=True)

    generated = folder / "generated"
    (folder / "models").rename(generated)
    for name in ("modelsync", "plain structs", "easyjson"):
        shutil.rmtree(folder / "models", ignore_errors=True)
        if name == "modelsync":
            generated.rename(folder / "models")
        else:
            (folder / "models").mkdir()
            (folder / "models/models.go").write_text("".join(code))
        if name == "easyjson":
            subprocess.run(
                [*go, "tool", "easyjson", "-all", "models/models.go"], cwd=folder, check=True
            )
        # The folder is new, so nothing of it is in the build cache of Go.
        cost = measure([*go, "build", "-o", "app", "."], folder, env, runs=1)
        size = (folder / "app").stat().st_size / 1e6
        table.rows[name] = [f"{cost.cpu:.1f}", f"{size:.1f}"]
    yield table
