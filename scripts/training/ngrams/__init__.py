"""The n-grams beside a network: counted, chosen, weighed, and put together with it."""
