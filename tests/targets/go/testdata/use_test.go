package use

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"example.com/acme/models/types"
	"example.com/acme/models/wire"
)

type outer struct {
	Leaf  types.Leaf                 `json:"leaf"`
	Color *types.Color               `json:"color,omitempty"`
	Shape types.Shape                `json:"shape"`
	Note  wire.Optional[string]      `json:"note,omitzero"`
	Other wire.Optional[*types.Leaf] `json:"other,omitzero"`
	Gone  wire.Optional[types.Level] `json:"gone,omitzero"`
}

func TestStandardLibrary(t *testing.T) {
	text := `{"leaf":{"name":"<&>"},"color":"red","shape":{"kind":"square","side":1},"note":null,"other":{"name":"x"}}`
	var v outer
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	if !v.Note.IsNull() || v.Note.IsZero() || !v.Gone.IsZero() || v.Gone.IsNull() {
		t.Error(v)
	}
	if other, ok := v.Other.Get(); !ok || other.Name != "x" {
		t.Error(other, ok)
	}
	back, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var a, b any
	if err := errors.Join(json.Unmarshal([]byte(text), &a), json.Unmarshal(back, &b)); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a, b) {
		t.Errorf("%s became %s", text, back)
	}
	err = json.Unmarshal([]byte(`{"leaf":{"name":"x","next":{"name":3}}}`), &v)
	var refusal *wire.DecodeError
	if !errors.As(err, &refusal) || refusal.Path != "next.name" || refusal.Reason != "expected a string, found 3" {
		t.Error(err)
	}
	v.Leaf.Next = &types.Leaf{Name: "\xff"}
	_, err = json.Marshal(v)
	var unwritable *wire.EncodeError
	if !errors.As(err, &unwritable) || unwritable.Path != "next.name" {
		t.Error(err)
	}
}

func TestErrorLeavesTheValue(t *testing.T) {
	leaf := types.Leaf{Name: "before"}
	if err := leaf.UnmarshalJSON([]byte(`{"name":"after","next":3}`)); err == nil || leaf.Name != "before" {
		t.Error(leaf, err)
	}
	if leaf, err := types.DecodeLeaf([]byte(`{"name":"after","next":3}`)); err == nil || leaf.Name != "" {
		t.Error(leaf, err)
	}
	leaf = types.Leaf{Name: "before", Next: &leaf}
	if err := leaf.UnmarshalJSON([]byte(`{"name":"after"}`)); err != nil || leaf.Next != nil {
		t.Error(leaf, err)
	}
}

type appender interface {
	AppendJSON(dst []byte) ([]byte, error)
}

func refused(t *testing.T, v appender, path string) {
	t.Helper()
	dst, err := v.AppendJSON([]byte("kept"))
	var refusal *wire.EncodeError
	if !errors.As(err, &refusal) || refusal.Path != path || string(dst) != "kept" {
		t.Errorf("%q, %v instead of an error at %q", dst, err, path)
	}
}

func TestNothingUnreadableIsWritten(t *testing.T) {
	year := time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	color, level := types.Color("none"), types.Level(7)
	refused(t, &types.T5{R: math.NaN()}, "r")
	refused(t, &types.T5{O: wire.Ptr(math.Inf(-1))}, "o")
	refused(t, &types.T4{R: float32(math.Inf(1))}, "r")
	refused(t, &types.T6{R: year}, "r")
	refused(t, &types.T7{O: &year}, "o")
	refused(t, &types.T0{R: "\xed\xa0\x80"}, "r")
	refused(t, &types.T10{R: []string{"a", "\xff"}}, "r[1]")
	refused(t, &types.T16{R: map[string]float32{"\xff": 1}}, "r")
	refused(t, &types.T16{R: map[string]float32{"a": 1, "b c": float32(math.NaN())}}, `r["b c"]`)
	refused(t, &types.T9{R: map[string]any{"a": []any{1, math.NaN()}}}, "r.a[1]")
	refused(t, &types.T9{R: make(chan int)}, "r")
	type holder struct {
		A string `json:"a"`
		B any
	}
	for path, value := range map[string]any{
		"r[0]":      []json.RawMessage{json.RawMessage("1e999")},
		"r.b":       map[string]json.RawMessage{"b": json.RawMessage("-1e999")},
		"r":         []json.RawMessage{json.RawMessage(strings.Repeat("[", 999) + strings.Repeat("]", 999))},
		"r.a":       holder{A: "\xff"},
		"r[1].B[0]": []any{1, holder{B: []string{"\xed\xa0\x80"}}},
		"r[0].a":    []holder{{A: "\xff"}},
		"r.c":       map[string]json.RawMessage{"c": json.RawMessage(`"\ud800"`)},
		"r.d":       map[string]any{"d": json.Number("1e999")},
		"r.e":       map[string]any{"e": json.Number("1,5")},
		"r.f":       map[string]any{"f": json.Number("")},
		"r.g":       map[string]any{"g": map[any]any{true: 2, struct{}{}: 1}},
		"r.h":       map[string]any{"h": math.Inf(-1)},
	} {
		refused(t, &types.T9{R: value}, path)
	}
	refused(t, &color, "")
	refused(t, &level, "")
	refused(t, &types.Shape{}, "")
	refused(t, &types.Shape{Circle: &types.Circle{Kind: "square"}}, "kind")
	refused(t, &types.Inner{Bool: wire.Ptr(true), Always: true}, "")
	leaf := types.Leaf{}
	leaf.Next = &leaf
	leaf.All = map[string][]*types.Leaf{"a": {&leaf, &leaf}}
	_, err := leaf.MarshalJSON()
	if err == nil {
		t.Error("a value that holds itself was written")
	}
	loop := map[string]any{}
	loop["a"] = []any{loop, loop}
	if _, err := (types.T9{R: loop}).MarshalJSON(); err == nil {
		t.Error("a map that holds itself was written")
	}
}

func written[T json.Marshaler](t *testing.T, v T, expected string) {
	t.Helper()
	text, err := v.MarshalJSON()
	if err != nil || string(text) != expected {
		t.Errorf("%s, %v instead of %s", text, err, expected)
	}
}

func TestZeroValues(t *testing.T) {
	written(t, types.T10{}, `{"r":[],"n":null}`)
	written(t, types.T10{O: []string{}, N: []string{}, Q: wire.Null[[]string]()}, `{"r":[],"o":[],"n":[],"q":null}`)
	written(t, types.T16{}, `{"r":{},"n":null}`)
	written(t, types.T8{}, `{"r":"","n":null}`)
	written(t, types.T8{O: []byte{}, N: []byte{}, Q: wire.Of([]byte(nil))}, `{"r":"","o":"","n":"","q":""}`)
	written(t, types.T9{}, `{"r":null,"n":null}`)
	written(t, types.T9{O: wire.Of[any](map[string]int{"<": 1}), Q: wire.Null[any]()}, `{"r":null,"o":{"<":1},"n":null,"q":null}`)
	written(t, types.T9{R: json.RawMessage(`{"b": 1, "a": 2, "a": 9007199254740993, "c": "\uFFFD\\ufffd"}`)},
		`{"r":{"a":9007199254740993,"b":1,"c":"�\\ufffd"},"n":null}`)
	written(t, types.T9{R: []any{json.Number("1.50"), int64(-9007199254740993), uint8(1), time.Unix(0, 0).UTC(), (*int)(nil)}},
		`{"r":[1.50,-9007199254740993,1,"1970-01-01T00:00:00Z",null],"n":null}`)
	written(t, types.T6{N: wire.Ptr(time.Date(2024, 2, 29, 1, 0, 0, 120, time.FixedZone("", 3600)))},
		`{"r":"0001-01-01T00:00:00Z","n":"2024-02-29T00:00:00.00000012Z"}`)
	written(t, types.T7{N: wire.Ptr(time.Date(2024, 2, 29, 1, 0, 0, 0, time.FixedZone("", 7200)))},
		`{"r":"0001-01-01","n":"2024-02-29"}`)
	written(t, types.Shape{Bare: &types.Bare{}}, `{"kind":"\""}`)
	written(t, types.Inner{Always: true}, `"always"`)
}

func TestConstants(t *testing.T) {
	written(t, types.T32{O: wire.Ptr("fixed")}, `{"r":"fixed","o":"fixed","n":null}`)
	written(t, types.T33{}, `{"r":3,"n":null}`)
	written(t, types.T34{Q: wire.Of(true)}, `{"r":true,"n":null,"q":true}`)
	written(t, types.T45{}, `{"r":false,"n":null}`)
	written(t, types.Shape{Square: &types.Square{Side: 1}}, `{"side":1,"kind":"square"}`)
	refused(t, &types.T32{R: "other"}, "r")
	refused(t, &types.T32{O: wire.Ptr("")}, "o")
	refused(t, &types.T32{N: wire.Ptr("other")}, "n")
	refused(t, &types.T32{Q: wire.Of("other")}, "q")
	refused(t, &types.T33{R: 4}, "r")
	refused(t, &types.T34{O: wire.Ptr(false)}, "o")
	refused(t, &types.T35{R: []*string{nil, wire.Ptr("a"), wire.Ptr("b")}}, "r[2]")
	refused(t, &types.T45{R: true}, "r")
	inside := types.Square{Inside: []types.Shape{{Square: &types.Square{Kind: "circle"}}}}
	refused(t, &types.Shape{Square: &inside}, "inside[0].kind")
	_, err := types.T32{R: "other"}.MarshalJSON()
	if err == nil || err.Error() != `r: expected "fixed", found "other"` {
		t.Error(err)
	}
}

func TestDefaults(t *testing.T) {
	v, err := types.DecodeDefaults([]byte(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	if v.D0 != "x`\"\\" || v.D3 != 9007199254740993 || v.D15 != types.ColorRed || v.D14.Name != "x" || v.D12 != nil {
		t.Error(v)
	}
	if initial := types.NewDefaults(); !reflect.DeepEqual(v, initial) {
		t.Error(v, initial)
	}
	read, err := v.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	written(t, types.NewDefaults(), string(read))
}

func TestOptional(t *testing.T) {
	of, null, absent := wire.Of("a b"), wire.Null[string](), wire.Optional[string]{}
	if of != wire.Of("a b") || of == null || null == absent {
		t.Error("Optional cannot be compared with ==")
	}
	utc := wire.Of(time.Unix(0, 0).UTC())
	switch {
	case !utc.Equal(wire.Of(time.Unix(0, 0).In(time.FixedZone("", 3600)))), !null.Equal(null), null.Equal(absent):
		t.Error("Equal")
	case !wire.Of([]int{1}).Equal(wire.Of([]int{1})), wire.Of(&types.Leaf{}).Equal(wire.Of(&types.Leaf{Name: "x"})):
		t.Error("Equal")
	}
	if text := fmt.Sprintf("%v %+v %q %s %s %5d", of, of, of, null, absent, wire.Of(7)); text != `a b a b "a b" null absent     7` {
		t.Error(text)
	}
}

type audit struct {
	By string `json:"by"`
}

type row struct {
	types.Leaf
	audit
}

func (r row) MarshalJSON() ([]byte, error) {
	return wire.MarshalParts(r.Leaf, r.audit)
}

func (r *row) UnmarshalJSON(data []byte) error {
	return wire.UnmarshalParts(data, &r.Leaf, &r.audit)
}

func TestParts(t *testing.T) {
	text := `{"name":"x","next":{"name":"y"},"by":"me"}`
	var v row
	if err := json.Unmarshal([]byte(text), &v); err != nil || v.By != "me" || v.Next.Name != "y" {
		t.Error(v, err)
	}
	written(t, v, text)
	if err := json.Unmarshal([]byte(`{"by":"me"}`), &v); err == nil {
		t.Error("a required key may be absent")
	}
	if text, err := wire.MarshalParts(struct{}{}, struct{}{}); string(text) != "{}" {
		t.Error(string(text), err)
	}
	if text, err := wire.MarshalParts(audit{"a"}, 1); err == nil {
		t.Error(string(text))
	}
	if text, err := wire.MarshalParts(audit{"a"}, audit{"b"}); string(text) != `{"by":"b"}` {
		t.Error(string(text), err)
	}
}

func TestAllErrors(t *testing.T) {
	texts := func(errs wire.DecodeErrors) (texts []string) {
		for _, err := range errs {
			texts = append(texts, err.Error())
		}
		return texts
	}
	found := texts(wire.AllErrors[types.Leaf]([]byte(`{"next":{"name":1,"next":[]},"name":null}`)))
	expected := []string{"name: expected a string, found null", "next.name: expected a string, found 1", "next.next: expected an object, found an array"}
	if !reflect.DeepEqual(found, expected) {
		t.Errorf("%q", found)
	}
	if found := wire.AllErrors[types.Leaf]([]byte(`{"name":"x"}`)); len(found) > 0 {
		t.Error(found)
	}
	if found := texts(wire.AllErrors[types.Leaf]([]byte(`{"name":1`))); len(found) != 1 || !strings.HasPrefix(found[0], "not JSON: ") {
		t.Error(found)
	}
	many := `{"r":[` + strings.Repeat("1,", 500) + `1],"n":3}`
	if found := wire.AllErrors[types.T10]([]byte(many)); len(found) != 100 || found[99].Path != "r[99]" {
		t.Error(len(found), found[len(found)-1])
	}
}

func TestErrorsAreAnError(t *testing.T) {
	v, err := wire.DecodeAll[types.Leaf]([]byte(`{"name":"x"}`))
	if err != nil || v.Name != "x" {
		t.Error(v, err)
	}
	v, err = wire.DecodeAll[types.Leaf]([]byte(`{"next":{"name":1}}`))
	var errs wire.DecodeErrors
	var first *wire.DecodeError
	if !errors.As(err, &errs) || len(errs) != 2 || !errors.As(err, &first) || first.Path != "name" || v.Next != nil {
		t.Error(v, err)
	}
	if err.Error() != "name: required, but absent\nnext.name: expected a string, found 1" {
		t.Error(err)
	}
	written, err := json.Marshal(errs[:1])
	if err != nil || string(written) != `[{"path":"name","reason":"required, but absent"}]` {
		t.Error(string(written), err)
	}
}

func TestOptionalOfNilIsNull(t *testing.T) {
	var nothing any = (*int)(nil)
	if !wire.Of[*types.Leaf](nil).IsNull() || !wire.Of[any](nil).IsNull() || !wire.Of(nothing).IsNull() || !wire.OfPtr[int](nil).IsNull() {
		t.Error("Of(nil) is not null")
	}
	if _, ok := wire.Of([]int(nil)).Get(); !ok {
		t.Error("Of of a nil slice is null")
	}
	if v := wire.OfPtr(wire.Ptr(3)); v != wire.Of(3) || *v.Ptr() != 3 || v.Or(4) != 3 {
		t.Error(v)
	}
	if v := wire.Null[int](); v.Ptr() != nil || v.Or(4) != 4 {
		t.Error(v)
	}
}

func TestOptionalInOtherEncoders(t *testing.T) {
	type holder struct {
		Value, Null, Absent wire.Optional[string]
	}
	before := holder{Value: wire.Of("Bob"), Null: wire.Null[string]()}
	var buffer bytes.Buffer
	var after holder
	if err := errors.Join(gob.NewEncoder(&buffer).Encode(before), gob.NewDecoder(&buffer).Decode(&after)); err != nil || after != before {
		t.Error(after, err)
	}
}

func TestText(t *testing.T) {
	var colors map[types.Color]int
	if err := json.Unmarshal([]byte(`{"red":1}`), &colors); err != nil || colors[types.ColorRed] != 1 {
		t.Error(colors, err)
	}
	err := json.Unmarshal([]byte(`{"bogus":1}`), &colors)
	var refusal *wire.DecodeError
	if !errors.As(err, &refusal) || !strings.HasSuffix(refusal.Reason, `found "bogus"`) {
		t.Error(err)
	}
	if text, err := types.ColorRed.MarshalText(); string(text) != "red" {
		t.Error(string(text), err)
	}
	if text, err := types.Color("bogus").MarshalText(); err == nil {
		t.Error(string(text))
	}
}

func TestNewSetsConstants(t *testing.T) {
	v := types.NewT32()
	data, err := v.MarshalJSON()
	if err != nil || v.R != "fixed" {
		t.Error(v, err)
	}
	if back, err := types.DecodeT32(data); err != nil || !reflect.DeepEqual(back, v) {
		t.Error(back, err)
	}
}

func TestWrittenErrorsShowTheValue(t *testing.T) {
	_, err := (&types.Shape{Circle: &types.Circle{Kind: "square"}}).AppendJSON(nil)
	if err == nil || !strings.HasSuffix(err.Error(), `found "square"`) || strings.Contains(err.Error(), "[") {
		t.Error(err)
	}
}

// open is a part that keeps unknown keys, as a generated struct with additional properties does.
type open struct {
	Name string         `json:"name"`
	Rest map[string]any `json:"-"`
}

func (o *open) UnmarshalJSON(data []byte) error {
	type plain open
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	if err := json.Unmarshal(data, &o.Rest); err != nil {
		return err
	}
	delete(o.Rest, "name")
	return nil
}

func TestPartsDoNotShareKeys(t *testing.T) {
	var o open
	var a audit
	if err := wire.UnmarshalParts([]byte(`{"name":"x","by":"me","other":1}`), &o, &a); err != nil {
		t.Fatal(err)
	}
	if a.By != "me" || o.Name != "x" || !reflect.DeepEqual(o.Rest, map[string]any{"other": 1.0}) {
		t.Error(o, a)
	}
}
