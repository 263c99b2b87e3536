"""`python -m app.cli doctor`: is this installation fit for work, and how to mend what is not."""
