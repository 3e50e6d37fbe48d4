"""A client of umqtt.simple that answers each message with how much of the heap is in use."""

import gc
import sys

from umqtt.simple import MQTTClient

client = MQTTClient("board", "127.0.0.1", int(sys.argv[1]))


def told(_topic, _message):
    gc.collect()
    client.publish(b"used", b"%d" % gc.mem_alloc())


client.set_callback(told)
client.connect()
client.subscribe(b"ask")
while True:
    client.wait_msg()
