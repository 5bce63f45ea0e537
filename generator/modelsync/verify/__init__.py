"""Test cases for generated code, their expected outcomes, and their actual outcomes.

`vectors` generates the cases from `documents` and `probes`, and `expected` computes the outcome
that a language must have for each. The toolsets in `languages` compile the generated code and run
it on the cases, with the programs that `toolchains` finds.
"""
