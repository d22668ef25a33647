"""From a model in a user's format to the files that runtimes read, and whether those say the same.

Knows nothing of training: the trainers convert by the same code. TensorFlow, Keras and tf2onnx are imported here and in
the TensorFlow runtime alone, and never in a server's process: a command converts in a child process.
"""
