"""Codes of a second factor, computed by RFC 6238."""

import base64
import hashlib
import hmac
import struct
import time


def code_at(secret, seconds):
    key = base64.b32decode(secret)
    mac = hmac.new(key, struct.pack(">q", int(seconds) // 30), hashlib.sha1).digest()
    at = mac[-1] & 15
    return "%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7fffffff) % 1000000)


def code(secret, steps=0):
    """The one that is good now, or so many steps of 30 seconds later."""
    return code_at(secret, time.time() + 30 * steps)
