"""Where an article is published: its own link field, its site's rules, its file in a repository."""
