"""`export`: the debriefs of many interviews as files in a folder."""
