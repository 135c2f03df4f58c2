/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One list of all kinds, in the order of the names; each kind has room of its
 * own, so that many of one leave the others theirs.
 */
#include "policyd/control/control_named.h"

#include <string.h>

static const struct {
	char what;
	const char *name;
} kinds[CONTROL_NAMED_KINDS] = {
	{ 'A', "added" },
	{ 'C', "changed" },
	{ 'R', "removed" },
	{ 'D', "dismissed" },
};

_Static_assert(CONTROL_NAMED_KINDS *CONTROL_NAMED_BYTES + 64 < FG_DATA_MAX,
    "all of them are one frame");

static size_t
kind_of(char what)
{
	size_t i = 0;

	while (i + 1 < CONTROL_NAMED_KINDS && kinds[i].what != what)
		i++;
	return i;
}

const char *
control_change_name(char what)
{
	return kinds[kind_of(what)].name;
}

bool
control_named_may(const struct control_named *named, char what)
{
	return named->n[kind_of(what)] < CONTROL_NAMED_MAX;
}

static struct json *
new_list(void)
{
	struct json *json = json_new();

	(void)json_set_array(json, "named");
	return json;
}

void
control_named_add(struct control_named *named, char what, struct json *change)
{
	size_t kind = kind_of(what), len = json_text_length(change);

	if (named->json == NULL)
		named->json = new_list();
	len = len == 0 ? CONTROL_NAMED_BYTES + 1 : len + 1; /* with the comma */
	if (len <= CONTROL_NAMED_BYTES - named->bytes[kind]) {
		json_copy_all(json_add_object(json_get(named->json, "named")),
		    change);
		named->bytes[kind] += len;
		named->n[kind]++;
	} else {
		named->n[kind] = CONTROL_NAMED_MAX; /* the first ones, no gap */
	}
	json_free(change);
}

void
control_named_out(struct control_named *named, struct control_out *out)
{
	if (named->json != NULL)
		control_out_named(out, named->json);
	named->json = NULL;
}

void
control_named_record(struct json *record, const struct json *said)
{
	const struct json *from = json_get(said, "named");
	struct json *list;

	if (json_length(from) == 0)
		return;
	list = json_set_array(record, "named");
	for (size_t i = 0; i < json_length(from); i++)
		json_copy_all(json_add_object(list), json_at(from, i));
}
