"""Generated Python, used with values that are created by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from helpers.projects import generate
from helpers.python_schemas import ANY, AT, INT64, STRING, model
from modelsync.schema.ir import (
    Constant,
    Enum,
    EnumValue,
    Field,
    ListOf,
    MapOf,
    Nullable,
    Ref,
    Scalar,
    Schema,
    Union,
)

USE = """
import base64
from enum import IntEnum, StrEnum
from datetime import UTC, date, datetime, timedelta, timezone
from models import UNSET, DecodeError, EncodeError, Everything, Status, mixed_to_dict


def refused(path, **values):
    try:
        Everything(**values).to_dict()
    except EncodeError as error:
        assert error.path == path, error
        assert isinstance(error, ValueError)
    else:
        raise AssertionError(values)


assert Everything().to_dict() == {"kind": "it"}
one = Everything(maybe=None, day=date(2024, 1, 2), names=["a"], status=Status.ON)
assert one.to_dict() == {
    "kind": "it", "maybe": None, "day": "2024-01-02", "names": ["a"], "status": "on"
}
assert type(one.to_dict()["status"]) is str
assert Everything().maybe is UNSET and not UNSET and repr(UNSET) == "UNSET"
assert one == Everything.from_dict(one.to_dict()) == Everything.from_json(one.to_json())
assert Everything.from_dict(one.to_dict()).status is Status.ON
at = datetime(2024, 1, 2, 3, 4, 5, 60, tzinfo=timezone(timedelta(hours=2)))
assert Everything(at=at).to_dict()["at"] == "2024-01-02T01:04:05.00006Z"
assert Everything(at=datetime(5, 1, 1, tzinfo=UTC)).to_dict()["at"] == "0005-01-01T00:00:00Z"
refused("at", at=datetime(2024, 1, 2))
refused("at", at=datetime.min.replace(tzinfo=timezone(timedelta(hours=2))))
refused("at", at=date(2024, 1, 2))
refused("day", day=datetime(2024, 1, 2))
refused("day", day="2024-01-02")
refused("small", small=2**31)
refused("small", small=True)
refused("cost", cost=float("nan"))
refused("cost", cost=10**400)
refused("names[1]", names=["a", "\\ud800"])
refused("names", names="abc")
refused('raw', raw="AP8i")
refused('any.x[0]', any={"x": [float("inf")]})
refused('any.x', any={"x": {1}})
refused('any', any={1: 2})
refused("mixed", mixed=Status)
refused("mixed", mixed="c")
refused("mixed", mixed=[{"kind": "it"}])
refused("kind", kind="other")
refused("kind", kind=None)
refused("one", one=True)
refused("one", one="1")
refused("yes", yes=1)
refused("letters[1]", letters=["it", "is"])
refused("own", own={"kind": "it"})
refused("own.kind", own=Everything(kind="other"))
refused("others[1]", others=[Everything(), {"kind": "it"}])
refused("by_name.x", by_name={"x": "it"})
refused("by_name", by_name={1: Everything()})
refused("status", status="off ")
assert mixed_to_dict([Everything()]) == [{"kind": "it"}]
assert mixed_to_dict(["a"]) == ["a"]
assert mixed_to_dict(True) is True
assert mixed_to_dict(5) == 5
try:
    Everything.from_dict({"kind": "it", "names": ["a", 1]})
except DecodeError as error:
    assert (error.path, error.reason) == ("names[1]", "expected a string, found 1")
    assert str(error) == "names[1]: expected a string, found 1"
else:
    raise AssertionError
for value, reason in [
    ({"cost": float("inf")}, "cost: expected a finite number"),
    ({"price": float("nan")}, "price: expected a finite number"),
    ({"price": 10**400}, "price: expected a finite number"),
    ({"cost": 1e39}, "cost: expected a 32-bit number, found 1e+39"),
    ({"price": "1"}, "price: expected a number, found \\"1\\""),
    ({"kind": "other"}, 'kind: expected "it", found "other"'),
    ({"own": {}}, "own: expected Everything, found an object"),
    ({"others": [1]}, "others[0]: expected Everything, found 1"),
]:
    try:
        Everything(**value).to_json()
    except EncodeError as error:
        assert str(error) == reason, error
    else:
        raise AssertionError(value)
class Text(str): pass
class Dict(dict): pass
same = Everything.from_dict(Dict(kind=Text("it"), names=[Text("a")], any=Dict(x=1)))
assert type(same.names[0]) is str
class Named(StrEnum): A = "a"
class Counted(IntEnum): ONE = 1
class Real(float):
    def __repr__(self): return "real"
class Shouting(str):
    def __str__(self): return "loud"
derived = [Named.A, Counted.ONE, Real(1.5), {Shouting("k"): Shouting("v")}]
plain = Everything(any=derived).to_dict()["any"]
assert plain == ["a", 1, 1.5, {"k": "v"}]
assert [type(each) for each in plain] == [str, int, float, dict]
assert [type(each) for each in plain[3].popitem()] == [str, str]
assert Everything(any=derived).to_json().endswith('["a",1,1.5,{"k":"v"}]}')
deep = []
for _ in range(5000):
    deep = [deep]
try:
    Everything.from_dict({"kind": "it", "any": deep})
except DecodeError as error:
    assert "deep" in str(error)
else:
    raise AssertionError
try:
    Everything(any=deep).to_json()
except EncodeError as error:
    assert "deep" in str(error)
else:
    raise AssertionError
"""


def test_models_can_be_used_from_python(tmp_path: Path) -> None:
    everything = model(
        "Everything",
        Field("kind", Constant("it"), True),
        Field("maybe", Nullable(STRING)),
        Field("at", Scalar("datetime")),
        Field("day", Scalar("date")),
        Field("small", Scalar("int32")),
        Field("cost", Scalar("float32")),
        Field("names", ListOf(STRING)),
        Field("raw", Scalar("bytes")),
        Field("any", ANY),
        Field("status", Ref("Status")),
        Field("mixed", Ref("Mixed")),
        Field("price", Scalar("float64")),
        Field("one", Constant(1)),
        Field("yes", Constant(True)),
        Field("letters", ListOf(Constant("it"))),
        Field("own", Ref("Everything")),
        Field("others", ListOf(Ref("Everything"))),
        Field("by_name", MapOf(Ref("Everything"))),
    )
    status = Enum(name="Status", position=AT, values=(EnumValue("on"), EnumValue("off")))
    members = (Scalar("bool"), INT64, ListOf(Ref("Everything")), ListOf(STRING), Constant("a"))
    mixed = Union(name="Mixed", position=AT, members=members)
    generate(Schema((everything, status, mixed)), "python", tmp_path, "models")
    subprocess.run([sys.executable, "-c", USE], cwd=tmp_path, check=True)
