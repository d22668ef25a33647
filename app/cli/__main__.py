"""`python -m app.cli`: the same as `horngate`."""

from app.cli import main

main()
