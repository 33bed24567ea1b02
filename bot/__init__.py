"""The conversation: questions in, passages out, in Telegram or in a terminal."""
