# The program for its users, with its manual page. The library is in src/api/api.mk. Included by the Makefile.

# The manual page is made from the same tables as --help.
$(BUILD)/attain.1: $(BUILD)/attain
	$(BUILD)/attain --man > $@.tmp && mv $@.tmp $@

.PHONY: install uninstall
install: $(BUILD)/attain $(BUILD)/attain.1 install-library
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man1
	install -m 755 $(BUILD)/attain $(DESTDIR)$(BINDIR)/attain
	install -m 644 $(BUILD)/attain.1 $(DESTDIR)$(MANDIR)/man1/attain.1
uninstall: uninstall-library
	rm -f $(DESTDIR)$(BINDIR)/attain $(DESTDIR)$(MANDIR)/man1/attain.1
