package use

import (
	"bytes"
	"fmt"
	"log/slog"
	"strconv"
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
	if text := login.String(); text != "{User:ann Password:*** Born:*** String_:<nil> Proof:***}" {
		t.Error(text)
	}
	if text := login.GoString(); text != `types.Login{User:"ann", String_:(*string)(nil)}` {
		t.Error(text)
	}
	if login.Password != "secret" {
		t.Error("String changed the value")
	}
	written(t, types.Login{User: "ann", Password: "secret"}, `{"user":"ann","password":"secret"}`)
}

func TestLogsHaveTheJSONWithoutWriteOnlyFields(t *testing.T) {
	login := types.Login{User: "ann", Password: "secret", Born: wire.Of(types.T7{}.R)}
	either := types.AccountEither{Login: &login}
	account := types.Account{Login: login, All: []types.Login{login}, Either: &either, Code: wire.Ptr("secret")}
	ann := `{"user":"ann"}`
	whole := `{"login":` + ann + `,"all":[` + ann + `],"either":` + ann + `}`
	for expected, value := range map[string]any{
		ann:                          &login,
		whole:                        account,
		`[` + ann + `,` + ann + `]`:  types.Logins{login, login},
		`"{User:\ufffd Password:***`: types.Login{User: "\xff"},
	} {
		var logged bytes.Buffer
		slog.New(slog.NewJSONHandler(&logged, nil)).Info("a", "value", value)
		// Go 1.27 writes U+FFFD itself, and earlier versions its escape.
		text := strings.ReplaceAll(logged.String(), "\ufffd", `\ufffd`)
		if !strings.Contains(text, `"value":`+expected) {
			t.Error(text)
		}
	}
	var logged bytes.Buffer
	slog.New(slog.NewTextHandler(&logged, nil)).Info("a", "value", account)
	if !strings.Contains(logged.String(), "value="+strconv.Quote(whole)) {
		t.Error(logged.String())
	}
	if text := fmt.Sprint(login.LogValue()); text != ann {
		t.Error(text)
	}
}

type loginAudit struct {
	By string `json:"by"`
}

// loginRow has the methods that wire.MarshalParts documents.
type loginRow struct {
	types.Login
	loginAudit
}

func (r loginRow) String() string {
	return fmt.Sprintf("{Login:%+v Audit:%+v}", r.Login, r.loginAudit)
}

func (r loginRow) GoString() string {
	return fmt.Sprintf("loginRow{Login:%#v, Audit:%#v}", r.Login, r.loginAudit)
}

func (r loginRow) LogValue() slog.Value {
	return slog.GroupValue(slog.Any("login", r.Login), slog.Any("audit", r.loginAudit))
}

func TestStructsThatEmbedShowAllParts(t *testing.T) {
	row := loginRow{types.Login{User: "ann", Password: "secret"}, loginAudit{"bob"}}
	var logged bytes.Buffer
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("a", "row", row)
	if !strings.Contains(logged.String(), `"row":{"login":{"user":"ann"},"audit":{"by":"bob"}}`) {
		t.Error(logged.String())
	}
	for _, text := range []string{fmt.Sprint(row), fmt.Sprintf("%#v", row)} {
		if strings.Contains(text, "secret") || !strings.Contains(text, "ann") || !strings.Contains(text, "bob") {
			t.Error(text)
		}
	}
}

func TestWhereWriteOnlyFieldsAreShown(t *testing.T) {
	login := types.Login{User: "ann", Password: "secret"}
	var logged bytes.Buffer
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("a", "slice", []types.Login{login})
	unexported := struct{ current types.Login }{login}
	verb := "%d" // vet refuses it as a literal
	for _, text := range []string{logged.String(), fmt.Sprintf(verb, login), fmt.Sprintf("%+v", unexported)} {
		if !strings.Contains(text, "secret") {
			t.Errorf("docs/targets.md says that this shows the secret: %s", text)
		}
	}
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
