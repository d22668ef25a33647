"""The Open Inference Protocol over HTTP, below `/v2`: it translates, the service decides."""
