# SPDX-License-Identifier: BSD-2-Clause
# unzstd.py FILE: what is in it, by libzstd itself.
import ctypes
import sys

data = open(sys.argv[1], "rb").read()
zstd = ctypes.CDLL("libzstd.so.1")
zstd.ZSTD_decompress.restype = ctypes.c_size_t
zstd.ZSTD_decompress.argtypes = [ctypes.c_void_p, ctypes.c_size_t,
                                 ctypes.c_char_p, ctypes.c_size_t]
size = 1 << 26
out = ctypes.create_string_buffer(size)
n = zstd.ZSTD_decompress(out, size, data, len(data))
if zstd.ZSTD_isError(ctypes.c_size_t(n)):
    sys.exit("unzstd: it is damaged")
sys.stdout.buffer.write(out.raw[:n])
