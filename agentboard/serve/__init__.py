"""The serving side: how requests reach the board and answers leave it. Nothing here knows Django or the board."""
