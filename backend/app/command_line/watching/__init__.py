"""`watch`: what appears in a folder is imported once it is complete."""
