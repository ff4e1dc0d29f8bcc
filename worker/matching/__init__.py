"""Deciding, pure: readings + open requests -> decisions with reasons.

Touches no file, no clock, no database and no image library. The way through the room:

`sightings` what the words and barcodes of one page could mean (ids, names, dates, counters, document type)
`evidence`  each sighting compared with each candidate request: findings with a weight and a sentence
`sequence`  the whole document at once: which run of pages belongs to which request
`decide`    the policy: file, set aside, or let a person decide
`read_on`   which pages to read more of, because that could change the decision
"""
