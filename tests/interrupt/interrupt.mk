# `make cancel`: a long run that the host stops at many moments.  Included by the Makefile.
$(BUILD)/cancel: $(BUILD)/obj/tests/interrupt/cancel.o $(BUILD)/libattain.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

.PHONY: cancel
cancel: $(BUILD)/cancel
	$(BUILD)/cancel
