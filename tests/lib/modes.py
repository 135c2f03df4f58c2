# SPDX-License-Identifier: BSD-2-Clause
#
# Watches a folder for a number of seconds, as fast as it can, and prints each
# combination of socket, mode and group that it ever saw. Says "watching"
# first.

import os
import sys
import time

folder, seconds = sys.argv[1], float(sys.argv[2])
seen = set()
print("watching", flush=True)
end = time.monotonic() + seconds
while time.monotonic() < end:
    for name in ("policy.sock", "control.sock", "audit.sock", "witness.sock"):
        try:
            st = os.lstat(os.path.join(folder, name))
        except FileNotFoundError:
            continue
        seen.add((name, "%o" % (st.st_mode & 0o7777), st.st_gid))
for name, mode, gid in sorted(seen):
    print(name, mode, gid)
