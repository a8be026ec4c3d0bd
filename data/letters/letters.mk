# make data/glyphs: the built-in set rendered afresh, from the fonts that packages.txt lists.
# It replaces data/letters.tar.xz only if its images are those that data/letters/digest names.
LETTERS       = data/letters
LETTERS_BUILD = build-letters
LETTERS_FONTS = $(shell sed '/^\#/d; s/\t.*//' $(LETTERS)/packages.txt)

.PHONY: data/glyphs
data/glyphs:
	@sh .ci/deps $(PACKAGES) $(LETTERS_FONTS)
	@cmake -S . -B $(LETTERS_BUILD) -DSYNLAB_LETTERS=ON -DSYNLAB_TESTS=OFF >/dev/null
	@cmake --build $(LETTERS_BUILD) --parallel "$$JOBS" --target letters >/dev/null
	@digest=$$($(LETTERS_BUILD)/letters render $(LETTERS)/faces.txt data/letters.tar.xz.tmp) || exit 1; \
	if [ "$$digest" = "$$(cat $(LETTERS)/digest)" ]; then \
	  mv data/letters.tar.xz.tmp data/letters.tar.xz && echo "data/letters.tar.xz: as before, $$digest"; \
	else \
	  echo "other images than $(LETTERS)/digest names: $$digest; are the packages those of $(LETTERS)/packages.txt? (kept: data/letters.tar.xz.tmp)" >&2; \
	  exit 1; \
	fi
