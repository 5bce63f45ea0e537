// Command codecs measures the Go codecs; ../__main__.py documents the input and output.
package main

import (
	"encoding/json"
	"io"
	"log"
	"os"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/bytedance/sonic"
	v2 "github.com/go-json-experiment/json"
	goccy "github.com/goccy/go-json"
	"github.com/mailru/easyjson"

	"example.com/modelsync/benchmarks/codecs/easy"
	"example.com/modelsync/benchmarks/codecs/models"
	"example.com/modelsync/benchmarks/codecs/plain"
)

const (
	rounds = 25
	turn   = 20 * time.Millisecond // the CPU time that one function is measured for in one round
)

// codec decodes and encodes one document.
type codec struct {
	name       string
	use        func()                         // called before it is measured
	decode     func(text []byte) (any, error) // nil: the same as in the generated code
	encode     func(value any) ([]byte, error)
	value      any
	decodeTime []float64 // in microseconds, one for each round
	encodeTime []float64
}

// document has what the codecs need to know about one document.
type document struct {
	decode  func(text []byte) (any, error) // of the generated code
	pointer func() any                     // to a generated struct without a value
	plain   func() any
	easy    func() easyjson.MarshalerUnmarshaler
}

var documents = map[string]document{
	"session": {
		func(text []byte) (any, error) { return pointer(models.DecodeSession(text)) },
		func() any { return new(models.Session) },
		func() any { return new(plain.Session) },
		func() easyjson.MarshalerUnmarshaler { return new(easy.Session) },
	},
	"series": {
		func(text []byte) (any, error) { return pointer(models.DecodeDataset(text)) },
		func() any { return new(models.Dataset) },
		func() any { return new(plain.Dataset) },
		func() easyjson.MarshalerUnmarshaler { return new(easy.Dataset) },
	},
	"feed": {
		func(text []byte) (any, error) { return pointer(models.DecodeFeed(text)) },
		func() any { return new(models.Feed) },
		func() any { return new(plain.Feed) },
		func() easyjson.MarshalerUnmarshaler { return new(easy.Feed) },
	},
}

func pointer[T any](value T, err error) (any, error) { return &value, err }

// library is a codec that has the interface of encoding/json and works with any struct.
func library(name string, empty func() any, unmarshal func([]byte, any) error, marshal func(any) ([]byte, error)) *codec {
	return &codec{
		name: name,
		use:  func() { plain.Unmarshal, plain.Marshal = unmarshal, marshal },
		decode: func(text []byte) (any, error) {
			value := empty()
			return value, unmarshal(text, value)
		},
		encode: marshal,
	}
}

// codecs returns the generated code, and all that it is compared with.
func codecs(of document) []*codec {
	// Unlike its default, this sonic copies strings out of the text and checks their UTF-8, as the
	// others do.
	checked := sonic.Config{CopyString: true, ValidateString: true}.Froze()
	var buffer []byte
	return []*codec{
		{
			name:   "modelsync",
			use:    func() {},
			decode: of.decode,
			encode: func(value any) ([]byte, error) { return value.(json.Marshaler).MarshalJSON() },
		},
		{
			name: "modelsync: AppendJSON, reused buffer",
			use:  func() {},
			encode: func(value any) (_ []byte, err error) {
				buffer, err = value.(interface {
					AppendJSON([]byte) ([]byte, error)
				}).AppendJSON(buffer[:0])
				return buffer, err
			},
		},
		library("modelsync: json.Unmarshal, Marshal", of.pointer, json.Unmarshal, json.Marshal),
		library("encoding/json "+strings.TrimPrefix(runtime.Version(), "go"), of.plain, json.Unmarshal, json.Marshal),
		library(
			"json v2 "+version("github.com/go-json-experiment/json"), of.plain,
			func(text []byte, value any) error { return v2.Unmarshal(text, value) },
			func(value any) ([]byte, error) { return v2.Marshal(value) },
		),
		{
			name: "easyjson " + version("github.com/mailru/easyjson"),
			use:  func() {},
			decode: func(text []byte) (any, error) {
				value := of.easy()
				return value, easyjson.Unmarshal(text, value)
			},
			encode: func(value any) ([]byte, error) { return easyjson.Marshal(value.(easyjson.Marshaler)) },
		},
		library("sonic "+version("github.com/bytedance/sonic"), of.plain, checked.Unmarshal, checked.Marshal),
		library("goccy/go-json "+version("github.com/goccy/go-json"), of.plain, goccy.Unmarshal, goccy.Marshal),
	}
}

// version returns the version of a module.
func version(path string) string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == path {
			return strings.TrimPrefix(module.Version, "v")
		}
	}
	return ""
}

func main() {
	name, only := os.Args[1], os.Args[2:]
	text, err := io.ReadAll(os.Stdin)
	check(err)
	all := codecs(documents[name])
	ours := all[0]
	want, err := ours.decode(text)
	check(err)
	measured := []*codec{ours}
	for _, peer := range all[1:] {
		if len(only) == 0 || slices.ContainsFunc(only, func(word string) bool { return strings.Contains(peer.name, word) }) {
			measured = append(measured, peer)
		}
	}
	for _, codec := range measured {
		decode := codec.decode
		if decode == nil {
			decode = ours.decode
		}
		codec.use()
		codec.value, err = decode(text)
		check(err)
		written, err := codec.encode(codec.value)
		check(err)
		read, err := ours.decode(written)
		check(err)
		if !reflect.DeepEqual(read, want) {
			log.Fatalf("%s differs: %s", codec.name, written)
		}
	}
	for range rounds {
		for _, codec := range measured {
			if codec.decode == nil {
				continue
			}
			codec.use()
			codec.decodeTime = append(codec.decodeTime, cost(func() error {
				_, err := codec.decode(text)
				return err
			}))
		}
		for _, codec := range measured {
			codec.use()
			codec.encodeTime = append(codec.encodeTime, cost(func() error {
				_, err := codec.encode(codec.value)
				return err
			}))
		}
	}
	for _, codec := range measured {
		if codec.decode != nil {
			report(name, "decode", codec.name, ours.decodeTime, codec.decodeTime)
		}
		report(name, "encode", codec.name, ours.encodeTime, codec.encodeTime)
	}
}

// report prints a line of JSON.
func report(document, what, codec string, ours, theirs []float64) {
	ratios := make([]float64, rounds)
	for round := range ratios {
		ratios[round] = ours[round] / theirs[round]
	}
	check(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"language":     "go",
		"document":     document,
		"what":         what,
		"codec":        codec,
		"microseconds": median(theirs),
		"ratio_median": median(ratios),
		"ratio_min":    slices.Min(ours) / slices.Min(theirs),
	}))
}

func median(values []float64) float64 { return slices.Sorted(slices.Values(values))[len(values)/2] }

// cost returns the CPU time of one call, in microseconds.
func cost(run func() error) float64 {
	calls, start := 0, cpu()
	for {
		for range 10 {
			check(run())
		}
		calls += 10
		if spent := cpu() - start; spent >= turn {
			return float64(spent.Nanoseconds()) / 1000 / float64(calls)
		}
	}
}

// cpu returns the CPU time of this process so far, including the garbage collector.
func cpu() time.Duration {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
