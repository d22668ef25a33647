"""What the server tells about itself: metrics and logs."""

METRICS_FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder in which several processes' metrics add up; `prometheus_client` reads it as it is imported."""
