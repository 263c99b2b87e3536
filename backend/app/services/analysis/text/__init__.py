"""Units of a talk: turns, sentences, questions, words. Rules that every engine may use."""
