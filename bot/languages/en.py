"""English."""

from bot.languages.language import Language

LANGUAGE = Language(
    tags=("en",),
    locale="en",
    name="English",
    greeting=(
        "Hi! Ask me anything about the articles collected here.\n\n"
        "I answer with the passage that fits best, quoted word for word, "
        "and a link to where it stands."
    ),
    help=(
        "Just send me a question, in your own words and in any language.\n\n"
        "The sentence in bold is the one that fits best; "
        "the buttons lead to further passages and to the paragraphs around. "
        "Reply to an answer to ask on. I only quote. When no article answers, I say so.\n\n"
        "/search lighthouse after:2021-03 before:2022 category:News author:Ada"
    ),
    help_in_telegram=(
        "/latest, /categories, /subscribe TOPIC, /unsubscribe, /pictures, /language, /about\n\n"
        "In a group, write /ask and your question, mention me, or reply to one of my messages."
    ),
    menu={
        "ask": "Ask a question",
        "search": "Search with filters",
        "latest": "The newest articles",
        "categories": "All categories",
        "subscribe": "Hear of new articles on a topic",
        "unsubscribe": "Hear of them no longer",
        "pictures": "Pictures on or off",
        "language": "Choose a language",
        "about": "What is collected here",
        "help": "How to ask",
        "stats": "How the bot is doing",
        "reload": "Look for a new index now",
        "feedback": "What people said of the answers",
    },
    nothing="I found no passage that answers this. Other words, a name or a place may help.",
    empty="What would you like to know? Write me your question.",
    too_long="That is too long for me. Please ask in at most {limit} characters.",
    busy="Many questions are coming in right now. Please ask again in a minute.",
    slower="One thing at a time, please: ask again in half a minute.",
    trouble="Sorry, something went wrong on my side. If you see no answer, please ask again in a moment.",
    closed="Sorry, I can't answer in this chat.",
    also_in="Also in: ",
    between=", ",
    understood="Understood as: {question}",
    previous="Previous",
    next="Next",
    more="More from this article",
    source="Source",
    right="👍 Right",
    found="👍 This was the answer",
    wrong="👎 Not right",
    back="Back",
    earlier="Earlier",
    later="Later",
    latest_button="Newest articles",
    thanks="Thank you, noted.",
    expired="This button has expired. Please ask again.",
    not_yours="This answer belongs to somebody else. Ask me yourself!",
    changed="The article has changed since. Please ask again.",
    bad_filter=(
        "I don't understand {text}. Filters look like this: after:2021-03 before:2022 category:News author:Ada"
    ),
    search_usage=("Write what to look for, and filters if you like: /search lighthouse after:2021-03 category:News"),
    latest="The newest articles:",
    no_articles="No article fits that.",
    categories="Categories, with the number of articles:",
    no_categories="These articles have no categories.",
    choose_language="Which language shall I speak?",
    automatic="That of my Telegram",
    language_set="I speak English with you now.",
    pictures_on="Answers here come with the article's picture again. /pictures turns it off.",
    pictures_off="No more pictures here. /pictures turns them on again.",
    about="{articles}, {passages}.\nIndex as of {moment}.",
    articles={"one": "{number} article", "other": "{number} articles"},
    passages={"one": "{number} passage", "other": "{number} passages"},
    subscribe_usage="Which topic? For example: /subscribe lighthouse",
    subscribed="New articles on “{topic}” will be announced here, once a day at most.",
    unsubscribed="No more news on “{topic}”.",
    not_subscribed="Which one? /unsubscribe TOPIC. Topics here: {topics}",
    no_topics="There are no topics here. /subscribe TOPIC begins one.",
    too_many_topics="At most {limit} topics. End one with /unsubscribe TOPIC.",
    digest="New on “{topic}”:",
    ask_in_private="Ask in private",
)
