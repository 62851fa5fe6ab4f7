# Any bytes into the parser, the checker, the CSV reader, and the translator of hooks, and changed policies with their
# data through whole runs, under AddressSanitizer and UBSan, FUZZ_SECONDS each: make fuzz. libFuzzer, if clang has it:
# make fuzz-clang. Included by the Makefile.

FUZZ_SECONDS ?= 20
FUZZ_SEED    ?= 1
FUZZ_SAN     := -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZERS      := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
FUZZ_POLICIES = $(wildcard rules/*/*.attain rules/hooks/*/*.attain stdlib/*.attain tests/lang/*/*.attain tests/conformance/*/*.attain)
FUZZ_CASES    = $(wildcard rules/*/ rules/hooks/*/ tests/conformance/*/ tests/golden/*/*/)
FUZZ_LUA      = $(wildcard rules/hooks/*/*.lua tests/hooks/*.lua)

# One program, from its own source and the library built the same way.
$(BUILD)/fuzz_%: tests/fuzz/fuzz_%.c $(wildcard tests/fuzz/*.h) $(BUILD)/libattain.a
	$(CC) $(ALL_CFLAGS) $(FUZZ_FLAGS) $(LDFLAGS) -o $@ $(filter-out %.h,$^) $(LIBS)

# Decoders are part of the program, so that the sanitizers see them.
ifneq ($(FORMATS_READY),)
$(BUILD)/fuzz_csv: $(BUILD)/libattain-formats.a
$(BUILD)/fuzz_csv: LIBS += -Wl,-u,attain_formats $(FORMATS_LIBS)
endif

.PHONY: fuzz fuzz-ci fuzz-clang $(FUZZERS:%=run-%)
# The objects are those of `make asan`.
FUZZ_MAKE = $(MAKE) --no-print-directory BUILD=$(BUILD)/asan OPT="-O1 -g -fno-omit-frame-pointer" SAN="$(FUZZ_SAN)"
fuzz:
	$(FUZZ_MAKE) -j1 $(FUZZERS:%=run-%)
# What CI runs: whole runs and the translator, a minute each, at the same time, and files in all forms, 20 seconds.
fuzz-ci:
	$(FUZZ_MAKE) -j2 FUZZ_SECONDS=60 run-fuzz_run run-fuzz_translate
	$(FUZZ_MAKE) -j1 FUZZ_SECONDS=20 run-fuzz_csv
run-fuzz_parse: $(BUILD)/fuzz_parse
	AT_FUZZ_LAST=$(BUILD)/fuzz_parse.last $(BUILD)/fuzz_parse $(FUZZ_SECONDS) $(FUZZ_SEED) $(FUZZ_POLICIES)
run-fuzz_check: $(BUILD)/fuzz_check
	AT_FUZZ_LAST=$(BUILD)/fuzz_check.last $(BUILD)/fuzz_check $(FUZZ_SECONDS) $(FUZZ_SEED) $(FUZZ_POLICIES)
run-fuzz_csv: $(BUILD)/fuzz_csv
	$(BUILD)/fuzz_csv $(FUZZ_SECONDS) $(FUZZ_SEED)
run-fuzz_run: $(BUILD)/fuzz_run
	AT_FUZZ_LAST=$(BUILD)/fuzz_run.last $(BUILD)/fuzz_run $(FUZZ_SECONDS) $(FUZZ_SEED) $(FUZZ_CASES)
run-fuzz_translate: $(BUILD)/fuzz_translate
	$(BUILD)/fuzz_translate $(FUZZ_SECONDS) $(FUZZ_SEED) $(FUZZ_LUA)

# The corpora grow under $(BUILD)/fuzz-clang/corpus, begun with the texts of the tests; what crashes is left there.
fuzz-clang:
	$(MAKE) CC=clang BUILD=$(BUILD)/fuzz-clang OPT="-O1 -g -fno-omit-frame-pointer" \
	    SAN="$(FUZZ_SAN) -fsanitize=fuzzer-no-link" FUZZ_FLAGS="-DAT_LIBFUZZER -fsanitize=fuzzer" \
	    $(FUZZERS:%=$(BUILD)/fuzz-clang/%)
	@mkdir -p $(BUILD)/fuzz-clang/corpus/text $(BUILD)/fuzz-clang/corpus/csv
	@i=0; for file in $(FUZZ_POLICIES); do i=$$((i + 1)); cp $$file $(BUILD)/fuzz-clang/corpus/text/$$i.attain; done
	@mkdir -p $(BUILD)/fuzz-clang/corpus/choices && head -c 64 /dev/zero > $(BUILD)/fuzz-clang/corpus/choices/zero
	@i=0; for file in tests/conformance/*/*.csv; do i=$$((i + 1)); cp $$file $(BUILD)/fuzz-clang/corpus/csv/$$i.csv; done
	for name in $(FUZZERS); do \
	    corpus=text; [ $$name != fuzz_csv ] || corpus=csv; [ $$name != fuzz_run ] || corpus=choices; \
	    (cd $(BUILD)/fuzz-clang && AT_FUZZ_CASES="$(abspath $(FUZZ_CASES))" ./$$name -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=3000 -close_fd_mask=0 -verbosity=1 corpus/$$corpus) || exit 1; \
	done
