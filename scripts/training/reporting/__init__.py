"""The pages that people look at: one content, as `MODEL_CARD.md` with its plots and as `report.html` in one file."""
