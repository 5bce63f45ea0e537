package use

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"example.com/acme/models/types"
	"example.com/acme/models/wire"
)

func TestWriteOnlyFieldsAreNotShown(t *testing.T) {
	login := types.Login{User: "ann", Password: "secret", Born: wire.Of(types.T7{}.R)}
	account := types.Account{
		Login:  login,
		Old:    &login,
		All:    []types.Login{login},
		ByName: map[string]types.Login{"a": login},
		Other:  wire.Of(&login),
		Either: &types.AccountEither{Login: &login},
		Code:   wire.Ptr("secret"),
	}
	var logged bytes.Buffer
	json, text := slog.New(slog.NewJSONHandler(&logged, nil)), slog.New(slog.NewTextHandler(&logged, nil))
	for _, logger := range []*slog.Logger{json, text} {
		logger.Info("a", "login", login, "pointer", &login, "account", account, "union", account.Either)
	}
	shown := []string{logged.String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		shown = append(shown, fmt.Sprintf(verb, login), fmt.Sprintf(verb, &login), fmt.Sprintf(verb, account))
		shown = append(shown, fmt.Sprintf(verb, []*types.Login{&login}))
	}
	for _, text := range shown {
		if strings.Contains(text, "secret") || strings.Contains(text, "Born:0001") || !strings.Contains(text, "ann") {
			t.Error(text)
		}
	}
	if text := login.String(); text != "{User:ann Password: Born:absent String_:<nil> Proof:<nil>}" {
		t.Error(text)
	}
	if login.Password != "secret" {
		t.Error("String changed the value")
	}
	written(t, types.Login{User: "ann", Password: "secret"}, `{"user":"ann","password":"secret"}`)
}

func TestErrorsDoNotShowWriteOnlyFields(t *testing.T) {
	errs := wire.AllErrors[types.Account]([]byte(`{"login":{"user":1,"password":2,"born":"secret"},"code":"secret"}`))
	expected := `login.user: expected a string, found 1
login.password: expected a string
login.born: expected an RFC 3339 date
code: expected an RFC 3339 time with offset`
	if errs.Error() != expected {
		t.Error(errs)
	}
	// A union explains the nearest member, but not with the value of a write-only field.
	_, err := types.DecodeAccount([]byte(`{"login":{"user":"","password":""},"either":{"user":"","password":"","proof":{"name":"secret","next":1}}}`))
	if err == nil || err.Error() != "either: expected a value of AccountEither (as Login: proof: expected a value of LoginProof)" {
		t.Error(err)
	}
	for code, expected := range map[string]string{
		"secret": "code: expected an RFC 3339 time with offset",
		"\xff":   "code: expected an RFC 3339 time with offset",
	} {
		_, err := types.Account{Code: &code}.MarshalJSON()
		if err == nil || err.Error() != expected {
			t.Error(err)
		}
	}
	_, err = types.Account{Login: types.Login{User: "\xff"}}.MarshalJSON()
	if err == nil || err.Error() != "login.user: expected Unicode text, found invalid UTF-8" {
		t.Error(err)
	}
}

func TestLongPathsAreShortened(t *testing.T) {
	leaf := types.Leaf{}
	leaf.Next = &leaf
	_, err := leaf.MarshalJSON()
	expected := strings.Repeat("next.", 9) + "next ... " + strings.Repeat("next.", 9) + "next: nests too deep, or holds itself"
	if err == nil || err.Error() != expected {
		t.Error(err)
	}
	text := strings.Repeat(`{"name":"","next":`, 20) + "1" + strings.Repeat("}", 20)
	_, err = types.DecodeLeaf([]byte(text))
	if err == nil || err.Error() != strings.Repeat("next.", 19)+"next: expected an object, found 1" {
		t.Error(err)
	}
}

func TestTheValueOfAUnion(t *testing.T) {
	shape := types.Shape{Circle: &types.Circle{Radius: 1}}
	switch value := shape.Value().(type) {
	case *types.Circle:
		if value != shape.Circle {
			t.Error(value)
		}
	default:
		t.Error(value)
	}
	if value := (types.Shape{}).Value(); value != nil {
		t.Error(value)
	}
}
