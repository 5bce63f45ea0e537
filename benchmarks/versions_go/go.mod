module example.com/modelsync/benchmarks/versions_go

go 1.24

require (
	example.com/modelsync/generated/go v0.0.0
	example.com/modelsync/generated_before/go v0.0.0
)

// versions.py adds where generated_before is.
replace example.com/modelsync/generated/go => ../../generated/go
