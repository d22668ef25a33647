"""What lies in `models/`: `<name>/<version>/` folders, each with a manifest that vouches for its files."""
