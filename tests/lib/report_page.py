#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
# What is asked of a report's HTML by those who do not see it, and by those who
# do; with nothing but Python's own modules.
# Usage: report_page.py check FILE     prints each mistake
#        report_page.py png FILE       prints the colour of the corner, how many
#                                      there are, and each of those that are ours
#        report_page.py pdf FILE       prints how many pages there are, and pieces
#                                      of text, and those of our colours for
#                                      lines on paper and for the dark
#        report_page.py serve FILE     a web server on a port that it prints;
#                                      writes what it is asked for to FILE
import http.server
import re
import struct
import sys
import zlib
from html.parser import HTMLParser

VOID = {"meta", "link", "img", "br", "hr", "input"}
TAGS = set("""html head meta title style body a header h1 h2 p nav ul li main
section dl div dt dd table caption thead tbody tr th td figure figcaption span
svg defs pattern line rect g text desc footer""".split())
OURS = set("""lang charset http-equiv content name class href id role tabindex
scope aria-label aria-labelledby aria-hidden viewbox x y x1 x2 y1 y2 width
height fill text-anchor patternunits patterntransform""".split())


class Page(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.wrong, self.ids, self.refs = [], [], set(), set()
        self.counts, self.text, self.headings = {}, "", []

    def handle_starttag(self, tag, attrs):
        self.counts[tag] = self.counts.get(tag, 0) + 1
        self.see(tag, dict(attrs))
        if tag not in VOID:
            self.open.append((tag, dict(attrs), []))
        for _, _, inner in self.open[:-1]:
            inner.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def see(self, tag, attrs):
        if tag not in TAGS:
            self.wrong.append(f"element {tag}")
        for name, value in attrs.items():
            if name not in OURS:
                self.wrong.append(f"attribute {name} of {tag}")
            if name == "href" and not value.startswith("#"):
                self.wrong.append(f"link to {value}")
        if "id" in attrs:
            if attrs["id"] in self.ids:
                self.wrong.append(f"id {attrs['id']} twice")
            self.ids.add(attrs["id"])
        self.refs |= set(attrs.get("aria-labelledby", "").split())
        self.refs |= {attrs["href"][1:]} if "href" in attrs else set()
        if tag == "th" and attrs.get("scope") not in ("row", "col"):
            self.wrong.append("a th without scope")
        if attrs.get("role") == "img" and "aria-labelledby" not in attrs:
            self.wrong.append("a picture without a name")
        if tag in ("h1", "h2"):
            self.headings.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1][0] != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")
            return
        _, attrs, inner = self.open.pop()
        if tag == "table" and not {"caption", "thead", "tbody"} <= set(inner):
            self.wrong.append("a table without caption, thead or tbody")
        if attrs.get("role") == "img" and not {"title", "desc"} <= set(inner):
            self.wrong.append("a picture without title or desc")

    def handle_data(self, data):
        self.text += data

    def mistakes(self):
        wrong = list(self.wrong)
        wrong += [f"{tag} is not closed" for tag, _, _ in self.open]
        wrong += [f"nothing has the id {i}" for i in self.refs - self.ids]
        if self.headings[:1] != ["h1"] or self.headings.count("h1") != 1:
            wrong.append(f"headings {self.headings}")
        for tag, least in (("h2", 14), ("table", 20), ("figure", 4)):
            if self.counts.get(tag, 0) < least:
                wrong.append(f"{self.counts.get(tag, 0)} of {tag}")
        return wrong


def check(name):
    with open(name, encoding="utf-8") as f:
        page = Page()
        page.feed(f.read())
    print("\n".join(page.mistakes()))


def unfilter(raw, height, stride, step):
    rows, prev, at = [], bytearray(stride), 0
    for _ in range(height):
        kind, row = raw[at], bytearray(raw[at + 1:at + 1 + stride])
        at += 1 + stride
        for i in range(stride if kind else 0):
            left = row[i - step] if i >= step else 0
            corner = prev[i - step] if i >= step else 0
            up = prev[i]
            if kind == 4:
                p = left + up - corner
                best = min((abs(p - left), 0, left), (abs(p - up), 1, up),
                           (abs(p - corner), 2, corner))[2]
            else:
                best = {1: left, 2: up, 3: (left + up) // 2}[kind]
            row[i] = (row[i] + best) & 255
        rows.append(row)
        prev = row
    return rows


def png(name):
    with open(name, "rb") as f:
        data = f.read()
    at, packed = 8, b""
    width, height, _, kind = struct.unpack(">IIBB", data[16:26])
    while at < len(data):
        size, what = struct.unpack(">I4s", data[at:at + 8])
        packed += data[at + 8:at + 8 + size] if what == b"IDAT" else b""
        at += 12 + size
    step = {2: 3, 6: 4}[kind]
    rows = unfilter(zlib.decompress(packed), height, width * step, step)
    colours = {bytes(row[i:i + 3]) for row in rows
               for i in range(0, width * step, step)}
    corner = bytes(rows[1][step:step + 3]).hex()
    ours = sorted({c.hex() for c in colours} & {"1a7f37", "56d364"})
    print(corner, len(colours), *ours)


def pdf(name):
    with open(name, "rb") as f:
        data = f.read()
    drawn = b""
    for piece in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.S):
        try:
            drawn += zlib.decompressobj().decompress(piece[1])
        except zlib.error:  # nothing that is drawn
            continue
    shades = re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|RG)\b", drawn)
    colours = {"".join("%02x" % round(float(c) * 255) for c in shade)
               for shade in shades}
    print(len(re.findall(rb"/Type /Page\b", data)),
          len(re.findall(rb"\bT[jJ]\b", drawn)),
          *sorted(colours & {"999999", "0d1117"}))


def serve(name):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            with open(name, "a", encoding="utf-8") as f:
                f.write(self.path + "\n")
            self.send_response(404)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


{"check": check, "png": png, "pdf": pdf, "serve": serve}[sys.argv[1]](sys.argv[2])
