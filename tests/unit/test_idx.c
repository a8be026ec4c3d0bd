/* Pairs of IDX files, written here by the description of the format on MNIST's page: what loads, by
 * which paths, and every error with its words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "tests/unit/sets.h"

#define PIXELS (SETS_SIDE * SETS_SIDE)
#define N      5

static const uint8_t classes[N] = {7, 0, 7, 3, 0};

typedef struct files {
  uint8_t images[16 + N * PIXELS], labels[8 + N];
} files;

static files sound(void) {
  files f = {.images = {0, 0, 8, 3, 0, 0, 0, N, 0, 0, 0, SETS_SIDE, 0, 0, 0, SETS_SIDE},
             .labels = {0, 0, 8, 1, 0, 0, 0, N}};
  for (uint32_t i = 0; i < N; i++)
    sets_pixels(f.images + 16 + i * PIXELS, i + 1);
  memcpy(f.labels + 8, classes, N);
  return f;
}

/* The pair in a folder of its own, each plain or gzipped. */
static void write_pair(const char *folder, const files *f, int gz_images, int gz_labels) {
  char name[256];
  const sets_member images = {.name = "x", .bytes = f->images, .n = sizeof f->images};
  const sets_member labels = {.name = "x", .bytes = f->labels, .n = sizeof f->labels};
  mkdir(sets_path(folder), 0755);
  snprintf(name, sizeof name, "%s/train-images-idx3-ubyte%s", folder, gz_images ? ".gz" : "");
  sets_pack(sets_path(name), "raw", gz_images ? "gzip" : NULL, &images, 1);
  snprintf(name, sizeof name, "%s/train-labels-idx1-ubyte%s", folder, gz_labels ? ".gz" : "");
  sets_pack(sets_path(name), "raw", gz_labels ? "gzip" : NULL, &labels, 1);
}

/* By class, then by place: 1 and 4 are of class 0, 3 of class 3, 0 and 2 of class 7. */
static void assert_sound(const char *path) {
  static const uint32_t order[N] = {1, 4, 3, 0, 2};
  static const uint8_t labels[N] = {0, 0, 1, 2, 2};
  syn_images *images = sets_open(path);
  assert_int_equal(images->n, N);
  assert_int_equal(images->classes, 3);
  assert_string_equal(images->class_names[2], "007");
  assert_string_equal(images->format, "IDX files");
  assert_memory_equal(images->labels, labels, N);
  for (size_t i = 0; i < N; i++) {
    uint8_t pixels[PIXELS];
    sets_pixels(pixels, order[i] + 1);
    assert_memory_equal(images->pixels + i * PIXELS, pixels, PIXELS);
  }
  syn_images_close(images);
}

static void test_pairs(void **state) {
  (void)state;
  const files f = sound();
  for (int gz = 0; gz < 4; gz++) {
    char folder[16], name[256];
    snprintf(folder, sizeof folder, "pair%d", gz);
    write_pair(folder, &f, gz & 1, gz >> 1);
    if ((gz & 1) != gz >> 1) { /* one packed and one not: of two sets, for all one knows */
      sets_refused(folder, "missing packed another way");
      continue;
    }
    assert_sound(folder);
    snprintf(name, sizeof name, "%s/train-images-idx3-ubyte%s", folder, gz & 1 ? ".gz" : "");
    assert_sound(name);
    snprintf(name, sizeof name, "%s/train-labels-idx1-ubyte%s", folder, gz >> 1 ? ".gz" : "");
    assert_sound(name);
  }
}

static void refuse(const files *f, const char *words) {
  write_pair("bad", f, 0, 0);
  sets_refused("bad", words);
}

static void test_wrong(void **state) {
  (void)state;
  files f = sound();
  f.images[3] = 1;
  refuse(&f, "not an IDX file of images but one of labels: are the two files swapped?");
  f.images[3] = 9;
  refuse(&f, "not an IDX file of images 00000803");
  f = sound();
  f.labels[3] = 3;
  refuse(&f, "not an IDX file of labels but one of images swapped?");
  f = sound();
  f.images[7] = f.labels[7] = 0;
  write_pair("none", &f, 0, 0);
  sets_write(sets_path("none/train-images-idx3-ubyte"), f.images, 16);
  sets_write(sets_path("none/train-labels-idx1-ubyte"), f.labels, 8);
  sets_refused("none", "no image in it: train-images-idx3-ubyte holds 0");
  f = sound();
  f.images[11] = 27;
  refuse(&f, "28x27 pixels every image must have 28x28");
  f = sound();
  f.images[7] = N + 1;
  refuse(&f, "6 entries cut short or mixed up");
  f = sound();
  memset(f.images + 4, 0xff, 4); /* 4,294,967,295 images would be 3.4 TB */
  refuse(&f, "4294967295 entries cut short or mixed up");
  f = sound();
  memset(f.labels + 8, 4, N);
  refuse(&f, "only one class, 004");
}

static void test_cut(void **state) {
  (void)state;
  const files f = sound();
  write_pair("cut", &f, 1, 1);
  size_t n;
  uint8_t *bytes = sets_read(sets_path("cut/train-images-idx3-ubyte.gz"), &n);
  sets_write(sets_path("cut/train-images-idx3-ubyte.gz"), bytes, n / 2);
  free(bytes);
  sets_refused("cut/train-images-idx3-ubyte.gz", "truncated gzip");
  sets_write(sets_path("cut/train-images-idx3-ubyte.gz"), "", 0);
  sets_refused("cut", "not an IDX file of images");
  write_pair("alone", &f, 0, 0);
  assert_int_equal(remove(sets_path("alone/train-labels-idx1-ubyte")), 0);
  sets_refused("alone",
               "the labels of train-images-idx3-ubyte are missing: no train-labels-idx1-ubyte");
}

/* ---- where they lie, and under which names ---------------------------------------------------- */

typedef struct part {
  const char *name;
  int labels, gz;
} part;

/* A member of an archive: one of the two files, gzipped if it is to be. */
static sets_member member_of(const files *f, const part *p) {
  static uint8_t packed[16][20000];
  static size_t turn;
  sets_member plain = {.name = p->name,
                       .bytes = p->labels ? f->labels : f->images,
                       .n = p->labels ? sizeof f->labels : sizeof f->images};
  if (!p->gz)
    return plain;
  sets_member x = plain;
  x.name = "x";
  sets_pack(sets_path("member.gz"), "raw", "gzip", &x, 1);
  uint8_t *bytes = sets_read(sets_path("member.gz"), &plain.n), *room = packed[turn++ % 16];
  assert_true(plain.n <= sizeof packed[0]);
  memcpy(room, bytes, plain.n);
  free(bytes);
  plain.bytes = room;
  return plain;
}

static int next_place;

/* As a folder, and as a zip and a tar of it: `check` is given each. */
static void everywhere(const part *parts, size_t n, void (*check)(const char *path)) {
  const files f = sound();
  sets_member members[16];
  char name[32];
  for (size_t i = 0; i < n; i++)
    members[i] = member_of(&f, &parts[i]);
  for (int p = 0; p < 3; p++) {
    snprintf(name, sizeof name, "place%d", next_place++);
    if (p)
      sets_pack(sets_path(name), p == 1 ? "zip" : "ustar", p == 1 ? NULL : "gzip", members, n);
    else
      sets_unpack(sets_path(name), members, n);
    check(name);
  }
}

#define EVERYWHERE(parts, check) everywhere(parts, sizeof parts / sizeof *parts, check)

static void test_usual_names_and_places(void **state) {
  (void)state;
  static const part plain[] = {{"train-images-idx3-ubyte", 0, 0},
                               {"train-labels-idx1-ubyte", 1, 0}};
  static const part dots[] = {{"mnist/train-images.idx3-ubyte", 0, 0},
                              {"mnist/train-labels.idx1-ubyte", 1, 0}};
  static const part raw[] = {{"data/MNIST/raw/train-images-idx3-ubyte.gz", 0, 1},
                             {"data/MNIST/raw/train-labels-idx1-ubyte.gz", 1, 1}};
  static const part t10k[] = {{"t10k-images-idx3-ubyte.gz", 0, 1},
                              {"t10k-labels-idx1-ubyte.gz", 1, 1}};
  static const part emnist[] = {{"gzip/emnist-letters-train-images-idx3-ubyte.gz", 0, 1},
                                {"gzip/emnist-letters-train-labels-idx1-ubyte.gz", 1, 1},
                                {"gzip/emnist-letters-mapping.txt", 1, 0}};
  static const part kaggle[] = {{"train-images.idx3-ubyte", 0, 0},
                                {"train-labels.idx1-ubyte", 1, 0},
                                {"train-images-idx3-ubyte/train-images-idx3-ubyte", 0, 0},
                                {"train-labels-idx1-ubyte/train-labels-idx1-ubyte", 1, 0}};
  EVERYWHERE(plain, assert_sound);
  EVERYWHERE(dots, assert_sound);
  EVERYWHERE(raw, assert_sound);
  EVERYWHERE(t10k, assert_sound);
  EVERYWHERE(emnist, assert_sound);
  EVERYWHERE(kaggle, assert_sound);
}

static void assert_split(const char *path) {
  static const uint8_t validates[2 * N] = {0, 0, 1, 1, 0, 1, 0, 0, 1, 1};
  syn_images *images = sets_open(path);
  assert_int_equal(images->n, 2 * N);
  assert_int_equal(images->classes, 3);
  assert_non_null(images->validates);
  assert_memory_equal(images->validates, validates, 2 * N);
  assert_non_null(strstr(images->layout, " trains, "));
  syn_images_close(images);
}

static void test_train_and_t10k_are_the_split(void **state) {
  (void)state;
  static const part mnist[] = {{"train-images-idx3-ubyte.gz", 0, 1},
                               {"train-labels-idx1-ubyte.gz", 1, 1},
                               {"t10k-images-idx3-ubyte.gz", 0, 1},
                               {"t10k-labels-idx1-ubyte.gz", 1, 1}};
  static const part emnist[] = {{"emnist-digits-train-images-idx3-ubyte", 0, 0},
                                {"emnist-digits-train-labels-idx1-ubyte", 1, 0},
                                {"emnist-digits-test-images-idx3-ubyte", 0, 0},
                                {"emnist-digits-test-labels-idx1-ubyte", 1, 0}};
  EVERYWHERE(mnist, assert_split);
  EVERYWHERE(emnist, assert_split);
  char name[64];
  snprintf(name, sizeof name, "place%d/emnist-digits-test-labels-idx1-ubyte", next_place - 3);
  assert_sound(name); /* one file named: its pair, and no split */
  snprintf(name, sizeof name, "place%d/emnist-digits-test-labels-idx1-ubyte", next_place - 2);
  assert_sound(name); /* in a zip too */
}

static void assert_several(const char *path) {
  char name[128];
  sets_refused(path, "2 sets of IDX files emnist-digits emnist-letters name one of them");
  snprintf(name, sizeof name, "%s/emnist-letters", path);
  assert_sound(name);
  snprintf(name, sizeof name, "%s/emnist-lettres", path);
  syn_ctx ctx = {0};
  syn_images *images;
  assert_int_equal(syn_images_open(&images, sets_path(name), &ctx), SYN_EINPUT);
  assert_non_null(
      strstr(ctx.error, "emnist-lettres")); /* what is wrong, and not what is there alone */
}

static void test_of_several_sets_one_is_named(void **state) {
  (void)state;
  static const part emnist[] = {{"emnist-digits-train-images-idx3-ubyte.gz", 0, 1},
                                {"emnist-digits-train-labels-idx1-ubyte.gz", 1, 1},
                                {"emnist-letters-train-images-idx3-ubyte.gz", 0, 1},
                                {"emnist-letters-train-labels-idx1-ubyte.gz", 1, 1}};
  EVERYWHERE(emnist, assert_several);
}

static void assert_two_folders(const char *path) {
  char name[128];
  sets_refused(path, "2 sets FashionMNIST/raw MNIST/raw");
  snprintf(name, sizeof name, "%s/MNIST/raw", path);
  assert_sound(name);
  snprintf(name, sizeof name, "%s/MNIST", path);
  assert_sound(name);
}

static void test_sets_in_folders_side_by_side(void **state) {
  (void)state;
  static const part both[] = {{"MNIST/raw/train-images-idx3-ubyte", 0, 0},
                              {"MNIST/raw/train-labels-idx1-ubyte", 1, 0},
                              {"FashionMNIST/raw/train-images-idx3-ubyte", 0, 0},
                              {"FashionMNIST/raw/train-labels-idx1-ubyte", 1, 0}};
  EVERYWHERE(both, assert_two_folders);
}

/* torchvision leaves both packings; they may also be two sets of the same names. Never mixed. */
static void test_packings_are_never_mixed(void **state) {
  (void)state;
  files f = sound();
  write_pair("mixed", &f, 0, 0);
  for (size_t i = 0; i < N; i++)
    f.labels[8 + i] = (uint8_t)i;
  write_pair("mixed", &f, 1, 1);
  syn_images *images = sets_open("mixed");
  assert_int_equal(images->classes, 3); /* the plain pair */
  assert_int_equal(images->n_skipped, 1);
  assert_non_null(strstr(images->skipped[0].name, "train-images-idx3-ubyte.gz"));
  syn_images_close(images);
  static const char *const names[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                      "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"};
  for (size_t i = 0; i < 4; i++) {
    char name[64];
    snprintf(name, sizeof name, "mixed/%s", names[i]);
    images = sets_open(name);
    assert_int_equal(images->classes, i < 2 ? 3 : N);
    syn_images_close(images);
  }
}

/* Browsers number what they save a second time: alike on both halves it is a pair, like the name without
 * the number, which goes first; images never go with the labels of another time. */
static void test_files_saved_again(void **state) {
  (void)state;
  static const part again[][2] = {
      {{"train-images-idx3-ubyte (1).gz", 0, 1}, {"train-labels-idx1-ubyte (1).gz", 1, 1}},
      {{"train-images-idx3-ubyte(2).gz", 0, 1}, {"train-labels-idx1-ubyte(2).gz", 1, 1}},
      {{"train-images-idx3-ubyte (1)", 0, 0}, {"train-labels-idx1-ubyte (1)", 1, 0}},
      {{"M/train-images (1).idx3-ubyte", 0, 0}, {"M/train-labels (1).idx1-ubyte", 1, 0}},
      {{"train-images-idx3-ubyte.gz.1", 0, 1}, {"train-labels-idx1-ubyte.gz.1", 1, 1}}};
  for (size_t i = 0; i < sizeof again / sizeof *again; i++)
    EVERYWHERE(again[i], assert_sound);
  static const part split[] = {{"train-images-idx3-ubyte (1).gz", 0, 1},
                               {"train-labels-idx1-ubyte (1).gz", 1, 1},
                               {"t10k-images-idx3-ubyte (1).gz", 0, 1},
                               {"t10k-labels-idx1-ubyte (1).gz", 1, 1}};
  EVERYWHERE(split, assert_split);
  char name[64];
  for (int p = 1; p <= 3; p++) {
    snprintf(name, sizeof name, "place%d/t10k-labels-idx1-ubyte (1).gz", next_place - p);
    assert_sound(name);
  }
}

static void assert_first(const char *path) {
  assert_sound(path);
  syn_images *images = sets_open(path);
  assert_int_equal(images->n_skipped, 1);
  assert_non_null(strstr(images->skipped[0].name, "train-images-idx3-ubyte (1).gz"));
  syn_images_close(images);
}

static void assert_two_times(const char *path) {
  sets_refused(path, "2 sets of IDX files train-images-idx3-ubyte (1).gz, train-images-idx3-ubyte "
                     "(2).gz; name one of them: train-images-idx3-ubyte (1).gz");
}

static void assert_other_time(const char *path) {
  sets_refused(path,
               "the labels of train-images-idx3-ubyte (1).gz are missing: no "
               "train-labels-idx1-ubyte (1).gz; train-labels-idx1-ubyte.gz beside it was saved "
               "at another time name it train-images-idx3-ubyte.gz");
}

static void assert_renamed(const char *path) {
  sets_refused(path, "train-images-idx3-ubyte - an IDX file under another name, "
                     "train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz");
}

static void test_files_saved_again_that_are_not_clear(void **state) {
  (void)state;
  static const part first[] = {
      {"train-images-idx3-ubyte.gz", 0, 1},     {"train-labels-idx1-ubyte.gz", 1, 1},
      {"train-images-idx3-ubyte (1).gz", 0, 1}, {"train-labels-idx1-ubyte (1).gz", 1, 1},
      {"train-images-idx3-ubyte (2).gz", 0, 1}, {"train-labels-idx1-ubyte (2).gz", 1, 1}};
  static const part times[] = {{"train-images-idx3-ubyte (1).gz", 0, 1},
                               {"train-labels-idx1-ubyte (1).gz", 1, 1},
                               {"train-images-idx3-ubyte (2).gz", 0, 1},
                               {"train-labels-idx1-ubyte (2).gz", 1, 1}};
  static const part other[] = {{"train-images-idx3-ubyte (1).gz", 0, 1},
                               {"train-labels-idx1-ubyte.gz", 1, 1}};
  static const part renamed[] = {{"train-images-idx3-ubyte - Copy.gz", 0, 1},
                                 {"train-labels-idx1-ubyte - Copy.gz", 1, 1}};
  EVERYWHERE(first, assert_first);
  EVERYWHERE(times, assert_two_times);
  EVERYWHERE(other, assert_other_time);
  EVERYWHERE(renamed, assert_renamed);
  char name[64];
  snprintf(name, sizeof name, "place%d/train-images-idx3-ubyte - Copy.gz", next_place - 3);
  assert_renamed(name);
}

/* Of a file that stands twice the last one holds, of images as of labels: never the one's with the
 * other's. */
static void test_the_last_of_both_halves_holds(void **state) {
  (void)state;
  static const char *const formats[] = {"ustar", "zip"};
  const files last = sound();
  files first = sound();
  for (uint32_t i = 0; i < N; i++) {
    sets_pixels(first.images + 16 + i * PIXELS, 100 + i);
    first.labels[8 + i] = (uint8_t)i;
  }
  const sets_member members[] = {
      {.name = "M/train-images-idx3-ubyte", .bytes = first.images, .n = sizeof first.images},
      {.name = "M/train-labels-idx1-ubyte", .bytes = first.labels, .n = sizeof first.labels},
      {.name = "M/train-images-idx3-ubyte", .bytes = last.images, .n = sizeof last.images},
      {.name = "M/train-labels-idx1-ubyte", .bytes = last.labels, .n = sizeof last.labels}};
  for (size_t f = 0; f < 2; f++) {
    sets_pack(sets_path("twice"), formats[f], NULL, members, 4);
    assert_sound("twice");
    syn_images *images = sets_open("twice");
    assert_int_equal(images->n_skipped, 2);
    assert_non_null(strstr(images->skipped[1].why, "several times; the last one"));
    syn_images_close(images);
  }
}

/* By links one file may stand for both halves of a split, but not for images and labels. */
static void test_one_file_for_two_halves(void **state) {
  (void)state;
  const files f = sound();
  sets_member members[] = {
      {.name = "M/train-images-idx3-ubyte", .bytes = f.images, .n = sizeof f.images},
      {.name = "M/train-labels-idx1-ubyte", .bytes = f.labels, .n = sizeof f.labels},
      {.name = "M/t10k-images-idx3-ubyte", .kind = SETS_HARDLINK},
      {.name = "M/t10k-labels-idx1-ubyte", .kind = SETS_HARDLINK}};
  members[2].target = members[0].name;
  members[3].target = members[1].name;
  sets_pack(sets_path("hard.tar"), "ustar", NULL, members, 4);
  assert_split("hard.tar");
  members[3].target = members[0].name;
  sets_pack(sets_path("hard.tar"), "ustar", NULL, members, 4);
  sets_refused("hard.tar", "t10k-labels-idx1-ubyte: not an IDX file of labels swapped?");
}

static void test_qmnist(void **state) {
  (void)state;
  const files f = sound();
  uint8_t labels[12 + N * 32] = {0, 0, 12, 2, 0, 0, 0, N, 0, 0, 0, 8};
  for (size_t i = 0; i < N; i++)
    labels[12 + 32 * i + 3] = classes[i];
  assert_int_equal(mkdir(sets_path("qmnist"), 0755), 0);
  sets_write(sets_path("qmnist/qmnist-train-images-idx3-ubyte"), f.images, sizeof f.images);
  sets_write(sets_path("qmnist/qmnist-train-labels-idx2-int"), labels, sizeof labels);
  assert_sound("qmnist");
  labels[12 + 2] = 1; /* 256 + 7 */
  sets_write(sets_path("qmnist/qmnist-train-labels-idx2-int"), labels, sizeof labels);
  sets_refused("qmnist", "label 263 0 to 255");
}

static void test_names_of_folders_are_not_looked_at(void **state) {
  (void)state;
  sets_member members[SETS_SMALL];
  sets_file small_files[SETS_SMALL];
  sets_small(members, small_files, NULL);
  assert_int_equal(mkdir(sets_path("train-images-idx3-ubyte.d"), 0755), 0);
  sets_pack(sets_path("train-images-idx3-ubyte.d/set.tar"), "ustar", NULL, members, SETS_SMALL);
  syn_images *images = sets_open("train-images-idx3-ubyte.d/set.tar");
  assert_int_equal(images->n, SETS_SMALL);
  syn_images_close(images);
}

/* ---- whole files ------------------------------------------------------------------------------- */

static void test_every_flipped_bit_of_gzip_is_seen(void **state) {
  (void)state;
  const files f = sound();
  write_pair("bits", &f, 1, 1);
  size_t n, silent = 0;
  uint8_t *bytes = sets_read(sets_path("bits/train-images-idx3-ubyte.gz"), &n);
  for (size_t at = 10; at < n;
       at += at + 20 < n ? 13 : 1) { /* behind the header, which has no sum */
    syn_images *images;
    bytes[at] ^= (uint8_t)(1 << at % 8);
    sets_write(sets_path("bits/train-images-idx3-ubyte.gz"), bytes, n);
    silent += syn_images_open(&images, sets_path("bits"), NULL) == SYN_OK;
    syn_images_close(images);
    bytes[at] ^= (uint8_t)(1 << at % 8);
  }
  assert_int_equal(silent, 0);
  free(bytes);
}

/* gzip's own rule: one behind the other is one file. */
static void test_gzip_in_pieces(void **state) {
  (void)state;
  const files f = sound();
  size_t n[2];
  uint8_t *bytes[2];
  write_pair("pieces", &f, 1, 1);
  for (int i = 0; i < 2; i++) {
    sets_member half = {
        .name = "x", .bytes = f.images + (i ? 1000 : 0), .n = i ? sizeof f.images - 1000 : 1000};
    sets_pack(sets_path("half.gz"), "raw", "gzip", &half, 1);
    bytes[i] = sets_read(sets_path("half.gz"), &n[i]);
  }
  FILE *file = fopen(sets_path("pieces/train-images-idx3-ubyte.gz"), "wb");
  assert_non_null(file);
  for (int i = 0; i < 2; i++) {
    assert_int_equal(fwrite(bytes[i], 1, n[i], file), n[i]);
    free(bytes[i]);
  }
  fwrite("\0\0\0\0", 1, 4, file); /* padding, as on tapes */
  assert_int_equal(fclose(file), 0);
  assert_sound("pieces");
}

static long most_kib(void) {
  struct rusage usage;
  assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
  return usage.ru_maxrss;
}

/* A header costs nothing by what it claims. */
static void test_claims_cost_no_memory(void **state) {
  (void)state;
  static const uint32_t claims[] = {0x80000000u, 1300000};
  for (size_t c = 0; c < 2; c++)
    for (int gz = 0; gz < 2; gz++) {
      files f = sound();
      for (int i = 0; i < 4; i++)
        f.images[4 + i] = f.labels[4 + i] = (uint8_t)(claims[c] >> (24 - 8 * i));
      write_pair(gz ? "claim.gz" : "claim", &f, gz, gz);
      long before = most_kib();
      sets_refused(gz ? "claim.gz" : "claim", "entries cut short or mixed up");
      assert_true(most_kib() - before < 64 << 10);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_usual_names_and_places),
      cmocka_unit_test(test_train_and_t10k_are_the_split),
      cmocka_unit_test(test_of_several_sets_one_is_named),
      cmocka_unit_test(test_sets_in_folders_side_by_side),
      cmocka_unit_test(test_packings_are_never_mixed),
      cmocka_unit_test(test_files_saved_again),
      cmocka_unit_test(test_files_saved_again_that_are_not_clear),
      cmocka_unit_test(test_the_last_of_both_halves_holds),
      cmocka_unit_test(test_one_file_for_two_halves),
      cmocka_unit_test(test_qmnist),
      cmocka_unit_test(test_names_of_folders_are_not_looked_at),
      cmocka_unit_test(test_every_flipped_bit_of_gzip_is_seen),
      cmocka_unit_test(test_gzip_in_pieces),
      cmocka_unit_test(test_claims_cost_no_memory),
      cmocka_unit_test(test_pairs),
      cmocka_unit_test(test_wrong),
      cmocka_unit_test(test_cut),
  };
  return cmocka_run_group_tests(tests, sets_begin, sets_end);
}
