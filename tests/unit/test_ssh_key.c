/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys and certificates of every type, made by ssh-keygen of OpenSSH 9.2 (the
 * two on tokens written by hand and certified by it), with the fingerprint
 * that "ssh-keygen -l" prints.
 */
#include "policyd/people/ssh_key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policyd/crypto.h"
#include "proto/result.h"

static const struct {
	const char *info;
	const char *fingerprint;
	const char *id;
} keys[] = {
	{ "publickey ecdsa-sha2-nistp256-cert-v01@openssh.com "
	  "AAAAKGVjZHNhLXNoYTItbmlzdHAyNTYtY2VydC12MDFAb3BlbnNzaC5jb20A"
	  "AAAgbH6Rq2aKhg+6almLgjhO+3f63KVpGToi4aOQn1q50XIAAAAIbmlzdHAy"
	  "NTYAAABBBOvGs1zLRnPCNMCEjfp+8qdDQUze1I62yt4yfWK4ylspEuBItoBy"
	  "HD8EBkD2w8vt9VRj9hSUz1EmkC+r0D6xddEAAAAAAAAABwAAAAEAAAAOaWQt"
	  "a19lY2RzYWIyNTYAAAAJAAAABWFsaWNlAAAAAAAAAAD//////////wAAAAAA"
	  "AACCAAAAFXBlcm1pdC1YMTEtZm9yd2FyZGluZwAAAAAAAAAXcGVybWl0LWFn"
	  "ZW50LWZvcndhcmRpbmcAAAAAAAAAFnBlcm1pdC1wb3J0LWZvcndhcmRpbmcA"
	  "AAAAAAAACnBlcm1pdC1wdHkAAAAAAAAADnBlcm1pdC11c2VyLXJjAAAAAAAA"
	  "AAAAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIFEPwQtdT9EZgijwrX6+OmkVNrt+"
	  "oMg/lw7LtMyENwalAAAAUwAAAAtzc2gtZWQyNTUxOQAAAED6NLLW7st19MLJ"
	  "hdyQi7a9tL0PI858gXnqVb4hQvdngGNrNRzmAleuFEWJ3nlyjr+4wRXIvRvp"
	  "1ShmPfNc2sYH",
	    "SHA256:YRml8BDnwVQK42wquyr2JZTR3BFTNhU9Bi4ocSvaSAo",
	    "id-k_ecdsab256" },
	{ "publickey ecdsa-sha2-nistp256 "
	  "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBOvGs1zL"
	  "RnPCNMCEjfp+8qdDQUze1I62yt4yfWK4ylspEuBItoByHD8EBkD2w8vt9VRj"
	  "9hSUz1EmkC+r0D6xddE=",
	    "SHA256:YRml8BDnwVQK42wquyr2JZTR3BFTNhU9Bi4ocSvaSAo", "" },
	{ "publickey ecdsa-sha2-nistp384-cert-v01@openssh.com "
	  "AAAAKGVjZHNhLXNoYTItbmlzdHAzODQtY2VydC12MDFAb3BlbnNzaC5jb20A"
	  "AAAgpGaWHuY47cPhWOzmfbij1Z3qrqQsyHRsLz/HhNA5u+AAAAAIbmlzdHAz"
	  "ODQAAABhBKph1eSJqR/xHU7epVucxuD7eFRHGLMWYawMS98vPeq5TjK7hCCX"
	  "0zRaSqBGP/oZqor567hUev9lYX/wVLHWndP+7nRf+bfOYi4pbe87IP6a54XO"
	  "ctb5zkl+58CM65mvjQAAAAAAAAAHAAAAAQAAAA5pZC1rX2VjZHNhYjM4NAAA"
	  "AAkAAAAFYWxpY2UAAAAAAAAAAP//////////AAAAAAAAAIIAAAAVcGVybWl0"
	  "LVgxMS1mb3J3YXJkaW5nAAAAAAAAABdwZXJtaXQtYWdlbnQtZm9yd2FyZGlu"
	  "ZwAAAAAAAAAWcGVybWl0LXBvcnQtZm9yd2FyZGluZwAAAAAAAAAKcGVybWl0"
	  "LXB0eQAAAAAAAAAOcGVybWl0LXVzZXItcmMAAAAAAAAAAAAAADMAAAALc3No"
	  "LWVkMjU1MTkAAAAgUQ/BC11P0RmCKPCtfr46aRU2u36gyD+XDsu0zIQ3BqUA"
	  "AABTAAAAC3NzaC1lZDI1NTE5AAAAQHmC87v88dBqiKUEBheUzxg0kNMfqjYK"
	  "hSRYTn7SA50DKTJ2uhCf4ApEVBoTr9KQJZx1iFU5+otrW24NjH3nuQw=",
	    "SHA256:5jcFFmJTUqatkwimjUaGIZZ3ZGprz/TBidta2idQaTo",
	    "id-k_ecdsab384" },
	{ "publickey ecdsa-sha2-nistp384 "
	  "AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBKph1eSJ"
	  "qR/xHU7epVucxuD7eFRHGLMWYawMS98vPeq5TjK7hCCX0zRaSqBGP/oZqor5"
	  "67hUev9lYX/wVLHWndP+7nRf+bfOYi4pbe87IP6a54XOctb5zkl+58CM65mv"
	  "jQ==",
	    "SHA256:5jcFFmJTUqatkwimjUaGIZZ3ZGprz/TBidta2idQaTo", "" },
	{ "publickey ecdsa-sha2-nistp521-cert-v01@openssh.com "
	  "AAAAKGVjZHNhLXNoYTItbmlzdHA1MjEtY2VydC12MDFAb3BlbnNzaC5jb20A"
	  "AAAgaNOQTE4dnZUpjJkF5pie+TWCXWccy8q5Jk0K5rm5skYAAAAIbmlzdHA1"
	  "MjEAAACFBAFTkblQAH0jQiEmq+OZDVuZpeRp8sQhJs6Jyq4n78h5gLrjJpuN"
	  "fzlNCuG0llufsgqO2vxU31i99kS6HVRDkUpBSACccjauMXu3rPbYygtlN0NT"
	  "OfqT7qVWJzFO8tMBGc+dx6fqRKtpYbbwN9Ra2qkuQ4LaCnRmUgk4B9IphuxA"
	  "dGqvhQAAAAAAAAAHAAAAAQAAAA5pZC1rX2VjZHNhYjUyMQAAAAkAAAAFYWxp"
	  "Y2UAAAAAAAAAAP//////////AAAAAAAAAIIAAAAVcGVybWl0LVgxMS1mb3J3"
	  "YXJkaW5nAAAAAAAAABdwZXJtaXQtYWdlbnQtZm9yd2FyZGluZwAAAAAAAAAW"
	  "cGVybWl0LXBvcnQtZm9yd2FyZGluZwAAAAAAAAAKcGVybWl0LXB0eQAAAAAA"
	  "AAAOcGVybWl0LXVzZXItcmMAAAAAAAAAAAAAADMAAAALc3NoLWVkMjU1MTkA"
	  "AAAgUQ/BC11P0RmCKPCtfr46aRU2u36gyD+XDsu0zIQ3BqUAAABTAAAAC3Nz"
	  "aC1lZDI1NTE5AAAAQHU7fGEu47iONrjawIMzM5ei0IyNTKfIvfcpIvMLuzjh"
	  "wwlkEtJSiK2gnr9tvRLjHXDYtAs+ySkTOSUuSecmhAI=",
	    "SHA256:n34nyL9+SXWsaCncIvCIcVVAnqNPA6axEM171LXEhNw",
	    "id-k_ecdsab521" },
	{ "publickey ecdsa-sha2-nistp521 "
	  "AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAFTkblQ"
	  "AH0jQiEmq+OZDVuZpeRp8sQhJs6Jyq4n78h5gLrjJpuNfzlNCuG0llufsgqO"
	  "2vxU31i99kS6HVRDkUpBSACccjauMXu3rPbYygtlN0NTOfqT7qVWJzFO8tMB"
	  "Gc+dx6fqRKtpYbbwN9Ra2qkuQ4LaCnRmUgk4B9IphuxAdGqvhQ==",
	    "SHA256:n34nyL9+SXWsaCncIvCIcVVAnqNPA6axEM171LXEhNw", "" },
	{ "publickey ssh-ed25519-cert-v01@openssh.com "
	  "AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAINz5PoLY"
	  "/RLoR8TwBMUcwKkobZqm6TjAPb3ZYV0rJKu0AAAAIP8z57BlLrqIx1l9cGfP"
	  "DOdVGMZXmS5VNTl29qUfvomxAAAAAAAAAAcAAAABAAAADGlkLWtfZWQyNTUx"
	  "OQAAAAkAAAAFYWxpY2UAAAAAAAAAAP//////////AAAAAAAAAIIAAAAVcGVy"
	  "bWl0LVgxMS1mb3J3YXJkaW5nAAAAAAAAABdwZXJtaXQtYWdlbnQtZm9yd2Fy"
	  "ZGluZwAAAAAAAAAWcGVybWl0LXBvcnQtZm9yd2FyZGluZwAAAAAAAAAKcGVy"
	  "bWl0LXB0eQAAAAAAAAAOcGVybWl0LXVzZXItcmMAAAAAAAAAAAAAADMAAAAL"
	  "c3NoLWVkMjU1MTkAAAAgUQ/BC11P0RmCKPCtfr46aRU2u36gyD+XDsu0zIQ3"
	  "BqUAAABTAAAAC3NzaC1lZDI1NTE5AAAAQFS4dU7E0KVJQ1IoEvIjFF8mxnu1"
	  "OlhOTUlf8lFNACYV9JJTWhhM/evnnlc2EC3vvcLCOjbZQgFq/Ff6AjHUugE=",
	    "SHA256:Im3uNAjQaNM4iCTa7oREdyOndIOmuj56dIfvkKV3i3U",
	    "id-k_ed25519" },
	{ "publickey ssh-ed25519 "
	  "AAAAC3NzaC1lZDI1NTE5AAAAIP8z57BlLrqIx1l9cGfPDOdVGMZXmS5VNTl2"
	  "9qUfvomx",
	    "SHA256:Im3uNAjQaNM4iCTa7oREdyOndIOmuj56dIfvkKV3i3U", "" },
	{ "publickey ssh-rsa-cert-v01@openssh.com "
	  "AAAAHHNzaC1yc2EtY2VydC12MDFAb3BlbnNzaC5jb20AAAAg+tVb2SEsEdX0"
	  "VD00LRJZxLwrTlbNxCQhm8uqJAzbn0EAAAADAQABAAABAQDfWynkZbAsRY99"
	  "AJhUbFZwMDnwm37szreBwYU/SRRt1sOa615tk4ma3TYvUiuzKEHhBwmSKLp4"
	  "TWz/6IbfTwovz5fkGO7yB1nRx2dQHQKraKZc28//cczKkVy8IFkObgyeJYej"
	  "SuRJXZSz/DaattloRES4a0mZQlxy17SSZclZLFa3d5S6nN4mMzzF/qP+JAb/"
	  "TncafVpfI8vj9pTO0kOJZZFSXREUU0jh7V4WaXawcE4ufK2f58FrXE6xjVJi"
	  "CpZuqc98ykYkXFM4/jQqEMg2tSKsJ46ikVwckE/6SDk06B7Ur3/LpiRnqNdx"
	  "jzIJjH25LGgPRsE+bMqqRNZ9AJUtAAAAAAAAAAcAAAABAAAADWlkLWtfcnNh"
	  "YjIwNDgAAAAJAAAABWFsaWNlAAAAAAAAAAD//////////wAAAAAAAACCAAAA"
	  "FXBlcm1pdC1YMTEtZm9yd2FyZGluZwAAAAAAAAAXcGVybWl0LWFnZW50LWZv"
	  "cndhcmRpbmcAAAAAAAAAFnBlcm1pdC1wb3J0LWZvcndhcmRpbmcAAAAAAAAA"
	  "CnBlcm1pdC1wdHkAAAAAAAAADnBlcm1pdC11c2VyLXJjAAAAAAAAAAAAAAAz"
	  "AAAAC3NzaC1lZDI1NTE5AAAAIFEPwQtdT9EZgijwrX6+OmkVNrt+oMg/lw7L"
	  "tMyENwalAAAAUwAAAAtzc2gtZWQyNTUxOQAAAEAxNqos1TLy4YFYfgYOyhBR"
	  "oKxM7rVqmdUlUoVs5XLTN09EUhYvfyUw7wc4D1wopNk7Ds/XUaq/tPGJz+m+"
	  "ZZwJ",
	    "SHA256:TdWIgT6onNEuV/Iz0cl29VnKlTHYzd7fRW4GjJzxKxs",
	    "id-k_rsab2048" },
	{ "publickey ssh-rsa "
	  "AAAAB3NzaC1yc2EAAAADAQABAAABAQDfWynkZbAsRY99AJhUbFZwMDnwm37s"
	  "zreBwYU/SRRt1sOa615tk4ma3TYvUiuzKEHhBwmSKLp4TWz/6IbfTwovz5fk"
	  "GO7yB1nRx2dQHQKraKZc28//cczKkVy8IFkObgyeJYejSuRJXZSz/Daattlo"
	  "RES4a0mZQlxy17SSZclZLFa3d5S6nN4mMzzF/qP+JAb/TncafVpfI8vj9pTO"
	  "0kOJZZFSXREUU0jh7V4WaXawcE4ufK2f58FrXE6xjVJiCpZuqc98ykYkXFM4"
	  "/jQqEMg2tSKsJ46ikVwckE/6SDk06B7Ur3/LpiRnqNdxjzIJjH25LGgPRsE+"
	  "bMqqRNZ9AJUt",
	    "SHA256:TdWIgT6onNEuV/Iz0cl29VnKlTHYzd7fRW4GjJzxKxs", "" },
	{ "publickey sk-ecdsa-sha2-nistp256-cert-v01@openssh.com "
	  "AAAAK3NrLWVjZHNhLXNoYTItbmlzdHAyNTYtY2VydC12MDFAb3BlbnNzaC5j"
	  "b20AAAAgXciHy2gz33MXfJLQCQX4OoztEcxPzDAhig5s1xyZQTAAAAAIbmlz"
	  "dHAyNTYAAABBBOvGs1zLRnPCNMCEjfp+8qdDQUze1I62yt4yfWK4ylspEuBI"
	  "toByHD8EBkD2w8vt9VRj9hSUz1EmkC+r0D6xddEAAAAEc3NoOgAAAAAAAAAH"
	  "AAAAAQAAAAlpZC1rX3NrZWMAAAAJAAAABWFsaWNlAAAAAAAAAAD/////////"
	  "/wAAAAAAAACCAAAAFXBlcm1pdC1YMTEtZm9yd2FyZGluZwAAAAAAAAAXcGVy"
	  "bWl0LWFnZW50LWZvcndhcmRpbmcAAAAAAAAAFnBlcm1pdC1wb3J0LWZvcndh"
	  "cmRpbmcAAAAAAAAACnBlcm1pdC1wdHkAAAAAAAAADnBlcm1pdC11c2VyLXJj"
	  "AAAAAAAAAAAAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIFEPwQtdT9EZgijwrX6+"
	  "OmkVNrt+oMg/lw7LtMyENwalAAAAUwAAAAtzc2gtZWQyNTUxOQAAAEBrIHio"
	  "rwyWJqJQArAVPIkDRZ7pRG4sSb7R1Vz/TqxgUibvZX3D+LTyc8vihXUQojeK"
	  "0HBBUWGiXdtECm96SO0N",
	    "SHA256:f5+T9C+vBdo95F7R2zmkBVn5oFBSvIzEsccPc7R8Dls", "id-k_skec" },
	{ "publickey sk-ecdsa-sha2-nistp256@openssh.com "
	  "AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNzaC5jb20AAAAIbmlz"
	  "dHAyNTYAAABBBOvGs1zLRnPCNMCEjfp+8qdDQUze1I62yt4yfWK4ylspEuBI"
	  "toByHD8EBkD2w8vt9VRj9hSUz1EmkC+r0D6xddEAAAAEc3NoOg==",
	    "SHA256:f5+T9C+vBdo95F7R2zmkBVn5oFBSvIzEsccPc7R8Dls", "" },
	{ "publickey sk-ssh-ed25519-cert-v01@openssh.com "
	  "AAAAI3NrLXNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAID8K"
	  "YR17trutGZvGN7XK1i+94FLVoNrnXZ/ZmzKaeNWlAAAAIAABAgMEBQYHCAkK"
	  "CwwNDg8QERITFBUWFxgZGhscHR4fAAAABHNzaDoAAAAAAAAABwAAAAEAAAAJ"
	  "aWQta19za2VkAAAACQAAAAVhbGljZQAAAAAAAAAA//////////8AAAAAAAAA"
	  "ggAAABVwZXJtaXQtWDExLWZvcndhcmRpbmcAAAAAAAAAF3Blcm1pdC1hZ2Vu"
	  "dC1mb3J3YXJkaW5nAAAAAAAAABZwZXJtaXQtcG9ydC1mb3J3YXJkaW5nAAAA"
	  "AAAAAApwZXJtaXQtcHR5AAAAAAAAAA5wZXJtaXQtdXNlci1yYwAAAAAAAAAA"
	  "AAAAMwAAAAtzc2gtZWQyNTUxOQAAACBRD8ELXU/RGYIo8K1+vjppFTa7fqDI"
	  "P5cOy7TMhDcGpQAAAFMAAAALc3NoLWVkMjU1MTkAAABARwt9uCoux0/+Yjik"
	  "WjMQ8gKWobSGYVw8/DfITpx1GZzGlGpxyuW7lqQ+IedZZBtxBfv/2zvbBv1T"
	  "K/e9AstoDg==",
	    "SHA256:/p0CbeE3dk2SyW1OXXsThGc12ezDVD8eGw2/vtztDfk", "id-k_sked" },
	{ "publickey sk-ssh-ed25519@openssh.com "
	  "AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIAABAgMEBQYHCAkK"
	  "CwwNDg8QERITFBUWFxgZGhscHR4fAAAABHNzaDo=",
	    "SHA256:/p0CbeE3dk2SyW1OXXsThGc12ezDVD8eGw2/vtztDfk", "" },
};

/* Of the key that signed them all. */
#define AUTHORITY "SHA256:mm39QnzfrYYlt6huvjvLm4KBHof68GSroIXgyB/U6Ac"

#define N_KEYS (sizeof(keys) / sizeof(keys[0]))

static void
assert_refused(const char *info, int want)
{
	static const struct ssh_key none;
	struct ssh_keys keys_of;

	memset(&keys_of, 'x', sizeof(keys_of));
	assert_int_equal(ssh_keys_of(info, &keys_of), want);
	assert_int_equal(keys_of.n, 0);
	assert_int_equal(keys_of.more, want == FG_ERR_FORMAT);
	assert_memory_equal(&keys_of.list[0], &none, sizeof(none));
}

/* The one key of info. */
static void
read_one(const char *info, struct ssh_key *ret_key)
{
	struct ssh_keys one;

	assert_int_equal(ssh_keys_of(info, &one), 0);
	assert_int_equal(one.n, 1);
	assert_int_equal(one.more, 0);
	*ret_key = one.list[0];
}

static void
each_type_has_the_fingerprint_that_ssh_keygen_prints(void **state)
{
	char info[FG_SSH_AUTH_MAX + 64];
	struct ssh_key key;

	(void)state;
	for (size_t i = 0; i < N_KEYS; i++) {
		read_one(keys[i].info, &key);
		assert_string_equal(key.fingerprint, keys[i].fingerprint);
		assert_string_equal(key.id, keys[i].id);
		assert_string_equal(key.authority,
		    keys[i].id[0] != '\0' ? AUTHORITY : "");
		/* As sshd writes it, behind another method. */
		(void)snprintf(info, sizeof(info), "password\n%s\n",
		    keys[i].info);
		read_one(info, &key);
		assert_string_equal(key.fingerprint, keys[i].fingerprint);
	}
}

/* Its key id is "SHA256:abc...", which somebody's plain key could have. */
static const char posing[] =
    "publickey ssh-ed25519-cert-v01@openssh.com "
    "AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIJ2mwEYS"
    "OazhQYOUjkNZI/vFNHyfP9TAFh1e0i0mP4sXAAAAIP8z57BlLrqIx1l9cGfP"
    "DOdVGMZXmS5VNTl29qUfvomxAAAAAAAAAAAAAAABAAAAMlNIQTI1NjphYmNk"
    "ZWZnaGlqa2xtbm9wcXJzdHV2d3h5emFiY2RlZmdoaWprbG1ub3BxAAAACQAA"
    "AAVhbGljZQAAAAAAAAAA//////////8AAAAAAAAAggAAABVwZXJtaXQtWDEx"
    "LWZvcndhcmRpbmcAAAAAAAAAF3Blcm1pdC1hZ2VudC1mb3J3YXJkaW5nAAAA"
    "AAAAABZwZXJtaXQtcG9ydC1mb3J3YXJkaW5nAAAAAAAAAApwZXJtaXQtcHR5"
    "AAAAAAAAAA5wZXJtaXQtdXNlci1yYwAAAAAAAAAAAAAAMwAAAAtzc2gtZWQy"
    "NTUxOQAAACBRD8ELXU/RGYIo8K1+vjppFTa7fqDIP5cOy7TMhDcGpQAAAFMA"
    "AAALc3NoLWVkMjU1MTkAAABA7YpPAFjOpKVjCK+y4I1ZsqzmDPTuyWKnVBis"
    "Q4Hg1WuGrOPbelyYGiKDCVMWRE4kTF7+yB1m63ptyOEWYihmCA==";

static void
a_name_that_poses_as_a_fingerprint_is_none(void **state)
{
	struct ssh_key key;

	(void)state;
	read_one(posing, &key);
	assert_string_equal(key.id, "");
	assert_string_equal(key.authority, AUTHORITY);
}

static void
assert_is(const struct ssh_key *key, size_t i)
{
	assert_string_equal(key->fingerprint, keys[i].fingerprint);
	assert_string_equal(key->id, keys[i].id);
	assert_string_equal(key->authority,
	    keys[i].id[0] != '\0' ? AUTHORITY : "");
}

static void
of_several_keys_each_is_named(void **state)
{
	char info[2 * FG_SSH_AUTH_MAX];
	struct ssh_keys two;

	(void)state;
	(void)snprintf(info, sizeof(info), "%s\n%s\n", keys[1].info,
	    keys[4].info);
	assert_int_equal(ssh_keys_of(info, &two), 0);
	assert_int_equal(two.n, 2);
	assert_int_equal(two.more, 0);
	assert_is(&two.list[0], 1);
	assert_is(&two.list[1], 4);
	/* with another method between, and no newline at the end */
	(void)snprintf(info, sizeof(info), "%s\nkeyboard-interactive/pam\n%s",
	    keys[4].info, keys[1].info);
	assert_int_equal(ssh_keys_of(info, &two), 0);
	assert_int_equal(two.n, 2);
	assert_is(&two.list[0], 4);
	assert_is(&two.list[1], 1);
}

static void
of_too_many_the_first_are_named_and_the_rest_counted(void **state)
{
	char info[2 * FG_SSH_AUTH_MAX] = "";
	struct ssh_keys all;

	(void)state;
	for (size_t i = 0; i < SSH_KEYS_MAX; i++) {
		(void)strcat(info, keys[i].info);
		(void)strcat(info, "\n");
	}
	assert_int_equal(ssh_keys_of(info, &all), 0);
	assert_int_equal(all.n, SSH_KEYS_MAX);
	assert_int_equal(all.more, 0);
	for (size_t i = 0; i < 2; i++)
		(void)strcat(info, "publickey ssh-ed25519 AAAA\n");
	assert_int_equal(ssh_keys_of(info, &all), FG_ERR_FORMAT);
	assert_int_equal(all.n, SSH_KEYS_MAX);
	assert_int_equal(all.more, 2);
	for (size_t i = 0; i < SSH_KEYS_MAX; i++)
		assert_is(&all.list[i], i);
}

static void
one_that_cannot_be_read_is_counted_and_hides_no_other(void **state)
{
	static const char bad[] = "publickey ssh-ed25519 AAAA";
	char info[2 * FG_SSH_AUTH_MAX];
	struct ssh_keys two;

	(void)state;
	(void)snprintf(info, sizeof(info), "%s\n%s\n", bad, keys[0].info);
	assert_int_equal(ssh_keys_of(info, &two), FG_ERR_FORMAT);
	assert_int_equal(two.n, 1);
	assert_int_equal(two.more, 1);
	assert_is(&two.list[0], 0);
	(void)snprintf(info, sizeof(info), "%s\n%s\n", keys[1].info, bad);
	assert_int_equal(ssh_keys_of(info, &two), FG_ERR_FORMAT);
	assert_int_equal(two.n, 1);
	assert_int_equal(two.more, 1);
	assert_is(&two.list[0], 1);
}

static void
without_a_key_there_is_none(void **state)
{
	(void)state;
	assert_refused("", FG_ERR_NOT_FOUND);
	assert_refused("password\n", FG_ERR_NOT_FOUND);
	assert_refused("keyboard-interactive/pam\n", FG_ERR_NOT_FOUND);
	assert_refused("hostbased publickey ssh-rsa AAAA\n", FG_ERR_NOT_FOUND);
	assert_refused(" publickey ssh-rsa AAAA", FG_ERR_NOT_FOUND);
}

static void
a_key_that_is_none_is_refused(void **state)
{
	static const char *const bad[] = { "publickey ", "publickey \n",
		"publickey ssh-ed25519", "publickey ssh-ed25519 \n",
		"publickey ssh-ed25519 AAAA", "publickey ssh-ed25519 !!!!",
		"publickey nonsense AAAA",
		"publickey -cert-v01@openssh.com AAAA",
		"publickey ssh-ed25519-cert-v01@openssh.com"
		"-cert-v01@openssh.com AAAA",
		/* a length beyond the blob's end */
		"publickey ssh-ed25519 /////w==",
		"publickey ssh-ed25519 AAAAC3NzaC1lZDI1NTE5/////w==",
		/* another type inside than outside */
		"publickey ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAAA==" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_refused(bad[i], FG_ERR_FORMAT);
}

/* Cut anywhere, or with any byte changed: an error or a key, never a crash. */
static void
damaged_ones_are_refused_or_read(void **state)
{
	struct ssh_keys one;
	char *info;
	size_t len;
	int r;

	(void)state;
	for (size_t i = 0; i < N_KEYS; i++) {
		len = strlen(keys[i].info);
		for (size_t n = 0; n < len; n++) {
			assert_non_null(info = strndup(keys[i].info, n));
			r = ssh_keys_of(info, &one);
			/* the signature behind the authority has no say */
			assert_true(r != 0 || keys[i].id[0] != '\0');
			free(info);
			assert_non_null(info = strdup(keys[i].info));
			info[n] = (char)(info[n] + 1);
			r = ssh_keys_of(info, &one);
			assert_true(r == 0 || r == FG_ERR_FORMAT ||
			    r == FG_ERR_NOT_FOUND);
			free(info);
		}
	}
}

static int
start(void **state)
{
	(void)state;
	return crypto_init();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    each_type_has_the_fingerprint_that_ssh_keygen_prints),
		cmocka_unit_test(a_name_that_poses_as_a_fingerprint_is_none),
		cmocka_unit_test(of_several_keys_each_is_named),
		cmocka_unit_test(
		    of_too_many_the_first_are_named_and_the_rest_counted),
		cmocka_unit_test(
		    one_that_cannot_be_read_is_counted_and_hides_no_other),
		cmocka_unit_test(without_a_key_there_is_none),
		cmocka_unit_test(a_key_that_is_none_is_refused),
		cmocka_unit_test(damaged_ones_are_refused_or_read),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
