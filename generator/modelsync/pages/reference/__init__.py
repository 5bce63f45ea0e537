"""The format of reference pages: written by the Markdown target, and read by `transcribe`."""
