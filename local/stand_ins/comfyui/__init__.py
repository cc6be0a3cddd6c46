"""ComfyUI, as its native routes answered when a real one (0.3.64) was asked: what ``comfy-api-proxy`` stands before.

It runs no graph: it finds the photo, the prompt and the seed in it, and has a portrait rendered.
"""
