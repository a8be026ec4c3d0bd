/* Computes the loss and the accuracy of a network that `synlab export` wrote, in plain loops of doubles and
 * with nothing of the engine, and compares them with what its network.json says.
 *
 *   exported FOLDER      of a run
 */
#include <jansson.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct array {
  size_t rows, columns; /* columns: 1 of a list */
  char kind;
  size_t size;
  unsigned char *items;
} array;

static const char *folder;

static void stop(const char *what, const char *name) {
  fprintf(stderr, "%s: %s\n", name, what);
  exit(1);
}

static array read_npy(const char *name) {
  char path[4096], head[4096] = "";
  unsigned char begin[10];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  if (!file || fread(begin, 1, 10, file) != 10 || memcmp(begin, "\x93NUMPY\x01\x00", 8) != 0)
    stop("no NPY", path);
  size_t n = begin[8] + 256u * begin[9];
  if ((n + 10) % 64 != 0 || n >= sizeof head || fread(head, 1, n, file) != n || head[n - 1] != '\n')
    stop("its head is not whole", path);
  array a = {.columns = 1};
  const char *type = strstr(head, "'descr': '"), *shape = strstr(head, "'shape': (");
  if (!type || !shape || !strstr(head, "'fortran_order': False") ||
      sscanf(type + 11, "%c%zu", &a.kind, &a.size) != 2 ||
      sscanf(shape + 10, "%zu, %zu", &a.rows, &a.columns) < 1)
    stop("its head is none of ours", path);
  size_t bytes = a.rows * a.columns * a.size;
  a.items = malloc(bytes + 1);
  if (!a.items || fread(a.items, 1, bytes + 1, file) != bytes)
    stop("it is not as long as its shape says", path);
  fclose(file);
  return a;
}

static double item(const array *a, size_t row, size_t column) {
  const unsigned char *at = a->items + (row * a->columns + column) * a->size;
  float real;
  uint32_t whole;
  if (a->kind == 'u' && a->size == 1)
    return *at;
  memcpy(a->kind == 'f' ? (void *)&real : (void *)&whole, at, 4);
  return a->kind == 'f' ? (double)real : whole;
}

/* The same numbers stand in the CSV. */
static void check_csv(const char *name, const array *layer) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%.*s.csv", folder, (int)strcspn(name, "."), name);
  FILE *file = fopen(path, "r");
  int c;
  while (file && (c = fgetc(file)) != '\n' && c != EOF)
    ;
  for (size_t i = 0; i < layer->rows * layer->columns; i++) {
    float value;
    if (!file || fscanf(file, "%f%*[,\n]", &value) < 1 ||
        (double)value != item(layer, i / layer->columns, i % layer->columns))
      stop("not the numbers of the NPY", path);
  }
  fclose(file);
}

static const char *text(const json_t *object, const char *name) {
  const char *value = json_string_value(json_object_get(object, name));
  return value ? value : "";
}

static double activated(double z, const char *how) {
  return strcmp(how, "tanh") == 0 ? tanh(z) : strcmp(how, "relu") == 0 ? fmax(z, 0) : z;
}

/* The outputs of one sample, in z. */
static void outputs(double *z, const json_t *network, const array *layers, size_t n,
                    const array *inputs, size_t row) {
  static double x[65536];
  int bytes = inputs->kind == 'u';
  for (size_t i = 0; i < inputs->columns; i++)
    x[i] = item(inputs, row, i) / (bytes ? 255 : 1);
  for (size_t l = 0; l < n; l++) {
    const char *how = text(network, l + 1 < n ? "hidden" : "output");
    for (size_t u = 0; u < layers[l].rows; u++) {
      z[u] = item(&layers[l], u, 0);
      for (size_t i = 1; i < layers[l].columns; i++)
        z[u] += item(&layers[l], u, i) * x[i - 1];
      z[u] = activated(z[u], how);
    }
    memcpy(x, z, layers[l].rows * sizeof *x);
  }
}

/* The loss of one sample; *right: is it? `wanted`: labels, or targets. */
static double judge(int *right, const double *z, size_t n, const array *wanted, int labels,
                    size_t row, int entropy) {
  size_t best = 0, label = labels ? (size_t)item(wanted, row, 0) : 0;
  double sum = 0;
  *right = 1;
  for (size_t k = 0; k < n; k++) {
    double target = labels ? k == label : item(wanted, row, k);
    best = z[k] > z[best] ? k : best;
    *right &= labels || (z[k] >= 0) == (target >= 0);
    sum += entropy ? exp(z[k]) : (z[k] - target) * (z[k] - target);
  }
  if (labels)
    *right = best == label;
  return entropy ? log(sum) - z[label] : sum;
}

static void check_part(const json_t *network, const char *name, const array *layers, size_t n) {
  const json_t *part = json_object_get(network, name),
               *samples = json_object_get(network, "samples");
  if (!part)
    return;
  int labels = *text(samples, "labels") != '\0', right;
  int entropy = strcmp(text(network, "loss"), "cross_entropy") == 0;
  array inputs = read_npy(text(samples, "inputs")), rows = read_npy(text(part, "rows"));
  array wanted = read_npy(text(samples, labels ? "labels" : "targets"));
  double sum = 0, correct = 0, z[4096];
  for (size_t r = 0; r < rows.rows; r++) {
    size_t row = (size_t)item(&rows, r, 0);
    outputs(z, network, layers, n, &inputs, row);
    sum += judge(&right, z, layers[n - 1].rows, &wanted, labels, row, entropy);
    correct += right;
  }
  double samples_n = (double)rows.rows;
  double loss = (entropy ? sum : sqrt(sum)) / samples_n, accuracy = correct / samples_n;
  double loss_said = json_number_value(json_object_get(part, "loss"));
  double accuracy_said = json_number_value(json_object_get(part, "accuracy"));
  printf("%s: loss %.9g (%.9g), accuracy %.9g (%.9g)\n", name, loss, loss_said, accuracy,
         accuracy_said);
  if (!(fabs(loss - loss_said) <= 1e-5 * loss_said) ||
      fabs(accuracy - accuracy_said) * samples_n > 0.5)
    stop("not the numbers that network.json says", name);
  free(inputs.items);
  free(rows.items);
  free(wanted.items);
}

int main(int argc, char **argv) {
  char path[4096];
  folder = argc == 2 ? argv[1] : ".";
  snprintf(path, sizeof path, "%s/network.json", folder);
  json_t *network = json_load_file(path, 0, NULL);
  const json_t *names = json_object_get(network, "layers");
  array layers[8];
  size_t n = json_array_size(names);
  if (n == 0 || n > 8)
    stop("no layers", path);
  for (size_t l = 0; l < n; l++) {
    layers[l] = read_npy(json_string_value(json_array_get(names, l)));
    check_csv(json_string_value(json_array_get(names, l)), &layers[l]);
  }
  check_part(network, "train", layers, n);
  check_part(network, "validation", layers, n);
  for (size_t l = 0; l < n; l++)
    free(layers[l].items);
  json_decref(network);
  return 0;
}
