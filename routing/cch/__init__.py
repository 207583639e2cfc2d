"""
Customizable Contraction Hierarchies over plain arrays: exact times and ways under any weights, at once.

After Dibbelt, Strasser and Wagner, "Customizable Contraction Hierarchies" (2016), and Delling, Goldberg,
Nowatzyk and Werneck, "PHAST" (2011). It knows nodes, arcs and whole milliseconds, and nothing of roads.
"""
