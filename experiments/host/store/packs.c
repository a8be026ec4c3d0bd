#include "experiments/host/store/packs.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/clock.h"
#include "engine/base/grow.h"
#include "experiments/host/base/say.h"
#include "experiments/host/store/names.h"
#include "experiments/host/store/pack_line.h"

#define BLOCK      ((size_t)1 << 20)
#define LINE_MOST  ((size_t)1 << 30)
#define LOOK_AGAIN 0.2 /* seconds */
#define SHARE      20  /* looking again takes at most this part of the time */
#define TICK       2   /* seconds, in which a folder may change without its time changing */

void host_packs_open(host_packs *out) {
  *out = (host_packs){.fd = -1};
}

/* All that is known. */
static void forget(host_packs *p) {
  for (uint32_t i = 0; i < p->n; i++)
    free(p->list[i].name);
  free(p->list);
  host_lines_close(&p->lines);
  free(p->bytes);
  free(p->folder);
  if (p->fd >= 0)
    close(p->fd);
  host_packs_open(p);
}

void host_packs_close(host_packs *p) {
  forget(p);
}

/* ---- new lines --------------------------------------------------------------------------------- */

static void tell_strange(host_packs *p, const host_pack *pack) {
  p->strange++;
  host_wrong("%s/%s:%zu: this line is no record; it is left alone", p->folder, pack->name, pack->n);
}

static syn_status take_line(host_packs *p, uint32_t number, const char *text, size_t n, uint64_t at,
                            syn_ctx *ctx) {
  host_pack *pack = &p->list[number];
  host_line line = {.at = at, .n = (uint32_t)n, .pack = number};
  pack->n++;
  if (!host_pack_line_key(line.key, text, n))
    tell_strange(p, pack);
  else if (!host_lines_add(&p->lines, &line))
    return syn_fail_memory(ctx, "the index of a run store");
  return SYN_OK;
}

/* The lines among the first n bytes, which lie at `at` in the pack; the first `searched` of them have
 * no line end. *taken: bytes of whole lines. */
static syn_status take_lines(size_t *taken, host_packs *p, uint32_t number, size_t searched,
                             size_t n, uint64_t at, syn_ctx *ctx) {
  const char *from = p->bytes + searched, *end;
  syn_status status = SYN_OK;
  *taken = 0;
  while (!status && (end = memchr(from, '\n', (size_t)(p->bytes + n - from)))) {
    const char *line = p->bytes + *taken;
    status = take_line(p, number, line, (size_t)(end - line), at + *taken, ctx);
    from = end + 1;
    *taken = (size_t)(from - p->bytes);
  }
  return status;
}

static void tell_unreadable(host_packs *p, host_pack *pack, const char *why) {
  host_wrong("%s/%s: cannot be read: %s" HOST_PACK_UNKNOWN, p->folder, pack->name, why);
  p->strange++;
  pack->unreadable = 1;
}

/* From where it was read to on. */
static syn_status read_on(host_packs *p, uint32_t number, int fd, syn_ctx *ctx) {
  host_pack *pack = &p->list[number];
  size_t used = 0;
  for (;;) {
    if (used > LINE_MOST) {
      tell_unreadable(p, pack, "a line of more than 1 GiB");
      return SYN_OK;
    }
    if (!syn_grow(&p->bytes, &p->room, used + BLOCK, 1))
      return syn_fail_memory(ctx, pack->name);
    ssize_t got = pread(fd, p->bytes + used, p->room - used, (off_t)(pack->read + used));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      tell_unreadable(p, pack, strerror(errno));
    if (got <= 0)
      return SYN_OK;
    size_t taken;
    syn_status status = take_lines(&taken, p, number, used, used + (size_t)got, pack->read, ctx);
    if (status)
      return status;
    used += (size_t)got - taken;
    pack->read += taken;
    memmove(p->bytes, p->bytes + taken, used);
  }
}

/* Of a file that stands in another's place, or was cut, all is new. */
static syn_status look_at(host_packs *p, uint32_t number, int folder, syn_ctx *ctx) {
  host_pack *pack = &p->list[number];
  struct stat now;
  const char *why;
  if (pack->unreadable || (fstatat(folder, pack->name, &now, 0) == 0 && now.st_ino == pack->file &&
                           (uint64_t)now.st_size == pack->read))
    return SYN_OK;
  int fd = host_pack_open(folder, pack->name, &why);
  if (fd < 0 && why)
    tell_unreadable(p, pack, why);
  if (fd < 0 || fstat(fd, &now))
    return SYN_OK; /* gone, perhaps */
  if (now.st_ino != pack->file || (uint64_t)now.st_size < pack->read) {
    pack->read = pack->n = 0;
    if (p->open == number && p->fd >= 0) {
      close(p->fd);
      p->fd = -1;
    }
  }
  pack->file = now.st_ino;
  syn_status status = read_on(p, number, fd, ctx);
  close(fd);
  return status;
}

/* ---- new packs --------------------------------------------------------------------------------- */

static int is_known(const host_packs *p, const char *name) {
  for (uint32_t i = 0; i < p->n; i++)
    if (strcmp(p->list[i].name, name) == 0)
      return 1;
  return 0;
}

static syn_status add_pack(host_packs *p, const char *name, syn_ctx *ctx) {
  char *own = syn_grow(&p->list, &p->list_room, p->n + 1, sizeof *p->list) ? strdup(name) : NULL;
  if (!own)
    return syn_fail_memory(ctx, name);
  p->list[p->n++] = (host_pack){.name = own};
  return SYN_OK;
}

/* In the order of their names, so that which of two lines counts does not change. */
static syn_status read_names(host_packs *p, int folder, syn_ctx *ctx) {
  host_names names;
  syn_status status = host_names_read(&names, folder, p->folder, host_is_pack, ctx);
  for (size_t i = 0; i < names.n && !status; i++)
    if (!is_known(p, names.list[i]->d_name))
      status = add_pack(p, names.list[i]->d_name, ctx);
  host_names_close(&names);
  return status;
}

/* The folder's time is that of its last new name, but for what comes in the same tick of the clock. */
static syn_status look_for_packs(host_packs *p, int folder, syn_ctx *ctx) {
  struct stat now;
  if (fstat(folder, &now))
    return syn_fail(ctx, SYN_EINPUT, "%s: cannot be read: %s", p->folder, strerror(errno));
  if (p->settled && now.st_mtim.tv_sec == p->changed.tv_sec &&
      now.st_mtim.tv_nsec == p->changed.tv_nsec)
    return SYN_OK;
  p->changed = now.st_mtim;
  p->settled = time(NULL) > now.st_mtim.tv_sec + TICK;
  return read_names(p, folder, ctx);
}

static syn_status look(host_packs *p, syn_ctx *ctx) {
  int folder = open(p->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0 && (errno == ENOENT || errno == ENOTDIR))
    return SYN_OK;
  if (folder < 0)
    return syn_fail(ctx, SYN_EINPUT, "%s: cannot be read: %s", p->folder, strerror(errno));
  syn_status status = look_for_packs(p, folder, ctx);
  for (uint32_t i = 0; i < p->n && !status; i++)
    status = look_at(p, i, folder, ctx);
  close(folder);
  return status;
}

syn_status host_packs_take(host_packs *p, const char *folder, syn_ctx *ctx) {
  size_t n = strlen(folder);
  if (p->folder && strncmp(p->folder, folder, n) == 0 && strcmp(p->folder + n, "/runs") == 0)
    return SYN_OK;
  forget(p);
  p->folder = malloc(n + sizeof "/runs");
  if (!p->folder)
    return syn_fail_memory(ctx, folder);
  memcpy(p->folder, folder, n);
  memcpy(p->folder + n, "/runs", sizeof "/runs");
  return SYN_OK;
}

syn_status host_packs_look(host_packs *p, const char *folder, int now, syn_ctx *ctx) {
  syn_status status = host_packs_take(p, folder, ctx);
  double begin = syn_clock();
  if (status || (!now && p->looked > 0 && begin < p->looked + fmax(LOOK_AGAIN, SHARE * p->took)))
    return status;
  status = look(p, ctx);
  p->looked = syn_clock();
  p->took = p->looked - begin;
  return status;
}

/* ---- reading ----------------------------------------------------------------------------------- */

static int open_pack(host_packs *p, uint32_t number) {
  char path[4096];
  if (p->fd >= 0 && p->open == number)
    return 1;
  if (p->fd >= 0)
    close(p->fd);
  p->fd = -1;
  if ((size_t)snprintf(path, sizeof path, "%s/%s", p->folder, p->list[number].name) < sizeof path)
    p->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  p->open = number;
  return p->fd >= 0;
}

/* The line into p->bytes; 0 with errno. */
static int fetch(host_packs *p, const host_line *line) {
  size_t done = 0;
  errno = ENOMEM;
  if (!syn_grow(&p->bytes, &p->room, line->n, 1) || !open_pack(p, line->pack))
    return 0;
  while (done < line->n) {
    ssize_t got = pread(p->fd, p->bytes + done, line->n - done, (off_t)(line->at + done));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0) {
      errno = got < 0 ? errno : 0;
      return 0;
    }
    done += (size_t)got;
  }
  return 1;
}

/* Which line of its pack it is, from 1; 0: that cannot be told. */
static size_t number_of(host_packs *p, const host_line *line) {
  size_t number = 1;
  if (!syn_grow(&p->bytes, &p->room, BLOCK, 1) || !open_pack(p, line->pack))
    return 0;
  for (uint64_t at = 0; at < line->at;) {
    size_t n = line->at - at < BLOCK ? (size_t)(line->at - at) : BLOCK;
    ssize_t got = pread(p->fd, p->bytes, n, (off_t)at);
    if (got <= 0)
      return 0;
    for (const char *c = p->bytes; (c = memchr(c, '\n', (size_t)(p->bytes + got - c))); c++)
      number++;
    at += (uint64_t)got;
  }
  return number;
}

static void place_of(char *place, size_t size, host_packs *p, const host_line *line) {
  snprintf(place, size, "%s/%s:%zu", p->folder, p->list[line->pack].name, number_of(p, line));
}

int host_packs_place(char *place, size_t size, host_packs *p, const char *key) {
  uint32_t number = host_lines_of(&p->lines, key);
  if (number == HOST_NO_LINE)
    return 0;
  place_of(place, size, p, &p->lines.list[number]);
  return 1;
}

/* The record of the newest whole line of the key among those that are known. */
static json_t *known_record(host_packs *p, const char *key) {
  char why[HOST_LINE_WHY];
  json_t *record = NULL;
  for (uint32_t i = host_lines_of(&p->lines, key); i != HOST_NO_LINE && !record;
       i = p->lines.list[i].before)
    if (fetch(p, &p->lines.list[i]))
      record = host_pack_line_read(why, p->bytes, p->lines.list[i].n, key);
  return record;
}

/* The record of the newest whole line of the key, or NULL. Where none is left at its place the packs may have
 * been written anew meanwhile (prune.h). */
static json_t *whole_record(host_packs *p, const char *key) {
  syn_ctx as_before = {0};
  json_t *record = known_record(p, key);
  if (record || host_lines_of(&p->lines, key) == HOST_NO_LINE || look(p, &as_before))
    return record;
  return known_record(p, key);
}

/* There is no whole line of it: is there any? */
static syn_status fail_damaged(host_packs *p, const char *key, syn_ctx *ctx) {
  char place[4352], damage[HOST_LINE_WHY] = "this record is damaged";
  uint32_t first = host_lines_of(&p->lines, key);
  if (first == HOST_NO_LINE)
    return SYN_OK;
  int fetched = fetch(p, &p->lines.list[first]), why = fetched ? 0 : errno;
  if (fetched)
    json_decref(host_pack_line_read(damage, p->bytes, p->lines.list[first].n, key));
  place_of(place, sizeof place, p, &p->lines.list[first]);
  if (why)
    return syn_fail(ctx, SYN_EINPUT, "%s: cannot be read: %s", place, strerror(why));
  return syn_fail(ctx, SYN_EINPUT, "%s: %s", place, damage);
}

syn_status host_packs_check(int *whole, host_packs *p, const char *key, syn_ctx *ctx) {
  json_t *record;
  syn_status status = host_packs_read(&record, p, key, ctx);
  *whole = record != NULL;
  json_decref(record);
  return status;
}

syn_status host_packs_read(json_t **record, host_packs *p, const char *key, syn_ctx *ctx) {
  *record = whole_record(p, key);
  return *record ? SYN_OK : fail_damaged(p, key, ctx);
}
