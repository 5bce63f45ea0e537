// Command versions_go compares two versions of the generated Go. versions.py runs it.
package main

import (
	"encoding/json"
	"io"
	"log"
	"os"
	"slices"
	"syscall"
	"time"

	after "example.com/modelsync/generated/go/mix/components"
	before "example.com/modelsync/generated_before/go/mix/components"
)

const (
	rounds = 41
	turn   = 20 * time.Millisecond // the CPU time that one function is measured for in one round
)

func main() {
	text, err := io.ReadAll(os.Stdin)
	check(err)
	var ratios []float64
	for range rounds {
		old := cost(func() error { _, err := before.DecodeExportSession(text); return err })
		now := cost(func() error { _, err := after.DecodeExportSession(text); return err })
		ratios = append(ratios, float64(now)/float64(old))
	}
	slices.Sort(ratios)
	check(json.NewEncoder(os.Stdout).Encode(ratios))
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

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
