"""Names: what is seldom translated, only written anew in another script."""
