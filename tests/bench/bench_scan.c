/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a scan costs beside so many processes that are none of its business:
 * children that sleep. The rules are as many as a catalogue has, and about
 * nothing that runs here. Usage: bench_scan [-b BUDGET_MS] [-n SCANS]
 * [-w SECONDS] COUNT...: wait before the first scan, as young processes are
 * looked at more closely.
 */
#include <sys/prctl.h>
#include <sys/wait.h>

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "policyd/scanner/look/look.h"
#include "proto/result.h"
#include "tests/bench/bench.h"

#define ENTRIES	  120u
#define RULES_MAX 2048u
#define COUNT_MAX 100000u
#define SCANS_MAX 10000u

struct made {
	struct rule_entry entry[ENTRIES];
	struct rule rule[RULES_MAX];
	size_t n;
};

struct options {
	unsigned int budget_ms;
	unsigned int wait_s;
	size_t scans;
};

static struct rule *
add_rule(struct made *made, enum rule_kind kind, uint32_t entry,
    const char *fmt)
{
	struct rule *rule = &made->rule[made->n++];

	rule->kind = kind;
	rule->entry = entry;
	(void)snprintf(rule->text, sizeof(rule->text), "%s-%u", fmt, entry);
	return rule;
}

static void
add_port(struct made *made, enum rule_kind kind, uint32_t entry, uint32_t port)
{
	struct rule *rule = add_rule(made, kind, entry, "");

	(void)snprintf(rule->text, sizeof(rule->text), "tcp");
	rule->low = port;
	rule->high = port + 3;
}

static void
add_entry(struct made *made, uint32_t i)
{
	struct rule_entry *entry = &made->entry[i];

	(void)snprintf(entry->name, sizeof(entry->name), "tool-%u", i);
	entry->kind = ENTRY_RMM;
	entry->active = RULE_ACTIVE_LISTEN | RULE_ACTIVE_CHILD;
	(void)add_rule(made, RULE_EXE, i, "/usr/bin/bench-tool");
	(void)add_rule(made, RULE_EXE, i, "/opt/bench-tool/bin/agent");
	(void)add_rule(made, RULE_EXE, i, "/opt/bench-*/agent*");
	(void)add_rule(made, RULE_COMM, i, "bench-tool");
	(void)add_rule(made, RULE_SCRIPT, i, "/usr/share/bench/agent.py");
	(void)add_rule(made, RULE_FILE, i, "/usr/bin/bench-tool");
	add_port(made, RULE_LISTEN, i, 5900 + 4 * i);
	add_port(made, RULE_RELAY, i, 21000 + 4 * i);
}

static void
set_rules(struct look *look)
{
	static struct made made;
	struct rules rules;
	uint32_t i;
	int r;

	for (i = 0; i < ENTRIES; i++)
		add_entry(&made, i);
	if ((r = rules_make(made.entry, ENTRIES, made.rule, made.n, &rules)) !=
	    0)
		bench_die("rules: %s", fg_strerror(r));
	look_set_rules(look, &rules);
}

static void
make_children(pid_t *pid, size_t from, size_t to)
{
	for (; from < to; from++) {
		if ((pid[from] = fork()) == -1)
			bench_die("fork: process %zu", from + 1);
		if (pid[from] == 0) {
			(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
			for (;;)
				(void)pause();
		}
	}
}

static void
end_children(const pid_t *pid, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		(void)kill(pid[i], SIGKILL);
	for (i = 0; i < n; i++)
		(void)waitpid(pid[i], NULL, 0);
}

static int64_t
cpu_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts); /* always there */
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

/*
 * The first one has everything to find out; the others what has changed. What
 * others of the machine do shows in the time, and less in the processor's.
 */
static void
measure(const struct options *opt, size_t n)
{
	static int64_t ns[SCANS_MAX], cpu[SCANS_MAX];
	static struct picture picture;
	int64_t first_ns, begin;
	size_t i, cut = 0;
	struct look *look;

	if (look_new(&look) != 0)
		bench_die("look");
	set_rules(look);
	begin = bench_now_ns();
	look_take(look, opt->budget_ms, &picture);
	first_ns = bench_now_ns() - begin;
	for (i = 0; i < opt->scans; i++) {
		begin = bench_now_ns();
		cpu[i] = cpu_ns();
		look_take(look, opt->budget_ms, &picture);
		cpu[i] = cpu_ns() - cpu[i];
		ns[i] = bench_now_ns() - begin;
		cut += picture.cut != 0;
	}
	look_free(look);
	bench_sort(ns, opt->scans);
	bench_sort(cpu, opt->scans);
	printf("%9zu %10u %8.2f %8.2f %8.2f %8.2f %8.2f %6zu\n", n,
	    picture.processes, (double)first_ns / 1e6,
	    bench_percentile_us(cpu, opt->scans, 50) / 1e3,
	    bench_percentile_us(ns, opt->scans, 50) / 1e3,
	    bench_percentile_us(ns, opt->scans, 95) / 1e3,
	    bench_percentile_us(ns, opt->scans, 100) / 1e3, cut);
	(void)fflush(stdout);
}

int
main(int argc, char **argv)
{
	struct options opt = { .budget_ms = 200, .scans = 50 };
	static pid_t pid[COUNT_MAX];
	size_t n = 0, want;
	int c;

	while ((c = getopt(argc, argv, "b:n:w:")) != -1) {
		if (c == 'b')
			opt.budget_ms =
			    (unsigned int)bench_number(optarg, 1, 60000);
		else if (c == 'w')
			opt.wait_s = (unsigned int)bench_number(optarg, 0, 600);
		else if (c == 'n')
			opt.scans = bench_number(optarg, 1, SCANS_MAX);
		else
			bench_die("usage: bench_scan [-b MS] [-n N] [-w S] "
				  "COUNT...");
	}
	printf("%9s %10s %8s %8s %8s %8s %8s %6s\n", "children", "looked at",
	    "first", "cpu", "median", "p95", "longest", "cut");
	(void)fflush(stdout);
	for (; optind < argc; optind++) {
		want = bench_number(argv[optind], 0, COUNT_MAX);
		make_children(pid, n, want);
		n = want > n ? want : n;
		(void)sleep(opt.wait_s);
		measure(&opt, n);
	}
	end_children(pid, n);
	return 0;
}
