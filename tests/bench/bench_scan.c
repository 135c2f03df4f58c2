/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a scan costs beside so many processes that are none of its business:
 * children that sleep. Usage: bench_scan [-b BUDGET_MS] [-c FOLDER] [-n SCANS]
 * [-w SECONDS] COUNT...: with that catalogue (conf/catalogue), after so long,
 * as young processes are looked at more closely.
 */
#include <sys/prctl.h>
#include <sys/wait.h>

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policyd/catalogue/catalogue.h"
#include "policyd/scanner/look/look.h"
#include "tests/bench/bench.h"

#define COUNT_MAX 100000u
#define SCANS_MAX 10000u

struct options {
	const char *catalogue;
	unsigned int budget_ms;
	unsigned int wait_s;
	size_t scans;
};

static void
set_rules(struct look *look, const char *folder)
{
	struct catalogue *catalogue;
	struct conf_errors errors;
	struct rules rules;

	memset(&errors, 0, sizeof(errors));
	if (catalogue_load(&folder, 1, &catalogue, &errors) != 0)
		bench_die("%s: no catalogue", folder);
	if (catalogue_rules(catalogue, &rules) != 0)
		bench_die("out of memory");
	catalogue_free(catalogue);
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
	set_rules(look, opt->catalogue);
	begin = bench_now_ns();
	look_take(look, opt->budget_ms, &picture);
	first_ns = bench_now_ns() - begin;
	for (i = 0; i < opt->scans; i++) {
		begin = bench_now_ns();
		cpu[i] = bench_cpu_ns();
		look_take(look, opt->budget_ms, &picture);
		cpu[i] = bench_cpu_ns() - cpu[i];
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
	struct options opt = {
		.catalogue = "conf/catalogue", .budget_ms = 200, .scans = 50
	};
	static pid_t pid[COUNT_MAX];
	size_t n = 0, want;
	int c;

	while ((c = getopt(argc, argv, "b:c:n:w:")) != -1) {
		if (c == 'b')
			opt.budget_ms =
			    (unsigned int)bench_number(optarg, 1, 60000);
		else if (c == 'c')
			opt.catalogue = optarg;
		else if (c == 'w')
			opt.wait_s = (unsigned int)bench_number(optarg, 0, 600);
		else if (c == 'n')
			opt.scans = bench_number(optarg, 1, SCANS_MAX);
		else
			bench_die(
			    "usage: bench_scan [-b MS] [-c FOLDER] [-n N] "
			    "[-w S] COUNT...");
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
