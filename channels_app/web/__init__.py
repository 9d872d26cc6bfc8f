"""The HTML door of the conversation: what people read and write. Each form is one domain call, as in every door."""
