"""
The clause checker: every *shall* and *should* of the standards held against registry, roads and log.

Each module judges the clauses of one subject and yields a finding for each thing it is about. What cannot be
told is said, with what would supply it; nothing is left out. AQ/T 9007 names forms of drills and neither
binds nor advises, so it has no clause.
"""
