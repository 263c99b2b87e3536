"""One debrief for the terminal, as the API gives it: whatever people said stays text and is never markup."""
