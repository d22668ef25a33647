"""The protocols' encodings: pure functions between bytes, JSON or messages and tensors; no framework, no service."""
