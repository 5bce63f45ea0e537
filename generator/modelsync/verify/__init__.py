"""Cases that probe what a schema promises, what has to become of them, and what does.

`vectors` makes the cases, of `documents` and `probes`; `expected` says what a language has to make
of each; the runners say what its generated code makes of it, and `compilers` what its compilers
think of that code. `toolchains` finds the programs for both.
"""
