# What is installed: the program, its manual page, the library, its header and what pkg-config says of it.
# Included by the Makefile.

MANDIR     ?= $(PREFIX)/share/man
INCLUDEDIR ?= $(PREFIX)/include
LIBDIR     ?= $(PREFIX)/lib
BINDIR     ?= $(PREFIX)/bin

# The manual page is made from the same tables as --help.
$(BUILD)/attain.1: $(BUILD)/attain
	$(BUILD)/attain --man > $@.tmp && mv $@.tmp $@

# Made anew each time: PREFIX may differ from the last.
.PHONY: $(BUILD)/attain.pc
$(BUILD)/attain.pc:
	@mkdir -p $(@D)
	@{ echo 'prefix=$(PREFIX)'; \
	   echo 'includedir=$(INCLUDEDIR)'; \
	   echo 'libdir=$(LIBDIR)'; \
	   echo; \
	   echo 'Name: attain'; \
	   echo 'Description: Interpreter for sales-commission policies'; \
	   echo 'Version: $(VERSION)'; \
	   echo 'Cflags: -I$${includedir}'; \
	   echo 'Libs: -L$${libdir} -lattain $(LIBS)'; } > $@

.PHONY: install uninstall
install: $(BUILD)/attain $(BUILD)/libattain.a $(BUILD)/attain.1 $(BUILD)/attain.pc
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR) $(DESTDIR)$(MANDIR)/man1
	install -m 755 $(BUILD)/attain $(DESTDIR)$(BINDIR)/attain
	install -m 644 $(BUILD)/libattain.a $(DESTDIR)$(LIBDIR)/libattain.a
	install -m 644 src/attain.h $(DESTDIR)$(INCLUDEDIR)/attain.h
	install -m 644 $(BUILD)/attain.pc $(DESTDIR)$(LIBDIR)/pkgconfig/attain.pc
	install -m 644 $(BUILD)/attain.1 $(DESTDIR)$(MANDIR)/man1/attain.1
uninstall:
	rm -f $(DESTDIR)$(BINDIR)/attain $(DESTDIR)$(LIBDIR)/libattain.a $(DESTDIR)$(INCLUDEDIR)/attain.h \
	      $(DESTDIR)$(LIBDIR)/pkgconfig/attain.pc $(DESTDIR)$(MANDIR)/man1/attain.1
