"""Runs a command until standard input ends, so that it never outlives who started it."""

import os
import subprocess
import sys
import threading

GRACE = 5  # Seconds that the command has to end by itself.


def end_with_stdin(child):
    while os.read(0, 4096):
        pass
    child.terminate()
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        child.kill()


host = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
threading.Thread(target=end_with_stdin, args=(host,), daemon=True).start()
sys.exit(host.wait())
