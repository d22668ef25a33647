"""One module for each part of the benchmark; each gives a `Section`."""
