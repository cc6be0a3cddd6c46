"""A GPU of one's own: a stack apart, with one machine that runs ComfyUI behind its proxy."""
