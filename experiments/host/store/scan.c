#include "experiments/host/store/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/host/store/lines.h"
#include "experiments/host/store/names.h"
#include "experiments/host/store/pack_line.h"
#include "experiments/host/store/packs.h"

/* ---- lines of packs ---------------------------------------------------------------------------- */

/* What a line is, by its bytes. */
static void look_at_line(host_seen *seen, int ended) {
  unsigned char key[32];
  seen->key[0] = '\0';
  seen->kind = ended ? HOST_SEEN_STRANGE : HOST_SEEN_CUT;
  snprintf(seen->why, sizeof seen->why, "this line %s", ended ? "is no record" : "has no end");
  if (!ended || !host_pack_line_key(key, seen->text, seen->n))
    return;
  host_key_text(seen->key, key);
  seen->record = host_pack_line_read(seen->why, seen->text, seen->n, seen->key);
  seen->kind = seen->record ? HOST_SEEN_WHOLE : HOST_SEEN_DAMAGED;
}

/* *broken: why the rest cannot be read, an errno; or 0. */
static syn_status scan_lines(int *broken, FILE *file, const char *name, host_see see, void *self,
                             syn_ctx *ctx) {
  char *text = NULL;
  size_t room = 0;
  ssize_t got;
  host_seen seen = {.name = name};
  syn_status status = SYN_OK;
  errno = 0;
  while (!status && (got = getline(&text, &room, file)) > 0) {
    int ended = text[got - 1] == '\n';
    seen.text = text;
    seen.n = (size_t)got - (size_t)ended;
    seen.line++;
    look_at_line(&seen, ended);
    status = see(self, &seen, ctx);
    json_decref(seen.record);
    seen.record = NULL;
    errno = 0;
  }
  *broken = status || feof(file) ? 0 : errno ? errno : EIO;
  free(text);
  fclose(file);
  return status;
}

syn_status host_scan_pack(FILE *file, const char *runs, const char *name, host_see see, void *self,
                          syn_ctx *ctx) {
  int broken;
  syn_status status = scan_lines(&broken, file, name, see, self, ctx);
  return broken
             ? syn_fail(ctx, SYN_EINPUT, "%s/%s: cannot be read: %s", runs, name, strerror(broken))
             : status;
}

static syn_status scan_pack(int folder, const char *name, host_see see, void *self, syn_ctx *ctx) {
  host_seen seen = {.kind = HOST_SEEN_UNREADABLE, .name = name};
  const char *why;
  int broken = 0, fd = host_pack_open(folder, name, &why);
  FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
  if (fd >= 0 && !file) {
    close(fd);
    return syn_fail_memory(ctx, name);
  }
  syn_status status = file ? scan_lines(&broken, file, name, see, self, ctx) : SYN_OK;
  if (broken)
    why = strerror(broken);
  if (status || !why)
    return status;
  snprintf(seen.why, sizeof seen.why, "cannot be read: %s" HOST_PACK_UNKNOWN, why);
  return see(self, &seen, ctx);
}

static syn_status scan_packs(int folder, const char *runs, host_see see, void *self, syn_ctx *ctx) {
  host_names names;
  syn_status status = host_names_read(&names, folder, runs, host_is_pack, ctx);
  for (size_t i = 0; i < names.n && !status; i++)
    status = scan_pack(folder, names.list[i]->d_name, see, self, ctx);
  host_names_close(&names);
  return status;
}

/* ---- files of single records ------------------------------------------------------------------- */

static syn_status scan_single(host_store store, const char *name, host_see see, void *self,
                              syn_ctx *ctx) {
  host_seen seen = {.name = name};
  syn_ctx damage = {0};
  char place[4400];
  snprintf(seen.key, sizeof seen.key, "%.64s", name);
  syn_status status = host_store_read_file(&seen.record, store, seen.key, &damage);
  seen.kind = status ? HOST_SEEN_DAMAGED : HOST_SEEN_WHOLE;
  host_seen_place(place, sizeof place, store, &seen);
  size_t before = strncmp(damage.error, place, strlen(place)) == 0 ? strlen(place) + 2 : 0;
  if (status) /* what is wrong, without where */
    snprintf(seen.why, sizeof seen.why, "%.*s", HOST_LINE_WHY - 1, damage.error + before);
  status = status || seen.record ? see(self, &seen, ctx) : SYN_OK;
  json_decref(seen.record);
  return status;
}

static syn_status scan_singles(host_store store, int folder, const char *runs, host_see see,
                               void *self, syn_ctx *ctx) {
  host_names names;
  syn_status status = host_names_read(&names, folder, runs, host_is_single, ctx);
  for (size_t i = 0; i < names.n && !status; i++)
    status = scan_single(store, names.list[i]->d_name, see, self, ctx);
  host_names_close(&names);
  return status;
}

/* ---- all of it --------------------------------------------------------------------------------- */

syn_status host_scan(host_store store, host_see see, void *self, syn_ctx *ctx) {
  char runs[4096];
  syn_status status = host_store_path(store, runs, sizeof runs, "runs", "", "", ctx);
  if (status)
    return status;
  runs[strlen(runs) - 1] = '\0'; /* its last slash */
  int folder = open(runs, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0)
    return syn_fail(ctx, SYN_EINPUT, "%s: no run store: %s", runs, strerror(errno));
  status = scan_packs(folder, runs, see, self, ctx);
  if (!status)
    status = scan_singles(store, folder, runs, see, self, ctx);
  close(folder);
  return status;
}

void host_seen_place(char *place, size_t size, host_store store, const host_seen *seen) {
  if (seen->line)
    snprintf(place, size, "%s/runs/%s:%zu", store.folder, seen->name, seen->line);
  else
    snprintf(place, size, "%s/runs/%s", store.folder, seen->name);
}
