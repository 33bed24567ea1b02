"""The catalogue: articles and passages in SQLite, as they are shown and as they are scored."""
