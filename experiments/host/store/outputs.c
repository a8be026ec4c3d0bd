#include "experiments/host/store/outputs.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "experiments/host/base/say.h"
#include "experiments/host/base/stop.h"
#include "experiments/host/base/temporary.h"

struct host_output {
  host_output *next;
  char *path, *bytes;
  size_t n;
  char *error; /* why it could not be written, or NULL */
};

static host_output *find(const host *h, const char *path) {
  host_output *output = h->outputs;
  while (output && strcmp(output->path, path) != 0)
    output = output->next;
  return output;
}

static void close_output(host_output *output) {
  free(output->path);
  free(output->bytes);
  free(output->error);
  free(output);
}

syn_status host_outputs_check(const host *h, syn_ctx *ctx) {
  char path[PATH_MAX];
  struct stat found;
  snprintf(path, sizeof path, "%s", h->profile.out);
  while (stat(path, &found) != 0 && (errno == ENOENT || errno == ENOTDIR) &&
         strcmp(path, ".") != 0) {
    char *slash = strrchr(path, '/'); /* to be made, in what stands above it */
    if (slash == path)
      slash[1] = '\0';
    else if (slash)
      *slash = '\0';
    else
      strcpy(path, ".");
  }
  if (stat(path, &found) == 0) {
    if (S_ISDIR(found.st_mode) && access(path, W_OK | X_OK) == 0)
      return SYN_OK;
    errno = S_ISDIR(found.st_mode) ? errno : ENOTDIR;
  }
  return syn_fail(ctx, SYN_EINPUT, "--out %s: pages cannot be written there: %s: %s",
                  h->profile.out, path, strerror(errno));
}

syn_status host_output_add(host *h, const char *relative, const void *bytes, size_t n,
                           syn_ctx *ctx) {
  char path[4096];
  syn_status status = host_out_path(h, path, sizeof path, relative, ctx);
  if (status)
    return status;
  char *copy = malloc(n + 1);
  host_output *output = find(h, path), *fresh = output ? NULL : calloc(1, sizeof *fresh);
  if (fresh && (fresh->path = strdup(path))) {
    host_output **end = &h->outputs;
    while (*end)
      end = &(*end)->next;
    *end = output = fresh;
  }
  if (!copy || !output) {
    free(copy);
    free(fresh);
    return syn_fail_memory(ctx, relative);
  }
  memcpy(copy, bytes, n);
  free(output->bytes);
  output->bytes = copy;
  output->n = n;
  return SYN_OK;
}

const char *host_output_find(const host *h, const char *path, size_t *n) {
  const host_output *output = find(h, path);
  if (!output)
    return NULL;
  *n = output->n;
  return output->bytes;
}

/* What writers that were killed left beside the files. */
static void sweep_beside(const host_output *output) {
  char folder[4096];
  const char *before = "";
  for (; output; output = output->next) {
    size_t n = (size_t)(strrchr(output->path, '/') - output->path);
    if (strncmp(before, output->path, n + 1) == 0 && !strchr(before + n + 1, '/'))
      continue; /* the folder of the one before */
    snprintf(folder, sizeof folder, "%.*s", (int)n, output->path);
    host_temporary_sweep(folder);
    before = output->path;
  }
}

/* What a file's error says behind its name. */
static const char *reason_of(const host_output *output) {
  size_t n = strlen(output->path);
  return strncmp(output->error, output->path, n) == 0 ? output->error + n : output->error;
}

/* How many of the files from..to (without it) could not be written for this reason. */
static size_t count_alike(const host_output *from, const host_output *to, const char *reason) {
  size_t n = 0;
  for (; from != to; from = from->next)
    n += from->error && strcmp(reason_of(from), reason) == 0;
  return n;
}

/* A line for each reason. */
static void tell_failures(const host_output *outputs) {
  for (const host_output *output = outputs; output; output = output->next) {
    if (!output->error || count_alike(outputs, output, reason_of(output)) > 0)
      continue;
    size_t others = count_alike(output->next, NULL, reason_of(output));
    if (others)
      host_wrong("%s; nor can %zu more file%s of the page", output->error, others,
                 others == 1 ? "" : "s");
    else
      host_wrong("%s", output->error);
  }
}

void host_outputs_write(host *h) {
  host_temporary_sweep(h->profile.out);
  sweep_beside(h->outputs);
  for (host_output *output = h->outputs; output; output = output->next) {
    syn_ctx ctx = {0};
    if (host_write(output->path, output->bytes, output->n, &ctx)) {
      h->failed_outputs++;
      if (!(output->error = strdup(ctx.error)))
        host_wrong("%s", ctx.error);
    }
  }
  tell_failures(h->outputs);
  host_outputs_drop(h);
}

int host_outputs_lock(const host *h) {
  syn_ctx said_when_written = {0};
  (void)host_make_folders(h->profile.out, &said_when_written);
  int lock = host_lock_folder(h->profile.out);
  host_stop_watch(); /* now: who waits for a lock can be stopped */
  return lock;
}

void host_outputs_unlock(int lock) {
  if (lock >= 0)
    close(lock);
  host_stop_unwatch();
}

void host_outputs_drop(host *h) {
  while (h->outputs) {
    host_output *first = h->outputs;
    h->outputs = first->next;
    close_output(first);
  }
}
