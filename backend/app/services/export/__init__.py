"""Exports of a debrief: what goes in, the document it becomes, and one writer for each format. No repositories here."""
