# SPDX-License-Identifier: BSD-2-Clause
"""Keeps replacing the database in the folder argv[1]: by itself, a link to
argv[2], a FIFO, and nothing, as fast as it can."""

import os
import sys

folder, target = sys.argv[1:]
name = os.path.join(folder, "farmgate.db")
new = os.path.join(folder, "swapping.new")
kept = os.path.join(folder, "swapping.kept")
os.link(name, kept)
with open(kept, "rb") as f:
    database = f.read()
os.unlink(kept)


def put_database():
    with open(os.open(new, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as out:
        out.write(database)


def put_link():
    os.symlink(target, new)


def put_fifo():
    os.mkfifo(new, 0o600)


while True:
    for put in put_database, put_link, put_database, put_fifo:
        put()
        os.rename(new, name)
