/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The jump host's key, as a file.
 */
#include "policyd/witness/host_key.h"

#define ANEW                                           \
	"remove it, restart the daemon and give each " \
	"laptop the section that farmgatectl enrol host prints then"

static const struct key_file_form form = {
	.kind = KEY_HOST,
	.name = HOST_KEY_FILE,
	.fresh = HOST_KEY_FILE ".new",
	.lost = "put it back from a backup, or " ANEW,
	.exposed = ANEW,
	.other = "is no jump host's key; put it back from a backup, or " ANEW,
};

int
host_key_open(const char *folder, struct key_file **ret_key,
    char ret_why[HOST_KEY_WHY_SIZE])
{
	return key_file_open(&form, folder, ret_key, ret_why);
}
