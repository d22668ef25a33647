"""Labelled data as they lie in files: read row by row, the good kept, the broken counted and named."""
