/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which keys and certificates a login by ssh has used, from what sshd says of
 * them in SSH_AUTH_INFO_0. What sshd accepted is sshd's word; nothing is
 * verified here, only named.
 */
#ifndef FG_SSH_KEY_H
#define FG_SSH_KEY_H

#include <stdint.h>

#include "policyd/people/person.h"

#define SSH_KEYS_MAX	4u	/* of one login, that are named */
#define SSH_PRINCIPALS_MAX 8u	/* of one certificate, that are named */
#define SSH_PRINCIPAL_PREFIX "principal:"	/* of its name as a key */
#define SSH_PRINCIPAL_MAX (PERSON_KEY_MAX - 10u) /* with "principal:" */

struct ssh_key {
	/* "SHA256:..." as ssh-keygen -l prints it, also for a key of a type
	 * that is not known here; of a certificate, that of the key in it. */
	char		 fingerprint[PERSON_KEY_MAX + 1];
	/* The certificate's key id; "" for a plain key, and for an id that is
	 * empty, too long, not printable ASCII or like another kind of name.
	 * Whoever may add a cert-authority to a file of authorized keys writes
	 * any id: it is worth what its authority is. */
	char		 id[PERSON_KEY_MAX + 1];
	/* Who signed the certificate, as .fingerprint; "" for a plain key. */
	char		 authority[PERSON_KEY_MAX + 1];
	/* The certificate's principals, the first ones, of the same form and
	 * worth as .id; others are left out. */
	size_t		 nprincipals;
	char		 principal[SSH_PRINCIPALS_MAX][SSH_PRINCIPAL_MAX + 1];
};

/* AuthenticationMethods of sshd_config may demand several. */
struct ssh_keys {
	size_t		 n;
	struct ssh_key	 list[SSH_KEYS_MAX];	/* as sshd took them */
	/* So many more were used: those that cannot be read, and those for
	 * which there is no room. */
	uint32_t	 more;
};

/*
 * The public keys of info, whose lines are "METHOD TYPE BASE64".
 * Key types: RFC 4253 6.6, RFC 5656 3.1, RFC 8709 4, and OpenSSH's
 * PROTOCOL.certkeys and PROTOCOL.u2f. A certificate of another type cannot be
 * read.
 * Returns 0, FG_ERR_NOT_FOUND (no key was used; *ret_keys is empty) or
 * FG_ERR_FORMAT (there are more than *ret_keys names).
 */
int	ssh_keys_of(const char *info, struct ssh_keys *ret_keys);

#endif
