"""Reading: files become articles and passages."""
