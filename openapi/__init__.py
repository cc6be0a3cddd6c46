"""Makes the OpenAPI document from the code: `make openapi` writes it to where the layer serves it from.

Requests are as the handlers declare them; answers are as `openapi.operations` and `veil.api.problems` list them.
"""
