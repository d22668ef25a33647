"""The page at /docs: Swagger UI over the documents of the server and of each model."""
