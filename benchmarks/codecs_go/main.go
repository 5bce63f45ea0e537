// Command codecs_go compares the speed of generated Go with encoding/json on the same structs
// without methods. See codecs.py for its input and output.
package main

import (
	"encoding/json"
	"io"
	"log"
	"os"
	"reflect"
	"runtime"
	"slices"
	"syscall"
	"time"

	"example.com/modelsync/generated/go/mix/components"
)

const (
	rounds = 25
	turn   = 20 * time.Millisecond // the CPU time that one function is measured for in one round
)

// PlainMessage and PlainSession have the fields and tags of the generated structs but no methods.
type PlainMessage struct {
	Content   string    `json:"content"`
	CreatedAt time.Time `json:"createdAt"`
	ID        string    `json:"id"`
	Role      string    `json:"role"`
	UpdatedAt time.Time `json:"updatedAt"`
}

type PlainSession struct {
	AssistantMessageCount *int64         `json:"assistantMessageCount,omitempty"`
	CompletionTokens      *int64         `json:"completionTokens,omitempty"`
	Cost                  *float64       `json:"cost,omitempty"`
	CreatedAt             *time.Time     `json:"createdAt,omitempty"`
	ID                    string         `json:"id"`
	Messages              []PlainMessage `json:"messages"`
	PromptTokens          *int64         `json:"promptTokens,omitempty"`
	Title                 string         `json:"title"`
	ToolCallCount         *int64         `json:"toolCallCount,omitempty"`
	UpdatedAt             *time.Time     `json:"updatedAt,omitempty"`
	UserMessageCount      *int64         `json:"userMessageCount,omitempty"`
}

// ready marshals at no cost, so json.Marshal takes the minimum time for a type with MarshalJSON.
type ready []byte

func (r ready) MarshalJSON() ([]byte, error) { return r, nil }

// skipped unmarshals at no cost.
type skipped struct{}

func (*skipped) UnmarshalJSON([]byte) error { return nil }

// comparison compares one generated function, or one of the minimum types, with encoding/json.
type comparison struct {
	what, ours, peer string
	runOurs, runPeer func() error
	ratios           []float64
}

func main() {
	text, err := io.ReadAll(os.Stdin)
	check(err)
	session, err := components.DecodeExportSession(text)
	check(err)
	var plain PlainSession
	check(json.Unmarshal(text, &plain))
	written, err := session.MarshalJSON()
	check(err)
	plainWritten, err := json.Marshal(plain)
	check(err)
	if !reflect.DeepEqual(tree(written), tree(plainWritten)) {
		log.Fatal("the two encoders wrote different JSON")
	}

	unmarshalPlain := func() error { return json.Unmarshal(text, new(PlainSession)) }
	marshalPlain := func() error { return second(json.Marshal(&plain)) }
	buffer := make([]byte, 0, 2*len(text))
	comparisons := []*comparison{
		{what: "decode", ours: "DecodeExportSession", runPeer: unmarshalPlain, runOurs: func() error {
			return second(components.DecodeExportSession(text))
		}},
		{what: "decode", ours: "json.Unmarshal", runPeer: unmarshalPlain, runOurs: func() error {
			return json.Unmarshal(text, new(components.ExportSession))
		}},
		{what: "decode", ours: "(json.Unmarshal of nothing)", runPeer: unmarshalPlain, runOurs: func() error {
			return json.Unmarshal(text, new(skipped))
		}},
		{what: "encode", ours: "AppendJSON", runPeer: marshalPlain, runOurs: func() error {
			return second(session.AppendJSON(buffer))
		}},
		{what: "encode", ours: "MarshalJSON", runPeer: marshalPlain, runOurs: func() error {
			return second(session.MarshalJSON())
		}},
		{what: "encode", ours: "json.Marshal", runPeer: marshalPlain, runOurs: func() error {
			return second(json.Marshal(&session))
		}},
		{what: "encode", ours: "(json.Marshal of ready bytes)", runPeer: marshalPlain, runOurs: func() error {
			return second(json.Marshal(ready(written)))
		}},
	}
	for range rounds {
		for _, each := range comparisons {
			ours := cost(each.runOurs)
			each.ratios = append(each.ratios, float64(cost(each.runPeer))/float64(ours))
		}
	}
	for _, each := range comparisons {
		slices.Sort(each.ratios)
		check(json.NewEncoder(os.Stdout).Encode(map[string]any{
			"language":     "go",
			"what":         each.what,
			"ours":         each.ours,
			"peer":         "encoding/json of " + runtime.Version() + ", plain",
			"ratio_median": each.ratios[rounds/2],
			"ratio_min":    each.ratios[0],
		}))
	}
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
