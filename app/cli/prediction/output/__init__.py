"""Answers as files: in three formats, whole or to be gone on with."""
