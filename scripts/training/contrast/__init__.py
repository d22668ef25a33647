"""Further training rows made of clauses whose word tells what they say: plain, negated, and opposed to each other."""
