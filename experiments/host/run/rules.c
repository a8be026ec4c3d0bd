#include "experiments/host/run/rules.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "experiments/host/base/lua_json.h"

#define PARAMS_MAX 64

const char *const host_rule_kinds[] = {"finite", "learning", "local"};

/* ---- as a policy ----------------------------------------------------------------------------- */

/* File, text and parameters of a rule or reward. */
typedef struct declared {
  const char *file, *text;
  size_t size, n;
  syn_arg args[PARAMS_MAX];
} declared;

static syn_status read_declared(declared *d, const json_t *from, const char *noun, syn_ctx *ctx) {
  const json_t *text = json_object_get(from, "text");
  *d = (declared){.file = json_string_value(json_object_get(from, "file")),
                  .text = json_string_value(text)};
  if (!d->file || !d->text)
    return syn_fail(ctx, SYN_EINVAL, "write %s = lab.%s(\"FILE.lua\", {...})",
                    strcmp(noun, "rule") == 0 ? "policy" : noun, noun);
  d->size = json_string_length(text);
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)from, name, value) {
    if (strcmp(name, "name") == 0 || strcmp(name, "file") == 0 || strcmp(name, "text") == 0)
      continue;
    if (d->n == PARAMS_MAX)
      return syn_fail(ctx, SYN_EINVAL, "%s: more than %d parameters", d->file, PARAMS_MAX);
    d->args[d->n] = (syn_arg){.name = name, .kind = SYN_ARG_TEXT};
    if (json_is_number(value)) {
      d->args[d->n].kind = SYN_ARG_NUMBER;
      d->args[d->n].number = json_number_value(value) + 0.0; /* no -0: it has the key of 0 */
    }
    d->n++;
  }
  return SYN_OK;
}

syn_status host_rule_open(syn_policy **out, const json_t *policy, syn_ctx *ctx) {
  declared d;
  *out = NULL;
  syn_status status = read_declared(&d, policy, "rule", ctx);
  return status ? status : syn_rule_open_text(out, d.file, d.text, d.size, d.args, d.n, ctx);
}

syn_status host_reward_open(syn_rewarder **out, const json_t *reward, syn_ctx *ctx) {
  declared d;
  *out = NULL;
  syn_status status = read_declared(&d, reward, "reward", ctx);
  return status ? status : syn_reward_open_text(out, d.file, d.text, d.size, d.args, d.n, ctx);
}

syn_status host_reward_read(syn_rewarder **out, const char *path, syn_ctx *ctx) {
  char *text;
  size_t size;
  *out = NULL;
  syn_status status = syn_rule_read(&text, &size, path, ctx);
  if (status == SYN_OK)
    status = syn_reward_open_text(out, path, text, size, NULL, 0, ctx);
  free(text);
  return status;
}

json_t *host_policy_resolved(const json_t *policy) {
  json_t *copy = json_copy((json_t *)(uintptr_t)policy), *value;
  const char *name;
  const syn_policy_class *class =
      syn_policy_find(json_string_value(json_object_get(policy, "name")));
  for (const syn_param *p = class ? class->params : NULL; copy && p && p->name; p++) {
    int number = p->kind == SYN_PARAM_NUMBER || p->kind == SYN_PARAM_INTEGER;
    if (json_object_get(copy, p->name) || (!number && !(p->text && p->text[0])))
      continue;
    if (p->kind == SYN_PARAM_INTEGER)
      value = json_integer((json_int_t)p->value);
    else
      value = number ? json_real(p->value) : json_string(p->text);
    json_object_set_new(copy, p->name, value);
  }
  json_object_foreach((json_t *)(uintptr_t)policy, name, value) {
    if (json_is_object(value))
      json_object_set_new(copy, name, host_policy_resolved(value));
  }
  return copy;
}

/* ---- files ---------------------------------------------------------------------------------- */

/* A file that is not there: what is meant, most likely, is the same with .lua behind it, or a shipped one
 * by its name alone. NULL: neither. */
static const char *file_meant(const host *h, const char *noun, const char *file, char meant[256]) {
  char path[8192];
  size_t n = strlen(file);
  int ends = n > 4 && strcmp(file + n - 4, ".lua") == 0;
  if (!ends && n < 250) {
    snprintf(meant, 256, "%s.lua", file);
    if (access(host_find(h, meant, path, sizeof path), R_OK) == 0)
      return meant;
  }
  snprintf(meant, 256, "policies/%ss/%.200s%s", noun, file, ends ? "" : ".lua");
  snprintf(path, sizeof path, "%s/%s", h->home, meant);
  return !strchr(file, '/') && access(path, R_OK) == 0 ? meant : NULL;
}

syn_status host_rule_text(host *h, const char *noun, const char *file, char **text, size_t *size,
                          syn_ctx *ctx) {
  char place[8192], name[256];
  const char *found = host_find(h, file, place, sizeof place);
  syn_status status = syn_rule_read(text, size, found, ctx);
  if (!status || *file == '/')
    return status;
  struct stat about;
  const int there = stat(found, &about) == 0;
  const char *meant = file_meant(h, noun, file, name);
  if (there && !(S_ISDIR(about.st_mode) && meant)) /* a folder by that name is no answer */
    return status;
  return syn_fail(ctx, status,
                  "%s '%s': there is no such file beside the script, where the program was called, "
                  "or in %s%s%s%s",
                  noun, file, h->home, meant ? "; did you mean " : "", meant ? meant : "",
                  meant ? "?" : "");
}
