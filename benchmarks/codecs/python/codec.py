"""What all documents share: the interface of a codec, and those that need no model."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.metadata import version
from typing import Annotated, Any, Final

import msgspec
import orjson
from cattrs.preconf.orjson import make_converter
from mashumaro.config import BaseConfig
from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel


@dataclass(frozen=True)
class Codec:
    """How a library decodes and encodes one document."""

    name: str
    decode: Callable[[bytes], Any]
    encode: Callable[[Any], str | bytes]


def named(*packages: str) -> str:
    """Return the names and versions of packages."""
    return " + ".join(f"{name} {version(name)}" for name in packages)


def generated(model: Any) -> tuple[Codec, Codec]:
    """Return the generated code of a model, which uses orjson, and the same code without orjson."""
    return (
        Codec("modelsync", model.from_json, model.to_json),
        Codec(
            "modelsync, without orjson",
            lambda text: model.from_dict(json.loads(text)),
            lambda value: dump(value.to_dict()),
        ),
    )


dump: Final = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))

#: No models and no checks: what the others add their work to.
PARSERS: Final = (
    Codec(f"json {platform.python_version()}*", json.loads, dump),
    Codec(f"{named('orjson')}*", orjson.loads, orjson.dumps),
)

# With these types, msgspec and pydantic check exactly what modelsync checks.

Int64 = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1), Field(ge=-(2**63), le=2**63 - 1)]

Moment = Annotated[datetime, msgspec.Meta(tz=True)]  # pydantic has AwareDatetime

# Each library is set up for speed as its documentation recommends.

#: Without detailed errors, which are its slowest part.
CATTRS: Final = make_converter(detailed_validation=False, omit_if_default=True)

#: Strict: it does not convert text to numbers.
PYDANTIC: Final = ConfigDict(alias_generator=to_camel, strict=True)


class Mashumaro(BaseConfig):
    """The options of mashumaro: it generates code for each class, as modelsync does."""

    omit_none = True
    serialize_by_alias = True
