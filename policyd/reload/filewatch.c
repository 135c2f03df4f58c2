/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stat(2) on a handful of paths every other second: unlike inotify it works on
 * every file system, through links and for files that are not there yet.
 */
#include "policyd/reload/filewatch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "proto/result.h"

#define FILEWATCH_MS	  2000u
#define FILEWATCH_SOON_MS 500u /* is it at rest? */
#define FILEWATCH_MOVING  6u /* looks that one waits for another at most */

/* What changes with every replacement and every write; zeros: not there. */
struct file_state {
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec mtime;
	struct timespec ctime;
};

struct watched {
	char *path;
	struct file_state read; /* as it was read */
	struct file_state mark;
	struct file_state last; /* at the last look */
};

struct filewatch {
	struct watched *files;
	size_t count;
	struct loop_timer *timer;
	unsigned int moving; /* looks since something began to change */
	filewatch_fn changed;
	void *arg;
};

static void
file_look(const char *path, struct file_state *ret_state)
{
	struct stat st;

	memset(ret_state, 0, sizeof(*ret_state));
	if (stat(path, &st) != 0)
		return;
	ret_state->dev = st.st_dev;
	ret_state->ino = st.st_ino;
	ret_state->size = st.st_size;
	ret_state->mtime = st.st_mtim;
	ret_state->ctime = st.st_ctim;
}

/* Both were zeroed before they were filled in. */
static bool
file_is(const struct file_state *a, const struct file_state *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* The first changed one that is at rest; *ret_moving: others are not. */
static const struct watched *
filewatch_look(struct filewatch *watch, bool *ret_moving)
{
	const struct watched *found = NULL;
	struct file_state now;
	struct watched *file;
	size_t i;

	*ret_moving = false;
	for (i = 0; i < watch->count; i++) {
		file = &watch->files[i];
		file_look(file->path, &now);
		if (!file_is(&now, &file->read)) {
			if (!file_is(&now, &file->last))
				*ret_moving = true;
			else if (found == NULL)
				found = file;
		}
		file->last = now;
	}
	return found;
}

/*
 * What belongs together is replaced file by file: one that is at rest waits
 * for the others, but not for one that never rests.
 */
static void
filewatch_on_timer(void *arg)
{
	struct filewatch *watch = arg;
	const struct watched *found;
	bool moving;

	found = filewatch_look(watch, &moving);
	if (moving && watch->moving++ < FILEWATCH_MOVING) {
		loop_timer_set(watch->timer, FILEWATCH_SOON_MS);
		return;
	}
	watch->moving = 0;
	loop_timer_set(watch->timer, FILEWATCH_MS);
	if (found != NULL)
		watch->changed(found->path, watch->arg);
}

int
filewatch_new(struct loop *loop, filewatch_fn changed, void *arg,
    struct filewatch **ret_watch)
{
	struct filewatch *watch;
	int r;

	*ret_watch = NULL;
	if ((watch = calloc(1, sizeof(*watch))) == NULL)
		return FG_ERR_NOMEM;
	watch->changed = changed;
	watch->arg = arg;
	if ((r = loop_timer(loop, filewatch_on_timer, watch, &watch->timer)) !=
	    0) {
		free(watch);
		return r;
	}
	*ret_watch = watch;
	return 0;
}

static void
files_free(struct watched *files, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(files[i].path);
	free(files);
}

void
filewatch_free(struct filewatch *watch)
{
	if (watch == NULL)
		return;
	files_free(watch->files, watch->count);
	loop_timer_free(watch->timer);
	free(watch);
}

void
filewatch_mark(struct filewatch *watch)
{
	size_t i;

	for (i = 0; i < watch->count; i++)
		file_look(watch->files[i].path, &watch->files[i].mark);
}

const char *
filewatch_path(const struct conf *conf, size_t i)
{
	size_t n;

	if (i < conf->ndatabases)
		return conf->databases[i].path;
	i -= conf->ndatabases;
	for (n = 0; n < conf->nnetworks; n++) {
		if (i < conf->networks[n].files.n)
			return conf->networks[n].files.v[i];
		i -= conf->networks[n].files.n;
	}
	for (n = 0; n < conf->nasns; n++) {
		if (i < conf->asns[n].files.n)
			return conf->asns[n].files.v[i];
		i -= conf->asns[n].files.n;
	}
	return NULL;
}

static const struct watched *
filewatch_find(const struct filewatch *watch, const char *path)
{
	size_t i;

	for (i = 0; i < watch->count; i++)
		if (strcmp(watch->files[i].path, path) == 0)
			return &watch->files[i];
	return NULL;
}

static int
filewatch_list(const struct filewatch *watch, const struct conf *conf,
    struct watched **ret_files, size_t *ret_n)
{
	const struct watched *old;
	struct watched *files;
	const char *path;
	size_t i, n = 0;

	while (filewatch_path(conf, n) != NULL)
		n++;
	if ((files = calloc(n + 1, sizeof(*files))) == NULL)
		return FG_ERR_NOMEM;
	for (i = 0; i < n; i++) {
		path = filewatch_path(conf, i);
		if ((files[i].path = strdup(path)) == NULL) {
			files_free(files, i);
			return FG_ERR_NOMEM;
		}
		if ((old = filewatch_find(watch, path)) != NULL)
			files[i].mark = old->mark;
		else
			file_look(path, &files[i].mark);
	}
	*ret_files = files;
	*ret_n = n;
	return 0;
}

int
filewatch_adopt(struct filewatch *watch, const struct conf *conf)
{
	struct watched *files = NULL;
	size_t i, n = 0;
	int r = 0;

	if (conf != NULL &&
	    (r = filewatch_list(watch, conf, &files, &n)) == 0) {
		files_free(watch->files, watch->count);
		watch->files = files;
		watch->count = n;
	}
	for (i = 0; i < watch->count; i++)
		watch->files[i].read = watch->files[i].last =
		    watch->files[i].mark;
	return r;
}

void
filewatch_pause(struct filewatch *watch, bool pause)
{
	if (pause)
		loop_timer_clear(watch->timer);
	else
		loop_timer_set(watch->timer, FILEWATCH_MS);
}
