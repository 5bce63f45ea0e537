// Package plain has the structs that an engineer writes for encoding/json. The other libraries use
// them too.
package plain

import "time"

// Session is a chat.
type Session struct {
	AssistantMessageCount *int64     `json:"assistantMessageCount,omitempty"`
	CompletionTokens      *int64     `json:"completionTokens,omitempty"`
	Cost                  *float64   `json:"cost,omitempty"`
	CreatedAt             *time.Time `json:"createdAt,omitempty"`
	ID                    string     `json:"id"`
	Messages              []Message  `json:"messages"`
	PromptTokens          *int64     `json:"promptTokens,omitempty"`
	Title                 string     `json:"title"`
	ToolCallCount         *int64     `json:"toolCallCount,omitempty"`
	UpdatedAt             *time.Time `json:"updatedAt,omitempty"`
	UserMessageCount      *int64     `json:"userMessageCount,omitempty"`
}

// Message is a part of a Session.
type Message struct {
	Content   string    `json:"content"`
	CreatedAt time.Time `json:"createdAt"`
	ID        string    `json:"id"`
	Role      string    `json:"role"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// Dataset has arrays of numbers.
type Dataset struct {
	Series []Series `json:"series"`
}

// Series is a part of a Dataset.
type Series struct {
	Name   string    `json:"name"`
	Values []float64 `json:"values"`
	Counts []int64   `json:"counts"`
}

// Feed has unions.
type Feed struct {
	Parties []Party `json:"parties"`
	Events  []Event `json:"events"`
}

// Person is a Party.
type Person struct {
	ID         Reference `json:"id"`
	GivenName  string    `json:"givenName"`
	FamilyName string    `json:"familyName"`
	Email      *string   `json:"email,omitempty"`
}

// Company is a Party.
type Company struct {
	ID        Reference `json:"id"`
	LegalName string    `json:"legalName"`
	VATNumber string    `json:"vatNumber"`
	Employees *int64    `json:"employees,omitempty"`
}

// OrderPlaced is an Event.
type OrderPlaced struct {
	Type  string    `json:"type"`
	At    time.Time `json:"at"`
	Order Reference `json:"order"`
	Buyer Reference `json:"buyer"`
	Total float64   `json:"total"`
}

// PaymentReceived is an Event.
type PaymentReceived struct {
	Type   string    `json:"type"`
	At     time.Time `json:"at"`
	Order  Reference `json:"order"`
	Amount float64   `json:"amount"`
	Method string    `json:"method"`
}

// ParcelSent is an Event.
type ParcelSent struct {
	Type    string    `json:"type"`
	At      time.Time `json:"at"`
	Order   Reference `json:"order"`
	Carrier string    `json:"carrier"`
	Weight  *float64  `json:"weight,omitempty"`
}

// NoteAdded is an Event.
type NoteAdded struct {
	Type   string    `json:"type"`
	At     time.Time `json:"at"`
	Author Reference `json:"author"`
	Text   string    `json:"text"`
}
