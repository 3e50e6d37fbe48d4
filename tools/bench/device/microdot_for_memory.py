"""A microdot server with one page, which says how much of the heap is in use."""

import asyncio
import gc
import sys

from microdot import Microdot

app = Microdot()


@app.route("/")
async def used(request):
    gc.collect()
    return str(gc.mem_alloc())


asyncio.run(app.start_server(host="127.0.0.1", port=int(sys.argv[1])))
