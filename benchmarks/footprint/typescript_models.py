"""The models in TypeScript: the time to check them, and the size of what is bundled."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from measures import Table, measure

from modelsync.verify.languages.typescript import find_node

NODE_MODULES: Final = Path(__file__).resolve().parents[1] / "node_modules"
TSC: Final = Path(__file__).resolve().parents[2] / "tests/toolchains/node_modules/typescript-7"

TSCONFIG: Final = {
    "compilerOptions": {
        "strict": True,
        "noEmit": True,
        "target": "es2022",
        "lib": ["es2023", "dom"],
        "module": "esnext",
        "moduleResolution": "bundler",
        "allowImportingTsExtensions": True,
        "skipLibCheck": True,
        "types": [],
    },
    "include": ["models"],
}

INTERFACE: Final = """\
import * as v from "valibot";
import {{ State, integer, moment }} from "./shared.ts";
import {{ type Order{items}, Order{items}Schema }} from "./order{items}.ts";
import {{ type Order{parent}, Order{parent}Schema }} from "./order{parent}.ts";
export interface Order{n} {{
  id: string;
  customerName: string;
  totalPrice: number;
  itemCount?: number | undefined;
  note?: string | undefined;
  createdAt: Date;
  items: Order{items}[];
  parent?: Order{parent} | undefined;
  state: State;
  labels?: Record<string, string> | undefined;
}}
"""

ZOD: Final = (
    """\
import * as z from "zod";
export const moment = z.codec(z.iso.datetime({ offset: true }), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});
export const State = z.enum(["open", "paid", "closed"]);
""",
    """\
import * as z from "zod";
import { moment } from "./shared.ts";
export const Address = z.object({
  name: z.string(),
  company: z.string().optional(),
  street: z.string(),
  house: z.int(),
  floor: z.int().optional(),
  city: z.string(),
  region: z.string().optional(),
  latitude: z.number().optional(),
  longitude: z.number().optional(),
  since: moment,
});
export type Address = z.infer<typeof Address>;
""",
    """\
import * as z from "zod";
import {{ State, moment }} from "./shared.ts";
import {{ Order{items} }} from "./order{items}.ts";
import {{ Order{parent} }} from "./order{parent}.ts";
export const Order{n} = z.object({{
  id: z.string(),
  customerName: z.string(),
  totalPrice: z.number(),
  itemCount: z.int().optional(),
  note: z.string().optional(),
  createdAt: moment,
  get items(): z.ZodArray<typeof Order{items}> {{
    return z.array(Order{items});
  }},
  get parent(): z.ZodOptional<typeof Order{parent}> {{
    return z.optional(Order{parent});
  }},
  state: State,
  labels: z.record(z.string(), z.string()).optional(),
}});
export type Order{n} = z.infer<typeof Order{n}>;
""",
)

ZOD_MINI: Final = tuple(
    text.replace('"zod"', '"zod/mini"')
    .replace("ZodArray", "ZodMiniArray")
    .replace("ZodOptional", "ZodMiniOptional")
    .replace("z.string().optional()", "z.optional(z.string())")
    .replace("z.int().optional()", "z.optional(z.int())")
    .replace("z.number().optional()", "z.optional(z.number())")
    .replace(
        "z.record(z.string(), z.string()).optional()",
        "z.optional(z.record(z.string(), z.string()))",
    )
    for text in ZOD
)

VALIBOT: Final = (
    """\
import * as v from "valibot";
export const moment = v.pipe(v.string(), v.isoTimestamp(), v.transform((text) => new Date(text)));
export const State = v.picklist(["open", "paid", "closed"]);
export type State = v.InferOutput<typeof State>;
export const integer = v.pipe(v.number(), v.safeInteger());
""",
    """\
import * as v from "valibot";
import { integer, moment } from "./shared.ts";
export const Address = v.object({
  name: v.string(),
  company: v.optional(v.string()),
  street: v.string(),
  house: integer,
  floor: v.optional(integer),
  city: v.string(),
  region: v.optional(v.string()),
  latitude: v.optional(v.number()),
  longitude: v.optional(v.number()),
  since: moment,
});
export type Address = v.InferOutput<typeof Address>;
""",
    # Its documentation: a recursive schema needs an explicit type.
    INTERFACE
    + """\
export const Order{n}Schema: v.GenericSchema<unknown, Order{n}> = v.object({{
  id: v.string(),
  customerName: v.string(),
  totalPrice: v.number(),
  itemCount: v.optional(integer),
  note: v.optional(v.string()),
  createdAt: moment,
  items: v.array(v.lazy(() => Order{items}Schema)),
  parent: v.optional(v.lazy(() => Order{parent}Schema)),
  state: State,
  labels: v.optional(v.record(v.string(), v.string())),
}});
""",
)

ENTRIES: Final = ("Address", "Order0", "State", "types")

#: What an application imports, for each of `ENTRIES`, and does with it.
OURS: Final = (
    'import { parseAddress } from "./models/index.ts";\nconsole.log(parseAddress("{}"));',
    'import { parseOrder0 } from "./models/index.ts";\nconsole.log(parseOrder0("{}"));',
    'import { State } from "./models/index.ts";\nconsole.log(State);',
    'import type { Order0 } from "./models/index.ts";\nconsole.log({} as Order0);',
)
ZOD_ENTRIES: Final = (
    'import { Address } from "./models/index.ts";\nconsole.log(Address.parse({}));',
    'import { Order0 } from "./models/index.ts";\nconsole.log(Order0.parse({}));',
    'import { State } from "./models/index.ts";\nconsole.log(State.enum);',
    'import type { Order0 } from "./models/index.ts";\nconsole.log({} as Order0);',
)
VALIBOT_ENTRIES: Final = (
    'import * as v from "valibot";\nimport { Address } from "./models/index.ts";\n'
    "console.log(v.parse(Address, {}));",
    'import * as v from "valibot";\nimport { Order0Schema } from "./models/index.ts";\n'
    "console.log(v.parse(Order0Schema, {}));",
    'import { State } from "./models/index.ts";\nconsole.log(State.options);',
    'import type { Order0 } from "./models/index.ts";\nconsole.log({} as Order0);',
)


def tables(folder: Path, graph: list[tuple[int, int]]) -> Iterator[Table]:
    """Yield the table of TypeScript."""
    head = f"TypeScript: tsc {package_version(TSC)}, esbuild"
    table = Table(head, ["tsc, s", " MB", *(f"{name:>9}" for name in ENTRIES)])
    table.rows["modelsync"] = row(folder, OURS)
    libraries = {
        f"zod {package_version(NODE_MODULES / 'zod')}": (ZOD, ZOD_ENTRIES),
        "zod/mini": (ZOD_MINI, ZOD_ENTRIES),
        f"valibot {package_version(NODE_MODULES / 'valibot')}": (VALIBOT, VALIBOT_ENTRIES),
    }
    for name, ((shared, address, model), entries) in libraries.items():
        modules = {"shared": shared, "address": address}
        for n, (items, parent) in enumerate(graph):
            modules[f"order{n}"] = model.format(n=n, items=items, parent=parent)
        modules["index"] = "".join(f'export * from "./{module}.ts";\n' for module in modules)
        place = folder / name.replace("/", "-").partition(" ")[0]
        (place / "models").mkdir(parents=True)
        for module, code in modules.items():
            (place / f"models/{module}.ts").write_text(code)
        table.rows[name] = row(place, entries)
    yield table


def row(place: Path, entries: tuple[str, ...]) -> list[str]:
    """Return the figures of one folder of models."""
    (place / "node_modules").symlink_to(NODE_MODULES)
    (place / "package.json").write_text('{"type": "module", "sideEffects": false}')
    (place / "tsconfig.json").write_text(json.dumps(TSCONFIG))
    tsc = [*find_node().argv, str(TSC / "bin/tsc")]
    cost = measure([*tsc, "--project", "."], place)
    sizes = []
    for name, code in zip(ENTRIES, entries, strict=True):
        (place / f"{name}.ts").write_text(code)
        command = [str(NODE_MODULES / ".bin/esbuild"), f"{name}.ts", "--bundle", "--minify"]
        options = ["--format=esm", "--log-level=error"]
        done = subprocess.run([*command, *options], cwd=place, stdout=subprocess.PIPE, check=True)
        sizes.append(f"{len(done.stdout):,}")
    return [f"{cost.cpu:.2f}", f"{cost.memory:.0f}", *sizes]


def package_version(folder: Path) -> str:
    """Return the version of an installed package."""
    version: str = json.loads((folder / "package.json").read_text())["version"]
    return version
