#include "experiments/host/script/sources.h"

#include <stdio.h>
#include <string.h>

#include <scripts.h> /* made by the build */
#include "engine/base/digest.h"

static const char *const scripts[][2] = {SYNLAB_SCRIPTS};

static int are_others(const host *h, const char *only) {
  for (size_t i = 0; scripts[i][0]; i++) {
    char path[sizeof h->home + 256], digest[SYN_DIGEST_SIZE];
    syn_ctx ctx = {0};
    if (only && strcmp(only, scripts[i][0]) != 0)
      continue;
    snprintf(path, sizeof path, "%s/%s", h->home, scripts[i][0]);
    if (syn_digest_file(digest, path, &ctx) || strcmp(digest, scripts[i][1]) != 0)
      return 1;
  }
  return 0;
}

static struct {
  int looked, any, claims;
} found;

void host_sources_look(const host *h) {
  if (!found.looked) {
    found.any = are_others(h, NULL);
    found.claims = are_others(h, "paper/claims.lua");
  }
  found.looked = 1;
}

int host_sources_changed(const host *h) {
  host_sources_look(h);
  return found.any;
}

int host_claims_changed(const host *h) {
  host_sources_look(h);
  return found.claims;
}
