"""The REST door: the serializer and the view of a concept share a file."""
