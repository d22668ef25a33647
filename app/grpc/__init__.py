"""gRPC: TensorFlow Serving's and the Open Inference Protocol's services, health and reflection, on one port."""
