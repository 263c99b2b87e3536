"""`import`: recordings and transcripts of a disk become interviews, each of them once."""
