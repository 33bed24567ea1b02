"""The command line: rebuild-embeddings, ask-articles, evaluate-retrieval."""
