# SPDX-License-Identifier: BSD-2-Clause
#
# A question at witness.sock, as farmgate-attest asks it. Usage: ask_witness.py
# TOKEN USER HOST. Prints the answer, or "fail" and its number.

import os
import sys

sys.path.insert(0, os.path.dirname(__file__))
from wire import witness  # noqa: E402

answer = witness(*sys.argv[1:])
print(answer if isinstance(answer, str) else "fail %d" % answer)
