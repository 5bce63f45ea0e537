"""OpenAPI documents and JSON Schemas -> one schema, with the rules of specs.

    bytes -> sources: values with positions, and where each `$ref` leads
          -> nodes of documents, as a spec has them, and findings: what they do not say
          -> schema

A definition of a source becomes the nodes that a spec of it has, so every rule of specs holds, and
each problem has its position in the source. This package reads and writes no files.
"""
