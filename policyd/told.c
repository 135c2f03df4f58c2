/* SPDX-License-Identifier: BSD-2-Clause */
/* Members of what administrators are told. */
#include "policyd/told.h"

void
told_origin(struct json *json, const struct fact_origin *origin,
    const struct fact_where *where)
{
	char text[ADDR_TEXT_SIZE];

	json_set_string(json, "from", origin_kind_name(origin->kind));
	if (origin->kind == ORIGIN_ADDRESS) {
		json_set_string(json, "address",
		    addr_text(&origin->addr, text));
		json_set_string(json, "class", addr_class_name(origin->cls));
	}
	json_set_given(json, "country", where->country);
	if (where->asn != 0)
		json_set_int(json, "asn", where->asn);
	json_set_given(json, "network", where->network);
}

const char *
told_approval_state(enum approval_state state)
{
	switch (state) {
	case APPROVAL_NONE:
		break;
	case APPROVAL_WAITING:
		return "waiting";
	case APPROVAL_APPROVED:
		return "approved";
	case APPROVAL_REFUSED:
		return "refused";
	case APPROVAL_EXPIRED:
		return "expired";
	case APPROVAL_GONE:
		return "gone";
	}
	return "none";
}

void
told_findings(struct json *json, const struct finding_list *findings)
{
	struct json *list = json_set_array(json, "findings"), *o;
	size_t i;

	for (i = 0; i < findings->count; i++) {
		o = json_add_object(list);
		json_set_string(o, "code",
		    finding_info(findings->list[i].code)->name);
		json_set_given(o, "grade", findings->list[i].grade);
		json_set_untrusted(o, "text", findings->list[i].text);
	}
}

void
told_approval(struct json *json, const struct approval *a, int64_t now_s)
{
	int64_t left_s = a->until_s - now_s;

	json_set_string(json, "ref", a->ref);
	json_set_string(json, "state",
	    told_approval_state(approval_state_at(a, now_s)));
	json_set_int(json, "since", a->asked_s);
	json_set_int(json, "left_s", left_s < 0 ? 0 : left_s);
	json_set_untrusted(json, "user", a->user);
	json_set_untrusted(json, "person", a->person);
	json_set_given(json, "ruser", a->ruser);
	json_set_untrusted(json, "service", a->service);
	json_set_string(json, "kind", service_kind_name(a->kind));
	told_origin(json, &a->origin, &a->where);
	json_set_given(json, "city", a->city);
	told_findings(json, &a->findings);
}
