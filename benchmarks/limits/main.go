// Command limits compares the speed of generated Go with encoding/json and go-playground/validator.
// See __main__.py for its input and output.
package main

import (
	"encoding/json"
	"io"
	"log"
	"os"
	"reflect"
	"regexp"
	"runtime/debug"
	"slices"
	"syscall"
	"time"

	"github.com/go-playground/validator/v10"

	models "example.com/modelsync/benchmarks/limits/generated/go"
)

const (
	rounds = 25
	turn   = 20 * time.Millisecond // the CPU time that one function is measured for in one round
)

// Catalog and Product have the fields of the generated structs, and the tags of the validator. Its
// own tag `required` would refuse zeros, so pointers would be needed to find absent keys: without
// them, the validator has less to do.
type Catalog struct {
	Products []Product `json:"products" validate:"dive"`
}

type Product struct {
	SKU      string   `json:"sku" validate:"sku"`
	Title    string   `json:"title" validate:"min=1,max=200"`
	Quantity int32    `json:"quantity" validate:"min=1,max=1000"`
	Price    float64  `json:"price" validate:"min=0,lt=100000"`
	Step     int32    `json:"step" validate:"fives"`
	Tags     []string `json:"tags" validate:"min=1,max=10"`
	Vendor   string   `json:"vendor"`
	Weight   float64  `json:"weight"`
	Stock    int64    `json:"stock"`
	Active   bool     `json:"active"`
	Note     *string  `json:"note,omitempty"`
}

type comparison struct {
	what, ours, peer string
	runOurs, runPeer func() error
	ratios           []float64
}

func main() {
	text, err := io.ReadAll(os.Stdin)
	check(err)
	validate := validator.New()
	sku := regexp.MustCompile(`\A[A-Z]{2}-[0-9]+\z`)
	check(validate.RegisterValidation("sku", func(field validator.FieldLevel) bool {
		return sku.MatchString(field.Field().String())
	}))
	check(validate.RegisterValidation("fives", func(field validator.FieldLevel) bool {
		return field.Field().Int()%5 == 0
	}))
	decode := func() (catalog Catalog, err error) {
		if err := json.Unmarshal(text, &catalog); err != nil {
			return catalog, err
		}
		return catalog, validate.Struct(catalog)
	}
	encode := func(catalog *Catalog) ([]byte, error) {
		if err := validate.Struct(catalog); err != nil {
			return nil, err
		}
		return json.Marshal(catalog)
	}
	catalog, err := models.DecodeCatalog(text)
	check(err)
	plain, err := decode()
	check(err)
	written, err := catalog.MarshalJSON()
	check(err)
	plainWritten, err := encode(&plain)
	check(err)
	if !reflect.DeepEqual(tree(written), tree(plainWritten)) {
		log.Fatal("the two encoders wrote different JSON")
	}
	comparisons := []*comparison{
		{what: "decode", ours: "DecodeCatalog", peer: "json.Unmarshal, Struct", runOurs: func() error {
			return second(models.DecodeCatalog(text))
		}, runPeer: func() error { return second(decode()) }},
		{what: "decode", ours: "json.Unmarshal", peer: "json.Unmarshal, Struct", runOurs: func() error {
			return json.Unmarshal(text, new(models.Catalog))
		}, runPeer: func() error { return second(decode()) }},
		{what: "encode", ours: "MarshalJSON", peer: "Struct, json.Marshal", runOurs: func() error {
			return second(catalog.MarshalJSON())
		}, runPeer: func() error { return second(encode(&plain)) }},
	}
	for range rounds {
		for _, each := range comparisons {
			ours := cost(each.runOurs)
			each.ratios = append(each.ratios, float64(ours)/float64(cost(each.runPeer)))
		}
	}
	for _, each := range comparisons {
		slices.Sort(each.ratios)
		check(json.NewEncoder(os.Stdout).Encode(map[string]any{
			"language":     "go",
			"what":         each.what,
			"ours":         each.ours,
			"peer":         "validator " + validatorVersion() + ": " + each.peer,
			"ratio_median": each.ratios[rounds/2],
			"ratio_min":    each.ratios[0],
		}))
	}
}

func validatorVersion() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "github.com/go-playground/validator/v10" {
			return module.Version
		}
	}
	return ""
}

// cost returns the CPU time of one call.
func cost(run func() error) time.Duration {
	calls, start := 0, cpu()
	for {
		for range 10 {
			check(run())
		}
		calls += 10
		if spent := cpu() - start; spent >= turn {
			return spent / time.Duration(calls)
		}
	}
}

// cpu returns the CPU time of this process so far, including the garbage collector.
func cpu() time.Duration {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func tree(text []byte) (value any) {
	check(json.Unmarshal(text, &value))
	return value
}

func second[T any](_ T, err error) error { return err }

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
