"""Between what people send and what models take: numpy in, numpy out; shared with training."""
