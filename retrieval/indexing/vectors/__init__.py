"""The vectors of a collection: made, kept, and searched."""
