# The second library, libattain-formats. The core finds it at run time, next to itself or where the linker looks.
# Without the headers of zlib and zstd, it is not built, and the core reports this if a file needs it.
FORMATS_OBJS := $(patsubst src/%.c,$(BUILD)/obj/%.o,$(wildcard src/formats/*.c))
FORMATS_LIBS := -lz -lzstd
FORMATS_FILE := libattain-formats.so.$(SERIES)

HEADERS       = $(wildcard $(addsuffix /$(1),/usr/include /usr/local/include $(patsubst -I%,%,$(filter -I%,$(CFLAGS)))))
FORMATS_READY := $(and $(call HEADERS,zlib.h),$(call HEADERS,zstd.h))

# Every build of the program has its own one next to it.
ifneq ($(FORMATS_READY),)
all: $(BUILD)/$(FORMATS_FILE) $(BUILD)/libattain-formats.a
$(BUILD)/attain: | $(BUILD)/$(FORMATS_FILE)
endif
$(BUILD)/libattain-formats.a: $(FORMATS_OBJS)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $^
$(BUILD)/$(FORMATS_FILE): $(FORMATS_OBJS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(FORMATS_FILE) $(NO_UNDEFINED) -Wl,--as-needed \
	    -Wl,--version-script=src/api/install/libattain.map -o $@ $^ $(FORMATS_LIBS)

.PHONY: install-formats uninstall-formats
ifneq ($(FORMATS_READY),)
install-library: install-formats
endif
uninstall-library: uninstall-formats
install-formats: $(BUILD)/$(FORMATS_FILE) $(BUILD)/libattain-formats.a
	install -d $(DESTDIR)$(LIBDIR)
	install -m 755 $(BUILD)/$(FORMATS_FILE) $(DESTDIR)$(LIBDIR)/$(FORMATS_FILE)
	install -m 644 $(BUILD)/libattain-formats.a $(DESTDIR)$(LIBDIR)/libattain-formats.a
uninstall-formats:
	rm -f $(DESTDIR)$(LIBDIR)/$(FORMATS_FILE) $(DESTDIR)$(LIBDIR)/libattain-formats.a
