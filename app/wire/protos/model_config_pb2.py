"""What `model_config.proto` declares."""

from app.wire.protos.pool import publish

publish(__name__, globals())
