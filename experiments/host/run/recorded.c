#include "experiments/host/run/recorded.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/host/base/lua_json.h"
#include "experiments/host/run/key.h"

#define PLACES 4096 /* of policies and rewards; what falls on one that is taken takes it */

/* All that there were, newest first; the first is this program's. */
static const char *const versions[] = {NULL, "2", "1"};

typedef struct shared {
  char digest[SYN_DIGEST_SIZE];
  json_t *value; /* owned; NULL: free */
} shared;

struct host_recorder {
  host *h;
  syn_images images; /* only their digest */
  shared places[PLACES];
};

host_recorder *host_recorder_open(host *h) {
  host_recorder *r = calloc(1, sizeof *r);
  if (r)
    r->h = h;
  return r;
}

void host_recorder_close(host_recorder *r) {
  for (size_t i = 0; r && i < PLACES; i++)
    json_decref(r->places[i].value);
  free(r);
}

/* Puts one value in the place of all its equals, so that what is checked of it stays known (checked.h). */
static syn_status share(host_recorder *r, json_t *asked, const char *name, syn_ctx *ctx) {
  char digest[SYN_DIGEST_SIZE], head[9];
  json_t *value = json_object_get(asked, name);
  syn_status status = value ? host_json_digest(digest, value, ctx) : SYN_OK;
  if (!value || status)
    return status;
  snprintf(head, sizeof head, "%.8s", digest);
  shared *place = &r->places[strtoul(head, NULL, 16) % PLACES];
  if (!place->value || strcmp(place->digest, digest) != 0) {
    json_decref(place->value);
    place->value = json_incref(value);
    memcpy(place->digest, digest, sizeof digest);
  }
  json_object_set(asked, name, place->value);
  return SYN_OK;
}

syn_status host_recorder_read(host_recorder *r, host_spec *out, const char **numerics,
                              const json_t *record, syn_ctx *ctx) {
  const char *key = json_string_value(json_object_get(record, "key")),
             *digest =
                 json_string_value(json_object_get(json_object_get(record, "data"), "digest"));
  json_t *asked = json_copy(json_object_get(record, "spec"));
  *numerics = NULL;
  if (!asked || !key) {
    json_decref(asked);
    return syn_fail(ctx, SYN_EINPUT, "a record without options");
  }
  snprintf(r->images.digest, sizeof r->images.digest, "%s", digest ? digest : "");
  syn_status status = share(r, asked, "policy", ctx);
  if (!status)
    status = share(r, asked, "reward", ctx);
  for (size_t i = 0; i < sizeof versions / sizeof *versions && !status && !*numerics; i++) {
    if (i > 0)
      host_spec_close(out);
    status = host_spec_recorded(out, r->h, asked, &r->images, versions[i], ctx);
    if (!status && strcmp(out->key, key) == 0)
      *numerics = versions[i] ? versions[i] : host_numerics(&out->options);
  }
  json_decref(asked);
  return status;
}
