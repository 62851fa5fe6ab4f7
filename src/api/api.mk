# The library for its users: the shared library, and what pkg-config and CMake are told. Included by the Makefile.
#
# While the major version is 0, a minor version may change the interface, so it is part of the soname: a program
# finds only libraries that attain_check_version accepts. From version 1 on, the soname is libattain.so.1.
#
#     libattain.so -> libattain.so.0.2 -> libattain.so.0.2.0
SERIES      := $(shell echo $(VERSION) | sed -e 's/^\(0\.[0-9]*\)\..*/\1/' -e 's/^\([1-9][0-9]*\)\..*/\1/')
SONAME      := libattain.so.$(SERIES)
SHARED_FILE := libattain.so.$(VERSION)

MANDIR     ?= $(PREFIX)/share/man
INCLUDEDIR ?= $(PREFIX)/include
LIBDIR     ?= $(PREFIX)/lib
BINDIR     ?= $(PREFIX)/bin

# A sanitizer's own names come from the program.
NO_UNDEFINED := $(if $(SAN),,-Wl,-z,defs)
$(BUILD)/$(SHARED_FILE): $(LIB_OBJS) src/api/install/libattain.map
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(SONAME) $(NO_UNDEFINED) -Wl,--as-needed \
	    -Wl,--version-script=src/api/install/libattain.map -o $@ $(LIB_OBJS) $(LIBS)
$(BUILD)/$(SONAME): $(BUILD)/$(SHARED_FILE)
	$(Q)ln -sf $(SHARED_FILE) $@
$(BUILD)/libattain.so: $(BUILD)/$(SONAME)
	$(Q)ln -sf $(SONAME) $@

# `attain` links the library into the program, and `libattain` the shared one. Made anew each time: PREFIX may differ
# from the last.
INSTALL_TEXTS := attain.pc libattain.pc attain-config.cmake attain-config-version.cmake
RELATIVE_INCLUDEDIR = $(shell realpath -ms --relative-to=$(LIBDIR)/cmake/attain $(INCLUDEDIR))
CMAKE_LIBS = $(shell echo '$(filter-out -pthread,$(LIBS))' | sed -e 's/ *-l/;/g' -e 's/^;//');Threads::Threads
.PHONY: $(INSTALL_TEXTS:%=$(BUILD)/%)
$(INSTALL_TEXTS:%=$(BUILD)/%): $(BUILD)/%: src/api/install/%.in
	@mkdir -p $(@D)
	@sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' -e 's|@LIBDIR@|$(LIBDIR)|' \
	     -e 's|@VERSION@|$(VERSION)|' -e 's|@SERIES@|$(SERIES)|' -e 's|@SONAME@|$(SONAME)|' \
	     -e 's|@SHARED_FILE@|$(SHARED_FILE)|' -e 's|@LIBS@|$(LIBS)|' -e 's|@CMAKE_LIBS@|$(CMAKE_LIBS)|' \
	     -e 's|@RELATIVE_INCLUDEDIR@|$(RELATIVE_INCLUDEDIR)|' $< > $@

.PHONY: install-library uninstall-library
install-library: $(BUILD)/libattain.a $(BUILD)/libattain.so $(INSTALL_TEXTS:%=$(BUILD)/%)
	install -d $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(LIBDIR)/cmake/attain $(DESTDIR)$(INCLUDEDIR)
	install -m 644 $(BUILD)/libattain.a $(DESTDIR)$(LIBDIR)/libattain.a
	install -m 755 $(BUILD)/$(SHARED_FILE) $(DESTDIR)$(LIBDIR)/$(SHARED_FILE)
	ln -sf $(SHARED_FILE) $(DESTDIR)$(LIBDIR)/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/libattain.so
	install -m 644 src/attain.h $(DESTDIR)$(INCLUDEDIR)/attain.h
	install -m 644 $(BUILD)/attain.pc $(BUILD)/libattain.pc $(DESTDIR)$(LIBDIR)/pkgconfig
	install -m 644 $(BUILD)/attain-config.cmake $(BUILD)/attain-config-version.cmake $(DESTDIR)$(LIBDIR)/cmake/attain
# Folders that only Attain uses are removed, too.
uninstall-library:
	rm -f $(DESTDIR)$(LIBDIR)/libattain.a $(DESTDIR)$(LIBDIR)/$(SHARED_FILE) $(DESTDIR)$(LIBDIR)/$(SONAME) \
	      $(DESTDIR)$(LIBDIR)/libattain.so $(DESTDIR)$(INCLUDEDIR)/attain.h \
	      $(DESTDIR)$(LIBDIR)/pkgconfig/attain.pc $(DESTDIR)$(LIBDIR)/pkgconfig/libattain.pc \
	      $(DESTDIR)$(LIBDIR)/cmake/attain/attain-config.cmake \
	      $(DESTDIR)$(LIBDIR)/cmake/attain/attain-config-version.cmake
	-test ! -d $(DESTDIR)$(LIBDIR)/cmake/attain || rmdir $(DESTDIR)$(LIBDIR)/cmake/attain
