# The second library, libattain-formats. The core finds it at run time, next to itself or where the linker looks.
# Without the packages that it needs, it is not built, and the core reports this if a file needs it.
FORMATS_OBJS := $(patsubst src/%.c,$(BUILD)/obj/%.o,$(wildcard src/formats/*.c))
FORMATS_LIBS := -lz -lzstd
FORMATS_FILE := libattain-formats.so.$(SERIES)

all: $(BUILD)/$(FORMATS_FILE) $(BUILD)/libattain-formats.a
$(BUILD)/libattain-formats.a: $(FORMATS_OBJS)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $^
$(BUILD)/$(FORMATS_FILE): $(FORMATS_OBJS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(FORMATS_FILE) $(NO_UNDEFINED) -Wl,--as-needed \
	    -Wl,--version-script=src/api/install/libattain.map -o $@ $^ $(FORMATS_LIBS)
