"""Search: what was said in all interviews of an organisation, found by words and phrases.

`analyzer` is the one way from text to terms, for transcripts and for questions; both databases keep those terms.
"""
