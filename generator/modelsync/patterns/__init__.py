"""The pattern dialect: regular expressions that mean the same in Python, ECMAScript and RE2.

docs/patterns.md has its grammar and its meaning. A pattern is parsed once, checked, and written
anew for each language, so that no difference between their dialects can show.
"""
