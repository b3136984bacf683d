// Fills in prometheus-names.json with the names that Prometheus itself would store: go run . ../prometheus-names.json
package main

import (
	"encoding/json"
	"os"
	"runtime/debug"

	"github.com/prometheus/otlptranslator"
)

type Answer struct {
	Name       string `json:"name"`
	Unit       string `json:"unit"`
	Instrument string `json:"instrument"`
	Prometheus string `json:"prometheus"`
}

type File struct {
	Source  string   `json:"source"`
	Answers []Answer `json:"answers"`
}

var types = map[string]otlptranslator.MetricType{
	"histogram":     otlptranslator.MetricTypeHistogram,
	"counter":       otlptranslator.MetricTypeMonotonicCounter,
	"updowncounter": otlptranslator.MetricTypeNonMonotonicCounter,
	"gauge":         otlptranslator.MetricTypeGauge,
}

func main() {
	text := must(os.ReadFile(os.Args[1]))
	var file File
	check(json.Unmarshal(text, &file))
	namer := otlptranslator.NewMetricNamer("", otlptranslator.UnderscoreEscapingWithSuffixes)
	for i, answer := range file.Answers {
		file.Answers[i].Prometheus = must(namer.Build(otlptranslator.Metric{
			Name: answer.Name, Unit: answer.Unit, Type: types[answer.Instrument],
		}))
	}
	for _, module := range known(debug.ReadBuildInfo()).Deps {
		if module.Path == "github.com/prometheus/otlptranslator" {
			file.Source = module.Path + " " + module.Version
		}
	}
	check(os.WriteFile(os.Args[1], append(must(json.MarshalIndent(file, "", "  ")), '\n'), 0o644))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func known[T any](value T, ok bool) T {
	if !ok {
		panic("built without module information")
	}
	return value
}
