/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bar that is drawn over itself, five times a second at most.
 */
#include "ctl/past/bar.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WIDTH	 40
#define EVERY_MS 200
#define STEPS	 1024u /* logins between two looks at the clock */

static int64_t
now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts); /* cannot fail */
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
bar_init(struct bar *bar)
{
	memset(bar, 0, sizeof(*bar));
	bar->shown = isatty(STDERR_FILENO) == 1;
}

static void
draw(const struct past_all *all)
{
	static const char full[] = "########################################";
	uint64_t done, size;
	int n;

	past_all_progress(all, &done, &size);
	n = size == 0 || done > size ? WIDTH : (int)(done * WIDTH / size);
	fprintf(stderr, "\r[%.*s%*s] %3d%% %llu lines ", n, full, WIDTH - n, "",
	    n * 100 / WIDTH, (unsigned long long)past_all_lines(all));
}

void
bar_step(struct bar *bar, const struct past_all *all)
{
	int64_t ms;

	if (!bar->shown || bar->turns++ % STEPS != 0)
		return;
	if ((ms = now_ms()) < bar->next_ms)
		return;
	bar->next_ms = ms + EVERY_MS;
	draw(all);
}

void
bar_done(struct bar *bar)
{
	if (bar->shown)
		fputs("\r\033[K", stderr);
	bar->shown = false;
}
