"""One module for each language: how its generated code is compiled and run."""
