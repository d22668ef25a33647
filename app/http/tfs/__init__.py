"""TensorFlow Serving's REST API, below `/v1`: it translates, the service decides."""
