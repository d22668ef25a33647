"""The messages of the gRPC services: the `.proto` files, and what `python -m scripts.protos` makes of them.

One module per file, named as protoc would name it. The `.pyi` beside it says what it holds; the module itself takes its
classes from `descriptors.binpb`, so that no generated code binds the server to one release of protobuf.
"""
