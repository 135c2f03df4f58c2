#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
# Validate lines of JSON by a schema, with python3-jsonschema. Usage:
# valid.py SCHEMA [KEY=JSON ...]; each KEY, "a.b", is set so in every line before
# that, or removed if there is no JSON: what is then wrong has to be found.
# Prints "N valid", or the first line that is not and why; exit 0 or 1.
import json
import sys

from jsonschema import Draft202012Validator, FormatChecker


def change(document, key, value):
    *path, last = key.split(".")
    for name in path:
        document = document.get(name, {})
    if value:
        document[last] = json.loads(value)
    else:
        document.pop(last, None)


with open(sys.argv[1]) as f:
    schema = json.load(f)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema, format_checker=FormatChecker())
count = 0
for count, line in enumerate(sys.stdin, 1):
    document = json.loads(line)
    for argument in sys.argv[2:]:
        change(document, *argument.split("=", 1))
    for error in validator.iter_errors(document):
        print(f"line {count}: {error.json_path}: {error.message[:300]}")
        sys.exit(1)
print(f"{count} valid")
sys.exit(0 if count else 1)
