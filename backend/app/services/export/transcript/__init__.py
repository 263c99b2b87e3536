"""A transcript as a file for people and other programs: plain text, subtitles, JSON, Word."""
