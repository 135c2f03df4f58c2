/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The key of a jump host, to which laptops seal what they say of themselves.
 * Its file is made when an administrator first asks for the public key, which
 * each laptop is then told: no challenge can be answered before. It is never
 * replaced, for laptops answer to the one that they know.
 */
#ifndef FG_HOST_KEY_H
#define FG_HOST_KEY_H

#include "policyd/key_file.h"

#define HOST_KEY_FILE		"host.key"	/* in the state folder, 0600 */
#define HOST_KEY_WHY_SIZE	SECRET_FILE_WHY_SIZE

/* As key_file_open(). */
int	host_key_open(const char *folder, struct key_file **ret_key,
	    char ret_why[HOST_KEY_WHY_SIZE]);

#endif
