"""How values are written, by language, where Django asks."""
