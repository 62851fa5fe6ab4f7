# Attain: build, test, install.  `make help` lists what there is to make.
#
# Everything made lands under $(BUILD); nothing generated is committed.

# ---------------------------------------------------------------- settings (override on the command line)
BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
ifeq ($(origin CC),default)
CC := gcc
endif
OPT     ?= -O2 -g
# Warnings are errors: people's wages hang on this code.
WARN    ?= -Wall -Wextra -Werror -Wstrict-prototypes -Wmissing-prototypes -Wshadow -Wvla
SAN     ?=
AR      ?= ar
# Commands are shown in short; V=1 shows them whole.
V       ?= 0
Q       := $(if $(filter 0,$(V)),@,)
say     = $(if $(filter 0,$(V)),@printf '  %-6s %s\n' $(1) $(2))
BISON   ?= bison
RE2C    ?= re2c
LUA_INC ?= /usr/include/lua5.4
VERSION := 0.2.0

# One set of objects serves the archive and the shared library. Both call their own functions directly.
ALL_CFLAGS = -std=gnu11 -fvisibility=hidden -fPIC -fno-semantic-interposition $(OPT) $(WARN) $(SAN) -pthread -Isrc -I$(BUILD)/gen -I$(LUA_INC) \
             -DAT_VERSION='"$(VERSION)"' -DAT_SERIES='"$(SERIES)"' $(CFLAGS)
LIBS       = -llua5.4 -lgmp -lutf8proc -lm -pthread

.DEFAULT_GOAL := all
.SUFFIXES:
.SECONDARY:
.DELETE_ON_ERROR:

# ---------------------------------------------------------------- rooms, lowest first (see src/*/ and `make layers`)
ROOMS := $(filter-out cli formats,$(shell sed -n 's/^\([a-z]*\) *|.*/\1/p' src/modules.txt))
below  = $(1) $(shell sed -n 's/^$(1) *|\([^|]*\)|.*/\1/p' src/modules.txt)

gen_syntax := attain_lex attain_parse
gen_source := csv_lex
gen_api    := stdlib_bytes

room_objs = $(patsubst src/%.c,$(BUILD)/obj/%.o,$(wildcard src/$(1)/*.c)) $(gen_$(1):%=$(BUILD)/obj/gen/%.o)
LIB_OBJS := $(foreach room,$(ROOMS),$(call room_objs,$(room)))
CLI_OBJS := $(patsubst src/%.c,$(BUILD)/obj/%.o,$(wildcard src/cli/*.c))

# ---------------------------------------------------------------- help
.PHONY: help
help:
	@echo "make            the program $(BUILD)/attain and the library $(BUILD)/libattain.a and .so"
	@echo "make demo       installs what is missing, builds, and pays the sample policy"
	@echo "make test       installs what is missing, builds, and runs every test"
	@echo "make asan       the tests under AddressSanitizer and UBSan"
	@echo "make tsan       eight threads share policies under ThreadSanitizer"
	@echo "make memory     fail every allocation of every public function (minutes)"
	@echo "make valgrind   a part of the tests under valgrind"
	@echo "make bench      a million deals against a hand-written program (ROWS=1000000)"
	@echo "make bench-shape  commands about the shape of a plan, as multiples of one run"
	@echo "make growth     time and memory at a size and at twice the size (minutes)"
	@echo "make test-web   HTML pages with axe-core, if node is there"
	@echo "make coverage   lines of src that the tests reach"
	@echo "make layers     proves that no room includes one above it"
	@echo "make room ROOM=base   builds and tests one room with those below it"
	@echo "make fmt        lays the sources out; make fmt-check only looks"
	@echo "make install    PREFIX=$(PREFIX), DESTDIR as usual; make uninstall"
	@echo "make clean"

# ---------------------------------------------------------------- generate
$(BUILD)/gen/attain_lex.c: grammar/attain.re
	@mkdir -p $(@D)
	$(call say,RE2C,$@)
	$(Q)$(RE2C) -W -Werror --no-generation-date --no-debug-info -c -8 -o $@ $<
$(BUILD)/gen/attain_parse.c $(BUILD)/gen/attain_parse.h &: grammar/attain.y
	@mkdir -p $(@D)
	$(call say,BISON,$(BUILD)/gen/attain_parse.c)
	$(Q)$(BISON) -Wall -Werror --no-lines --defines=$(BUILD)/gen/attain_parse.h -o $(BUILD)/gen/attain_parse.c $<
$(BUILD)/gen/csv_lex.c: grammar/csv.re
	@mkdir -p $(@D)
	$(call say,RE2C,$@)
	$(Q)$(RE2C) -W -Werror --no-generation-date --no-debug-info -c -8 -o $@ $<
# The standard library travels inside the program, as bytes.
$(BUILD)/gen/stdlib_bytes.c: src/api/embed.sh $(wildcard stdlib/*)
	@mkdir -p $(@D)
	$(call say,EMBED,$@)
	$(Q)sh src/api/embed.sh stdlib > $@.tmp && mv $@.tmp $@

# ---------------------------------------------------------------- compile
$(BUILD)/obj/%.o: src/%.c | $(BUILD)/gen/attain_parse.h
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/obj/gen/%.o: $(BUILD)/gen/%.c | $(BUILD)/gen/attain_parse.h
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/obj/tests/%.o: tests/%.c | $(BUILD)/gen/attain_parse.h
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests -MMD -MP -c -o $@ $<
-include $(shell test -d $(BUILD)/obj && find $(BUILD)/obj -name '*.d')

# ---------------------------------------------------------------- library and program
.PHONY: all
all: $(BUILD)/attain $(BUILD)/libattain.a $(BUILD)/libattain.so

$(BUILD)/libattain.a: $(LIB_OBJS)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $^
$(BUILD)/attain: $(CLI_OBJS) $(BUILD)/libattain.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# ---------------------------------------------------------------- one room and its tests
.PHONY: room
room: $(BUILD)/room-$(ROOM)
	$(BUILD)/room-$(ROOM) $(ROOM_ARGS)
$(BUILD)/room-$(ROOM): $(sort $(foreach room,$(call below,$(ROOM)),$(call room_objs,$(room)))) \
                       $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/unit/$(ROOM)/*.c))
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lcriterion $(LIBS)

# ---------------------------------------------------------------- what a fresh machine lacks
# Installs with apt, as root or through sudo, and only what is not there yet.
PACKAGES  := gcc bison re2c liblua5.4-dev libgmp-dev libutf8proc-dev zlib1g-dev libzstd-dev
PACKAGES_TEST := libcriterion-dev python3 g++ pkg-config cmake chromium cmark-gfm
.PHONY: deps deps-test
deps:
	@sh tests/deps.sh $(PACKAGES)
deps-test:
	@sh tests/deps.sh $(PACKAGES) $(PACKAGES_TEST)

# ---------------------------------------------------------------- demo
.PHONY: demo
demo: deps
	@echo "== Building attain"
	@$(MAKE) --no-print-directory all
	@sh rules/field-sales/demo.sh $(BUILD)/attain

# ---------------------------------------------------------------- tests
UNIT_OBJS := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/unit/*/*.c))
$(BUILD)/unit: $(UNIT_OBJS) $(BUILD)/libattain.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lcriterion $(LIBS)

.PHONY: test check-built
test: deps-test
	@echo "== Building attain, the library and the tests"
	@$(MAKE) --no-print-directory check-built
# Everything that can fail, cheapest first; Criterion's closing line comes last.
check-built: all $(BUILD)/unit $(BUILD)/memory $(BUILD)/memory-small
	@sh tests/run.sh $(BUILD) quick
	$(BUILD)/unit --jobs 2

.PHONY: asan valgrind coverage
asan:
	$(MAKE) BUILD=$(BUILD)/asan OPT="-O1 -g -fno-omit-frame-pointer" SAN="-fsanitize=address,undefined -fno-sanitize-recover=all" $(BUILD)/asan/attain $(BUILD)/asan/fuzz_run $(BUILD)/asan/unit $(BUILD)/asan/memory-small
	sh tests/run.sh $(BUILD)/asan sanitised
	$(BUILD)/asan/unit --jobs 2
valgrind: all $(BUILD)/unit
	sh tests/run.sh $(BUILD) valgrind
coverage:
	$(MAKE) BUILD=$(BUILD)/cov OPT="-O0 -g --coverage" WARN="-Wall" $(BUILD)/cov/attain $(BUILD)/cov/unit
	sh tests/run.sh $(BUILD)/cov covered
	$(BUILD)/cov/unit --jobs 2
	sh tests/coverage.sh $(BUILD)/cov

# ---------------------------------------------------------------- speed
ROWS   ?= 1000000
PAYEES ?= 1000
BENCH  := $(patsubst %,$(BUILD)/bench/%,generate measure twin_tiers twin_matrix twin_years)
$(BUILD)/bench/%: tests/bench/%.c $(wildcard tests/bench/*.h)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) -std=gnu11 -O2 $(WARN) -o $@ $<
$(BUILD)/bench/session: tests/bench/session.c $(BUILD)/libattain.a
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) -std=gnu11 -O2 $(WARN) -Isrc -o $@ $^ $(LIBS)
.PHONY: bench bench-session
bench-session: $(BUILD)/bench/session
	@$< tests/bench/session.attain 100000
bench: all $(BENCH) bench-session
	sh tests/bench/run.sh $(BUILD)/attain $(BUILD)/bench $(ROWS) $(PAYEES)
	@echo "growth: time and memory at a size and at twice the size"
	@python3 -B tests/bench/growth.py $(BUILD)/attain
.PHONY: bench-shape
bench-shape: all $(BENCH)
	@python3 -B tests/bench/shape.py $(BUILD)/attain $(BUILD)/bench $(ROWS) $(PAYEES)
.PHONY: growth
growth: all
	@python3 -B tests/bench/growth.py $(BUILD)/attain $(CASES)

# ---------------------------------------------------------------- proofs about the house
.PHONY: layers
layers: $(BUILD)/gen/attain_parse.h $(LIB_OBJS) $(CLI_OBJS)
	@python3 -B tests/cycles.py $(BUILD)
	@sh tests/layers.sh "$(CC)" "-std=gnu11 -Isrc -I$(BUILD)/gen -I$(LUA_INC)"

# Each room may bring rules of its own.
-include $(wildcard src/*/*.mk tests/*/*.mk)

# ---------------------------------------------------------------- layout
SOURCES := $(wildcard src/*.h src/*/*.h src/*/*.c tests/unit/*/*.[ch] tests/embed/*.c tests/bench/*.c tests/fuzz/*.c tests/torture/*.[ch] tests/interrupt/cancel.c)
# The tables of the reference are made from the .def files.
.PHONY: reference
reference:
	python3 tests/docs/generate.py

.PHONY: fmt fmt-check
fmt:
	clang-format -i $(SOURCES)
fmt-check:
	clang-format --dry-run -Werror $(SOURCES)

.PHONY: clean
clean:
	rm -rf $(BUILD)
