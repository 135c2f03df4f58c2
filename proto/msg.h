/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The messages of the Farmgate protocol and their codec. The prose, with the
 * legal sender of each message and its reply, is in PROTOCOL beside this file;
 * a test holds the two against each other.
 *
 * One SOCK_SEQPACKET datagram is one message. Decoded strings are borrowed
 * from the datagram's buffer until that is reused.
 */
#ifndef FG_MSG_H
#define FG_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FG_MAGIC		0x46474154u	/* "FGAT" */
#ifndef FG_VERSION /* tests build others, and let them meet this one */
#define FG_VERSION		1u
#endif
#define FG_MSG_MAX		16384u	/* bytes of a whole datagram */
#define FG_HEADER_SIZE		32u	/* bytes, see struct fg_header */
#define FG_ID_SIZE		16u	/* random, new for each connection */

/* Lengths in bytes, without the terminator. */
#define FG_USER_MAX		256u
#define FG_SERVICE_MAX		64u
#define FG_RHOST_MAX		256u	/* longer is cut, FG_LOGIN_CUT set */
#define FG_SSH_CONNECTION_MAX	160u	/* two addresses, two ports */
#define FG_SSH_AUTH_MAX		8192u	/* a certificate, or nothing */
#define FG_TTY_MAX		64u
#define FG_REF_MAX		16u	/* "7F3K-Q2MN" */
#define FG_TEXT_MAX		512u	/* the administrator's help line */
#define FG_REASON_MAX		128u	/* finding codes for the syslog line */
#define FG_GROUP_MAX		256u	/* one group's name */
#define FG_PROMPT_MAX		200u	/* printable ASCII, ": " at its end */
#define FG_ANSWER_MAX		1024u	/* bytes that somebody typed */
#define FG_NEED_GROUPS_MAX	256u	/* groups that are asked for */
/* What they may have together: each name's length and FG_NEED_GROUP_EXTRA. */
#define FG_NEED_ROOM		(FG_MSG_MAX - FG_HEADER_SIZE - 6u)
#define FG_NEED_GROUP_EXTRA	3u
#define FG_REPORT_MAX		(FG_MSG_MAX - FG_HEADER_SIZE - 16u)
#define FG_DATA_MAX		FG_REPORT_MAX	/* bytes of one FG_MSG_DATA */
#define FG_TOKEN_MAX		80u	/* a challenge's token, whole */
#define FG_HOST_MAX		256u	/* a host as ssh calls it */
#define FG_STATEMENT_MAX	1000u	/* ssh passes on 1023 bytes */

#define FG_POLICY_SOCKET	"/run/farmgate/policy.sock"

/* Numbers are never reused; a retired one stays here as "retired in N". */
enum fg_msg_type {
	FG_MSG_NONE = 0,
	FG_MSG_LOGIN = 1,	/* module: may this login proceed? */
	FG_MSG_NEED = 2,	/* daemon: send more facts first */
	FG_MSG_GROUPS = 3,	/* module: in which of them the user is */
	FG_MSG_VERDICT = 4,	/* daemon: final */
	FG_MSG_CHALLENGE = 5,	/* daemon: ask the user this */
	FG_MSG_ANSWER = 6,	/* module: what became of it */
	FG_MSG_CLOSE = 7,	/* module: PAM closes the session */
	FG_MSG_FAIL = 8,	/* daemon: the request was not served */
	FG_MSG_STATUS = 16,	/* ctl: how is the daemon? */
	FG_MSG_RELOAD = 17,	/* ctl: read the configuration again */
	FG_MSG_REPORT = 18,	/* daemon: the answer to ctl, as JSON */
	FG_MSG_COMMAND = 19,	/* ctl: do this, as JSON */
	FG_MSG_DATA = 20,	/* both: bytes of a stream; none: its end */
	FG_MSG_WITNESS = 32,	/* attest: what is this laptop's state? */
	FG_MSG_STATEMENT = 33	/* daemon: this, sealed for who challenged */
};

/*
 * What the daemon decided. The invalid zero is what a cleared buffer holds,
 * and it is never an allow.
 */
enum fg_verdict {
	FG_VERDICT_NONE = 0,
	FG_VERDICT_ALLOW = 1,
	FG_VERDICT_DENY = 2,
	FG_VERDICT_EXEMPT = 3,	/* the service is not farmgate's business, or
				 * in auth: there is nothing to prove */
	FG_VERDICT_DELEGATE = 4	/* in auth: another module is to ask */
};

enum fg_phase {
	FG_PHASE_NONE = 0,
	FG_PHASE_ACCOUNT = 1,
	FG_PHASE_SESSION = 2,
	FG_PHASE_AUTH = 3	/* step-up: it proves, and decides nothing */
};

/* Bits of fg_login.flags; unknown bits make the message malformed. */
#define FG_LOGIN_OBSERVE	0x01u	/* the PAM line says observe */
#define FG_LOGIN_INVALID_USER	0x02u	/* no passwd entry; user is "" then */
#define FG_LOGIN_CUT		0x04u	/* a string was longer than its limit */
#define FG_LOGIN_NOGROUPS	0x08u	/* the PAM line says nogroups */
#define FG_LOGIN_AUTH_CUT	0x10u	/* ssh_auth was too long to send */
#define FG_LOGIN_DELEGATED	0x20u	/* auth: the other module has passed */
#define FG_LOGIN_FLAGS		0x3fu	/* all of the above */

/* Bits of fg_need.what. */
#define FG_NEED_GROUPS		0x01u

/* How a prompt is shown; the other one is how a password is. */
enum fg_style {
	FG_STYLE_NONE = 0,
	FG_STYLE_VISIBLE = 1,	/* what is typed is seen */
	FG_STYLE_HIDDEN = 2
};

/* What became of a prompt. */
enum fg_answer_how {
	FG_ANSWER_NONE = 0,
	FG_ANSWER_GIVEN = 1,
	FG_ANSWER_IMPOSSIBLE = 2, /* the application asks nobody */
	FG_ANSWER_UNUSABLE = 3,	/* too long, or control characters in it */
	FG_ANSWER_SILENT = 4	/* success, and no string at all */
};

/* Why the daemon did not serve a request (FG_MSG_FAIL). */
enum fg_fail {
	FG_FAIL_NONE = 0,
	FG_FAIL_VERSION = 1,	/* .version says which one the daemon speaks */
	FG_FAIL_MALFORMED = 2,
	FG_FAIL_NOT_PERMITTED = 3,
	FG_FAIL_BUSY = 4,
	FG_FAIL_INTERNAL = 5,
	FG_FAIL_STOPPING = 6,
	/* In answer to FG_MSG_WITNESS alone. */
	FG_FAIL_NOT_ENROLLED = 7, /* this laptop has no device key */
	FG_FAIL_UNKNOWN_HOST = 8, /* nobody it knows has drawn the token */
	FG_FAIL_OTHER_NAME = 9	/* who has drawn it has no such name */
};

/*
 * On the wire: magic u32, version u8, type u8, sequence u16, length u32 (bytes
 * after the header), reserved u32 (zero), id 16 bytes. The connecting side
 * draws the id; every message of the connection carries it. The sequence
 * counts messages of the connection from 1, in both directions together.
 */
struct fg_header {
	uint8_t		 version;
	uint8_t		 type;		/* enum fg_msg_type */
	uint16_t	 sequence;
	uint32_t	 length;
	uint8_t		 id[FG_ID_SIZE];
};

struct fg_login {
	uint8_t		 phase;		/* enum fg_phase */
	uint32_t	 flags;		/* FG_LOGIN_* */
	uint32_t	 pid;		/* the sender's own; SO_PEERCRED wins */
	uint32_t	 uid;		/* the user's, or (uint32_t)-1 */
	const char	*service;	/* PAM_SERVICE */
	const char	*user;		/* canonical, from the passwd entry */
	const char	*ruser;		/* PAM_RUSER or "" */
	const char	*tty;		/* PAM_TTY or "" */
	const char	*rhost;		/* PAM_RHOST or "", as it came */
	const char	*ssh_connection; /* from the PAM environment or "" */
	const char	*ssh_auth;	/* SSH_AUTH_INFO_0, likewise */
	const char	*ref;		/* FARMGATE_REF, PAM environment */
};

struct fg_need {
	uint32_t	 what;		/* FG_NEED_* */
	uint16_t	 count;		/* 1 to FG_NEED_GROUPS_MAX */
	const char	*groups[FG_NEED_GROUPS_MAX]; /* names, none empty */
};

/* The answer to each name of the fg_need, in its order. */
struct fg_groups {
	bool		 failed;	/* the look-up failed; count is 0 */
	uint16_t	 count;		/* the receiver compares it */
	bool		 member[FG_NEED_GROUPS_MAX];
};

struct fg_verdict_msg {
	uint8_t		 verdict;	/* enum fg_verdict, what happens */
	uint8_t		 would;		/* what enforcing would have done */
	const char	*ref;
	const char	*reason;	/* for syslog: codes, or "none" */
	const char	*help;		/* for the user, the administrator's */
};

struct fg_challenge {
	uint8_t		 style;		/* enum fg_style */
	const char	*prompt;
};

/* The bytes are a secret, and may be somebody's password. */
struct fg_answer {
	uint8_t		 how;		/* enum fg_answer_how */
	const void	*bytes;		/* no control characters among them */
	size_t		 len;		/* 0 unless it was given */
};

struct fg_close {
	uint32_t	 pid;		/* the sender's own; SO_PEERCRED wins */
	const char	*ref;		/* FARMGATE_REF, PAM environment */
};

struct fg_fail_msg {
	uint8_t		 fail;		/* enum fg_fail */
	uint8_t		 version;	/* what the daemon speaks */
};

struct fg_report {
	uint8_t		 exit_status;	/* for farmgatectl: 0 is success */
	const char	*json;		/* one JSON object */
};

struct fg_command {
	const char	*json;		/* one JSON object with "do" */
};

struct fg_data {
	const void	*bytes;
	size_t		 len;		/* 0 ends the stream */
};

/* User and host are as ssh's own "(user@host) " has them; none is empty. */
struct fg_witness {
	const char	*token;		/* letters, digits, '.', '_' and '-' */
	const char	*user;		/* without control characters */
	const char	*host;		/* likewise */
};

struct fg_statement {
	const char	*answer;	/* of a token's characters; not empty */
};

/*
 * Each encoder writes header and body into data (size bytes, FG_MSG_MAX is
 * always enough for what the limits allow, FG_NEED_ROOM being one of them) and
 * gives the datagram's length. hdr supplies sequence and id only.
 * Returns 0 or FG_ERR_LIMIT; a prompt that is none is FG_ERR_FORMAT, as is a
 * string of fg_witness or fg_statement that is not as described there.
 */
int	fg_msg_put_login(void *data, size_t size, const struct fg_header *hdr,
	    const struct fg_login *m, size_t *ret_len);
int	fg_msg_put_need(void *data, size_t size, const struct fg_header *hdr,
	    const struct fg_need *m, size_t *ret_len);
int	fg_msg_put_groups(void *data, size_t size, const struct fg_header *hdr,
	    const struct fg_groups *m, size_t *ret_len);
int	fg_msg_put_verdict(void *data, size_t size,
	    const struct fg_header *hdr, const struct fg_verdict_msg *m,
	    size_t *ret_len);
int	fg_msg_put_challenge(void *data, size_t size,
	    const struct fg_header *hdr, const struct fg_challenge *m,
	    size_t *ret_len);
int	fg_msg_put_answer(void *data, size_t size, const struct fg_header *hdr,
	    const struct fg_answer *m, size_t *ret_len);
int	fg_msg_put_close(void *data, size_t size, const struct fg_header *hdr,
	    const struct fg_close *m, size_t *ret_len);
int	fg_msg_put_fail(void *data, size_t size, const struct fg_header *hdr,
	    const struct fg_fail_msg *m, size_t *ret_len);
int	fg_msg_put_report(void *data, size_t size, const struct fg_header *hdr,
	    const struct fg_report *m, size_t *ret_len);
int	fg_msg_put_command(void *data, size_t size,
	    const struct fg_header *hdr, const struct fg_command *m,
	    size_t *ret_len);
int	fg_msg_put_data(void *data, size_t size, const struct fg_header *hdr,
	    const struct fg_data *m, size_t *ret_len);
int	fg_msg_put_witness(void *data, size_t size,
	    const struct fg_header *hdr, const struct fg_witness *m,
	    size_t *ret_len);
int	fg_msg_put_statement(void *data, size_t size,
	    const struct fg_header *hdr, const struct fg_statement *m,
	    size_t *ret_len);
/* For the messages without a body: FG_MSG_STATUS and FG_MSG_RELOAD. */
int	fg_msg_put_empty(void *data, size_t size, const struct fg_header *hdr,
	    enum fg_msg_type type, size_t *ret_len);

/*
 * Check a datagram's header against len, the bytes that were received.
 * Returns 0, FG_ERR_SHORT, FG_ERR_FORMAT (magic, reserved or unknown type),
 * FG_ERR_TRAILING/FG_ERR_SHORT (length) or FG_ERR_VERSION; with FG_ERR_VERSION
 * *ret_hdr still holds sequence and id, so that an answer can be sent.
 */
int	fg_msg_get_header(void *data, size_t len, struct fg_header *ret_hdr);

/*
 * Decode the body of a datagram whose header fg_msg_get_header accepted and
 * whose type the caller has checked. Every byte is consumed. Enum fields and
 * flags are range-checked here. Strings point into data.
 * Returns 0, FG_ERR_SHORT, FG_ERR_TRAILING, FG_ERR_LIMIT or FG_ERR_FORMAT.
 */
int	fg_msg_get_login(void *data, size_t len, struct fg_login *ret_m);
int	fg_msg_get_need(void *data, size_t len, struct fg_need *ret_m);
int	fg_msg_get_groups(void *data, size_t len, struct fg_groups *ret_m);
int	fg_msg_get_verdict(void *data, size_t len,
	    struct fg_verdict_msg *ret_m);
int	fg_msg_get_challenge(void *data, size_t len,
	    struct fg_challenge *ret_m);
int	fg_msg_get_answer(void *data, size_t len, struct fg_answer *ret_m);
int	fg_msg_get_close(void *data, size_t len, struct fg_close *ret_m);
int	fg_msg_get_fail(void *data, size_t len, struct fg_fail_msg *ret_m);
int	fg_msg_get_report(void *data, size_t len, struct fg_report *ret_m);
int	fg_msg_get_command(void *data, size_t len, struct fg_command *ret_m);
int	fg_msg_get_data(void *data, size_t len, struct fg_data *ret_m);
int	fg_msg_get_witness(void *data, size_t len, struct fg_witness *ret_m);
int	fg_msg_get_statement(void *data, size_t len,
	    struct fg_statement *ret_m);

/* The name of a type, phase or verdict, or "unknown". Static. */
const char	*fg_msg_type_name(unsigned int type);
const char	*fg_phase_name(unsigned int phase);
const char	*fg_verdict_name(unsigned int verdict);

#endif
