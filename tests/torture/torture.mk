# The interpreter against itself: numbers that widen at 8 bits, maps of two slots, batches of three rows, every plan
# verified as soon as it is made, all under AddressSanitizer and UBSan.  Included by the Makefile.

# All but the policy of ten megabytes: its 50,000 constants are all wide here, and wide ones all hash alike.
TORTURE_GOLDEN = $(filter-out check/ten-megabytes,$(patsubst tests/golden/%/cmd,%,$(wildcard tests/golden/*/*/cmd)))

.PHONY: torture
torture:
	$(MAKE) BUILD=$(BUILD)/torture OPT="-O1 -g -fno-omit-frame-pointer -DAT_TORTURE" \
	    SAN="-fsanitize=address,undefined -fno-sanitize-recover=all" $(BUILD)/torture/attain $(BUILD)/torture/unit
	sh tests/conformance/run.sh $(BUILD)/torture/attain
	sh tests/rules.sh $(BUILD)/torture/attain
	sh tests/golden/run.sh $(BUILD)/torture/attain $(TORTURE_GOLDEN)
	$(BUILD)/torture/unit --jobs 2

# Memory fails in every public function (tests/torture/memory.c): once with the library as it is, and once with an
# arena of small blocks, so that nearly every piece of memory is an allocation that can fail, and
# at which the host is asked whether to stop. A part of it runs in
# `make test` and `make asan`; all of it takes some minutes.
MEMORY_TESTS := $(BUILD)/memory $(BUILD)/memory-small
$(BUILD)/obj/arena-small.o: src/base/arena.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -DAT_ARENA_BLOCK=128 -DAT_WATCH_EVERY=1 -MMD -MP -c -o $@ $<
$(BUILD)/memory: $(BUILD)/obj/tests/torture/memory.o $(BUILD)/libattain.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/memory-small: $(BUILD)/obj/tests/torture/memory.o $(BUILD)/obj/arena-small.o $(BUILD)/libattain.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

.PHONY: memory
memory: $(MEMORY_TESTS)
	$(BUILD)/memory src/attain.h long
	$(BUILD)/memory-small src/attain.h long

# Eight threads share policies, under ThreadSanitizer (tests/torture/threads.c). It needs addresses that are not
# random on kernels with many random bits, so setarch turns these off where it may.
TSAN_OPTIONS ?= halt_on_error=1:exitcode=66
$(BUILD)/threads: $(BUILD)/obj/tests/torture/threads.o $(BUILD)/libattain.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
.PHONY: tsan
tsan:
	$(MAKE) BUILD=$(BUILD)/tsan OPT="-O1 -g" SAN="-fsanitize=thread" $(BUILD)/tsan/threads
	TSAN_OPTIONS="$(TSAN_OPTIONS)" $$(setarch -R true 2>/dev/null && echo setarch -R) $(BUILD)/tsan/threads $(TSAN_ROUNDS)
