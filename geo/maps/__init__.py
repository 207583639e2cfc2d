"""Folium maps that open from one file: what they draw with is shipped, nothing is fetched."""
