"""Times as operators compare them: in UTC like everything on the board, to the second."""

DATETIME_FORMAT = "Y-m-d H:i:s"
