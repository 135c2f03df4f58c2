/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The key with which the daemon signs anchors of its log. Its file is made at
 * the first start and never replaced; each record "start" has the public key.
 */
#ifndef FG_AUDIT_KEY_H
#define FG_AUDIT_KEY_H

#include "policyd/key_file.h"

#define AUDIT_KEY_FILE		"audit.key"	/* in the state folder, 0600 */
#define AUDIT_KEY_WHY_SIZE	SECRET_FILE_WHY_SIZE

/*
 * As key_file_open(), and then key_file_make() where there is none: *ret_new.
 * Without an error there is one.
 */
int	audit_key_open(const char *folder, struct key_file **ret_key,
	    bool *ret_new, char ret_why[AUDIT_KEY_WHY_SIZE]);

#endif
