/* Pairs of IDX files: where they lie, under which names, and which two are a pair. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/idx.h"

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
      cmocka_unit_test(test_names_of_folders_are_not_looked_at),
  };
  return cmocka_run_group_tests(tests, sets_begin, sets_end);
}
