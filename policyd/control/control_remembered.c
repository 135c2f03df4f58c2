/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Step-ups that are remembered, as reports have them.
 */
#include "policyd/control/control_parts.h"
#include "policyd/stepup/method.h"
#include "policyd/text.h"

#define REMEMBERED_MAX 100u /* of one person in a report */

void
control_remembered_set(struct json *json, const struct store_proof *p)
{
	const struct finding_info *info = finding_info(p->code);
	char finding[STORE_FINDING_MAX + 2 + FINDING_GRADE_MAX];
	struct json *methods;
	enum method m;

	(void)text_format(finding, sizeof(finding), "%s%s%s",
	    info != NULL ? info->name : "none", p->grade[0] != '\0' ? ":" : "",
	    p->grade);
	json_set_int(json, "id", (int64_t)p->id);
	json_set_untrusted(json, "user", p->person);
	json_set_untrusted(json, "finding", finding);
	json_set_untrusted(json, "source", p->source);
	if (p->device[0] != '\0')
		json_set_untrusted(json, "device", p->device);
	methods = json_set_array(json, "methods");
	for (m = METHOD_NONE + 1; m < METHOD_COUNT; m++)
		if ((p->methods & 1u << m) != 0)
			json_add_string(methods, method_name(m));
	json_set_int(json, "made", p->made_s);
	json_set_int(json, "until", p->until_s);
	json_set_untrusted(json, "ref", p->ref);
}

struct list {
	struct json *json;
	size_t n;
};

static int
add_one(const struct store_proof *p, void *arg)
{
	struct list *list = arg;

	control_remembered_set(json_add_object(list->json), p);
	return ++list->n == REMEMBERED_MAX;
}

/* Without a store none is known, and the member is not there. */
void
control_remembered_add(struct json *json, struct store *store,
    const char *person)
{
	struct list list = { .n = 0 };

	if (store == NULL)
		return;
	list.json = json_set_array(json, "remembered");
	/* What cannot be read is told by the decision beside it. */
	(void)store_proofs_each(store, person, daemon_wall_s(), add_one, &list);
}
