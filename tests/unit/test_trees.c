/* One tree, one set: the same images, digest and words as a folder, a tar and a zip, with links, other
 * kinds of images, parts and names in both forms of Unicode; and archives that are not whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <png.h>

#include "tests/unit/sets.h"

#define PIXELS (SETS_SIDE * SETS_SIDE)
#define MOST   32

typedef struct tree {
  sets_member members[MOST];
  sets_file files[MOST];
  size_t n;
} tree;

static void add_png(tree *t, const char *name, uint32_t seed) {
  sets_grey(&t->files[t->n], seed);
  t->members[t->n] =
      (sets_member){.name = name, .bytes = t->files[t->n].bytes, .n = t->files[t->n].n};
  t->n++;
}

static void add_bytes(tree *t, const char *name, const char *bytes, size_t n) {
  t->members[t->n++] = (sets_member){.name = name, .bytes = bytes, .n = n};
}

static void add_link(tree *t, const char *name, const char *target) {
  t->members[t->n++] = (sets_member){.name = name, .kind = SETS_SYMLINK, .target = target};
}

static void small(tree *t) {
  static const char *const names[] = {"A/0.png", "A/1.png", "B/0.png", "B/1.png"};
  *t = (tree){.n = 0};
  for (uint32_t i = 0; i < 4; i++)
    add_png(t, names[i], i + 1);
}

static const char *const packings[][2] = {{NULL, NULL},  {"ustar", NULL}, {"pax", "gzip"},
                                          {"zip", NULL}, {"7zip", NULL},  {"newc", "xz"}};

/* A new name for each packing of each tree. */
static const char *pack(const tree *t, size_t p) {
  static int turn;
  static char name[32];
  snprintf(name, sizeof name, "tree%d", turn++);
  if (packings[p][0])
    sets_pack(sets_path(name), packings[p][0], packings[p][1], t->members, t->n);
  else
    sets_unpack(sets_path(name), t->members, t->n);
  return name;
}

/* The tree in every packing: n images and these words, one line for each that is skipped. */
static void everywhere(const tree *t, size_t n, const char *words) {
  char digest[SYN_DIGEST_SIZE] = "", first[2000] = "";
  for (size_t p = 0; p < sizeof packings / sizeof *packings; p++) {
    syn_images *images = sets_open(pack(t, p));
    char said[2000] = "";
    for (size_t i = 0; i < images->n_skipped; i++) {
      size_t used = strlen(said);
      snprintf(said + used, sizeof said - used, "%s: %s\n", images->skipped[i].name,
               images->skipped[i].why);
    }
    assert_int_equal(images->n, n);
    if (!p) {
      memcpy(digest, images->digest, sizeof digest);
      memcpy(first, said, sizeof first);
    }
    assert_string_equal(images->digest, digest);
    assert_string_equal(said, first);
    syn_images_close(images);
  }
  if (!strstr(first, words) || (!*words && *first))
    fail_msg("'%s' lacks '%s'", first, words);
}

static void refused_everywhere(const tree *t, const char *words) {
  char first[SYN_ERROR_SIZE] = "";
  for (size_t p = 0; p < sizeof packings / sizeof *packings; p++) {
    const char *name = pack(t, p);
    syn_ctx ctx = {0};
    syn_images *images;
    sets_refused(name, words);
    assert_int_equal(syn_images_open(&images, sets_path(name), &ctx), SYN_EINPUT);
    const char *line = strchr(ctx.error, ':');
    if (!p)
      snprintf(first, sizeof first, "%s", line);
    assert_string_equal(line, first);
  }
}

/* ---- links ------------------------------------------------------------------------------------- */

static void test_soft_links_are_followed(void **state) {
  (void)state;
  tree t;
  small(&t);
  add_link(&t, "A/2.png", "0.png");
  add_link(&t, "A/3.png", "../B/1.png");
  add_link(&t, "A/4.png", "3.png"); /* a link to a link */
  add_link(&t, "C", "B");           /* a class that is a link */
  add_link(&t, "D", "C");
  everywhere(&t, 4 + 3 + 2 + 2, "");
}

/* A folder that links fill while it is linked to: nothing of it gets lost. */
static void test_links_among_links(void **state) {
  (void)state;
  tree t;
  small(&t);
  add_png(&t, "P/Q/0.png", 8);
  sets_pack(sets_path("among.tar"), "ustar", NULL, t.members, t.n);
  sets_refused("among.tar", "different depths");
  small(&t);
  add_link(&t, "C", "Z/one");
  add_link(&t, "Z/one", "../A");
  add_png(&t, "Z/two/0.png", 8);
  for (size_t p = 0; p < 4; p++)
    sets_refused(pack(&t, p), "different depths A Z/one");
  t.members[t.n - 1].name = "C2/0.png";
  for (size_t p = 0; p < 4; p++) {
    t.members[t.n - 2].name = "D";
    t.members[t.n - 2].target = "A";
    t.members[t.n - 3].target = "E";
    t.members[t.n] = (sets_member){.name = "E", .kind = SETS_SYMLINK, .target = "D"};
    t.n++;
    syn_images *images = sets_open(pack(&t, p));
    t.n--;
    assert_int_equal(images->n, 4 + 1 + 3 * 2);
    syn_images_close(images);
  }
}

static void test_links_to_pictures_under_other_names(void **state) {
  (void)state;
  tree t;
  small(&t);
  add_png(&t, "A/blob", 9);
  add_link(&t, "B/2.png", "../A/blob");
  everywhere(&t, 5, "A/blob: 1 image of this folder: PNG without .png");
}

static void test_links_to_nowhere_are_named(void **state) {
  (void)state;
  tree t;
  small(&t);
  add_link(&t, "A/2.png", "gone.png");
  everywhere(&t, 4, "A/2.png: a link to gone.png, which is not there");
  add_link(&t, "C", "gone");
  refused_everywhere(&t, "class folder C holds no image gone, not there");
}

static void test_links_in_circles_are_named(void **state) {
  (void)state;
  tree t;
  small(&t);
  add_link(&t, "A/up.d", "..");
  add_link(&t, "B/self.d", "self.d");
  everywhere(&t, 4,
             "A/up.d: a link that leads back to where it lies\nB/self.d: a link that leads back");
}

static void test_hard_links_in_archives(void **state) {
  (void)state;
  static const char *const formats[] = {"ustar", "pax", "gnutar"};
  for (size_t f = 0; f < 3; f++) {
    tree t;
    small(&t);
    t.members[t.n++] = (sets_member){.name = "B/2.png", .kind = SETS_HARDLINK, .target = "A/1.png"};
    t.members[t.n++] = (sets_member){.name = "B/3.png", .kind = SETS_HARDLINK, .target = "A/1.png"};
    sets_pack(sets_path("hard"), formats[f], NULL, t.members, t.n);
    syn_images *images = sets_open("hard");
    assert_int_equal(images->n, 6);
    uint8_t pixels[PIXELS];
    sets_pixels(pixels, 2);
    assert_memory_equal(images->pixels + 4 * PIXELS, pixels, PIXELS);
    assert_memory_equal(images->pixels + 5 * PIXELS, pixels, PIXELS);
    syn_images_close(images);
  }
}

static void add_newc(FILE *file, const char *name, unsigned inode, const void *bytes, size_t n) {
  static const char zeros[4];
  size_t length = strlen(name) + 1;
  fprintf(file, "070701%08X%08X%08X%08X%08X%08X%08zX%08X%08X%08X%08X%08zX%08X", inode, 0100644u, 0u,
          0u, inode == 7 ? 2u : 1u, 0u, n, 0u, 0u, 0u, 0u, length, 0u);
  fwrite(name, 1, length, file);
  fwrite(zeros, 1, (4 - (110 + length) % 4) % 4, file);
  fwrite(bytes, 1, n, file);
  fwrite(zeros, 1, (4 - n % 4) % 4, file);
}

/* cpio gives the bytes of a file of two names with the last of them. */
static void test_hard_links_of_cpio(void **state) {
  (void)state;
  tree t;
  uint8_t pixels[PIXELS];
  small(&t);
  FILE *file = fopen(sets_path("hard.cpio"), "wb");
  assert_non_null(file);
  add_newc(file, "A/0.png", 7, "", 0);
  add_newc(file, "A/1.png", 1, t.members[1].bytes, t.members[1].n);
  add_newc(file, "B/0.png", 2, t.members[2].bytes, t.members[2].n);
  add_newc(file, "B/1.png", 7, t.members[0].bytes, t.members[0].n);
  add_newc(file, "TRAILER!!!", 0, "", 0);
  assert_int_equal(fclose(file), 0);
  syn_images *images = sets_open("hard.cpio");
  assert_int_equal(images->n, 4);
  assert_int_equal(images->n_skipped, 0);
  sets_pixels(pixels, 1);
  assert_memory_equal(images->pixels, pixels, PIXELS);
  assert_memory_equal(images->pixels + 3 * PIXELS, pixels, PIXELS);
  syn_images_close(images);
}

/* A hard link names what stood there when it was packed, and not what was appended later. */
static void test_a_hard_link_keeps_the_older_bytes(void **state) {
  (void)state;
  tree t;
  uint8_t pixels[PIXELS];
  small(&t);
  t.members[t.n++] = (sets_member){.name = "B/2.png", .kind = SETS_HARDLINK, .target = "A/1.png"};
  add_png(&t, "A/1.png", 77);
  sets_pack(sets_path("older.tar"), "ustar", NULL, t.members, t.n);
  syn_images *images = sets_open("older.tar");
  assert_int_equal(images->n, 5);
  sets_pixels(pixels, 77);
  assert_memory_equal(images->pixels + PIXELS, pixels, PIXELS);
  sets_pixels(pixels, 2);
  assert_memory_equal(images->pixels + 4 * PIXELS, pixels, PIXELS);
  syn_images_close(images);
}

/* ---- other kinds ------------------------------------------------------------------------------- */

static void test_other_images_are_counted(void **state) {
  (void)state;
  tree t;
  small(&t);
  add_bytes(&t, "A/a.jpg", "\xff\xd8\xff", 3);
  add_bytes(&t, "A/b.JPEG", "\xff\xd8\xff", 3);
  add_bytes(&t, "A/c.gif", "GIF89a", 6);
  add_bytes(&t, "B/photo", "\xff\xd8\xff\xe0", 4); /* by its bytes */
  add_bytes(&t, "labels.csv", "a,b\n", 4);
  add_bytes(&t, "README", "words", 5);
  everywhere(
      &t, 4,
      "A/a.jpg: 2 images of this folder: JPEG, not read: make PNGs of them: mogrify -format png "
      "FILES (ImageMagick)\nA/c.gif: 1 image of this folder: GIF");
  add_bytes(&t, "C/x.jpg", "\xff\xd8\xff", 3);
  refused_everywhere(&t, "class folder C holds no image 1 of JPEG mogrify");
}

static void test_sets_of_other_kinds_are_told(void **state) {
  (void)state;
  static const struct {
    const char *name, *words;
  } kinds[] = {{"mnist.npz", "numpy archive not read numpy"},
               {"x.npy", "numpy array"},
               {"train.csv", "table Kaggle pandas"},
               {"emnist.mat", "MATLAB scipy.io"},
               {"t.parquet", "Parquet pandas"},
               {"d.arrow", "Arrow"},
               {"d.pkl", "pickle Python"},
               {"d.h5", "HDF5 h5py"},
               {"d.tfrecord", "TensorFlow"},
               {"inner.tar.gz", "tar archive unpack"},
               {"inner.zip", "zip archive unpack"},
               {"a/x.jpg", "JPEG mogrify"}};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    tree t = {.n = 0};
    char name[64];
    add_bytes(&t, kinds[i].name, "bytes", 5);
    refused_everywhere(&t, kinds[i].words);
    snprintf(name, sizeof name, "lone%s", strrchr(kinds[i].name, '.'));
    sets_write(sets_path(name), "bytes", 5);
    if (!strstr(kinds[i].words, "unpack") && !strchr(kinds[i].name, '/'))
      sets_refused(name, kinds[i].words);
  }
}

static void test_jpeg_under_png_says_so(void **state) {
  (void)state;
  tree t;
  small(&t);
  add_bytes(&t, "A/2.png", "\xff\xd8\xff\xe0 and so on", 14);
  everywhere(&t, 4, "A/2.png: not a PNG by its bytes: JPEG");
}

/* ---- names ------------------------------------------------------------------------------------- */

#define NFC "\xc3\xa9"
#define NFD "e\xcc\x81"

static void test_two_forms_of_a_folder_are_refused(void **state) {
  (void)state;
  static const char *const forms[][3] = {{NFC, NFD, NFC},
                                         {"\xef\xa8\x99", "\xe7\xa5\x9e", "\xe7\xa5\x9e"}};
  for (size_t f = 0; f < 2; f++) {
    tree t;
    char names[2][32];
    small(&t);
    for (uint32_t i = 0; i < 2; i++) {
      snprintf(names[i], sizeof names[i], "%s/%u.png", forms[f][i], i);
      add_png(&t, names[i], 5 + i);
    }
    sets_refused(pack(&t, 0), "two folders Unicode bytes rename");
    sets_refused(pack(&t, 1), "two folders Unicode bytes rename");
    t.n--;
    for (size_t p = 0; p < 4; p++) { /* one form alone is a class, named in NFC */
      syn_images *images = sets_open(pack(&t, p));
      assert_int_equal(images->n, 5);
      assert_string_equal(images->class_names[2], forms[f][2]);
      syn_images_close(images);
    }
  }
}

static void test_two_forms_of_a_file_are_refused(void **state) {
  (void)state;
  tree t;
  small(&t);
  add_png(&t, "A/" NFC ".png", 5);
  add_png(&t, "A/" NFD ".png", 7); /* which of the two is meant? */
  for (size_t p = 0; p < 4; p++)
    sets_refused(pack(&t, p), NFC ".png twice NFC NFD");
}

static void test_hidden_images_are_named(void **state) {
  (void)state;
  tree t;
  small(&t);
  add_png(&t, "A/.9.png", 5);
  add_png(&t, ".C/0.png", 6);
  add_png(&t, "__MACOSX/A/0.png", 7);
  add_png(&t, ".git/0.png", 7);
  add_bytes(&t, "A/._0.png", "Mac", 3);
  add_bytes(&t, ".DS_Store", "Mac", 3);
  add_bytes(&t, "A/Thumbs.db", "Windows", 7);
  everywhere(&t, 4,
             ".C/0.png: hidden: its name, or a folder's, begins with a dot\nA/.9.png: hidden");
  add_link(&t, "B/7.png", "../.C/0.png"); /* by a link it is seen */
  everywhere(&t, 5, ".C/0.png: hidden");
  t.n = 0;
  add_png(&t, ".x/A/0.png", 1);
  add_png(&t, ".x/B/0.png", 2);
  refused_everywhere(&t, "no image in it, but 2 hidden .x/A/0.png");
}

/* As tar -P packs them. */
static void test_absolute_names_are_told(void **state) {
  (void)state;
  tree t = {.n = 0};
  add_png(&t, "/tmp/A/0.png", 1);
  add_png(&t, "/tmp/B/0.png", 2);
  sets_pack(sets_path("absolute.tar"), "ustar", NULL, t.members, t.n);
  sets_refused("absolute.tar", "no image in it, but 2 lead out /tmp/A/0.png tar -C FOLDER");
}

/* Whether a packing has members for folders or not: those without an image are no classes, and named. */
static void test_folders_without_images_are_named(void **state) {
  (void)state;
  for (int members = 0; members < 2; members++) {
    tree t;
    small(&t);
    if (members)
      t.members[t.n++] = (sets_member){.name = "notes", .kind = SETS_FOLDER};
    add_bytes(&t, "notes-2/x.txt", "words", 5);
    add_bytes(&t, "notes/deep/readme.txt", "words", 5);
    everywhere(&t, 4,
               "notes: no class: there is no image in it\nnotes-2: no class: there is no image in it\n");
  }
  tree t;
  small(&t);
  add_png(&t, "A-1/0.png", 9); /* between "A" and "A/0.png" */
  add_bytes(&t, "A/readme.txt", "words", 5);
  everywhere(&t, 5, "");
  small(&t);
  for (size_t i = 0; i < 4; i++)
    t.members[i].name = (const char *const[]){"train/A/0.png", "train/A/1.png", "train/B/0.png",
                                              "train/B/1.png"}[i];
  t.members[t.n++] = (sets_member){.name = "test", .kind = SETS_FOLDER};
  everywhere(&t, 4, "test: no class: there is no image in it");
}

/* ---- parts ------------------------------------------------------------------------------------- */

static void test_parts_are_the_split(void **state) {
  (void)state;
  static const char *const names[] = {"train/A/0.png", "train/A/1.png", "train/B/0.png",
                                      "train/B/1.png", "test/A/0.png",  "test/B/0.png"};
  static const uint8_t validates[] = {0, 0, 1, 0, 0, 1};
  tree t = {.n = 0};
  char digest[SYN_DIGEST_SIZE];
  for (uint32_t i = 0; i < 6; i++)
    add_png(&t, names[i], i + 1);
  everywhere(&t, 6, "");
  syn_images *images = sets_open(pack(&t, 0));
  assert_int_equal(images->classes, 2);
  assert_non_null(images->validates);
  assert_memory_equal(images->validates, validates, 6);
  assert_non_null(strstr(images->layout, "train trains, test validates"));
  memcpy(digest, images->digest, sizeof digest);
  syn_images_close(images);

  /* The same the other way round: the digest covers who validates. */
  t.members[4].name = "train/A/2.png";
  t.members[1].name = "test/A/1.png";
  images = sets_open(pack(&t, 1));
  assert_string_not_equal(images->digest, digest);
  syn_images_close(images);

  /* CLASS/PART is the same set. */
  static const char *const other[] = {"A/train/0.png", "A/train/1.png", "B/train/0.png",
                                      "B/train/1.png", "A/test/0.png",  "B/test/0.png"};
  t.n = 0;
  for (uint32_t i = 0; i < 6; i++)
    add_png(&t, other[i], i + 1);
  images = sets_open(pack(&t, 3));
  assert_string_equal(images->digest, digest);
  syn_images_close(images);
}

static void test_a_third_part_is_left_out(void **state) {
  (void)state;
  static const char *const names[] = {"train/A/0.png", "train/B/0.png", "val/A/0.png",
                                      "val/B/0.png",   "test/A/0.png",  "test/B/0.png"};
  tree t = {.n = 0};
  for (uint32_t i = 0; i < 6; i++)
    add_png(&t, names[i], i + 1);
  everywhere(&t, 4, "test/A: 1 images left out: another part validates");
}

/* ---- transparent ground ------------------------------------------------------------------------ */

static void add_glyph(tree *t, const char *name, uint8_t ink, uint32_t seed) {
  uint8_t rows[PIXELS * 2], mask[PIXELS];
  sets_pixels(mask, seed);
  for (size_t i = 0; i < PIXELS; i++) {
    rows[2 * i] = ink;
    rows[2 * i + 1] = mask[i];
  }
  sets_png(
      &t->files[t->n],
      &(sets_form){
          .width = SETS_SIDE, .height = SETS_SIDE, .depth = 8, .colour = PNG_COLOR_TYPE_GRAY_ALPHA},
      rows, SETS_SIDE * 2);
  t->members[t->n] =
      (sets_member){.name = name, .bytes = t->files[t->n].bytes, .n = t->files[t->n].n};
  t->n++;
}

static void test_black_glyphs_on_nothing_lie_on_white(void **state) {
  (void)state;
  tree t = {.n = 0};
  uint8_t mask[PIXELS];
  add_glyph(&t, "A/0.png", 0, 1);
  add_glyph(&t, "B/0.png", 0, 2);
  syn_images *images = sets_open(pack(&t, 1));
  sets_pixels(mask, 1);
  for (size_t i = 0; i < PIXELS; i++)
    assert_int_equal(images->pixels[i], 255 - mask[i]);
  assert_int_equal(images->transparent, 2);
  syn_images_close(images);
}

static void test_images_all_of_one_grey_are_refused(void **state) {
  (void)state;
  tree t = {.n = 0};
  add_glyph(&t, "A/0.png", 255, 1);
  add_glyph(&t, "B/0.png", 255, 2);
  refused_everywhere(&t, "every pixel of every image is 255 nothing to learn white");
}

/* ---- whole archives ---------------------------------------------------------------------------- */

/* Whatever is cut off, and wherever: all images, or an error. */
static void test_cut_anywhere_is_all_or_an_error(void **state) {
  (void)state;
  static const char *const kinds[][2] = {{"ustar", NULL},  {"pax", NULL}, {"gnutar", NULL},
                                         {"newc", NULL},   {"odc", NULL}, {"zip", NULL},
                                         {"ustar", "gzip"}};
  tree t;
  small(&t);
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
    size_t n;
    sets_pack(sets_path("whole"), kinds[k][0], kinds[k][1], t.members, t.n);
    uint8_t *bytes = sets_read(sets_path("whole"), &n);
    for (size_t at = 0; at < n; at += at % 512 ? 17 : 1) {
      syn_ctx ctx = {0};
      syn_images *images;
      sets_write(sets_path("cut"), bytes, at);
      if (syn_images_open(&images, sets_path("cut"), &ctx) == SYN_OK && images->n != t.n)
        fail_msg("%s cut at %zu of %zu: %zu images", kinds[k][0], at, n, images->n);
      syn_images_close(images);
    }
    free(bytes);
  }
}

/* A zip bears every name twice; a bit flipped in one of them, or a directory that is cut or has lost an
 * entry, is damage and never another class. */
static void test_names_in_a_zip_agree(void **state) {
  (void)state;
  tree t;
  size_t n, seen = 0;
  small(&t);
  sets_pack(sets_path("names.zip"), "zip", NULL, t.members, t.n);
  uint8_t *bytes = sets_read(sets_path("names.zip"), &n);
  for (size_t at = 0; at + 7 <= n; at++)
    if (memcmp(bytes + at, "A/1.png", 7) == 0) {
      bytes[at] = 'B';
      bytes[at + 2] = '7';
      sets_write(sets_path("other.zip"), bytes, n);
      sets_refused("other.zip", "damaged one name another");
      bytes[at] = 'A';
      bytes[at + 2] = '1';
      seen++;
    }
  assert_int_equal(seen, 2);
  for (size_t cut = 1; cut < 22 + 40; cut += 10) {
    sets_write(sets_path("other.zip"), bytes, n - cut);
    sets_refused("other.zip", "directory that ends a zip is missing");
  }
  bytes[n - 12]--;
  sets_write(sets_path("other.zip"), bytes, n);
  sets_refused("other.zip", "another number of members");
  bytes[n - 12]++;
  FILE *file = fopen(sets_path("other.zip"), "wb"); /* as those that unpack themselves */
  assert_non_null(file);
  assert_int_equal(fwrite("#!/bin/sh\n", 1, 10, file), 10);
  assert_int_equal(fwrite(bytes, 1, n, file), n);
  assert_int_equal(fclose(file), 0);
  free(bytes);
  syn_images *images = sets_open("other.zip");
  assert_int_equal(images->n, 4);
  syn_images_close(images);
}

/* A header of zeros in the middle looks like the end. */
static void test_a_hole_is_no_end(void **state) {
  (void)state;
  tree t;
  small(&t);
  size_t n;
  sets_pack(sets_path("holed.tar"), "ustar", NULL, t.members, t.n);
  uint8_t *bytes = sets_read(sets_path("holed.tar"), &n);
  for (size_t at = 512; at + 512 < n; at += 512)
    if (memcmp(bytes + at, "B/0.png", 7) == 0) {
      memset(bytes + at, 0, 512);
      break;
    }
  sets_write(sets_path("holed.tar"), bytes, n);
  free(bytes);
  sets_refused("holed.tar", "damaged after members behind end");
}

/* The checksum stands at the end of a gzip file, where a reader of tars has no need to look. */
static void test_the_checksum_of_gzip_is_looked_at(void **state) {
  (void)state;
  tree t;
  small(&t);
  size_t n;
  sets_pack(sets_path("sum.tar.gz"), "ustar", "gzip", t.members, t.n);
  uint8_t *bytes = sets_read(sets_path("sum.tar.gz"), &n);
  for (size_t back = 1; back <= 8; back++) {
    bytes[n - back] ^= 1;
    sets_write(sets_path("sum.tar.gz"), bytes, n);
    sets_refused("sum.tar.gz", back > 4 ? "incorrect data check" : "incorrect length check");
    bytes[n - back] ^= 1;
  }
  bytes = realloc(bytes, 2 * n + 3);
  assert_non_null(bytes);
  memcpy(bytes + n, "abc", 3);
  sets_write(sets_path("sum.tar.gz"), bytes, n + 3);
  sets_refused("sum.tar.gz", "other bytes behind the end");
  free(bytes);
}

/* ---- a part of what lies there ------------------------------------------------------------------ */

static void test_a_folder_in_an_archive(void **state) {
  (void)state;
  tree t = {.n = 0};
  add_png(&t, "one/A/0.png", 1);
  add_png(&t, "one/B/0.png", 2);
  add_png(&t, "two/A/0.png", 3);
  add_png(&t, "two/C/0.png", 4);
  refused_everywhere(&t, "one/A two/A several sets");
  for (size_t p = 0; p < 4; p++) {
    char inner[64];
    snprintf(inner, sizeof inner, "%s/two", pack(&t, p));
    syn_images *images = sets_open(inner);
    assert_int_equal(images->n, 2);
    assert_string_equal(images->class_names[1], "C");
    assert_string_equal(images->names[0], "A/0.png");
    syn_images_close(images);
  }
  sets_refused("tree0/three", "No such file");
}

/* Links lead out of the part, and PART itself may be one, or be typed in another form. */
static void test_links_out_of_a_part(void **state) {
  (void)state;
  tree t;
  small(&t);
  for (size_t i = 0; i < 4; i++)
    t.members[i].name = (const char *const[]){"all/" NFC "/0.png", "all/" NFC "/1.png",
                                              "all/B/0.png", "all/B/1.png"}[i];
  add_link(&t, "sub/A/0.png", "../../all/" NFC "/1.png");
  add_link(&t, "sub/B", "../all/B");
  add_link(&t, "other", "sub");
  for (size_t p = 0; p < 4; p++) {
    static const char *const parts[] = {"sub", "other", "/sub//", "./sub/."};
    const char *packed = pack(&t, p);
    char inner[64];
    for (size_t i = 0; i < 4; i++) {
      snprintf(inner, sizeof inner, "%s/%s", packed, parts[i]);
      syn_images *images = sets_open(inner);
      assert_int_equal(images->n, 3);
      assert_int_equal(images->n_skipped, 0);
      syn_images_close(images);
    }
    if (p) { /* on a disk the system takes names as they are */
      snprintf(inner, sizeof inner, "%s/all/" NFD, packed);
      syn_ctx ctx = {0};
      syn_images *images;
      assert_int_equal(syn_images_open(&images, sets_path(inner), &ctx), SYN_EINPUT);
      assert_non_null(strstr(ctx.error, "2 images lie side by side"));
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_soft_links_are_followed),
      cmocka_unit_test(test_links_among_links),
      cmocka_unit_test(test_links_to_pictures_under_other_names),
      cmocka_unit_test(test_links_to_nowhere_are_named),
      cmocka_unit_test(test_links_in_circles_are_named),
      cmocka_unit_test(test_hard_links_in_archives),
      cmocka_unit_test(test_hard_links_of_cpio),
      cmocka_unit_test(test_a_hard_link_keeps_the_older_bytes),
      cmocka_unit_test(test_other_images_are_counted),
      cmocka_unit_test(test_sets_of_other_kinds_are_told),
      cmocka_unit_test(test_jpeg_under_png_says_so),
      cmocka_unit_test(test_two_forms_of_a_folder_are_refused),
      cmocka_unit_test(test_two_forms_of_a_file_are_refused),
      cmocka_unit_test(test_hidden_images_are_named),
      cmocka_unit_test(test_absolute_names_are_told),
      cmocka_unit_test(test_folders_without_images_are_named),
      cmocka_unit_test(test_parts_are_the_split),
      cmocka_unit_test(test_a_third_part_is_left_out),
      cmocka_unit_test(test_black_glyphs_on_nothing_lie_on_white),
      cmocka_unit_test(test_images_all_of_one_grey_are_refused),
      cmocka_unit_test(test_cut_anywhere_is_all_or_an_error),
      cmocka_unit_test(test_names_in_a_zip_agree),
      cmocka_unit_test(test_a_hole_is_no_end),
      cmocka_unit_test(test_the_checksum_of_gzip_is_looked_at),
      cmocka_unit_test(test_a_folder_in_an_archive),
      cmocka_unit_test(test_links_out_of_a_part),
  };
  return cmocka_run_group_tests(tests, sets_begin, sets_end);
}
