"""Who is who: names and roles of speakers, from all evidence, with one confidence and one reason each."""
