"""Tables of inputs, read a chunk at a time, however long they are."""
