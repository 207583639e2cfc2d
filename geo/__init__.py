"""Places on the ground: reference systems, lines, risk grades and maps. No roads, no database, no web."""
