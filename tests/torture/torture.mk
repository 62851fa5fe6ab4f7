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
