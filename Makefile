# SPDX-License-Identifier: BSD-2-Clause
#
# make              build into build/
# make check        as root: install what the tests need, build, test
# make demo         as root: watch the gate at work, on nothing of the machine's
# make bench        what the gate adds to a login, beside its peers
# make install      DESTDIR, PREFIX, SYSCONFDIR; enables nothing

PREFIX		?= /usr
SYSCONFDIR	?= /etc
LOCALSTATEDIR	?= /var
LIBDIR		?= $(PREFIX)/lib
MULTIARCH	= $(shell gcc -print-multiarch 2>/dev/null)
SECURITYDIR	?= $(LIBDIR)/$(MULTIARCH)/security
UNITDIR		?= /lib/systemd/system
SYSUSERSDIR	?= $(LIBDIR)/sysusers.d
TMPFILESDIR	?= $(LIBDIR)/tmpfiles.d
MANDIR		?= $(PREFIX)/share/man
DOCDIR		?= $(PREFIX)/share/doc/farmgate

VERSION		:= 0.1.0
BUILD		?= build

CC		?= cc
CFLAGS		?= -O2 -g
PKG_CONFIG	?= pkg-config
LIBS_POLICYD	= $(shell $(PKG_CONFIG) --libs libconfuse libmaxminddb \
		    libcap libseccomp libevent_core jansson libsodium)

WARNINGS	= -Wall -Wextra -Wshadow -Wcast-qual -Wwrite-strings \
		  -Wmissing-prototypes -Wstrict-prototypes -Wpointer-arith \
		  -Wformat=2 -Wvla -Wundef -Wimplicit-fallthrough \
		  -Wswitch-enum -Wnull-dereference -Wconversion
HARDENING	= -fstack-protector-strong -fstack-clash-protection \
		  -ftrivial-auto-var-init=zero
ifneq ($(filter x86_64 i686,$(shell uname -m)),)
HARDENING	+= -fcf-protection=full
endif
ifeq ($(findstring _FORTIFY_SOURCE,$(CFLAGS) $(CPPFLAGS)),)
ifeq ($(SANITIZE),)
HARDENING	+= -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
endif
endif
LDHARDENING	= -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--no-undefined \
		  -Wl,--as-needed
ifneq ($(SANITIZE),)
SANFLAGS	= -fsanitize=$(SANITIZE) -fno-omit-frame-pointer \
		  -fno-sanitize-recover=all
LDHARDENING	= -Wl,-z,relro,-z,now
endif
ifneq ($(WERROR),)
WARNINGS	+= -Werror
endif

FG_CFLAGS	= -std=c11 -D_GNU_SOURCE -DFG_PACKAGE_VERSION='"$(VERSION)"' \
		  -I. $(WARNINGS) $(HARDENING) $(SANFLAGS) -fvisibility=hidden \
		  -fPIC -MMD -MP

PROTO_SRC	:= $(wildcard proto/*.c)
MODULE_SRC	:= $(wildcard pam_module/*.c)
POLICYD_SRC	:= $(filter-out policyd/policyd.c,$(wildcard policyd/*.c)) \
		   $(wildcard policyd/scanner/*.c)
CTL_SRC		:= $(wildcard ctl/*.c)
UNIT_SRC	:= $(wildcard tests/unit/test_*.c)

obj		= $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
UNIT_BIN	:= $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT_SRC))
PROGRAMS	= $(BUILD)/pam_farmgate.so $(BUILD)/farmgate-policyd \
		  $(BUILD)/farmgatectl

all: $(PROGRAMS)

$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(FG_CFLAGS) $(CFLAGS) -c -o $@ $<

# PAM's headers trip over -Wsign-conversion; everything else is held to it.
$(call obj,$(PROTO_SRC) $(POLICYD_SRC) policyd/policyd.c $(CTL_SRC)): \
    WARNINGS += -Wsign-conversion

$(BUILD)/libfarmgate.a: $(call obj,$(PROTO_SRC) $(POLICYD_SRC))
	@rm -f $@
	$(AR) rcs $@ $^

# The module links libpam and libc and nothing else, and exports pam_sm_*.
$(BUILD)/pam_farmgate.so: $(call obj,$(MODULE_SRC) $(PROTO_SRC)) \
    pam_module/pam_farmgate.map
	$(CC) $(SANFLAGS) -shared $(LDFLAGS) $(LDHARDENING) \
	    -Wl,--version-script=pam_module/pam_farmgate.map -o $@ \
	    $(filter %.o,$^) -lpam

$(BUILD)/farmgate-policyd: $(BUILD)/obj/policyd/policyd.o $(BUILD)/libfarmgate.a
	$(CC) $(SANFLAGS) -pie $(LDFLAGS) $(LDHARDENING) -o $@ $^ $(LIBS_POLICYD)

$(BUILD)/farmgatectl: $(call obj,$(CTL_SRC)) $(BUILD)/libfarmgate.a
	$(CC) $(SANFLAGS) -pie $(LDFLAGS) $(LDHARDENING) -o $@ $^ $(LIBS_POLICYD)

$(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o $(BUILD)/libfarmgate.a
	@mkdir -p $(@D)
	$(CC) $(SANFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(LIBS_POLICYD)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

clean:
	rm -rf build build-*

.PHONY: all clean
.SECONDARY:
