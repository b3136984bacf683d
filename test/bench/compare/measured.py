"""Runs a command and prints, as the last line, what it took: {"seconds", "cpuSeconds", "peakBytes"}."""

import json
import os
import subprocess
import sys
import time

start = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(child.pid, 0)
seconds = time.perf_counter() - start
# macOS counts bytes, Linux kilobytes.
peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
# 1 is a finding of `driftline compare`.
if os.waitstatus_to_exitcode(status) not in (0, 1):
    sys.exit(f"{sys.argv[1:]} failed")
print(json.dumps({"seconds": seconds, "cpuSeconds": usage.ru_utime + usage.ru_stime, "peakBytes": peak}))
