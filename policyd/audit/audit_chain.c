/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One line of the audit log and its hash. The hash covers exact bytes, so
 * nothing here formats a record a second time to check it.
 */
#include "policyd/audit/audit_chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policyd/audit/audit.h"
#include "policyd/text.h"
#include "proto/result.h"

#define HASH_LEN  (CRYPTO_HEX_SIZE - 1)
#define SEAL_HEAD ",\"hash\":\""
#define SEAL_TAIL "\"}"
#define SEAL_LEN  (sizeof(SEAL_HEAD) - 1 + HASH_LEN + sizeof(SEAL_TAIL) - 1)

void
audit_link_first(struct audit_link *ret_link)
{
	memset(ret_link, 0, sizeof(*ret_link));
	memset(ret_link->hash, '0', HASH_LEN);
	ret_link->at_s = INT64_MIN;
	ret_link->intact = true;
}

bool
audit_link_same(const struct audit_link *a, const struct audit_link *b)
{
	return a->seq == b->seq && strcmp(a->hash, b->hash) == 0;
}

/* The place where the last member starts, or NULL if it is no hash. */
static const char *
find_seal(const char *line, size_t len)
{
	const char *seal;

	if (len <= SEAL_LEN)
		return NULL;
	seal = line + len - SEAL_LEN;
	if (memcmp(seal, SEAL_HEAD, sizeof(SEAL_HEAD) - 1) != 0 ||
	    memcmp(line + len - 2, SEAL_TAIL, 2) != 0)
		return NULL;
	seal += sizeof(SEAL_HEAD) - 1;
	for (size_t i = 0; i < HASH_LEN; i++)
		if (strchr("0123456789abcdef", seal[i]) == NULL ||
		    seal[i] == '\0')
			return NULL;
	return line + len - SEAL_LEN;
}

bool
audit_line_intact(const char *line, size_t len)
{
	char hash[CRYPTO_HEX_SIZE];
	const char *seal;
	char *body;
	size_t n;

	if ((seal = find_seal(line, len)) == NULL)
		return false;
	n = (size_t)(seal - line);
	if ((body = malloc(n + 1)) == NULL)
		return false;
	memcpy(body, line, n);
	body[n] = '}';
	crypto_sha256_hex(body, n + 1, hash);
	free(body);
	return memcmp(seal + sizeof(SEAL_HEAD) - 1, hash, HASH_LEN) == 0;
}

static int64_t
read_time(const char *text)
{
	struct tm tm;

	memset(&tm, 0, sizeof(tm));
	if (strptime(text, "%Y-%m-%dT%H:%M:%S", &tm) == NULL)
		return INT64_MIN;
	return timegm(&tm);
}

int
audit_link_read(const char *line, size_t len, struct audit_link *ret_link)
{
	struct json *record;
	const char *seal;
	int64_t seq, changes;

	audit_link_first(ret_link);
	seal = find_seal(line, len);
	record = json_parse(line, len);
	seq = json_get_int(record, "seq", 0);
	if (seal == NULL || seq < 1 || json_get_int(record, "v", 0) < 1) {
		json_free(record);
		return FG_ERR_FORMAT;
	}
	ret_link->seq = (uint64_t)seq;
	ret_link->at_s = read_time(json_get_string(record, "ts", ""));
	changes = json_get_int(record, "changes", 0);
	ret_link->changes = changes < 0 ? 0 : (uint64_t)changes;
	memcpy(ret_link->hash, seal + sizeof(SEAL_HEAD) - 1, HASH_LEN);
	(void)text_copy(ret_link->prev, sizeof(ret_link->prev),
	    json_get_string(record, "prev", ""));
	ret_link->intact = audit_line_intact(line, len);
	json_free(record);
	return 0;
}

char *
audit_line_seal(char *text, char ret_hash[CRYPTO_HEX_SIZE], size_t *ret_len)
{
	size_t len = strlen(text);
	char *line;

	*ret_len = 0;
	crypto_sha256_hex(text, len, ret_hash);
	/* The brace is replaced; a newline and a NUL are added. */
	if ((line = realloc(text, len - 1 + SEAL_LEN + 2)) == NULL) {
		free(text);
		return NULL;
	}
	(void)text_format(line + len - 1, SEAL_LEN + 2,
	    SEAL_HEAD "%s" SEAL_TAIL "\n", ret_hash);
	*ret_len = len - 1 + SEAL_LEN + 1;
	return line;
}

bool
audit_news_any(const struct audit_news *news)
{
	return news->torn.len > 0 || news->damaged > 0 || news->lost > 0 ||
	    news->sync_errno != 0 || news->replaced;
}

bool
audit_news_only_renamed(const struct audit_news *news)
{
	return news->renamed && news->torn.len == 0 && news->damaged == 0 &&
	    news->lost == 0 && news->sync_errno == 0;
}

bool
audit_news_whole(const struct audit_news *news)
{
	return !news->broken && news->damaged == 0 && news->lost == 0;
}

void
audit_news_set(struct json *record, const struct audit_news *news)
{
	struct json *torn;

	if (audit_news_only_renamed(news)) {
		json_set_string(record, "by", "other");
		json_set_int(record, "first", (int64_t)news->first);
		json_set_int(record, "last", (int64_t)news->last);
		return;
	}
	if (news->sync_errno != 0)
		json_set_int(record, "sync_errno", news->sync_errno);
	if (news->lost > 0)
		json_set_int(record, "lost", (int64_t)news->lost);
	if (news->replaced)
		json_set_bool(record, "replaced", true);
	if (news->torn.len > 0) {
		torn = json_set_object(record, "torn");
		json_set_int(torn, "bytes", (int64_t)news->torn.len);
		json_set_string(torn, "sha256", news->torn.hash);
	}
	if (news->damaged > 0)
		json_set_int(record, "damaged", (int64_t)news->damaged);
}

void
audit_time(int64_t at_ns, char ret_time[AUDIT_TIME_SIZE])
{
	int64_t rest = at_ns % 1000000000;
	time_t at_s = at_ns / 1000000000;
	struct tm tm;
	size_t n;

	if (rest < 0) {
		rest += 1000000000;
		at_s--;
	}
	/* An int64_t of nanoseconds reaches from 1677 to 2262. */
	memset(&tm, 0, sizeof(tm));
	(void)gmtime_r(&at_s, &tm);
	n = strftime(ret_time, AUDIT_TIME_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	(void)text_format(ret_time + n, AUDIT_TIME_SIZE - n, ".%06dZ",
	    (int)(rest / 1000));
}
