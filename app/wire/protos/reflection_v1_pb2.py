"""What `reflection_v1.proto` declares."""

from app.wire.protos.pool import publish

publish(__name__, globals())
