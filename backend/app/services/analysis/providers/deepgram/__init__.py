"""Deepgram's text intelligence: topics, intents, sentiment of statements and a summary, found in the text alone."""
