#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
# Validate lines of JSON by a schema, with python3-jsonschema. Usage:
# valid.py SCHEMA [KEY=JSON ...]; then each KEY, "a.b", is set so in the lines,
# or removed if there is no JSON: the schema has to refuse one of them.
# Prints "N valid", or the first line that is not and why, or the change that the
# schema lets pass; exit 0 or 1.
import copy
import json
import sys

from jsonschema import Draft202012Validator, FormatChecker


def changed(document, key, value):
    document = copy.deepcopy(document)
    *path, last = key.split(".")
    at = document
    for name in path:
        at = at.get(name, {})
    if value:
        at[last] = json.loads(value)
    else:
        at.pop(last, None)
    return document


with open(sys.argv[1]) as f:
    schema = json.load(f)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema, format_checker=FormatChecker())
documents = [json.loads(line) for line in sys.stdin]
for number, document in enumerate(documents, 1):
    for error in validator.iter_errors(document):
        sys.exit(f"line {number}: {error.json_path}: {error.message[:300]}")
for change in sys.argv[2:]:
    if all(validator.is_valid(changed(document, *change.split("=", 1)))
           for document in documents):
        sys.exit(f"the schema lets {change} pass")
print(f"{len(documents)} valid")
