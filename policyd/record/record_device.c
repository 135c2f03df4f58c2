/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine and the SSH key as assets, in a record and from one for people.
 * No serial number is ever in it: which kinds agree and differ is enough.
 */
#include "policyd/record/record_parts.h"

#include <string.h>

#include "policyd/record/show.h"

static void
set_kinds(struct json *json, const char *key, const struct comparison *compared,
    enum compare_standing standing)
{
	struct json *list = NULL;
	enum hwid_kind kind;

	for (kind = HWID_NONE + 1; kind < HWID_KINDS; kind++) {
		if (compared->standing[kind] != standing)
			continue;
		if (list == NULL)
			list = json_set_array(json, key);
		json_add_string(list, hwid_kind_name(kind));
	}
}

static void
set_compared(struct json *o, const struct comparison *compared)
{
	set_kinds(o, "agree", compared, COMPARE_AGREE);
	set_kinds(o, "differ", compared, COMPARE_DIFFER);
	set_kinds(o, "absent", compared, COMPARE_ABSENT);
	set_kinds(o, "unread", compared, COMPARE_UNREAD);
	json_set_int(o, "differs", compared->percent);
}

static void
add_asset(struct json *json, const struct fact_asset *asset)
{
	json_set_untrusted(json, "asset", asset->tag);
	if (asset->status != ASSET_ISSUED && asset->status != ASSET_STATUS_NONE)
		json_set_string(json, "status",
		    asset_status_name(asset->status));
	json_set_string(json, "issued", asset_standing_name(asset->standing));
	if (asset->standing == ASSET_OTHERS)
		json_set_untrusted(json, "to", asset->user);
}

static void
add_device(struct json *json, const struct fact_device *device)
{
	struct json *o;

	if (device->state == FACT_ERROR)
		json_set_null(json, "device");
	if (device->state != FACT_KNOWN && device->state != FACT_UNKNOWN)
		return;
	o = json_set_object(json, "device");
	json_set_string(o, "state", fact_state_name(device->state));
	if (device->state == FACT_UNKNOWN) {
		json_set_untrusted(o, "asset", device->asset.tag);
		return;
	}
	add_asset(o, &device->asset);
	set_compared(o, &device->compared);
	json_set_given(o, "twin", device->twin);
}

void
record_add_bound(struct json *json, const struct fact_bound *bound)
{
	struct json *o;

	if (bound->state == FACT_ERROR)
		json_set_null(json, "bound");
	if (bound->state != FACT_KNOWN && bound->state != FACT_UNKNOWN)
		return;
	o = json_set_object(json, "bound");
	json_set_string(o, "state", fact_state_name(bound->state));
	if (bound->state == FACT_KNOWN)
		add_asset(o, &bound->asset);
	json_set_int(o, "assets", (int64_t)bound->assets);
	json_set_int(o, "with_keys", (int64_t)bound->with_keys);
}

static void
set_if(struct json *o, const char *key, bool is)
{
	if (is)
		json_set_bool(o, key, true);
}

/* Nobody else is what nearly everybody has: it is not written. Who they are is
 * in the findings, where it is one. */
static void
add_company(struct json *o, const struct fact_attested *attested)
{
	if (attested->company_state == FACT_ERROR) {
		json_set_null(o, "site_people");
		json_set_null(o, "device_people");
	}
	if (attested->site.people > 0)
		json_set_int(o, "site_people", (int64_t)attested->site.people);
	if (attested->site.beside > 0)
		json_set_int(o, "beside", (int64_t)attested->site.beside);
	if (attested->device.people > 0)
		json_set_int(o, "device_people",
		    (int64_t)attested->device.people);
}

/* What it has found is among the findings. */
static void
add_attested(struct json *json, const struct fact_attested *attested)
{
	struct json *o;

	if (attested->state != FACT_KNOWN)
		return;
	o = json_set_object(json, "attested");
	json_set_string(o, "device", attested->key);
	json_set_given(o, "release", attested->release);
	json_set_int(o, "at", attested->said_s);
	add_asset(o, &attested->asset);
	set_compared(o, &attested->compared);
	set_if(o, "unlisted", attested->unlisted);
	set_if(o, "pending", attested->pending);
	set_if(o, "clone", attested->clone);
	set_if(o, "remote", attested->remote);
	set_if(o, "blind", attested->blind);
	set_if(o, "partial", attested->partial);
	set_if(o, "cut", attested->cut);
	add_company(o, attested);
}

void
record_add_device(struct json *json, const struct facts *facts)
{
	add_device(json, &facts->device);
	record_add_bound(json, &facts->bound);
	add_attested(json, &facts->proof.attested);
}

/* ---- for people --------------------------------------------------------- */

static void
print_asset(const struct json *o, FILE *out)
{
	const char *issued = json_get_string(o, "issued", "none");
	struct shown a, b;

	fputs(show_member(&a, o, "asset", "-"), out);
	if (strcmp(issued, "own") == 0)
		fputs(", issued to the person", out);
	else if (strcmp(issued, "others") == 0)
		fprintf(out, ", issued to %s", show_member(&b, o, "to", "-"));
	else if (show_has(o, "status"))
		fprintf(out, ", %s", show_member(&b, o, "status", "-"));
}

static bool
is_known(const struct json *o)
{
	return strcmp(json_get_string(o, "state", "none"), "known") == 0;
}

static void
print_compared(const struct json *o, FILE *out)
{
	static const char *const kinds[] = { "agree", "differ", "absent",
		"unread" };
	const struct json *list;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (json_length(list = json_get(o, kinds[i])) == 0)
			continue;
		fprintf(out, "; %s: ", kinds[i]);
		show_list(list, out);
	}
}

static void
print_device(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "device");
	struct shown a;

	if (json_get_null(json, "device"))
		fprintf(out, SHOW_LABEL "could not be read\n", "asset");
	if (o == NULL)
		return;
	fprintf(out, SHOW_LABEL, "asset");
	print_asset(o, out);
	if (!is_known(o))
		fputs(", which is in no inventory", out);
	print_compared(o, out);
	if (show_has(o, "twin"))
		fprintf(out, "; what it shows is of %s",
		    show_member(&a, o, "twin", ""));
	fputc('\n', out);
}

static void
print_company(const struct json *o, FILE *out)
{
	long long site = (long long)json_get_int(o, "site_people", 0);
	long long beside = (long long)json_get_int(o, "beside", 0);
	long long device = (long long)json_get_int(o, "device_people", 0);

	if (json_get_null(o, "site_people"))
		fputs("; who else was there could not be read", out);
	if (site > 0)
		fprintf(out, "; %lld other%s at its site", site,
		    site == 1 ? "" : "s");
	if (beside > 0)
		fprintf(out, ", %lld beside the same monitor or input", beside);
	if (device > 0)
		fprintf(out, "; %lld other %s come with it", device,
		    device == 1 ? "person has" : "people have");
}

static void
print_release(const struct json *o, FILE *out)
{
	struct shown a;

	if (!show_has(o, "release"))
		return;
	fprintf(out, "; release %s, at ", show_member(&a, o, "release", "-"));
	show_time(json_get_int(o, "at", 0), out);
	fputs(" by its clock", out);
}

static void
print_attested(const struct json *json, FILE *out)
{
	static const struct {
		const char *key;
		const char *words;
	} said[] = { { "unlisted", "in no inventory" },
		{ "pending", "enrolled anew, and not counting yet" },
		{ "clone", "two machines have its key" },
		{ "remote", "ssh runs in a remote session there" },
		{ "blind", "its scanner could not look" },
		{ "partial", "its scanner has not looked at all of it" },
		{ "cut", "it has found more" } };
	const struct json *o = json_get(json, "attested");

	if (o == NULL)
		return;
	fprintf(out, SHOW_LABEL, "attested");
	print_asset(o, out);
	print_compared(o, out);
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		if (json_get_bool(o, said[i].key, false))
			fprintf(out, "; %s", said[i].words);
	print_release(o, out);
	print_company(o, out);
	fputc('\n', out);
}

static void
print_bound(const struct json *json, FILE *out)
{
	const struct json *o = json_get(json, "bound");

	if (json_get_null(json, "bound"))
		fprintf(out, SHOW_LABEL "could not be read\n", "key of");
	if (o == NULL)
		return;
	fprintf(out, SHOW_LABEL, "key of");
	if (is_known(o))
		print_asset(o, out);
	else
		fprintf(out, "no asset; the person has %lld, %lld with keys",
		    (long long)json_get_int(o, "assets", 0),
		    (long long)json_get_int(o, "with_keys", 0));
	fputc('\n', out);
}

void
record_print_device(const struct json *json, FILE *out)
{
	print_device(json, out);
	print_bound(json, out);
	print_attested(json, out);
}
