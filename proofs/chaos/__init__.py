"""Everything goes wrong: the simulation of all of Veil, bad photos, and the search for worse ones."""
