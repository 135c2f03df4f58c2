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

static int64_t
now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts); /* cannot fail */
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
bar_init(struct bar *bar, void (*ask)(void *arg, struct bar_at *ret_at),
    void *arg)
{
	memset(bar, 0, sizeof(*bar));
	bar->shown = isatty(STDERR_FILENO) == 1;
	bar->ask = ask;
	bar->arg = arg;
}

static void
draw(const struct bar *bar)
{
	static const char full[] = "########################################";
	struct bar_at at = { .all = 0 };
	unsigned int percent;
	int n;

	bar->ask(bar->arg, &at);
	percent = at.all == 0 || at.done > at.all ?
	    100 :
	    (unsigned int)(at.done * 100 / at.all);
	n = (int)percent * WIDTH / 100;
	fprintf(stderr, "\r[%.*s%*s] %3u%% %llu lines ", n, full, WIDTH - n, "",
	    percent, (unsigned long long)at.lines);
}

void
bar_tick(void *arg)
{
	struct bar *bar = arg;
	int64_t ms;

	if (!bar->shown || (ms = now_ms()) < bar->next_ms)
		return;
	bar->next_ms = ms + EVERY_MS;
	draw(bar);
}

void
bar_hide(struct bar *bar)
{
	if (bar->shown)
		fputs("\r\033[K", stderr);
}

void
bar_done(struct bar *bar)
{
	bar_hide(bar);
	bar->shown = false;
}
