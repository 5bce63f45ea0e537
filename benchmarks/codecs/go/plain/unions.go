package plain

import (
	"fmt"
	"strconv"
)

// Unmarshal and Marshal are those of the library that is measured: each one decodes the members of
// a union itself.
var (
	Unmarshal func(data []byte, value any) error
	Marshal   func(value any) ([]byte, error)
)

// Reference is a string or an int64.
type Reference struct {
	Text   string
	Number int64
	IsText bool
}

// UnmarshalJSON implements json.Unmarshaler.
func (r *Reference) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		r.IsText = true
		return Unmarshal(data, &r.Text)
	}
	number, err := strconv.ParseInt(string(data), 10, 64)
	r.Number = number
	return err
}

// MarshalJSON implements json.Marshaler.
func (r Reference) MarshalJSON() ([]byte, error) {
	if r.IsText {
		return Marshal(r.Text)
	}
	return strconv.AppendInt(nil, r.Number, 10), nil
}

// Party is a Person or a Company.
type Party struct{ Value any }

// UnmarshalJSON implements json.Unmarshaler. It reads the keys of both members to choose one.
func (p *Party) UnmarshalJSON(data []byte) error {
	var keys struct {
		GivenName *string `json:"givenName"`
		LegalName *string `json:"legalName"`
	}
	if err := Unmarshal(data, &keys); err != nil {
		return err
	}
	switch {
	case keys.GivenName != nil:
		p.Value = new(Person)
	case keys.LegalName != nil:
		p.Value = new(Company)
	default:
		return fmt.Errorf("neither a person nor a company")
	}
	return Unmarshal(data, p.Value)
}

// MarshalJSON implements json.Marshaler.
func (p Party) MarshalJSON() ([]byte, error) { return Marshal(p.Value) }

// Event is one of four structs with a tag.
type Event struct{ Value any }

// UnmarshalJSON implements json.Unmarshaler.
func (e *Event) UnmarshalJSON(data []byte) error {
	var tag struct {
		Type string `json:"type"`
	}
	if err := Unmarshal(data, &tag); err != nil {
		return err
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
		return fmt.Errorf("unknown type %q", tag.Type)
	}
	return Unmarshal(data, e.Value)
}

// MarshalJSON implements json.Marshaler.
func (e Event) MarshalJSON() ([]byte, error) { return Marshal(e.Value) }
