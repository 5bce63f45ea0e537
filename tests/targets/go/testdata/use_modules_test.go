package use

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"example.com/acme/models/types"
	"example.com/acme/models/wire"
)

func TestDifferencesAreShown(t *testing.T) {
	one := types.T6{N: wire.Ptr(time.Unix(0, 0).UTC()), Q: wire.Of(time.Unix(0, 0).UTC())}
	other := types.T6{N: wire.Ptr(time.Unix(0, 0)), Q: wire.Of(time.Unix(0, 0))}
	if diff := cmp.Diff(one, other); diff != "" {
		t.Error(diff)
	}
	leaf := types.T20{R: types.Leaf{Name: "a"}, Q: wire.Of(&types.Leaf{Name: "b"})}
	if diff := cmp.Diff(leaf, types.T20{R: types.Leaf{Name: "a"}}); !strings.Contains(diff, "{b ") {
		t.Error(diff)
	}
	circle := types.Shape{Circle: &types.Circle{Radius: 1}}
	if diff := cmp.Diff(circle, types.Shape{Square: &types.Square{}}); !strings.Contains(diff, "Circle") {
		t.Error(diff)
	}
}

func TestYAML(t *testing.T) {
	text := `d14:
    name: x
d15: red
d17:
    kind: circle
    radius: 1.5
d19:
    - 3
    - - 9007199254740993
      - true
`
	type config struct {
		Leaf  types.Leaf                 `yaml:"d14"`
		Color types.Color                `yaml:"d15"`
		Shape types.Shape                `yaml:"d17"`
		Mixed *types.Mixed               `yaml:"d19"`
		Other wire.Optional[types.Mixed] `yaml:"other,omitempty"`
	}
	var v config
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	if v.Shape.Circle == nil || v.Shape.Circle.Radius != 1.5 || *v.Mixed.MixedList[1].MixedList[0].Int64 != 9007199254740993 {
		t.Error(v)
	}
	var back config
	written, err := yaml.Marshal(v)
	if err := errors.Join(err, yaml.Unmarshal(written, &back)); err != nil || !strings.Contains(string(written), "radius: 1.5") {
		t.Error(string(written), err)
	}
	if diff := cmp.Diff(v, back); diff != "" {
		t.Error(diff)
	}
	var refusal *wire.DecodeError
	err = yaml.Unmarshal([]byte("d17: {kind: circle, radius: wide}"), &v)
	if !errors.As(err, &refusal) || refusal.Path != "radius" {
		t.Error(err)
	}
}
