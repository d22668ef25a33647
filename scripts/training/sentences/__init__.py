"""Our own short sentences of many domains, English and Chinese, to judge a sentiment model on and never to learn from.

Each language has two halves: `development`, on which choices may be made, and `held_out`, whose figures are published.
"""
