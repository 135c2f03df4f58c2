/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines of journalctl -o json: an object each, whose members are text, or a
 * list of bytes where that is no UTF-8. Whoever may log can call himself sshd;
 * members that begin with an underscore are the journal's own word.
 */
#include <string.h>

#include "ctl/past/member.h"
#include "ctl/past/past_parts.h"
#include "policyd/text.h"

#define MESSAGE_MAX 2048u
#define WORD_MAX    64u
#define MICRO	    1000000

struct entry {
	char message[MESSAGE_MAX];
	char name[WORD_MAX]; /* SYSLOG_IDENTIFIER */
	char comm[WORD_MAX];
	char time[WORD_MAX], pid[WORD_MAX], uid[WORD_MAX];
	bool has_message, too_long;
};

static inline bool
is_before(const char *at, const char *begin, const char *bytes)
{
	return (size_t)(at - begin) >= strlen(bytes) &&
	    memcmp(at - strlen(bytes), bytes, strlen(bytes)) == 0;
}

static inline bool
is_at(const char *at, const char *end, const char *bytes)
{
	return (size_t)(end - at) >= strlen(bytes) &&
	    memcmp(at, bytes, strlen(bytes)) == 0;
}

/* All that begins so has a blank there, and an entry has few of them. */
static bool
has_word(const char *text, const char *end)
{
	for (const char *at = text;
	     (at = memchr(at, ' ', (size_t)(end - at))) != NULL; at++)
		if (is_before(at, text, "Accepted") ||
		    is_before(at, text, "Failed") ||
		    (is_before(at, text, "session") &&
			is_at(at, end, " closed")) ||
		    is_at(at, end, " fail_open=1"))
			return true;
	return false;
}

/* The same of one, by the rarest of its bytes. */
static inline bool
has(const char *text, const char *end, const char *before, char rare,
    const char *after)
{
	for (const char *at = text;
	     (at = memchr(at, rare, (size_t)(end - at))) != NULL; at++)
		if (is_before(at, text, before) && is_at(at + 1, end, after))
			return true;
	return false;
}

/* Most lines end here. A message may be a list of numbers. */
static bool
is_wanted(const char *text, const char *end)
{
	return (has_word(text, end) ||
		   has(text, end, "\"MESSAGE\":", '[', "") ||
		   has(text, end, "\"MESSAGE\" : ", '[', "")) &&
	    has(text, end, "ss", 'h', "d");
}

/* [65,99,...] */
static void
take_bytes(struct member *m, struct entry *entry)
{
	size_t len = 0;
	int64_t v;

	while (member_item(m)) {
		if (!member_int(m, &v) || v < 1 || v > 255 ||
		    len == sizeof(entry->message) - 1)
			entry->too_long = true;
		else
			entry->message[len++] = (char)(unsigned char)v;
	}
	entry->message[len] = '\0';
	entry->has_message = !entry->too_long;
}

static void
take_message(struct member *m, struct entry *entry)
{
	struct member list = *m;

	if (member_array(&list)) {
		take_bytes(&list, entry);
		*m = list;
	} else {
		entry->has_message =
		    member_text(m, entry->message, sizeof(entry->message));
		entry->too_long = !entry->has_message;
	}
}

static void
take_member(struct member *m, struct entry *entry)
{
	if (member_is(m, "MESSAGE"))
		take_message(m, entry);
	else if (member_is(m, "SYSLOG_IDENTIFIER"))
		(void)member_text(m, entry->name, WORD_MAX);
	else if (member_is(m, "_COMM"))
		(void)member_text(m, entry->comm, WORD_MAX);
	else if (member_is(m, "__REALTIME_TIMESTAMP"))
		(void)member_text(m, entry->time, WORD_MAX);
	else if (member_is(m, "_PID"))
		(void)member_text(m, entry->pid, WORD_MAX);
	else if (member_is(m, "_UID"))
		(void)member_text(m, entry->uid, WORD_MAX);
	else
		member_skip(m);
}

static bool
is_sshds(const struct entry *entry)
{
	const char *name = entry->name[0] != '\0' ? entry->name : entry->comm;

	return past_is_sshd(name, strlen(name));
}

static bool
is_roots(const struct entry *entry)
{
	return strcmp(entry->uid, "0") == 0 || entry->uid[0] == '\0';
}

/* Text is borrowed by nobody: static, as it is large. */
enum past_found
past_journal_line(const char *text, size_t len, struct past_login *login,
    const char **ret_why)
{
	static struct entry entry;
	enum past_found found;
	struct member m;
	uint64_t v;

	if (len == 0)
		return PAST_NOTHING;
	if (!is_wanted(text, text + len)) {
		*ret_why = "no line of journalctl -o json";
		return text[0] == '{' && text[len - 1] == '}' ? PAST_NOTHING :
								PAST_BAD;
	}
	entry.message[0] = entry.name[0] = entry.comm[0] = '\0';
	entry.time[0] = entry.pid[0] = entry.uid[0] = '\0';
	entry.has_message = entry.too_long = false;
	member_init(&m, text, len);
	if (member_object(&m))
		while (member_next(&m))
			take_member(&m, &entry);
	*ret_why = "no line of journalctl -o json";
	if (!member_is_whole(&m)) {
		if (memmem(text, len, "\"Accepted ", 10) != NULL)
			login->event = PAST_ACCEPTED;
		return PAST_BAD;
	}
	if (!is_sshds(&entry))
		return PAST_NOTHING;
	*ret_why = "the message is too long, or null: journalctl --all has it";
	if (!entry.has_message) {
		login->event = is_roots(&entry) ? PAST_ACCEPTED : PAST_NONE;
		return entry.too_long ? PAST_BAD : PAST_NOTHING;
	}
	found = past_sshd_message(entry.message, strlen(entry.message), login,
	    ret_why);
	if (found != PAST_NOTHING && !is_roots(&entry)) {
		*ret_why = "not root has said that, but who calls himself sshd";
		login->event = PAST_NONE;
		return PAST_BAD;
	}
	if (found != PAST_LOGIN)
		return found;
	(void)past_copy(login->service, sizeof(login->service), "sshd", 4);
	if (text_parse_uint(entry.pid, 1, INT32_MAX, &v) == 0)
		login->pid = (int64_t)v;
	if (text_parse_uint(entry.time, 1, INT64_MAX, &v) == 0)
		login->at_s = (int64_t)(v / MICRO);
	return PAST_LOGIN;
}
