"""From facts to the words that leave: a subject, a plain text and an HTML page, by templates."""
