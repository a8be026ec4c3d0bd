/* Image sets that load: packings, what is skipped and what is passed over. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <png.h>

#include "engine/data/archive.h"
#include "engine/data/png.h"
#include "tests/unit/sets.h"

#define SIDE   SETS_SIDE
#define PIXELS (SIDE * SIDE)

/* ---- packings ---------------------------------------------------------------------------------- */

static void assert_same_set(const syn_images *a, const syn_images *b) {
  assert_int_equal(a->n, b->n);
  assert_int_equal(a->classes, b->classes);
  assert_memory_equal(a->labels, b->labels, a->n);
  assert_memory_equal(a->pixels, b->pixels, a->n * PIXELS);
  assert_string_equal(a->digest, b->digest);
  for (size_t i = 0; i < a->classes; i++)
    assert_string_equal(a->class_names[i], b->class_names[i]);
}

static void assert_is_letter(const char *name, int letter) {
  assert_int_equal(name[0], letter);
  assert_int_equal(name[1], 0);
}

/* Packed in an order of its own; equal to `want` in everything but the names' beginnings. */
static void try_packing(const syn_images *want, const char *name, const char *format,
                        const char *filter, const int order[SETS_SMALL]) {
  sets_member members[SETS_SMALL];
  sets_file files[SETS_SMALL];
  sets_small(members, files, order);
  sets_pack(sets_path(name), format, filter, members, SETS_SMALL);
  syn_images *got = sets_open(name);
  assert_same_set(got, want);
  for (size_t i = 0; i < got->n; i++)
    assert_string_equal(got->names[i], want->names[i]);
  if (!filter ? strstr(got->format, ",") != NULL : !strstr(got->format, filter))
    fail_msg("%s is said to be: %s", name, got->format);
  syn_images_close(got);
}

static void test_packings_are_equal(void **state) {
  (void)state;
  sets_member members[SETS_SMALL];
  sets_file files[SETS_SMALL];
  sets_small(members, files, (const int[]){0, 1, 2, 3, 4, 5});
  sets_unpack(sets_path("plain"), members, SETS_SMALL);
  syn_images *want = sets_open("plain");
  assert_int_equal(want->n, 6);
  assert_int_equal(want->classes, 3);
  assert_int_equal(want->n_skipped, 0);
  assert_string_equal(want->format, "folder");
  for (size_t i = 0; i < 6; i++) {
    uint8_t pixels[PIXELS];
    sets_pixels(pixels, (uint32_t)i + 1);
    assert_memory_equal(want->pixels + i * PIXELS, pixels, PIXELS);
    assert_int_equal(want->labels[i], i / 2);
    assert_string_equal(want->names[i], members[i].name);
    assert_is_letter(want->class_names[i / 2], 'A' + (int)i / 2);
  }
  try_packing(want, "a.tar.gz", "ustar", "gzip", (const int[]){5, 4, 3, 2, 1, 0});
  try_packing(want, "a.zip", "zip", NULL, (const int[]){2, 0, 5, 1, 4, 3});
  try_packing(want, "a.tar.xz", "pax", "xz", (const int[]){3, 0, 4, 1, 5, 2});
  try_packing(want, "a.tar.zst", "gnutar", "zstd", (const int[]){1, 0, 3, 2, 5, 4});
  try_packing(want, "a.7z", "7zip", NULL, (const int[]){4, 5, 0, 1, 2, 3});
  try_packing(want, "a.cpio.bz2", "newc", "bzip2", (const int[]){0, 2, 4, 1, 3, 5});

  /* The folder itself, and by a path with slashes at its end. */
  const char *const inner[] = {"plain/SET", "plain/SET//", "plain/"};
  for (size_t i = 0; i < 3; i++) {
    syn_images *got = sets_open(inner[i]);
    assert_same_set(got, want);
    syn_images_close(got);
  }
  syn_images_close(want);
}

static void test_one_pixel_changes_the_digest(void **state) {
  (void)state;
  sets_member members[SETS_SMALL];
  sets_file files[SETS_SMALL];
  sets_small(members, files, NULL);
  sets_pack(sets_path("before.tar"), "ustar", NULL, members, SETS_SMALL);
  uint8_t pixels[PIXELS];
  sets_form form = {.width = SIDE, .height = SIDE, .depth = 8};
  sets_pixels(pixels, 4);
  pixels[400] ^= 1;
  sets_png(&files[3], &form, pixels, SIDE);
  members[3].n = files[3].n;
  sets_pack(sets_path("after.tar"), "ustar", NULL, members, SETS_SMALL);
  syn_images *before = sets_open("before.tar"), *after = sets_open("after.tar");
  assert_string_not_equal(before->digest, after->digest);
  syn_images_close(after);

  /* So does another class name, with the same pixels and labels. */
  sets_small(members, files, NULL);
  members[4].name = "SET/D/0.png";
  members[5].name = "SET/D/1.png";
  sets_pack(sets_path("after.tar"), "ustar", NULL, members, SETS_SMALL);
  after = sets_open("after.tar");
  assert_memory_equal(before->labels, after->labels, 6);
  assert_memory_equal(before->pixels, after->pixels, 6 * PIXELS);
  assert_string_not_equal(before->digest, after->digest);
  syn_images_close(before);
  syn_images_close(after);
}

/* The entry of the root itself, as cpio and ISO images have it, is no class; nor are "./" and
 * doubled slashes. */
static void test_dots_before_names(void **state) {
  (void)state;
  static const char *const formats[] = {"ustar", "newc", "iso9660"};
  sets_member members[SETS_SMALL + 1];
  sets_file files[SETS_SMALL];
  for (size_t f = 0; f < 3; f++) {
    sets_small(members + 1, files, NULL);
    members[0] = (sets_member){.name = ".", .kind = SETS_FOLDER};
    for (size_t i = 1; i <= SETS_SMALL; i++)
      members[i].name += 4; /* "A/0.png" */
    sets_pack(sets_path("dots"), formats[f], NULL, members, SETS_SMALL + 1);
    syn_images *images = sets_open("dots");
    assert_int_equal(images->n, 6);
    assert_int_equal(images->classes, 3);
    assert_string_equal(images->names[5], "C/1.png");
    syn_images_close(images);
  }
  members[0].name = "./";
  members[1].name = "./A/0.png";
  members[2].name = "././/A/1.png";
  members[3].name = "B/.//0.png";
  sets_pack(sets_path("dots"), "pax", NULL, members, SETS_SMALL + 1);
  syn_images *images = sets_open("dots");
  assert_int_equal(images->n, 6);
  assert_string_equal(images->names[1], "A/1.png");
  assert_string_equal(images->names[2], "B/0.png");
  syn_images_close(images);
}

/* Names beyond ASCII must not get lost, whatever the locale (the program's is "C"): in UTF-8, and
 * in Latin-1, which is not valid UTF-8. `utf8` packs as one does whose locale is. */
static void try_class_name(const char *class, int utf8) {
  static const char *const packings[][2] = {
      {"ustar", NULL}, {"pax", "gzip"}, {"zip", NULL}, {"newc", NULL}, {"7zip", NULL}};
  sets_member members[SETS_SMALL];
  sets_file files[SETS_SMALL];
  sets_small(members, files, NULL);
  char names[2][32], folder[32];
  for (int i = 0; i < 2; i++) {
    snprintf(names[i], sizeof names[i], "SET/%s/%d.png", class, i);
    members[4 + i].name = names[i];
  }
  snprintf(folder, sizeof folder, "umlaut%zu%d", strlen(class), utf8);
  sets_unpack(sets_path(folder), members, SETS_SMALL);
  syn_images *want = sets_open(folder);
  assert_int_equal(want->classes, 3);
  assert_string_equal(want->class_names[2], class);
  for (size_t i = 0; i < (utf8 ? 5 : 4); i++) { /* 7zip holds UTF-16, made by the locale */
    if (utf8)
      setlocale(LC_ALL, "C.UTF-8"); /* where there is none, bytes stay bytes */
    sets_pack(sets_path("umlaut"), packings[i][0], packings[i][1], members, SETS_SMALL);
    setlocale(LC_ALL, "C");
    syn_images *got = sets_open("umlaut");
    assert_same_set(got, want);
    syn_images_close(got);
  }
  syn_images_close(want);
}

static void test_names_beyond_ascii(void **state) {
  (void)state;
  try_class_name("\xc3\x84", 1);
  try_class_name("\xc3\x84", 0);
  try_class_name("\xc4", 0);
}

/* An archive may hold a name twice (tar -r after a correction): the last one holds, and that is said. */
static void test_of_a_name_twice_the_last_holds(void **state) {
  (void)state;
  sets_member members[SETS_SMALL];
  sets_file files[SETS_SMALL];
  uint8_t pixels[PIXELS];
  for (int turn = 0; turn < 2; turn++) {
    sets_small(members, files, turn ? (const int[]){1, 0, 2, 3, 4, 5} : NULL);
    members[0].name = members[1].name = "SET/A/0.png";
    sets_pack(sets_path("twice.tar"), "ustar", NULL, members, SETS_SMALL);
    syn_images *images = sets_open("twice.tar");
    assert_int_equal(images->n, 5);
    sets_pixels(pixels, turn ? 1 : 2);
    assert_memory_equal(images->pixels, pixels, PIXELS);
    assert_int_equal(images->n_skipped, 1);
    assert_string_equal(images->skipped[0].name, "SET/A/0.png");
    assert_non_null(strstr(images->skipped[0].why, "several times"));
    syn_images_close(images);
  }
}

/* ---- skipped and passed over ------------------------------------------------------------------- */

static const syn_skipped *find_skipped(const syn_images *images, const char *name) {
  for (size_t i = 0; i < images->n_skipped; i++)
    if (strcmp(images->skipped[i].name, name) == 0)
      return &images->skipped[i];
  fail_msg("%s was not skipped", name);
  return NULL;
}

static void test_skipped_and_named(void **state) {
  (void)state;
  sets_member members[SETS_SMALL + 8];
  sets_file files[SETS_SMALL], cut, flipped, header;
  static uint8_t large[SYN_MEMBER_BYTES + 1];
  sets_small(members, files, NULL);
  sets_grey(&cut, 50);
  sets_grey(&flipped, 51);
  /* The last 12 bytes are IEND; the 4 before are the CRC of the pixels' chunk. */
  flipped.bytes[flipped.n - 14] ^= 0x10;
  sets_grey(&header, 52);
  memcpy(large, header.bytes, 8);
  header.bytes[19] ^= 0x10; /* of the width: damage, as the CRC tells, and not another size */
  const sets_member more[] = {
      {.name = "SET/A/empty.png"},
      {.name = "SET/A/text.png",
       .bytes = "this is not a PNG at all, only a few words of text",
       .n = 50},
      {.name = "SET/B/cut.png", .bytes = cut.bytes, .n = cut.n / 2},
      {.name = "SET/C/crc.PNG", .bytes = flipped.bytes, .n = flipped.n},
      {.name = "../evil.png", .bytes = files[0].bytes, .n = files[0].n},
      {.name = "SET/C/large.png", .bytes = large, .n = sizeof large},
      {.name = "SET/B/header.png", .bytes = header.bytes, .n = header.n},
      {.name = "stray.png", .bytes = files[0].bytes, .n = files[0].n},
  };
  static const char *const why[] = {"empty file", "not a PNG",          "ends too early",
                                    "CRC",        "leaves the archive", "larger than 1 MiB",
                                    "CRC",        "no class folder"};
  memcpy(members + SETS_SMALL, more, sizeof more);
  const char *const packings[][2] = {{"ustar", "gzip"}, {"zip", NULL}};
  for (size_t p = 0; p < 2; p++) {
    sets_pack(sets_path("skips"), packings[p][0], packings[p][1], members, SETS_SMALL + 8);
    syn_images *images = sets_open("skips");
    assert_int_equal(images->n, 6);
    assert_int_equal(images->n_skipped, 8);
    for (size_t i = 0; i < 8; i++) {
      const syn_skipped *s = find_skipped(images, more[i].name);
      if (!strstr(s->why, why[i]) || strchr(s->why, '\n'))
        fail_msg("%s: '%s' lacks '%s'", s->name, s->why, why[i]);
    }
    syn_images_close(images);
  }
}

static void test_paths_that_leave(void **state) {
  (void)state;
  static const char *const names[] = {"/etc/evil.png", "SET/A/../../../evil.png", "..",
                                      "SET/../B/evil.png"};
  sets_member members[SETS_SMALL + 1];
  sets_file files[SETS_SMALL];
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    sets_small(members, files, NULL);
    members[SETS_SMALL] = members[0];
    members[SETS_SMALL].name = names[i];
    sets_pack(sets_path("leaves.tar"), "ustar", NULL, members, SETS_SMALL + 1);
    syn_images *images = sets_open("leaves.tar");
    assert_int_equal(images->n, 6);
    assert_int_equal(images->n_skipped, 1);
    assert_string_equal(images->skipped[0].name, names[i]);
    syn_images_close(images);
  }
}

static void test_litter(void **state) {
  (void)state;
  sets_member members[SETS_SMALL + 9];
  sets_file files[SETS_SMALL], other;
  sets_small(members, files, NULL);
  sets_grey(&other, 60);
  const sets_member more[] = {
      {.name = "SET/A/._a.png", .bytes = other.bytes, .n = other.n},
      {.name = "SET/A/.DS_Store", .bytes = "x", .n = 1},
      {.name = "__MACOSX", .kind = SETS_FOLDER},
      {.name = "__MACOSX/SET/A/._0.png", .bytes = "x", .n = 1},
      {.name = "__MACOSX/SET/D/0.png", .bytes = other.bytes, .n = other.n},
      {.name = "SET/.git", .kind = SETS_FOLDER},
      {.name = "README", .bytes = "x", .n = 1},
      {.name = "SET/README.md", .bytes = "x", .n = 1},
      {.name = "SET/A/list.txt", .bytes = "x", .n = 1},
  };
  memcpy(members + SETS_SMALL, more, sizeof more);
  sets_pack(sets_path("litter.tar.gz"), "pax", "gzip", members, SETS_SMALL + 9);
  sets_unpack(sets_path("litter"), members, SETS_SMALL + 9);
  sets_pack(sets_path("clean.tar"), "ustar", NULL, members, SETS_SMALL);
  syn_images *want = sets_open("clean.tar");
  for (int folder = 0; folder < 2; folder++) {
    syn_images *got = sets_open(folder ? "litter" : "litter.tar.gz");
    assert_same_set(got, want);
    assert_int_equal(got->n_skipped, 0);
    syn_images_close(got);
  }
  syn_images_close(want);
}

/* A member of exactly SYN_MEMBER_BYTES is whole; one more byte, and it is oversize. */
static void test_member_limit(void **state) {
  (void)state;
  static uint8_t bytes[SYN_MEMBER_BYTES + 1];
  bytes[SYN_MEMBER_BYTES - 1] = 7;
  sets_member members[] = {{.name = "fits", .bytes = bytes, .n = SYN_MEMBER_BYTES},
                           {.name = "large", .bytes = bytes, .n = SYN_MEMBER_BYTES + 1},
                           {.name = "after", .bytes = "abc", .n = 3}};
  syn_ctx ctx = {0};
  syn_archive *archive;
  syn_member m;
  int end;
  sets_pack(sets_path("limit.tar.gz"), "ustar", "gzip", members, 3);
  assert_int_equal(syn_archive_open(&archive, sets_path("limit.tar.gz"), &ctx), SYN_OK);
  assert_int_equal(syn_archive_next(archive, &m, &end, &ctx), SYN_OK);
  assert_int_equal(syn_archive_fill(archive, &m, 10, &ctx), SYN_OK);
  assert_int_equal(m.n, 10);
  assert_int_equal(syn_archive_fill(archive, &m, SYN_MEMBER_BYTES, &ctx), SYN_OK);
  assert_false(m.oversize);
  assert_int_equal(m.n, SYN_MEMBER_BYTES);
  assert_int_equal(m.bytes[m.n - 1], 7);
  assert_int_equal(syn_archive_next(archive, &m, &end, &ctx), SYN_OK);
  assert_int_equal(syn_archive_fill(archive, &m, SYN_MEMBER_BYTES, &ctx), SYN_OK);
  assert_true(m.oversize);
  assert_int_equal(m.n, SYN_MEMBER_BYTES);
  assert_int_equal(syn_archive_next(archive, &m, &end, &ctx), SYN_OK);
  assert_int_equal(syn_archive_fill(archive, &m, SYN_MEMBER_BYTES, &ctx), SYN_OK);
  assert_int_equal(m.n, 3);
  assert_memory_equal(m.bytes, "abc", 3);
  assert_int_equal(syn_archive_next(archive, &m, &end, &ctx), SYN_OK);
  assert_true(end);
  syn_archive_close(archive);
}

/* ---- the real images --------------------------------------------------------------------------- */

static void test_notmnist(void **state) {
  (void)state;
  const char *path = getenv("SYNLAB_NOTMNIST");
  if (!path || !*path) {
    print_message("SKIPPED: SYNLAB_NOTMNIST names no notMNIST_small.tar.gz with the real images\n");
    skip();
  }
  syn_ctx ctx = {0};
  syn_images *images;
  if (syn_images_open(&images, path, &ctx) != SYN_OK)
    fail_msg("%s", ctx.error);
  assert_int_equal(images->n, 18724);
  assert_int_equal(images->classes, 10);
  for (size_t i = 0; i < 10; i++)
    assert_is_letter(images->class_names[i], 'A' + (int)i);
  assert_string_equal(images->digest,
                      "cfb423c3919deb4514d044d07b38d1361e82bed60e8d0cabb66cfbff0467d640");
  syn_images_close(images);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_packings_are_equal),
      cmocka_unit_test(test_one_pixel_changes_the_digest),
      cmocka_unit_test(test_dots_before_names),
      cmocka_unit_test(test_names_beyond_ascii),
      cmocka_unit_test(test_of_a_name_twice_the_last_holds),
      cmocka_unit_test(test_skipped_and_named),
      cmocka_unit_test(test_paths_that_leave),
      cmocka_unit_test(test_litter),
      cmocka_unit_test(test_member_limit),
      cmocka_unit_test(test_notmnist),
  };
  return cmocka_run_group_tests(tests, sets_begin, sets_end);
}
