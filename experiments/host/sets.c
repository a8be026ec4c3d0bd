#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/host/host.h"

/* Where a data set of this name would lie. `path` (size). */
static syn_status locate(const char *name, char *path, size_t size, syn_ctx *ctx) {
  if (strcmp(name, "notmnist") != 0) {
    snprintf(path, size, "%s", name);
    return SYN_OK;
  }
  const char *cache = getenv("XDG_CACHE_HOME"), *user = getenv("HOME");
  if (cache && *cache)
    snprintf(path, size, "%s/synlab/notMNIST_small.tar.gz", cache);
  else
    snprintf(path, size, "%s/.cache/synlab/notMNIST_small.tar.gz", user ? user : "");
  if (access(path, R_OK) == 0)
    return SYN_OK;
  return syn_fail(ctx, SYN_EINPUT,
                  "notMNIST small is not at hand: give its archive with --data "
                  "notMNIST_small.tar.gz, or put it at %s",
                  path);
}

syn_status host_images(host *h, const syn_images **out, const char *name, const char **path,
                       syn_ctx *ctx) {
  *out = NULL;
  for (size_t i = 0; i < h->n_sets && !*out; i++)
    if (strcmp(h->sets[i].name, name) == 0) {
      *out = h->sets[i].images;
      *path = h->sets[i].path;
    }
  if (*out)
    return SYN_OK;
  if (h->n_sets == HOST_SETS_MAX)
    return syn_fail(ctx, SYN_EINVAL, "more than %d data sets in one program", HOST_SETS_MAX);
  char place[4096];
  syn_images *images;
  syn_status status = locate(name, place, sizeof place, ctx);
  if (status == SYN_OK)
    status = syn_images_open(&images, place, ctx);
  if (status)
    return status;
  host_set *set = &h->sets[h->n_sets];
  *set = (host_set){strdup(name), strdup(place), images};
  h->n_sets++;
  if (!set->name || !set->path)
    return syn_fail_memory(ctx, "a data set");
  *out = images;
  *path = set->path;
  return SYN_OK;
}

void host_close_sets(host *h) {
  for (size_t i = 0; i < h->n_sets; i++) {
    syn_images_close(h->sets[i].images);
    free(h->sets[i].name);
    free(h->sets[i].path);
  }
  h->n_sets = 0;
}
