"""The HTML door: what people see, and the forms they send. Each form is one domain call, as in every door."""
