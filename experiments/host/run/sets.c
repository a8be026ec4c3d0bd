#include "experiments/host/run/sets.h"
#include "experiments/host/base/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const host_known_set host_known_sets[] = {
    {"notmnist", "notMNIST small (Y. Bulatov, 2011): letters A to J, the paper's images",
     "cfb423c3919deb4514d044d07b38d1361e82bed60e8d0cabb66cfbff0467d640", 18724,
     "--data notMNIST_small.tar.gz, or `make data` fetches it"},
    {"letters", "the built-in set: letters A to J in free typefaces, rendered by this project",
     "0d8b11eeea8b8584addfbf80282ba378e9d48ad7bf67d949be9f44af8b5ef3c6", 12339,
     "comes with synlab"},
    {"fashion-mnist", "Fashion-MNIST (Xiao, Rasul, Vollgraf, 2017): ten kinds of clothes",
     "b13b545a5160f538038707cad5ad6cea0b82f8c0b160c8a8d459ebb9825f9dd8", 60000,
     "apt-get install dataset-fashion-mnist"},
    {NULL, NULL, NULL, 0, NULL},
};

const host_known_set *host_known_set_find(const char *name) {
  for (const host_known_set *set = host_known_sets; set->name; set++)
    if (strcmp(set->name, name) == 0)
      return set;
  return NULL;
}

const char *host_known_set_near(const char *name) {
  const char *names[sizeof host_known_sets / sizeof *host_known_sets];
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    names[i] = host_known_sets[i].name;
  return syn_nearest(name, names);
}

int host_known_set_path(const host *h, const host_known_set *set, char *path, size_t size) {
  const char *cache = getenv("XDG_CACHE_HOME"), *user = getenv("HOME");
  if (strcmp(set->name, "letters") == 0)
    snprintf(path, size, "%s/data/letters.tar.xz", h->home);
  else if (strcmp(set->name, "fashion-mnist") == 0)
    /* one file: the folder holds t10k too, and together they are another set, with its own split */
    snprintf(path, size, "/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz");
  else if (cache && *cache)
    snprintf(path, size, "%s/synlab/notMNIST_small.tar.gz", cache);
  else
    snprintf(path, size, "%s/.cache/synlab/notMNIST_small.tar.gz", user ? user : "");
  return access(path, R_OK) == 0;
}

/* A name that is also that of a file here, and images that are there but not in the set: said once. */
static void say_once(const char *name, const char *place, const syn_images *images) {
  if (host_known_set_find(name) && access(name, F_OK) == 0)
    host_wrong("'%s' is the set of that name; what lies here under it is given as ./%s", name,
               name);
  if (images->n_skipped)
    host_wrong("%zu file%s of %s %s not in the set: `synlab data info %s` names %s",
               images->n_skipped, syn_s(images->n_skipped), place,
               images->n_skipped > 1 ? "are" : "is", name, images->n_skipped > 1 ? "them" : "it");
}

/* The path itself, from where the program was called; or, if nothing is there, beside the script. */
static void find_path(const host *h, const char *name, char *path, size_t size) {
  const char *slash = h->script ? strrchr(h->script, '/') : NULL;
  snprintf(path, size, "%s", name);
  if (!slash || !*name || *name == '/' || access(name, F_OK) == 0)
    return;
  snprintf(path, size, "%.*s/%s", (int)(slash - h->script), h->script, name);
  if (access(path, F_OK) != 0)
    snprintf(path, size, "%s", name);
}

/* Where a set of this name lies. */
static syn_status locate(const host *h, const char *name, char *path, size_t size, syn_ctx *ctx) {
  const host_known_set *set = host_known_set_find(name);
  find_path(h, name, path, size);
  const char *near = set || access(path, F_OK) == 0 ? NULL : host_known_set_near(name);
  if (near)
    return syn_fail(ctx, SYN_EINPUT,
                    "%s: no such file or folder, nor a set of that name; did you mean '%s'?", name,
                    near);
  if (set && !host_known_set_path(h, set, path, size))
    return syn_fail(ctx, SYN_EINPUT, "data set '%s' is not at hand (looked for %s): %s", name, path,
                    set->how);
  return SYN_OK;
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
  syn_images *images = NULL;
  syn_status status = locate(h, name, place, sizeof place, ctx);
  if (status == SYN_OK)
    status = syn_images_open(&images, place, ctx);
  if (status)
    return status;
  say_once(name, place, images);
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

const char *host_usual_set(host *h) {
  char path[4096];
  h->data_asked = 1;
  if (h->profile.data)
    return h->profile.data;
  int paper = host_known_set_path(h, host_known_set_find("notmnist"), path, sizeof path);
  int letters = host_known_set_path(h, host_known_set_find("letters"), path, sizeof path);
  return !paper && letters ? "letters" : "notmnist";
}
