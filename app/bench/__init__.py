"""`horngate bench`: a load generator for whoever runs the server, with the limit of the machine beside its result."""
