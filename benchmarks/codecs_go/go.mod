module example.com/modelsync/benchmarks/codecs_go

go 1.24

require example.com/modelsync/generated/go v0.0.0

replace example.com/modelsync/generated/go => ../../generated/go
