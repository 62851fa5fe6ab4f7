# Pages in a browser, with axe-core. Skipped with a message where node or Chromium is missing. Included by the Makefile.
.PHONY: test-web
test-web: $(BUILD)/attain
	@sh tests/web/run.sh $(BUILD) $(PAGES)
