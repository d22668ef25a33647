"""After training: probabilities that mean what they say, and the band inside which a sentiment is neutral."""
