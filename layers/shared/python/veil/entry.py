"""What Lambda imports and calls: the handler of the function whose folder it runs.

No garbage is looked for while the function starts: it imports hundreds of modules, none of which is garbage. What is
there once it has started is set aside for good, and collection goes on.
"""

import gc
from importlib import import_module

gc.disable()
handler = import_module("handler").handler
gc.freeze()
gc.enable()
