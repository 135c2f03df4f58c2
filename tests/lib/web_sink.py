# SPDX-License-Identifier: BSD-2-Clause
#
# What a web hook may meet: a server that has failed, and one that does not
# answer. Usage: web_sink.py FAILING SILENT

import http.server
import socket
import sys
import threading


class Failing(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_error(500)

    def log_message(self, *_):
        pass


silent = socket.create_server(("127.0.0.1", int(sys.argv[2])))
failing = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Failing)
threading.Thread(target=failing.serve_forever, daemon=True).start()
held = []
while True:
    held.append(silent.accept())
