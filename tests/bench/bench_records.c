/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes an audit log as the daemon would have over years: decisions of some
 * 500 bytes each, chained, of many people, services and places. The first half
 * of them is in a file that was rotated.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policyd/audit/audit_chain.h"
#include "policyd/crypto.h"
#include "policyd/text.h"
#include "tests/bench/bench.h"

#define PEOPLE	  1000u
#define LINE_SIZE 1024u

static const int64_t begin_ns = 1767225600000000000; /* 2026-01-01 */

struct log {
	const char *path;
	FILE *out;
	char prev[CRYPTO_HEX_SIZE];
	uint64_t first; /* of this file */
};

static void
open_log(struct log *log)
{
	if ((log->out = fopen(log->path, "w")) == NULL)
		bench_die("%s: %s", log->path, strerror(errno));
}

static void
close_log(struct log *log)
{
	if (fclose(log->out) != 0)
		bench_die("%s: %s", log->path, strerror(errno));
}

static void
rotate(struct log *log, uint64_t seq)
{
	char name[4096];

	close_log(log);
	(void)text_format(name, sizeof(name), "%s.%llu-%llu", log->path,
	    (unsigned long long)log->first, (unsigned long long)(seq - 1));
	if (rename(log->path, name) != 0)
		bench_die("%s: %s", name, strerror(errno));
	log->first = seq;
	open_log(log);
}

/* One in a hundred is denied. */
static size_t
body(const struct log *log, uint64_t seq, char text[LINE_SIZE])
{
	bool denied = seq % 100 == 7;
	char ts[AUDIT_TIME_SIZE];
	int n;

	audit_time(begin_ns + (int64_t)seq * 3000000000, ts);
	n = snprintf(text, LINE_SIZE,
	    "{\"v\":1,\"seq\":%llu,\"ts\":\"%s\",\"event\":\"%s\","
	    "\"ref\":\"7F3K-%04llX\",\"phase\":\"account\",\"verdict\":\"%s\","
	    "\"would\":\"%s\",\"mode\":\"enforce\",\"user\":\"u%03llu\","
	    "\"uid\":%llu,\"service\":\"sshd\",\"kind\":\"remote\","
	    "\"origin\":{\"kind\":\"address\",\"address\":\"192.0.2.%llu\"},"
	    "\"place\":{\"state\":\"known\",\"country\":\"%s\"},"
	    "\"findings\":[%s],\"latency_us\":%llu,\"prev\":\"%s\"}",
	    (unsigned long long)seq, ts,
	    seq == log->first && seq > 1 ? "rotated" : "decision",
	    (unsigned long long)(seq & 0xffff), denied ? "deny" : "allow",
	    denied ? "deny" : "allow",
	    (unsigned long long)(seq * 7919 % PEOPLE),
	    (unsigned long long)(1000 + seq * 7919 % PEOPLE),
	    (unsigned long long)(seq % 254 + 1), denied ? "DE" : "NO",
	    denied ? "{\"code\":\"geo.country\",\"action\":\"deny\"}" : "",
	    (unsigned long long)(800 + seq % 977), log->prev);
	return (size_t)n;
}

static void
put_record(struct log *log, uint64_t seq)
{
	char text[LINE_SIZE];
	size_t n = body(log, seq, text);

	crypto_sha256_hex(text, n, log->prev);
	text[n - 1] = '\0';
	fprintf(log->out, "%s,\"hash\":\"%s\"}\n", text, log->prev);
}

int
main(int argc, char **argv)
{
	struct log log = { .first = 1 };
	uint64_t n;

	if (argc != 3)
		bench_die("usage: bench_records NUMBER FILE");
	n = bench_number(argv[1], 2, 1000000000);
	log.path = argv[2];
	memset(log.prev, '0', CRYPTO_HEX_SIZE - 1);
	if (crypto_init() != 0)
		bench_die("no random numbers");
	open_log(&log);
	for (uint64_t seq = 1; seq <= n; seq++) {
		if (seq == n / 2 + 1)
			rotate(&log, seq);
		put_record(&log, seq);
	}
	close_log(&log);
	return 0;
}
