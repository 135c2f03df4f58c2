/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What this machine says of itself, for administrators: all of it, with what
 * identifies nothing. Serial numbers go to whoever asks here, and into no
 * record.
 */
#include "policyd/control/control_parts.h"
#include "policyd/device/hwid.h"

static void
add_ids(struct json *json, const struct identity *identity)
{
	struct json *list = json_set_array(json, "ids"), *o;
	const struct identity_told *told;

	for (size_t i = 0; i < identity->ntold; i++) {
		told = &identity->told[i];
		o = json_add_object(list);
		json_set_string(o, "kind", hwid_kind_name(told->raw.kind));
		json_set_string(o, "value", told->raw.text);
		json_set_string(o, "where", told->raw.where);
		json_set_bool(o, "counts", told->why == NULL);
		json_set_string(o, "why", told->why);
	}
}

static void
add_unread(struct json *json, const struct identity *identity)
{
	struct json *list = json_set_array(json, "unread");
	enum hwid_kind kind;

	for (kind = HWID_TPM; kind < HWID_KINDS; kind++)
		if ((identity->digests.unread & UINT32_C(1) << kind) != 0)
			json_add_string(list, hwid_kind_name(kind));
}

static void
add_tpm(struct json *json, enum identity_tpm tpm)
{
	struct json *o = json_set_object(json, "tpm");

	json_set_string(o, "state", identity_tpm_name(tpm));
	json_set_string(o, "why", identity_tpm_why(tpm));
}

static const char *
or_null(const char *text)
{
	return text[0] == '\0' ? NULL : text;
}

void
control_device_show(struct control_job *job)
{
	const struct identity *identity = &job->daemon->identity;
	struct json *json = json_new();

	json_set_string(json, "asset", job->daemon->rules->conf->machine.asset);
	json_set_string(json, "vendor", or_null(identity->vendor));
	json_set_string(json, "model", or_null(identity->model));
	json_set_int(json, "taken", job->daemon->started_at_s);
	add_tpm(json, identity->tpm);
	add_ids(json, identity);
	add_unread(json, identity);
	json_set_bool(json, "more", identity->overflow);
	json_set_string(json, "machine_id", or_null(identity->machine_id));
	control_answer(job, json, CONTROL_OK);
}
