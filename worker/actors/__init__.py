"""The queue: one thin actor per step, ids only. What is to be done stands in the database; a message only rings."""
