"""English."""

from bot.languages.language import Language

LANGUAGE = Language(
    tags=("en",),
    greeting=(
        "Hi! Ask me anything about the articles collected here.\n\n"
        "I answer with the passages that fit best, quoted word for word, and a link to where each one stands."
    ),
    help=(
        "Just send me a question, in your own words and in any language.\n\n"
        "You get up to three passages. The sentence in bold is the one that fits best; "
        "tap a title to read on in the article.\n\n"
        "I only quote. When no article answers, I say so.\n\n"
        "In a group, write /ask and your question, mention me, or reply to one of my messages."
    ),
    ask_command="Ask a question",
    help_command="How to ask",
    nothing="I found no passage that answers this. Other words, a name or a place may help.",
    empty="What would you like to know? Write me your question.",
    too_long="That is too long for me. Please ask in at most {limit} characters.",
    busy="Many questions are coming in right now. Please ask again in a minute.",
    trouble="Sorry, something went wrong on my side. Please ask again in a moment.",
    closed="Sorry, I can't answer in this chat.",
    also_in="Also in: ",
    between=", ",
)
