"""HTTP: bytes to typed requests, answers to bytes; with the composition root, all that knows a web framework."""
