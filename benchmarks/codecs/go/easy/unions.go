package easy

import (
	"errors"
	"fmt"

	"github.com/mailru/easyjson"
	"github.com/mailru/easyjson/jlexer"
	"github.com/mailru/easyjson/jwriter"
)

// value is a member of a union. easyjson generates its methods.
type value interface {
	easyjson.Marshaler
	easyjson.Unmarshaler
}

// Reference is a string or an int64.
type Reference struct {
	Text   string
	Number int64
	IsText bool
}

// UnmarshalEasyJSON implements easyjson.Unmarshaler.
func (r *Reference) UnmarshalEasyJSON(in *jlexer.Lexer) {
	if in.CurrentToken() == jlexer.TokenString {
		r.IsText, r.Text = true, in.String()
	} else {
		r.Number = in.Int64()
	}
}

// MarshalEasyJSON implements easyjson.Marshaler.
func (r Reference) MarshalEasyJSON(out *jwriter.Writer) {
	if r.IsText {
		out.String(r.Text)
	} else {
		out.Int64(r.Number)
	}
}

// Party is a Person or a Company.
type Party struct{ Value value }

// UnmarshalEasyJSON implements easyjson.Unmarshaler.
func (p *Party) UnmarshalEasyJSON(in *jlexer.Lexer) {
	raw := in.Raw()
	if in.Error() != nil {
		return
	}
	var keys partyKeys
	if err := read(raw, &keys); err != nil {
		in.AddError(err)
		return
	}
	switch {
	case keys.GivenName != nil:
		p.Value = new(Person)
	case keys.LegalName != nil:
		p.Value = new(Company)
	default:
		in.AddError(errors.New("neither a person nor a company"))
		return
	}
	in.AddError(read(raw, p.Value))
}

// MarshalEasyJSON implements easyjson.Marshaler.
func (p Party) MarshalEasyJSON(out *jwriter.Writer) { p.Value.MarshalEasyJSON(out) }

// Event is one of four structs with a tag.
type Event struct{ Value value }

// UnmarshalEasyJSON implements easyjson.Unmarshaler.
func (e *Event) UnmarshalEasyJSON(in *jlexer.Lexer) {
	raw := in.Raw()
	if in.Error() != nil {
		return
	}
	var tag eventTag
	if err := read(raw, &tag); err != nil {
		in.AddError(err)
		return
	}
	switch tag.Type {
	case "order_placed":
		e.Value = new(OrderPlaced)
	case "payment_received":
		e.Value = new(PaymentReceived)
	case "parcel_sent":
		e.Value = new(ParcelSent)
	case "note_added":
		e.Value = new(NoteAdded)
	default:
		in.AddError(fmt.Errorf("unknown type %q", tag.Type))
		return
	}
	in.AddError(read(raw, e.Value))
}

// MarshalEasyJSON implements easyjson.Marshaler.
func (e Event) MarshalEasyJSON(out *jwriter.Writer) { e.Value.MarshalEasyJSON(out) }

func read(raw []byte, into easyjson.Unmarshaler) error {
	in := jlexer.Lexer{Data: raw}
	into.UnmarshalEasyJSON(&in)
	return in.Error()
}
