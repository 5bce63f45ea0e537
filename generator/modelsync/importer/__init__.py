"""OpenAPI documents and JSON Schemas -> one schema, with the rules of specs.

    bytes -> values with positions                                    text
          -> files with their dialects, and where each `$ref` leads   library
          -> nodes of documents, as a spec has them, and findings     translation, unions, scalars,
                                                                      patterns, exported
          -> a schema that breaks no rule, with valid names           repair

`run` is all of it. A definition of a source becomes the nodes that a spec of it has, so every rule
of specs holds, and each problem has its position in the source. A finding is something that the
specs do not say in the same way. This package reads and writes no files.
"""
