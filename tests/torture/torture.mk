# The interpreter against itself: numbers that widen at 8 bits, maps of two slots, batches of three rows, every plan
# verified as soon as it is made, all under AddressSanitizer and UBSan.  Included by the Makefile.

.PHONY: torture
torture:
	$(MAKE) BUILD=$(BUILD)/torture OPT="-O1 -g -fno-omit-frame-pointer -DAT_TORTURE" \
	    SAN="-fsanitize=address,undefined -fno-sanitize-recover=all" $(BUILD)/torture/attain $(BUILD)/torture/unit
	sh tests/run.sh $(BUILD)/torture sanitised
	$(BUILD)/torture/unit --jobs 2
