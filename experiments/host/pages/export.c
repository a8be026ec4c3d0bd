#include "experiments/host/pages/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "experiments/host/run/key.h"

#define DIGITS    12 /* of a key or digest in a name */
#define NPY_UNIT  64 /* bytes that the head of an NPY fills */
#define PATH_SIZE 4300

/* ---- a file that is made in memory, and then written as a whole ----------------------------------- */

typedef struct sheet {
  char path[PATH_SIZE];
  char *text;
  size_t n;
  FILE *file; /* NULL: no memory */
} sheet;

static FILE *begin(sheet *s, const char *folder, const char *name) {
  snprintf(s->path, sizeof s->path, "%s/%s", folder, name);
  s->text = NULL;
  s->file = open_memstream(&s->text, &s->n);
  return s->file;
}

static syn_status end(sheet *s, syn_ctx *ctx) {
  int failed = !s->file || ferror(s->file);
  failed |= s->file && fclose(s->file) != 0;
  syn_status status =
      failed ? syn_fail_memory(ctx, s->path) : host_write(s->path, s->text, s->n, ctx);
  free(s->text);
  return status;
}

/* An array (rows, columns), or (rows) where columns is 0, of items of `size` bytes: kind f, u. */
static syn_status write_npy(const char *folder, const char *name, char kind, size_t size,
                            const void *items, size_t rows, size_t columns, syn_ctx *ctx) {
  sheet s;
  char head[192], shape[64];
  const char order = size == 1 ? '|' : __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? '<' : '>';
  if (columns)
    snprintf(shape, sizeof shape, "%zu, %zu", rows, columns);
  else
    snprintf(shape, sizeof shape, "%zu,", rows);
  int n =
      snprintf(head, sizeof head, "{'descr': '%c%c%zu', 'fortran_order': False, 'shape': (%s), }",
               order, kind, size, shape);
  int room = (10 + n + 1 + NPY_UNIT - 1) / NPY_UNIT * NPY_UNIT - 10;
  FILE *file = begin(&s, folder, name);
  if (file) {
    fwrite("\x93NUMPY\x01\x00", 1, 8, file);
    fputc(room & 255, file);
    fputc(room >> 8, file);
    fprintf(file, "%-*s\n", room - 1, head);
    fwrite(items, size, rows * (columns ? columns : 1), file);
  }
  return end(&s, ctx);
}

/* ---- the parts ------------------------------------------------------------------------------------- */

/* Biases, then weights, a unit a line. */
static syn_status write_layer(const char *folder, size_t number, const syn_group *group,
                              const float *w, syn_ctx *ctx) {
  sheet s;
  char name[64];
  size_t columns = group->inputs + 1;
  w += group->first;
  snprintf(name, sizeof name, "layer%zu.csv", number);
  FILE *file = begin(&s, folder, name);
  if (file) {
    fputs("bias", file);
    for (size_t i = 1; i < columns; i++)
      fprintf(file, ",w%zu", i);
    for (size_t at = 0; at < group->units * columns; at++)
      fprintf(file, "%c%.9g", at % columns ? ',' : '\n', (double)w[at]);
    fputc('\n', file);
  }
  syn_status status = end(&s, ctx);
  snprintf(name, sizeof name, "layer%zu.npy", number);
  return status ? status : write_npy(folder, name, 'f', sizeof *w, w, group->units, columns, ctx);
}

static syn_status write_curve(const char *folder, const json_t *curve, syn_ctx *ctx) {
  static const char *const names[] = {"iteration", "loss", "accuracy", "validation_loss",
                                      "validation_accuracy"};
  size_t columns = sizeof names / sizeof *names;
  size_t rows = json_array_size(json_object_get(curve, names[0]));
  sheet s;
  if (rows == 0)
    return SYN_OK;
  FILE *file = begin(&s, folder, "curve.csv");
  for (size_t c = 0; c < columns && file; c++)
    fprintf(file, "%s%s", c ? "," : "", names[c]);
  for (size_t at = 0; at < rows * columns && file; at++) {
    const json_t *value = json_array_get(json_object_get(curve, names[at % columns]), at / columns);
    fputc(at % columns ? ',' : '\n', file);
    if (json_is_number(value))
      fprintf(file, "%.17g", json_number_value(value));
  }
  if (file)
    fputc('\n', file);
  return end(&s, ctx);
}

static syn_status write_text(const char *folder, const char *name, const json_t *text,
                             syn_ctx *ctx) {
  char path[PATH_SIZE];
  if (json_string_length(text) == 0)
    return SYN_OK;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return host_write(path, json_string_value(text), json_string_length(text), ctx);
}

static syn_status write_policies(const char *folder, const json_t *record, const host_spec *spec,
                                 syn_ctx *ctx) {
  const json_t *learned = json_object_get(record, "policies");
  syn_status status =
      write_text(folder, "policy-final.csv", json_object_get(learned, "final"), ctx);
  if (!status)
    status = write_text(folder, "policy-average.csv", json_object_get(learned, "average"), ctx);
  for (const json_t *p = spec->policy; p && !status; p = json_object_get(p, "inner")) {
    status = write_text(folder, "policy-start.csv", json_object_get(p, "csv"), ctx);
    if (!status)
      status = write_text(folder, "rule.lua", json_object_get(p, "text"), ctx);
  }
  return status ? status
                : write_text(folder, "reward.lua", json_object_get(spec->reward, "text"), ctx);
}

/* Pixels and labels, once for all runs on the set; *name is the folder's. */
static syn_status write_images(char name[32], const char *folder, const syn_images *images,
                               syn_ctx *ctx) {
  char path[PATH_SIZE], whole[PATH_SIZE + 64];
  size_t pixels = images->width * images->height;
  snprintf(name, 32, "images-%.*s", DIGITS, images->digest);
  snprintf(path, sizeof path, "%.4096s/%s", folder, name);
  snprintf(whole, sizeof whole, "%s/labels.npy", path);
  if (access(whole, F_OK) == 0)
    return SYN_OK;
  syn_status status = write_npy(path, "pixels.npy", 'u', 1, images->pixels, images->n, pixels, ctx);
  return status ? status : write_npy(path, "labels.npy", 'u', 1, images->labels, images->n, 0, ctx);
}

/* What the network sees, and which rows of it train. */
static syn_status write_samples(json_t **out, const host_export *e, const char *folder,
                                const host_spec *spec, const syn_task *task, syn_ctx *ctx) {
  const syn_split *split = &task->split;
  const syn_samples *samples = &task->samples;
  char images[32];
  syn_status status =
      write_npy(folder, "train-rows.npy", 'u', 4, split->train, split->n_train, 0, ctx);
  if (!status && split->n_validation)
    status = write_npy(folder, "validation-rows.npy", 'u', 4, split->validation,
                       split->n_validation, 0, ctx);
  if (!status && samples->pixels) {
    status = write_images(images, e->folder, spec->images, ctx);
    *out = json_pack("{s:o, s:o, s:s, s:s}", "inputs", json_sprintf("../%s/pixels.npy", images),
                     "labels", json_sprintf("../%s/labels.npy", images), "scale", "inputs / 255",
                     "digest", spec->images->digest);
    return status;
  }
  if (!status)
    status =
        write_npy(folder, "samples.npy", 'f', 4, samples->reals, samples->n, task->inputs, ctx);
  if (!status)
    status =
        write_npy(folder, "targets.npy", 'f', 4, samples->targets, samples->n, task->outputs, ctx);
  *out = json_pack("{s:s, s:s, s:s}", "inputs", "samples.npy", "targets", "targets.npy", "scale",
                   "inputs");
  return status;
}

static json_t *part_of(const json_t *record, const char *part, const char *rows) {
  const json_t *score = json_object_get(record, part);
  return json_pack("{s:s, s:O, s:O}", "rows", rows, "loss", json_object_get(score, "loss"),
                   "accuracy", json_object_get(score, "accuracy"));
}

static syn_status write_network(const host_export *e, const char *folder, json_t *samples,
                                const json_t *record, const host_spec *spec, const syn_task *task,
                                syn_ctx *ctx) {
  char path[PATH_SIZE];
  json_t *layers = json_array(), *options = host_spec_resolved(spec);
  for (size_t g = 0; g < task->plan.groups; g++)
    json_array_append_new(layers, json_sprintf("layer%zu.npy", g + 1));
  json_t *network = json_pack(
      "{s:O, s:O, s:O, s:O, s:O, s:s, s:s, s:s, s:o, s:s, s:o, s:o}", "key",
      json_object_get(record, "key"), "seed", json_object_get(options, "seed"), "net",
      json_object_get(options, "net"), "hidden", json_object_get(options, "hidden"), "output",
      json_object_get(options, "output"), "loss", task->loss->name, "loss_means", task->loss->doc,
      "accuracy_means",
      task->samples.labels ? "share of samples whose first greatest output is the label"
                           : "share of samples whose outputs all have their target's sign",
      "layers", layers, "layer_means",
      "(units, 1 + inputs): z = bias + weights . inputs; all but the last are followed by the "
      "hidden "
      "activation, the last by the output's",
      "samples", samples, "train", part_of(record, "train", "train-rows.npy"));
  if (network && task->split.n_validation)
    json_object_set_new(network, "validation",
                        part_of(record, "validation", "validation-rows.npy"));
  json_object_set_new(network, "computed",
                      json_string(e->same_bits
                                      ? "again, with the bits of the report"
                                      : "again, within the tolerance of gradient descent"));
  json_object_set(network, "options", options);
  json_decref(options);
  char *text = network ? json_dumps(network, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) : NULL;
  json_decref(network);
  snprintf(path, sizeof path, "%s/network.json", folder);
  syn_status status = text ? host_write(path, text, strlen(text), ctx) : syn_fail_memory(ctx, path);
  free(text);
  return status;
}

syn_status host_export_run(const host_export *e, const json_t *record, const host_spec *spec,
                           const syn_task *task, const syn_result *result, syn_ctx *ctx) {
  char folder[4096];
  json_t *samples = NULL;
  if ((size_t)snprintf(folder, sizeof folder, "%s/%.*s", e->folder, DIGITS, spec->key) >=
      sizeof folder - 64)
    return syn_fail(ctx, SYN_EINVAL, "'%.60s...': path too long", e->folder);
  syn_status status = SYN_OK;
  for (size_t g = 0; g < task->plan.groups && !status; g++)
    status = write_layer(folder, g + 1, &task->plan.group[g], result->weights, ctx);
  if (!status)
    status = write_curve(folder, json_object_get(record, "curve"), ctx);
  if (!status)
    status = write_policies(folder, record, spec, ctx);
  if (!status)
    status = write_samples(&samples, e, folder, spec, task, ctx);
  if (!status)
    return write_network(e, folder, samples, record, spec, task, ctx);
  json_decref(samples);
  return status;
}
