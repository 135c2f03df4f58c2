/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which key or certificate a login by ssh has used, from what sshd says of it
 * in SSH_AUTH_INFO_0. What sshd accepted is sshd's word; nothing is verified
 * here, only named.
 */
#ifndef FG_SSH_KEY_H
#define FG_SSH_KEY_H

#include "policyd/people/person.h"

struct ssh_key {
	/* "SHA256:..." as ssh-keygen -l prints it; of a certificate, that of
	 * the key in it. */
	char		 fingerprint[PERSON_KEY_MAX + 1];
	/* The certificate's key id; "" for a plain key, and for an id that is
	 * empty, too long, not printable ASCII or like a fingerprint. Whoever
	 * may add a cert-authority to a file of authorized keys writes any id:
	 * it is worth what its authority is. */
	char		 id[PERSON_KEY_MAX + 1];
	/* Who signed the certificate, as .fingerprint; "" for a plain key. */
	char		 authority[PERSON_KEY_MAX + 1];
};

/*
 * The first public key of info, whose lines are "METHOD TYPE BASE64".
 * Key types: RFC 4253 6.6, RFC 5656 3.1, RFC 8709 4, and OpenSSH's
 * PROTOCOL.certkeys and PROTOCOL.u2f.
 * Returns 0, FG_ERR_NOT_FOUND (no key was used) or FG_ERR_FORMAT; *ret_key is
 * empty then.
 */
int	ssh_key_of(const char *info, struct ssh_key *ret_key);

#endif
