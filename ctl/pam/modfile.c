/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files of modules. libpam has one folder built in, which depends on the
 * distribution and the machine: the ones that there are, are tried in turn.
 */
#include "ctl/pam/modfile.h"

#include <glob.h>
#include <string.h>
#include <unistd.h>

#include "policyd/privilege/safeopen.h"
#include "policyd/text.h"
#include "proto/result.h"

#define MODULE_MAX (256u * 1024u * 1024u)

static const char *const folders[] = { "/usr/lib/*-linux-*/security",
	"/lib/*-linux-*/security", "/usr/lib64/security", "/lib64/security",
	"/usr/lib/security", "/lib/security" };

static int
find_in(const char *folder, const char *module, char ret_path[PATH_MAX])
{
	int r = FG_ERR_NOT_FOUND;
	glob_t found;

	if (glob(folder, 0, NULL, &found) != 0)
		return r;
	for (size_t i = 0; i < found.gl_pathc && r != 0; i++)
		if (text_format(ret_path, PATH_MAX, "%s/%s", found.gl_pathv[i],
			module) == 0 &&
		    access(ret_path, F_OK) == 0)
			r = 0;
	globfree(&found);
	return r;
}

int
modfile_find(const char *module, char ret_path[PATH_MAX])
{
	size_t i;

	if (module[0] != '/')
		for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
			if (find_in(folders[i], module, ret_path) == 0)
				return 0;
	(void)text_copy(ret_path, PATH_MAX, module);
	if (module[0] == '/' && access(module, F_OK) == 0)
		return 0;
	return FG_ERR_NOT_FOUND;
}

int
modfile_check(const char *path, const char **ret_why)
{
	size_t size;
	int fd, r;

	r = safeopen(path, MODULE_MAX, 0, &fd, &size, ret_why);
	if (r == 0)
		(void)close(fd);
	else if (r == FG_ERR_SYSTEM)
		*ret_why = text_error(r);
	return r == 0 ? 0 : FG_ERR_UNSAFE;
}
