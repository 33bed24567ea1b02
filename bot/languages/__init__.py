"""What the bot says, one module a language: to add a language, add a module that defines `LANGUAGE`."""
