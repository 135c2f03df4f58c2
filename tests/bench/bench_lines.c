/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes lines as sshd logs them in a month or so: of so many in a hundred
 * connections somebody logs in, with two lines and one when the session ends;
 * the others are strangers, with three. As a text log, or as the journal's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policyd/text.h"
#include "tests/bench/bench.h"

#define PEOPLE	  2000u
#define PLACES	  3u /* of each */
#define STRANGERS 5000u
#define OPEN	  64u /* sessions at once */
#define KEY	  "SHA256:Kc5bMZ0+4n1c9/6G5cEDGKVJ1p7wAWkN0fDBBfpG6GM"
#define ID	  "7d1f0c5ab2e94c36a8150e9b4d2763fc"
#define TEXT_SIZE 256u

struct log {
	FILE *out;
	bool journal;
	time_t at;
	uint64_t lines, most;
	uint64_t random;
	/* Who is in: the next one goes. */
	unsigned int user[OPEN], pid[OPEN], turn;
};

/*
 * As journalctl -o json has an entry of sshd's, with all that the journal says
 * of it; in an order that is each line's own, as it comes out of a hash.
 */
static void
put_entry(struct log *log, unsigned int pid, const char *text)
{
	char number[32], us[32], lines[32], cursor[TEXT_SIZE];
	const char *const members[][2] = {
		{ "MESSAGE", text },
		{ "_PID", number },
		{ "_SYSTEMD_SLICE", "system.slice" },
		{ "SYSLOG_TIMESTAMP", "Mar  1 08:30:00 " },
		{ "__REALTIME_TIMESTAMP", us },
		{ "_SYSTEMD_CGROUP", "/system.slice/ssh.service" },
		{ "_SELINUX_CONTEXT", "unconfined\\n" },
		{ "__CURSOR", cursor },
		{ "_UID", "0" },
		{ "_EXE", "/usr/lib/openssh/sshd-session" },
		{ "_TRANSPORT", "syslog" },
		{ "_MACHINE_ID", ID },
		{ "SYSLOG_IDENTIFIER", "sshd-session" },
		{ "_CMDLINE", "\\\"sshd-session: admin [priv]\\\"" },
		{ "_SOURCE_REALTIME_TIMESTAMP", us },
		{ "_HOSTNAME", "jump" },
		{ "__SEQNUM_ID", ID },
		{ "_CAP_EFFECTIVE", "1ffffffffff" },
		{ "_COMM", "sshd-session" },
		{ "_SYSTEMD_INVOCATION_ID", ID },
		{ "__MONOTONIC_TIMESTAMP", us },
		{ "PRIORITY", "6" },
		{ "_BOOT_ID", ID },
		{ "_SYSTEMD_UNIT", "ssh.service" },
		{ "SYSLOG_FACILITY", "4" },
		{ "SYSLOG_PID", number },
		{ "_GID", "0" },
		{ "_RUNTIME_SCOPE", "system" },
		{ "__SEQNUM", lines },
	};
	size_t n = sizeof(members) / sizeof(members[0]), at = log->lines % n;

	(void)text_format(number, sizeof(number), "%u", pid);
	(void)text_format(us, sizeof(us), "%lld000000", (long long)log->at);
	(void)text_format(lines, sizeof(lines), "%llu",
	    (unsigned long long)log->lines);
	(void)text_format(cursor, sizeof(cursor),
	    "s=" ID ";i=%s;b=" ID ";m=8b8da453ef;t=%s;x=8fa8d525df6ceab5",
	    lines, us);
	for (size_t i = 0; i < n; i++, at = (at + 1) % n)
		fprintf(log->out, "%s\"%s\":\"%s\"", i == 0 ? "{" : ",",
		    members[at][0], members[at][1]);
	fputs("}\n", log->out);
}

static void
put(struct log *log, unsigned int pid, const char *text)
{
	char stamp[32];
	struct tm tm;

	if (log->lines == log->most)
		return;
	log->lines++;
	if (log->journal) {
		put_entry(log, pid, text);
		return;
	}
	if (gmtime_r(&log->at, &tm) == NULL ||
	    strftime(stamp, sizeof(stamp), "%b %e %H:%M:%S", &tm) == 0)
		bench_die("no time");
	fprintf(log->out, "%s jump sshd[%u]: %s\n", stamp, pid, text);
}

/* One of their places, which are all over the world. */
static void
address_of(uint32_t of, char text[32])
{
	of = of * 2654435761u + 12345u;
	(void)text_format(text, 32, "%u.%u.%u.%u", 20 + (of >> 24) % 180,
	    (of >> 16) % 250, (of >> 8) % 250, 1 + of % 250);
}

static void
somebody(struct log *log, unsigned int pid)
{
	unsigned int user = bench_random(&log->random, PEOPLE),
		     i = log->turn++ % OPEN;
	char text[TEXT_SIZE], from[32];

	if (log->pid[i] != 0) {
		(void)text_format(text, sizeof(text),
		    "pam_unix(sshd:session): session closed for user user%u",
		    log->user[i]);
		put(log, log->pid[i], text);
	}
	address_of(user * PLACES + bench_random(&log->random, PLACES), from);
	(void)text_format(text, sizeof(text),
	    "Accepted publickey for user%u from %s port %u ssh2: ED25519 %s",
	    user, from, 1024 + bench_random(&log->random, 60000), KEY);
	put(log, pid, text);
	(void)text_format(text, sizeof(text),
	    "pam_unix(sshd:session): session opened for user user%u(uid=1000) "
	    "by (uid=0)",
	    user);
	put(log, pid, text);
	log->user[i] = user;
	log->pid[i] = pid;
}

static void
stranger(struct log *log, unsigned int pid)
{
	char text[TEXT_SIZE], from[32];

	address_of(1000000 + bench_random(&log->random, STRANGERS), from);
	(void)text_format(text, sizeof(text),
	    "Invalid user admin from %s port 4711", from);
	put(log, pid, text);
	(void)text_format(text, sizeof(text),
	    "Failed password for invalid user admin from %s port 4711 ssh2",
	    from);
	put(log, pid, text);
	(void)text_format(text, sizeof(text),
	    "Connection closed by invalid user admin %s port 4711 [preauth]",
	    from);
	put(log, pid, text);
}

int
main(int argc, char **argv)
{
	struct log log = { .at = 1772353800, .random = 1 };
	uint64_t in;

	if (argc != 5)
		bench_die("usage: bench_lines sshd|journal LINES IN-A-HUNDRED "
			  "FILE");
	log.journal = strcmp(argv[1], "journal") == 0;
	log.most = bench_number(argv[2], 1, 1000000000);
	in = bench_number(argv[3], 0, 100);
	if ((log.out = fopen(argv[4], "w")) == NULL)
		bench_die("%s: cannot be written", argv[4]);
	for (unsigned int pid = 1000; log.lines < log.most; pid++) {
		log.at += bench_random(&log.random, 4);
		if (bench_random(&log.random, 100) < in)
			somebody(&log, pid % 4000000 + 1000);
		else
			stranger(&log, pid % 4000000 + 1000);
	}
	if (fclose(log.out) != 0)
		bench_die("%s: cannot be written", argv[4]);
	return 0;
}
