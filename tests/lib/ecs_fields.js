#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// Hold lines of JSON against the fields that Elastic publishes, @elastic/ecs of
// npm: each member is one of them, of its type, a list where it has to be one,
// and one of the words that it may be. What is below "farmgate" is our own.
// Usage: ecs_fields.js FOLDER_OF_THE_PACKAGE <LINES
// Prints "N valid", or what is wrong with the first; exit 0 or 1.
"use strict";

const net = require("net");
const { EcsFlat } = require(process.argv[2]);

const whole = Number.isInteger;
const text = (v) => typeof v === "string";
const is = {
	boolean: (v) => typeof v === "boolean",
	date: (v) => text(v) && !Number.isNaN(Date.parse(v)),
	float: Number.isFinite,
	geo_point: (v) => Number.isFinite(v.lat) && Number.isFinite(v.lon),
	integer: whole,
	ip: (v) => text(v) && net.isIP(v) !== 0,
	keyword: text,
	long: whole,
	match_only_text: text,
	wildcard: text,
};

function words(field, value, document)
{
	const known = field.allowed_values;
	const entry = known && known.find((w) => w.name === value);

	if (known && !entry)
		return `${value} is none of its words`;
	if (entry && entry.expected_event_types &&
	    !document.event.type.some((t) =>
	        entry.expected_event_types.includes(t)))
		return `${value} has none of ${document.event.type}`;
	return null;
}

function check_field(name, value, document)
{
	const field = EcsFlat[name];
	const wants_list = field.normalize.includes("array");

	if (wants_list !== Array.isArray(value))
		return wants_list ? "has to be a list" : "must not be a list";
	for (const v of [].concat(value)) {
		if (!is[field.type] || !is[field.type](v))
			return `${JSON.stringify(v)} is no ${field.type}`;
		const why = words(field, v, document);
		if (why)
			return why;
	}
	return null;
}

// The first member that is wrong, and why.
function check(at, path, document)
{
	for (const [key, value] of Object.entries(at)) {
		const name = path + key;
		let why = null;

		if (name === "farmgate")
			continue;
		if (EcsFlat[name])
			why = check_field(name, value, document);
		else if (value !== null && typeof value === "object" &&
		    !Array.isArray(value)) {
			why = check(value, name + ".", document);
			if (why)
				return why;
			continue;
		} else
			why = "is no field";
		if (why)
			return `${name}: ${why}`;
	}
	return null;
}

const lines = require("fs").readFileSync(0, "utf8").trimEnd().split("\n");
lines.forEach((line, i) => {
	const document = JSON.parse(line);
	const why = check(document, "", document);

	if (why) {
		console.log(`line ${i + 1}: ${why}`);
		process.exit(1);
	}
});
console.log(`${lines.length} valid`);
