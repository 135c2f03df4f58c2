/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of those who asked for one reload; it owns what they said.
 */
#include "policyd/reload/reload_asked.h"

#include <stdlib.h>
#include <string.h>

#include "policyd/record/record.h"

static void
asked_free(struct reload_asked *asked)
{
	if (asked == NULL)
		return;
	free(asked->watch);
	free(asked);
}

void
reload_list_clear(struct reload_list *list)
{
	while (list->n > 0)
		asked_free(list->list[--list->n]);
}

static bool
is_repeated(const struct reload_list *list, const struct reload_by *by)
{
	const struct reload_asked *a;
	size_t i;

	for (i = 0; i < list->n && by->conn == 0; i++) {
		a = list->list[i];
		if (a->conn == 0 && (a->watch != NULL) == (by->watch != NULL))
			return true;
	}
	return false;
}

bool
reload_list_add(struct reload_list *list, const struct reload_by *by)
{
	struct reload_asked *asked;

	if (is_repeated(list, by))
		return true;
	if (list->n == RELOAD_ASKED_MAX ||
	    (asked = calloc(1, sizeof(*asked))) == NULL)
		return false;
	asked->conn = by->conn;
	if (by->peer != NULL) {
		asked->peer = *by->peer;
		asked->has_peer = true;
	}
	if (by->watch != NULL && (asked->watch = strdup(by->watch)) == NULL) {
		asked_free(asked);
		return false;
	}
	list->list[list->n++] = asked;
	return true;
}

static void
record_who(const struct reload_asked *asked, struct json *who)
{
	if (asked->watch != NULL) {
		json_set_untrusted(who, "watch", asked->watch);
		return;
	}
	if (!asked->has_peer) {
		json_set_string(who, "signal", "SIGHUP");
		return;
	}
	record_by(who, &asked->peer);
}

void
reload_list_record(const struct reload_list *list, struct daemon *daemon,
    const char *old_hash, bool ok, size_t errors)
{
	struct json *record;
	size_t i;

	for (i = 0; i < list->n; i++) {
		record = daemon_record(daemon, AUDIT_RELOAD);
		json_set_bool(record, "ok", ok);
		json_set_int(record, "errors", (int64_t)errors);
		json_set_untrusted(record, "file", daemon->options.config);
		json_set_string(record, "old_sha256", old_hash);
		json_set_string(record, "sha256", daemon->rules->conf->hash);
		record_who(list->list[i], json_set_object(record, "by"));
		(void)daemon_audit(daemon, record, true); /* reported there */
	}
}

/* A replaced file alone is no order to read a configuration that was edited. */
bool
reload_list_is_data(const struct reload_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (list->list[i]->watch == NULL)
			return false;
	return true;
}
