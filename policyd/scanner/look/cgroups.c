/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A search through the folders of cgroups. Their names may be a user's own
 * below that user's service; there may be many.
 */
#include "policyd/scanner/look/cgroups.h"

#include <sys/stat.h>

#include <dirent.h>
#include <stdbool.h>
#include <string.h>

#include "policyd/scanner/picture.h"
#include "policyd/scanner/place.h"
#include "policyd/scanner/walk.h"
#include "policyd/text.h"
#include "proto/result.h"

#define CGROUPS_PATH  1024u
#define CGROUPS_DEPTH 24u

/* Alone, or beside those of the old kind. */
static const char *const mounts[] = { "sys/fs/cgroup",
	"sys/fs/cgroup/unified" };

static const char *
find_mount(void)
{
	char name[64];
	struct stat st;
	size_t i;

	for (i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++)
		if (text_format(name, sizeof(name), "%s/cgroup.controllers",
			mounts[i]) == 0 &&
		    place_stat(name, &st))
			return mounts[i];
	return NULL;
}

uint64_t
cgroup_id(const char *path)
{
	const char *mount = find_mount();
	char name[CGROUPS_PATH];
	struct stat st;

	if (mount == NULL || path[0] != '/' || path[1] == '\0' ||
	    text_format(name, sizeof(name), "%s%s", mount, path) != 0 ||
	    !place_stat(name, &st) || !S_ISDIR(st.st_mode))
		return 0;
	return st.st_ino;
}

int
cgroup_processes(const char *path, uint64_t id, char *buf, size_t size)
{
	const char *mount = find_mount();
	char name[CGROUPS_PATH];

	if (mount == NULL || cgroup_id(path) != id ||
	    text_format(name, sizeof(name), "%s%s/cgroup.procs", mount, path) !=
		0)
		return FG_ERR_NOT_FOUND;
	return place_read(name, buf, size);
}

struct cgroups_search {
	uint64_t id;
	int64_t until_ns;
	size_t depth;
	char path[CGROUPS_PATH]; /* of the folder that is looked at */
};

static bool search(struct cgroups_search *s, size_t len);

/* A folder's entries first tell their numbers, and only then are entered. */
static bool
search_entries(struct cgroups_search *s, size_t len, DIR *dir, bool enter)
{
	const struct dirent *entry;

	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.' ||
		    text_format(s->path + len, sizeof(s->path) - len, "/%s",
			entry->d_name) != 0)
			continue;
		if (enter ? search(s, strlen(s->path)) : entry->d_ino == s->id)
			return true;
		if (walk_now_ns() >= s->until_ns)
			break;
	}
	s->path[len] = '\0';
	return false;
}

static bool
search(struct cgroups_search *s, size_t len)
{
	bool found;
	DIR *dir;

	if (s->depth == CGROUPS_DEPTH || (dir = place_opendir(s->path)) == NULL)
		return false;
	s->depth++;
	found = search_entries(s, len, dir, false);
	if (!found) {
		rewinddir(dir);
		found = search_entries(s, len, dir, true);
	}
	s->depth--;
	(void)closedir(dir); /* was only read */
	return found;
}

/* Units first: nobody but root can make that many, and theirs counts most. */
static int
find_path(uint64_t id, int64_t until_ns, char *ret_path, size_t size)
{
	static const char *const first[] = { "/system.slice", "/user.slice",
		"" };
	struct cgroups_search s = { .id = id, .until_ns = until_ns };
	const char *mount = find_mount();
	size_t i;

	for (i = 0; id != 0 && mount != NULL && i < 3; i++) {
		if (text_format(s.path, sizeof(s.path), "%s%s", mount,
			first[i]) != 0 ||
		    !search(&s, strlen(s.path)) ||
		    strlen(s.path + strlen(mount)) >= size)
			continue;
		sign_text(ret_path, size, s.path + strlen(mount));
		return 0;
	}
	return FG_ERR_NOT_FOUND;
}

int
cgroup_path(struct cgroups *cgroups, uint64_t id, int64_t until_ns,
    char ret_path[FACT_CGROUP_MAX + 1])
{
	size_t i;
	int r;

	*ret_path = '\0';
	for (i = 0; id != 0 && i < CGROUPS_KNOWN; i++)
		if (cgroups->known[i].id == id)
			return text_copy(ret_path, FACT_CGROUP_MAX + 1,
			    cgroups->known[i].path);
	if ((r = find_path(id, until_ns, ret_path, FACT_CGROUP_MAX + 1)) != 0)
		return r;
	i = cgroups->next++ % CGROUPS_KNOWN;
	cgroups->known[i].id = id;
	return text_copy(cgroups->known[i].path, FACT_CGROUP_MAX + 1, ret_path);
}
