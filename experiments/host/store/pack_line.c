#include "experiments/host/store/pack_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/digest.h"
#include "experiments/host/base/lua_json.h"
#include "experiments/host/store/lines.h"

#define DIGITS (SYN_DIGEST_SIZE - 1)
#define HEAD   "{\"key\":\""
#define RECORD "\",\"record\":"
#define KEY    "\"key\":\""
#define DIGEST ",\"sha256\":\""
#define END    "\"}"
#define TAIL   (sizeof DIGEST - 1 + DIGITS + sizeof END - 1)

/* Where the key stands at the head, if the line begins as one does. */
static const char *head_of(const char *text, size_t n) {
  size_t at = strlen(HEAD);
  if (n < at + DIGITS + strlen(RECORD) + TAIL || memcmp(text, HEAD, at) != 0 ||
      memcmp(text + at + DIGITS, RECORD, strlen(RECORD)) != 0)
    return NULL;
  return text + at;
}

int host_pack_line_key(unsigned char key[32], const char *text, size_t n) {
  const char *head = head_of(text, n), *end = text + n;
  if (!head || !host_key_bytes(key, head))
    return 0;
  const char *rest = head + DIGITS, *own = memmem(rest, (size_t)(end - rest), KEY, strlen(KEY));
  return own && (size_t)(end - own) > strlen(KEY) + DIGITS &&
         memcmp(own + strlen(KEY), head, DIGITS) == 0;
}

/* Is the digest that the line ends with that of all before it? */
static int is_whole(const char *text, size_t n) {
  char digest[SYN_DIGEST_SIZE];
  const char *tail = text + n - TAIL;
  if (memcmp(tail, DIGEST, strlen(DIGEST)) != 0 ||
      memcmp(text + n - strlen(END), END, strlen(END)) != 0)
    return 0;
  syn_digest_bytes(digest, text, n - TAIL);
  return memcmp(tail + strlen(DIGEST), digest, DIGITS) == 0;
}

json_t *host_pack_line_read(char why[HOST_LINE_WHY], const char *text, size_t n, const char *key) {
  char what[HOST_SHAPE_WHY];
  const char *head = head_of(text, n);
  if (!head || memcmp(head, key, DIGITS) != 0 || !is_whole(text, n)) {
    snprintf(why, HOST_LINE_WHY, "this record is damaged");
    return NULL;
  }
  json_t *line = host_shape_line(what, text, n);
  if (!line) {
    snprintf(why, HOST_LINE_WHY, "this is no record: %s", what);
    return NULL;
  }
  json_t *record = json_incref(json_object_get(line, "record"));
  json_object_set(record, "seconds", json_object_get(line, "seconds"));
  json_decref(line);
  return record;
}

char *host_pack_line_make(size_t *n, const char *key, const json_t *full) {
  json_t *record = json_copy((json_t *)(uintptr_t)full);
  double seconds = json_number_value(json_object_get(full, "seconds"));
  json_object_del(record, "seconds");
  char *text = record ? json_dumps(record, HOST_JSON_CANONICAL) : NULL, digest[SYN_DIGEST_SIZE];
  json_decref(record);
  size_t room = text ? strlen(text) + 512 : 0;
  char *line = text ? malloc(room) : NULL;
  if (line) {
    int used = snprintf(line, room, HEAD "%s" RECORD "%s,\"seconds\":%.6f", key, text, seconds);
    syn_digest_bytes(digest, line, (size_t)used);
    *n = (size_t)used +
         (size_t)snprintf(line + used, room - (size_t)used, DIGEST "%s" END "\n", digest);
  }
  free(text);
  return line;
}
