/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The audit key, as a file.
 */
#include "policyd/audit/audit_key.h"

#define REMOVE                                                        \
	"remove it and restart the daemon, which makes another: the " \
	"anchors that it has signed stay what they are"

static const struct key_file_form form = {
	.kind = KEY_AUDIT,
	.name = AUDIT_KEY_FILE,
	.fresh = AUDIT_KEY_FILE ".new",
	.lost = "put it back from a backup, or " REMOVE,
	.exposed = REMOVE,
	.other = "is no audit key; put it back from a backup, or " REMOVE,
};

int
audit_key_open(const char *folder, struct key_file **ret_key, bool *ret_new,
    char ret_why[AUDIT_KEY_WHY_SIZE])
{
	int r;

	*ret_new = false;
	if ((r = key_file_open(&form, folder, ret_key, ret_why)) != 0 ||
	    key_file_public(*ret_key) != NULL)
		return r;
	if ((r = key_file_make(*ret_key, folder, ret_why)) == 0) {
		*ret_new = true;
		return 0;
	}
	key_file_free(*ret_key);
	*ret_key = NULL;
	return r;
}
