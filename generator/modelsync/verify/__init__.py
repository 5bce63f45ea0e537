"""Test cases for generated code, their expected outcomes, and their actual outcomes.

`vectors` generates the cases from `documents` and `probes`, and `expected` computes the outcome
that a language must have for each. The runners run the generated code on the cases, and `compilers`
reports what its compilers find. `toolchains` finds the programs for both.
"""
