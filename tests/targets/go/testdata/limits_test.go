package use

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	models "example.com/acme/models"
	"example.com/acme/models/wire"
)

// order returns a valid order after a change.
func order(change func(*models.Order)) models.Order {
	order := models.Order{
		Sku:      "AB-1",
		Title:    "title",
		Quantity: 3,
		Owners:   []string{},
		Count:    7,
		Host:     "a.example",
		Length:   "PT1H",
	}
	order.Labels = map[string]int64{"a": 1}
	change(&order)
	return order
}

func TestValuesThatNoReaderAcceptsAreRefused(t *testing.T) {
	const id = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
	day := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	either := models.OrderEither{String: wire.Ptr("a")}
	for expected, change := range map[string]func(*models.Order){
		"sku: expected at least 3 characters, found 2":                        func(o *models.Order) { o.Sku = "éé" },
		"sku: expected Unicode text, found invalid UTF-8":                     func(o *models.Order) { o.Sku = "\xff" },
		"sku: expected a match of ^[A-Z]{2}-\\d+$, found \"AB-1\\n\"":         func(o *models.Order) { o.Sku = "AB-1\n" },
		"note: expected at most 5 characters, found 6":                        func(o *models.Order) { o.Note = wire.Of("éééééé") },
		"title: expected a match of ^[^\\s`\"], found \"`\"":                  func(o *models.Order) { o.Title = "`" },
		"quantity: expected a number of at least 1, found 0":                  func(o *models.Order) { o.Quantity = 0 },
		"quantity: expected a number that is a multiple of 3, found 4":        func(o *models.Order) { o.Quantity = 4 },
		"price: expected a number that is a multiple of 0.05, found \"1.01\"": func(o *models.Order) { o.Price = wire.Ptr[wire.Decimal]("1.01") },
		"price: expected a decimal number as a string, found \"-x\"":          func(o *models.Order) { o.Price = wire.Ptr[wire.Decimal]("-x") },
		"price: expected a number less than 1000.5, found \"1000.50\"":        func(o *models.Order) { o.Price = wire.Ptr[wire.Decimal]("1000.50") },
		"single: expected a number of at most 0.7, found 0.8":                 func(o *models.Order) { o.Single = wire.Ptr[float32](0.8) },
		"tags: expected at least 1 item, found 0":                             func(o *models.Order) { o.Tags = []string{} },
		"tags: expected different items, found [2] equal to [0]":              func(o *models.Order) { o.Tags = []string{"a", "b", "a"} },
		"days: expected different items, found [1] equal to [0]":              func(o *models.Order) { o.Days = []time.Time{day, day.Add(time.Hour)} },
		"days: expected at least 1 item, found 0":                             func(o *models.Order) { o.Days = []time.Time{} },
		"owners: expected different items, found [1] equal to [0]":            func(o *models.Order) { o.Owners = []string{id, strings.ToUpper(id)} },
		"owners: expected at most 3 items, found 4":                           func(o *models.Order) { o.Owners = []string{"", "", "", ""} },
		"labels: expected at least 1 key, found 0":                            func(o *models.Order) { o.Labels = map[string]int64{} },
		"mixed: expected different items, found [1] equal to [0]":             func(o *models.Order) { o.Mixed = []*models.OrderMixedItem{nil, nil} },
		"either: expected at least 2 characters, found 1":                     func(o *models.Order) { o.Either = wire.Of(&either) },
		"lines[0].sku: expected at least 3 characters, found 0":               func(o *models.Order) { o.Lines = wire.Of([]models.Order{{}}) },
		"lines: expected at least 1 item, found 0":                            func(o *models.Order) { o.Lines = wire.Of([]models.Order{}) },
		"mail: expected an email address, found \"\"":                         func(o *models.Order) { o.Mail = wire.Ptr("") },
		"auto: expected a number of at least 5, found 4":                      func(o *models.Order) { o.Auto = &models.OrderAuto{Int64: wire.Ptr[int64](4)} },
	} {
		_, err := order(change).MarshalJSON()
		var refusal *wire.EncodeError
		if !errors.As(err, &refusal) || err.Error() != expected {
			t.Errorf("%v instead of %q", err, expected)
		}
	}
}

func TestNullAndAbsentValuesAreNotChecked(t *testing.T) {
	text, err := order(func(o *models.Order) {
		o.Labels = nil
		o.Lines = wire.Null[[]models.Order]()
	}).MarshalJSON()
	expected := `{"sku":"AB-1","title":"title","quantity":3,"count":7,"days":null,"owners":[],"lines":null,"labels":null,"host":"a.example","length":"PT1H"}`
	if err != nil || string(text) != expected {
		t.Errorf("%s, %v", text, err)
	}
}

func TestDecimalsAreComparedByTheirDigits(t *testing.T) {
	ascending := []wire.Decimal{"-100", "-99.5", "-1.5", "-1.05", "-1", "-0.01", "0", "0.001", "0.01", "1", "1.05", "1.5", "9", "10", "100"}
	for i, a := range ascending {
		for j, b := range ascending {
			if found := a.Compare(b); found != min(max(i-j, -1), 1) {
				t.Errorf("%s.Compare(%s) is %d", a, b, found)
			}
		}
	}
	for _, zero := range []wire.Decimal{"-0", "0.0", "-0.000"} {
		if zero.Compare("0") != 0 {
			t.Error(zero)
		}
	}
	if wire.Decimal("1.50").Compare("1.5") != 0 || wire.Decimal("-2").Compare("-2.0") != 0 {
		t.Error("zeros at the end count")
	}
}

func TestDecimal(t *testing.T) {
	var price struct{ Price wire.Decimal }
	if err := json.Unmarshal([]byte(`{"price":"1.50"}`), &price); err != nil || price.Price != "1.50" {
		t.Error(price, err)
	}
	for _, text := range []string{"abc", "", "1.", ".5", "01", "+1", "1e3", "-", strings.Repeat("1", 1001)} {
		if d, err := wire.ParseDecimal(text); err == nil {
			t.Error(d)
		}
		if err := json.Unmarshal([]byte(`{"price":"`+text+`"}`), &price); err == nil {
			t.Error(text)
		}
	}
}
