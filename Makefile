# SPDX-License-Identifier: BSD-2-Clause
#
# make              build into build/
# make check        as root: install what the tests need, build, test
# make check-long   with larger inventories, and a crash at each single write
# make check-asan   all system tests under the sanitizers
# make demo         as root: watch the gate at work, on nothing of the machine's
# make bench        what the gate adds to a login, beside its peers, and with a
#                   large store; what the time of a refusal tells; what a scan
#                   costs beside many processes; what an attestation costs;
#                   how fast an audit log is read, and logs are replayed
# make geodata      geo data for these, into build/geo
# make deb          Debian's package, into build/deb
# make check-deb    as root: install, upgrade and purge it in a Debian of its own
# make check-vm     as root: install it in a laptop that is a virtual machine, and
#                   plug an IP-KVM in
# make install      DESTDIR, PREFIX, SYSCONFDIR; enables nothing
#
# TPM=no            build without tpm2-tss, which is used where it is found

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
DATADIR		?= $(PREFIX)/share/farmgate
BASHCOMPDIR	?= $(PREFIX)/share/bash-completion/completions
ZSHCOMPDIR	?= $(PREFIX)/share/zsh/vendor-completions

VERSION		:= 0.1.0
BUILD		?= build

CC		?= cc
CFLAGS		?= -O2 -g
PKG_CONFIG	?= pkg-config
TPM		?= $(shell $(PKG_CONFIG) --exists tss2-esys tss2-mu 2>/dev/null && \
		    echo yes || echo no)
TPM		:= $(TPM)
LIBS_POLICYD	= $(shell $(PKG_CONFIG) --libs libconfuse libmaxminddb \
		    libcap libseccomp libevent_core jansson libsodium \
		    sqlite3 liboath libudev libzstd $(LIBS_TPM)) -lm
LIBS_CTL	= $(shell $(PKG_CONFIG) --libs libqrencode zlib libcrypto libarchive) -lpam

WARNINGS	= -Wall -Wextra -Wshadow -Wcast-qual -Wwrite-strings \
		  -Wmissing-prototypes -Wstrict-prototypes -Wpointer-arith \
		  -Wformat=2 -Wvla -Wundef -Wimplicit-fallthrough \
		  -Wswitch-enum -Wnull-dereference -Wconversion
# Each only where the compiler knows it: clang 14 lacks one, arm64 another.
HARDENING	:= $(shell for f in -fstack-protector-strong \
		    -fstack-clash-protection -ftrivial-auto-var-init=zero \
		    -fcf-protection=full -mbranch-protection=standard; do \
		    $(CC) -Werror $$f -x c -c /dev/null -o /dev/null \
		    2>/dev/null && echo $$f; done)
ifeq ($(findstring _FORTIFY_SOURCE,$(CFLAGS) $(CPPFLAGS)),)
HARDENING	+= -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
endif
LDHARDENING	= -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--no-undefined \
		  -Wl,--as-needed
ifneq ($(SANITIZE),)
HARDENING	= # it is found, not stopped
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
DAEMON_MAIN	:= policyd/policyd.c policyd/hooks/hooks.c
# Either of them is left out.
ifeq ($(TPM),yes)
LIBS_TPM	= tss2-esys tss2-mu
NO_TPM		:= policyd/device/tpm_none.c
else
NO_TPM		:= policyd/device/tpm.c
endif
POLICYD_SRC	:= $(filter-out $(DAEMON_MAIN) $(NO_TPM),$(wildcard \
		   policyd/*.c) $(wildcard policyd/*/*.c) \
		   $(wildcard policyd/*/*/*.c))
CTL_SRC		:= $(wildcard ctl/*.c) $(wildcard ctl/*/*.c)
ATTEST_SRC	:= $(wildcard attest/*.c)
UNIT_SRC	:= $(wildcard tests/unit/test_*.c)

obj		= $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
UNIT_BIN	:= $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT_SRC))
PROGRAMS	= $(BUILD)/pam_farmgate.so $(BUILD)/farmgate-policyd \
		  $(BUILD)/farmgate-hooks $(BUILD)/farmgatectl \
		  $(BUILD)/farmgate-attest

COMPLETIONS	= $(BUILD)/completion/farmgatectl.bash \
		  $(BUILD)/completion/farmgatectl.zsh

all: $(PROGRAMS) $(COMPLETIONS)

$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(FG_CFLAGS) $(CFLAGS) $(OF_TESTS) -c -o $@ $<

# It is in there, to the byte.
$(BUILD)/obj/ctl/audit/papers_verifier.o: conf/audit-verify.py

# PAM's headers trip over -Wsign-conversion; everything else is held to it.
$(call obj,$(PROTO_SRC) $(POLICYD_SRC) $(DAEMON_MAIN) $(CTL_SRC) \
    $(ATTEST_SRC)): \
    WARNINGS += -Wsign-conversion

# What they call is as it will be used; of themselves they run little, once.
$(call obj,$(UNIT_SRC) $(wildcard tests/pam/*.c)): HARDENING =
$(call obj,$(UNIT_SRC) $(wildcard tests/pam/*.c)): \
    OF_TESTS = -O0 -U_FORTIFY_SOURCE -Wno-format-truncation

# Its list of objects is another one with TPM=no, and none of them newer.
$(BUILD)/tpm: FORCE
	@mkdir -p $(@D)
	@echo $(TPM) | cmp -s - $@ || echo $(TPM) >$@

$(BUILD)/libfarmgate.a: $(call obj,$(PROTO_SRC) $(POLICYD_SRC)) $(BUILD)/tpm
	@rm -f $@.new
	$(AR) rcs $@.new $(filter %.o,$^)
	@mv -f $@.new $@

# The module links libpam and libc and nothing else, and exports pam_sm_*.
# Each login maps it anew: hence no mappings of their own for its constants, and
# nothing of what only a laptop's helper and the daemons have to do with.
$(BUILD)/pam_farmgate.so: $(call obj,$(MODULE_SRC) \
    $(filter-out proto/token.c proto/msg_witness.c,$(PROTO_SRC))) \
    pam_module/pam_farmgate.map
	$(CC) $(SANFLAGS) -shared $(LDFLAGS) $(LDHARDENING) \
	    -Wl,-z,noseparate-code -Wl,--version-script=pam_module/pam_farmgate.map -o $@ \
	    $(filter %.o,$^) -lpam

$(BUILD)/farmgate-policyd: $(BUILD)/obj/policyd/policyd.o $(BUILD)/libfarmgate.a
	$(CC) $(SANFLAGS) -pie $(LDFLAGS) $(LDHARDENING) -o $@ $^ $(LIBS_POLICYD)

$(BUILD)/farmgate-hooks: $(BUILD)/obj/policyd/hooks/hooks.o \
    $(BUILD)/libfarmgate.a
	$(CC) $(SANFLAGS) -pie $(LDFLAGS) $(LDHARDENING) -o $@ $^ $(LIBS_POLICYD)

$(BUILD)/farmgatectl: $(BUILD)/obj/ctl/farmgatectl.o $(BUILD)/libctl.a \
    $(BUILD)/libfarmgate.a
	$(CC) $(SANFLAGS) -pie $(LDFLAGS) $(LDHARDENING) -o $@ $^ $(LIBS_POLICYD) \
	    $(LIBS_CTL)

# It runs for whoever runs ssh, and links libc alone.
ATTEST_WITH	= $(PROTO_SRC) policyd/text.c

$(BUILD)/farmgate-attest: $(call obj,$(ATTEST_SRC) $(ATTEST_WITH))
	$(CC) $(SANFLAGS) -pie $(LDFLAGS) $(LDHARDENING) -o $@ $^

# Of it, what can be tested alone.
$(BUILD)/libattest.a: $(call obj,$(filter-out attest/attest.c,$(ATTEST_SRC)))
	@rm -f $@.new
	$(AR) rcs $@.new $^
	@mv -f $@.new $@

# What can be typed is what the program itself says of its commands.
$(BUILD)/completion/forms: ctl/completion/forms.sh $(BUILD)/farmgatectl
	@mkdir -p $(@D)
	ctl/completion/forms.sh $(BUILD)/farmgatectl >$@.new
	@mv -f $@.new $@

$(BUILD)/completion/%: ctl/completion/% $(BUILD)/completion/forms
	awk -v forms=$(BUILD)/completion/forms '$$0 != "@FORMS@" { print; next } \
	    { while ((getline form <forms) > 0) print "\t\047" form "\047" }' \
	    $< >$@

# Of the administrator's tool, what can be tested alone.
# With the one table of the module's arguments.
$(BUILD)/libctl.a: $(call obj,$(filter-out ctl/farmgatectl.c,$(CTL_SRC)) \
    pam_module/args.c)
	@rm -f $@.new
	$(AR) rcs $@.new $^
	@mv -f $@.new $@

$(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o $(BUILD)/libctl.a \
    $(BUILD)/libattest.a $(BUILD)/libfarmgate.a
	@mkdir -p $(@D)
	$(CC) $(SANFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) \
	    -lcmocka $(LIBS_POLICYD) $(LIBS_CTL)

# As in a build with TPM=no: what comes first is taken.
$(BUILD)/unit/test_tpm_none: $(call obj,policyd/device/tpm_none.c)

# ---- tests ---------------------------------------------------------------

PAM_TEST_SRC	:= $(wildcard tests/pam/test_*.c)
PAM_TEST_BIN	:= $(patsubst tests/pam/%.c,$(BUILD)/pam/%,$(PAM_TEST_SRC))
PAM_TEST_LIB	:= $(filter-out $(PAM_TEST_SRC),$(wildcard tests/pam/*.c))
FUZZ_SRC	:= $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_BIN	:= $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(FUZZ_SRC))

$(BUILD)/pam/test_walk: $(BUILD)/libctl.a $(BUILD)/libfarmgate.a

# They load the real module, and see what it calls: hence --export-dynamic.
$(BUILD)/pam/test_%: $(BUILD)/obj/tests/pam/test_%.o \
    $(call obj,$(PAM_TEST_LIB) $(PROTO_SRC))
	@mkdir -p $(@D)
	$(CC) $(SANFLAGS) $(LDFLAGS) -Wl,--export-dynamic -o $@ \
	    $(filter %.o,$^) $(filter %.a,$^) -lcmocka -lpam -ldl -lpthread

# Fuzz targets replay mutations by themselves here; "make fuzz" uses libFuzzer.
$(BUILD)/fuzz/%: tests/fuzz/%.c tests/fuzz/standalone.h \
    $(BUILD)/libctl.a $(BUILD)/libattest.a $(BUILD)/libfarmgate.a
	@mkdir -p $(@D)
	$(CC) -DFUZZ_STANDALONE $(FG_CFLAGS) $(CFLAGS) -o $@ $< \
	    $(filter %.a,$^) $(LIBS_POLICYD) $(LIBS_CTL)

# What plays the jump host of a laptop that is tested.
$(BUILD)/statement: $(BUILD)/obj/tests/lib/statement.o $(BUILD)/libfarmgate.a
	$(CC) $(SANFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_POLICYD)

# And what plays the laptops of a jump host that is tested.
$(BUILD)/laptop: $(BUILD)/obj/tests/lib/laptop.o $(BUILD)/libfarmgate.a
	$(CC) $(SANFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_POLICYD)

tests: all $(UNIT_BIN) $(PAM_TEST_BIN) $(FUZZ_BIN) $(BUILD)/statement \
    $(BUILD)/laptop

JOBS		?= $(shell nproc)
# Beside those that wait for the network: for what is unpacked, and geo data.
BUILD_ALL	= $(MAKE) -j$(shell expr $(JOBS) + 2) deps-tools geodata tests

# What the suites run on; ASan and UBSan stop at the first finding.
ASAN		= BUILD=build-asan SANITIZE=address,undefined CFLAGS="-O1 -g1"

deps-%:
	tests/deps.sh $*

# Kept between runs. What cannot be fetched now need not be there, but for a
# country database.
geodata: deps-geodata
	conf/farmgate-geodata --dir build/geo || test -s build/geo/country.mmdb

check: deps-check
	$(BUILD_ALL)
	$(MAKE) -j$(JOBS) tests $(ASAN)
	tests/run unit pam golden fuzz lint system build-asan/unit \
	    build-asan/pam build-asan/golden build-asan/fuzz build-asan/short

# With a million people, a million assets, and more kills.
check-long: deps-check
	$(BUILD_ALL)
	LONG=1 tests/run unit system

# All of the system's tests under the sanitizers, and ten times the mutations or
# more; "check" runs the short form.
check-asan: deps-check
	$(BUILD_ALL)
	$(MAKE) -j$(JOBS) tests $(ASAN)
	LONG=1 tests/run build-asan/fuzz build-asan/system

demo: deps-demo
	@$(MAKE) --no-print-directory geodata
	@$(MAKE) --no-print-directory all >/dev/null
	@mkdir -p build/demo
	@tests/demo/demo.sh 7>build/demo/report.html

BENCH_BIN	:= $(addprefix $(BUILD)/bench/,bench_attest bench_fill bench_lines bench_load \
		   bench_login bench_peer bench_records bench_scan pam_floor.so pam_nodelay.so)

$(BUILD)/bench/bench_%: $(BUILD)/obj/tests/bench/bench_%.o \
    $(BUILD)/obj/tests/bench/bench.o $(BUILD)/libfarmgate.a
	@mkdir -p $(@D)
	$(CC) $(SANFLAGS) $(LDFLAGS) $(LDHARDENING) -pie -o $@ $^ -lpam \
	    $(LIBS_POLICYD)

$(BUILD)/bench/pam_%.so: $(BUILD)/obj/tests/bench/pam_%.o
	@mkdir -p $(@D)
	$(CC) -shared $(LDFLAGS) $(LDHARDENING) -o $@ $^ -lpam

bench: deps-bench
	$(MAKE) geodata all $(BENCH_BIN)
	tests/bench/run.sh $(BENCHFLAGS)
	tests/bench/large.sh $(LARGEFLAGS)
	tests/bench/prove.sh $(PROVEFLAGS)
	tests/bench/scan.sh $(SCANFLAGS)
	tests/bench/audit.sh $(AUDITFLAGS)
	tests/bench/replay.sh $(REPLAYFLAGS)
	tests/bench/attest.sh $(ATTESTFLAGS)	# it may fail

DEB_FROM	:= $(shell find Makefile NEWS README.md SECURITY.md attest conf ctl \
		   debian man pam_module policyd proto tests/unit \
		   tests/deb/build.sh -type f)

build/deb/built: $(DEB_FROM)
	tests/deps.sh deb
	tests/deb/build.sh
	@touch $@

deb: build/deb/built

check-deb: deb
	tests/deb/check.sh

# By software alone, so that it runs anywhere; "make check" has no part in it.
check-vm: deb deps-vm
	tests/vm/run.sh

# libFuzzer on one target for a minute: make fuzz T=msg SECONDS=60
T		?= msg
SECONDS		?= 60
fuzz: deps-check
	$(MAKE) CC=clang BUILD=build-fuzz SANITIZE=address,undefined,fuzzer-no-link \
	    build-fuzz/libctl.a build-fuzz/libattest.a \
	    build-fuzz/libfarmgate.a
	clang -fsanitize=address,undefined,fuzzer -std=c11 -D_GNU_SOURCE -g -I. \
	    -o build-fuzz/fuzz_$(T) tests/fuzz/fuzz_$(T).c \
	    build-fuzz/libctl.a build-fuzz/libattest.a \
	    build-fuzz/libfarmgate.a $(LIBS_POLICYD) $(LIBS_CTL)
	mkdir -p build-fuzz/corpus-$(T)
	build-fuzz/fuzz_$(T) -max_total_time=$(SECONDS) build-fuzz/corpus-$(T)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# ---- installing ----------------------------------------------------------

INSTALL		?= install
UNITS		= $(wildcard conf/*.service conf/*.socket conf/*.timer \
		  conf/*.path)
CATALOGUE	= $(wildcard conf/catalogue/*)
MAN1		= $(wildcard man/*.1)
MAN5		= $(wildcard man/*.5)
MAN7		= $(wildcard man/*.7)
MAN8		= $(wildcard man/*.8)

# The module is renamed into place, so that running programs keep the old one.
install: all
	$(INSTALL) -d $(DESTDIR)$(SECURITYDIR) $(DESTDIR)$(PREFIX)/sbin \
	    $(DESTDIR)$(PREFIX)/bin \
	    $(DESTDIR)$(SYSCONFDIR)/farmgate/hooks \
	    $(DESTDIR)$(SYSCONFDIR)/farmgate/catalogue $(DESTDIR)$(UNITDIR) \
	    $(DESTDIR)$(SYSUSERSDIR) $(DESTDIR)$(TMPFILESDIR) \
	    $(addprefix $(DESTDIR)$(MANDIR)/,man1 man5 man7 man8) \
	    $(DESTDIR)$(DOCDIR) $(DESTDIR)$(DATADIR)/catalogue \
	    $(DESTDIR)$(PREFIX)/lib/farmgate $(DESTDIR)$(BASHCOMPDIR) \
	    $(DESTDIR)$(ZSHCOMPDIR)
	$(INSTALL) -m 644 $(BUILD)/pam_farmgate.so \
	    $(DESTDIR)$(SECURITYDIR)/.pam_farmgate.so.new
	mv -f $(DESTDIR)$(SECURITYDIR)/.pam_farmgate.so.new \
	    $(DESTDIR)$(SECURITYDIR)/pam_farmgate.so
	$(INSTALL) -m 755 $(BUILD)/farmgate-policyd $(BUILD)/farmgate-hooks \
	    $(BUILD)/farmgatectl conf/farmgate-geodata \
	    $(DESTDIR)$(PREFIX)/sbin
	$(INSTALL) -m 755 $(BUILD)/farmgate-attest $(DESTDIR)$(PREFIX)/bin
	$(INSTALL) -m 755 conf/geodata-convert $(DESTDIR)$(PREFIX)/lib/farmgate
	$(INSTALL) -m 644 conf/geodata.pin conf/geodata-parts.sh \
	    conf/geodata-tell.sh $(DESTDIR)$(PREFIX)/lib/farmgate
	[ -e $(DESTDIR)$(SYSCONFDIR)/farmgate/farmgate.conf ] || \
	    $(INSTALL) -m 644 conf/farmgate.conf \
	    $(DESTDIR)$(SYSCONFDIR)/farmgate/farmgate.conf
	$(INSTALL) -m 644 conf/farmgate.conf conf/breakglass.example \
	    conf/approval.example conf/alert.example $(DESTDIR)$(DOCDIR)
	$(INSTALL) -m 644 conf/asn-hosting.list conf/farmgate-policyd-tpm.conf \
	    conf/audit-verify.py $(DESTDIR)$(DATADIR)
	$(INSTALL) -m 644 $(CATALOGUE) $(DESTDIR)$(DATADIR)/catalogue
	$(INSTALL) -m 644 $(UNITS) $(DESTDIR)$(UNITDIR)
	$(INSTALL) -m 644 conf/farmgate.sysusers \
	    $(DESTDIR)$(SYSUSERSDIR)/farmgate.conf
	$(INSTALL) -m 644 conf/farmgate.tmpfiles \
	    $(DESTDIR)$(TMPFILESDIR)/farmgate.conf
	$(INSTALL) -m 644 $(MAN1) $(DESTDIR)$(MANDIR)/man1
	$(INSTALL) -m 644 $(MAN5) $(DESTDIR)$(MANDIR)/man5
	$(INSTALL) -m 644 $(MAN7) $(DESTDIR)$(MANDIR)/man7
	$(INSTALL) -m 644 $(MAN8) $(DESTDIR)$(MANDIR)/man8
	$(INSTALL) -m 644 $(BUILD)/completion/farmgatectl.bash \
	    $(DESTDIR)$(BASHCOMPDIR)/farmgatectl
	$(INSTALL) -m 644 $(BUILD)/completion/farmgatectl.zsh \
	    $(DESTDIR)$(ZSHCOMPDIR)/_farmgatectl

# The configuration, data and logs are the administrator's: they stay. A PAM
# stack that names a module which is not there refuses everybody.
uninstall:
	@used=$$(grep -ls '^[^#]*pam_farmgate' \
	    $(DESTDIR)$(SYSCONFDIR)/pam.d/* | tr '\n' ' '); \
	[ -z "$$used" ] || { echo "uninstall: take pam_farmgate out of:" \
	    "$${used}first, or nobody can log in there: farmgatectl" \
	    "disable --all" >&2; exit 1; }
	rm -f $(DESTDIR)$(SECURITYDIR)/pam_farmgate.so \
	    $(DESTDIR)$(PREFIX)/sbin/farmgate-policyd \
	    $(DESTDIR)$(PREFIX)/sbin/farmgate-hooks \
	    $(DESTDIR)$(PREFIX)/sbin/farmgatectl \
	    $(DESTDIR)$(PREFIX)/sbin/farmgate-geodata \
	    $(DESTDIR)$(PREFIX)/bin/farmgate-attest \
	    $(addprefix $(DESTDIR)$(PREFIX)/lib/farmgate/,geodata-convert \
	    geodata.pin geodata-parts.sh geodata-tell.sh) \
	    $(DESTDIR)$(SYSUSERSDIR)/farmgate.conf \
	    $(DESTDIR)$(TMPFILESDIR)/farmgate.conf \
	    $(DESTDIR)$(DOCDIR)/farmgate.conf \
	    $(DESTDIR)$(DOCDIR)/breakglass.example \
	    $(DESTDIR)$(DOCDIR)/approval.example \
	    $(DESTDIR)$(DOCDIR)/alert.example \
	    $(DESTDIR)$(DATADIR)/asn-hosting.list \
	    $(DESTDIR)$(DATADIR)/farmgate-policyd-tpm.conf \
	    $(DESTDIR)$(DATADIR)/audit-verify.py \
	    $(addprefix $(DESTDIR)$(DATADIR)/catalogue/,$(notdir $(CATALOGUE))) \
	    $(DESTDIR)$(BASHCOMPDIR)/farmgatectl \
	    $(DESTDIR)$(ZSHCOMPDIR)/_farmgatectl \
	    $(addprefix $(DESTDIR)$(UNITDIR)/,$(notdir $(UNITS))) \
	    $(addprefix $(DESTDIR)$(MANDIR)/man1/,$(notdir $(MAN1))) \
	    $(addprefix $(DESTDIR)$(MANDIR)/man5/,$(notdir $(MAN5))) \
	    $(addprefix $(DESTDIR)$(MANDIR)/man7/,$(notdir $(MAN7))) \
	    $(addprefix $(DESTDIR)$(MANDIR)/man8/,$(notdir $(MAN8)))
	for f in profile.d/farmgate-attest.sh \
	    environment.d/60-farmgate-attest.conf; do \
		f=$(DESTDIR)$(SYSCONFDIR)/$$f; \
		! grep -qs '^# farmgate-attest: ' $$f || rm -f $$f; \
	done
	for dir in $(PREFIX)/lib/farmgate $(DOCDIR) $(DATADIR)/catalogue \
	    $(DATADIR) $(SYSCONFDIR)/farmgate/hooks \
	    $(SYSCONFDIR)/farmgate/catalogue $(SYSCONFDIR)/farmgate; do \
		[ ! -d $(DESTDIR)$$dir ] || rmdir \
		    --ignore-fail-on-non-empty $(DESTDIR)$$dir; \
	done

clean:
	rm -rf build build-*

FORCE:

.PHONY: FORCE all tests geodata check check-long check-asan demo bench deb \
    check-deb check-vm fuzz install uninstall clean
.SECONDARY:
