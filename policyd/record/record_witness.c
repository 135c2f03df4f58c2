/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A statement as a record, and back for people: to whom, for whom, by whom, and
 * by which names what was found goes.
 */
#include "policyd/record/record_witness.h"

#include "policyd/record/record_parts.h"
#include "policyd/record/show.h"
#include "policyd/witness/statement.h"

static const struct {
	uint8_t flag;
	const char *name;
} flags[] = {
	{ STATEMENT_REMOTE, "remote" },
	{ STATEMENT_BLIND, "blind" },
	{ STATEMENT_PARTIAL, "partial" },
	{ STATEMENT_VIRTUAL, "virtual" },
	{ STATEMENT_CUT, "cut" },
};

void
record_witness(struct json *json, const struct record_witness *r)
{
	struct json *list, *o;
	size_t i;

	json_set_string(json, "jumphost", r->host);
	json_set_untrusted(json, "user", r->user);
	list = json_set_array(json, "findings");
	for (i = 0; i < r->findings->count; i++) {
		o = json_add_object(list);
		json_set_string(o, "code",
		    finding_info(r->findings->list[i].code)->name);
		json_set_given(o, "grade", r->findings->list[i].grade);
	}
	list = json_set_array(json, "stated");
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if ((r->flags & flags[i].flag) != 0)
			json_add_string(list, flags[i].name);
	record_by(json_set_object(json, "by"), &r->facts->peer);
}

void
record_print_witness(const struct json *json, FILE *out)
{
	const struct json *list = json_get(json, "findings"), *o;
	struct shown a, b;
	size_t i;

	fprintf(out, SHOW_LABEL "%s\n", "jumphost",
	    show_member(&a, json, "jumphost", "-"));
	fprintf(out, SHOW_LABEL "%s\n", "user",
	    show_member(&a, json, "user", "-"));
	for (i = 0; i < json_length(list); i++) {
		o = json_at(list, i);
		fprintf(out, SHOW_LABEL "%s%s%s\n", i == 0 ? "findings" : "",
		    show_member(&a, o, "code", "-"),
		    show_has(o, "grade") ? ":" : "",
		    show_member(&b, o, "grade", ""));
	}
	if (json_length(json_get(json, "stated")) == 0)
		return;
	fprintf(out, SHOW_LABEL, "stated");
	show_list(json_get(json, "stated"), out);
	fputc('\n', out);
}
