"""The model pages of SDK docs: tables, the notations of their languages, and their examples.

The format was measured on the pages of real SDKs; each module documents its part of it.
"""
