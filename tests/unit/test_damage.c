/* Image sets that do not load: every error with its words, then archives cut and flipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <png.h>
#include <zlib.h>

#include "engine/base/random.h"
#include "engine/data/png.h"
#include "tests/unit/sets.h"

/* ---- not an archive ---------------------------------------------------------------------------- */

static void test_not_an_archive(void **state) {
  (void)state;
  sets_refused("nowhere.tar.gz", "No such file archive folder wanted");
  sets_write(sets_path("words.tar.gz"), "only a few words, and no archive of anything\n", 45);
  sets_refused("words.tar.gz", "not an archive of images .tar.gz .zip folder");
  sets_write(sets_path("empty.tar.gz"), "", 0);
  sets_refused("empty.tar.gz", "empty file");
  sets_member readme = {.name = "README", .bytes = "x", .n = 1};
  sets_pack(sets_path("bare.tar.gz"), "ustar", "gzip", &readme, 1);
  sets_refused("bare.tar.gz", "no image in it SET/CLASS/IMAGE.png");
  sets_unpack(sets_path("bare"), NULL, 0);
  sets_refused("bare", "no image in it SET/CLASS/IMAGE.png");
  assert_int_equal(mkfifo(sets_path("pipe"), 0600), 0); /* nobody writes: not to be waited for */
  sets_refused("pipe", "neither a file nor a folder");
  assert_int_equal(symlink("circle", sets_path("circle")), 0);
  sets_refused("circle", "Too many levels of symbolic links");
}

/* What no one here can unpack is named, with a program that can, and never "unknown error". */
static void test_archives_of_other_kinds(void **state) {
  (void)state;
  static const struct {
    const char *name, *bytes;
    size_t n;
    const char *words;
  } kinds[] = {
      {"x.7z", "7z\xbc\xaf\x27\x1c\0\4 and some more, more than its header", 44,
       "a 7z archive, nothing of it can be read unpack it and give its folder: 7z x FILE"},
      {"x.rar", "Rar!\x1a\7\0 and some more", 20, "a rar archive, nothing of it unrar x FILE"},
      {"y.rar", "Rar!\x1a\7\1\0 and some more", 21, "a rar archive, nothing of it unrar x FILE"},
      {"x.cpio", "070707 and some more", 20, "a cpio archive, nothing of it cpio -id"},
      {"x.cab", "MSCF\0\0\0\0 and some more", 21, "a cab archive, nothing of it 7z x FILE"},
      {"x.zip", "PK\3\4 and some more", 17, "a zip archive, nothing of it unzip FILE"},
      {"x.arj", "\x60\xea\x28\0\x1e and so on", 15, "an ARJ archive, not read 7z x FILE"},
      {"blob", "!<arch>\ndebian-binary", 21, "a Debian package not read 7z x FILE"},
      {"blob2", "hsqs and some more", 18, "squashfs image, not read unsquashfs FILE"},
      {"x.tar.lzo", "\x89LZO\0\r\n\x1a\n and", 13, "an lzop file, not read lzop -d FILE"},
      {"x.sit", "SIT! and", 8, "StuffIt not read unar FILE"}};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    syn_ctx ctx = {0};
    syn_images *images;
    sets_write(sets_path(kinds[i].name), kinds[i].bytes, kinds[i].n);
    sets_refused(kinds[i].name, kinds[i].words);
    assert_int_equal(syn_images_open(&images, sets_path(kinds[i].name), &ctx), SYN_EINPUT);
    assert_null(strstr(ctx.error, "unknown error"));
  }
}

/* A way to pack that libarchive does not know is no damage. */
static void test_an_unknown_compression(void **state) {
  (void)state;
  sets_member members[SETS_SMALL];
  sets_file files[SETS_SMALL];
  size_t n;
  sets_small(members, files, NULL);
  sets_pack(sets_path("method.zip"), "zip", NULL, members, SETS_SMALL);
  uint8_t *bytes = sets_read(sets_path("method.zip"), &n);
  for (size_t at = 0; at + 12 < n; at++)
    if (memcmp(bytes + at, "PK\3\4", 4) == 0)
      bytes[at + 8] = 6; /* "implode" */
    else if (memcmp(bytes + at, "PK\1\2", 4) == 0)
      bytes[at + 10] = 6;
  sets_write(sets_path("method.zip"), bytes, n);
  free(bytes);
  sets_refused("method.zip", "packed in a way not known here Unsupported implode give the folder");
}

/* Half a small archive, and half a larger one, of which members have been read by then. */
static void test_truncated(void **state) {
  (void)state;
  static uint8_t noise[500000];
  sets_member members[SETS_SMALL + 1];
  sets_file files[SETS_SMALL];
  sets_small(members, files, NULL);
  for (size_t i = 0; i < sizeof noise; i++)
    noise[i] = (uint8_t)syn_random_bits(8, SYN_STREAM_POINTS, 0, i);
  members[SETS_SMALL] = (sets_member){.name = "SET/noise", .bytes = noise, .n = sizeof noise};
  for (size_t large = 0; large < 2; large++) {
    sets_pack(sets_path("whole.tar.gz"), "ustar", "gzip", members, SETS_SMALL + large);
    size_t n;
    uint8_t *bytes = sets_read(sets_path("whole.tar.gz"), &n);
    sets_write(sets_path("cut.tar.gz"), bytes, n / 2);
    free(bytes);
    sets_refused("cut.tar.gz", "damaged or cut short truncated gzip");
  }
}

/* 80 MiB of zeros, in a member that is an image by name, one that leaves the archive, and one that is
 * no image at all: to pass over them is to unpack them, so they count whatever their name. */
static void test_bombs(void **state) {
  (void)state;
  static const char *const names[] = {"SET/A/zeros.png", "../zeros.png", "SET/zeros.txt"};
  const size_t n = (size_t)80 << 20;
  uint8_t *zeros = calloc(n, 1);
  assert_non_null(zeros);
  sets_member members[SETS_SMALL + 1];
  sets_file files[SETS_SMALL];
  sets_small(members, files, NULL);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    members[SETS_SMALL] = (sets_member){.name = names[i], .bytes = zeros, .n = n};
    sets_pack(sets_path("bomb.tar.zst"), "ustar", "zstd", members, SETS_SMALL + 1);
    sets_refused("bomb.tar.zst", "expands more than 1000 times");
  }
  free(zeros);
}

/* ---- a set that is not what it should be ------------------------------------------------------- */

/* The small set, and one member more, as an archive and on disk. */
static void refuse_with(sets_member more, const char *words) {
  sets_member members[SETS_SMALL + 1];
  sets_file files[SETS_SMALL];
  sets_small(members, files, NULL);
  members[SETS_SMALL] = more;
  sets_pack(sets_path("more.zip"), "zip", NULL, members, SETS_SMALL + 1);
  sets_refused("more.zip", words);
  char name[64];
  static int turn;
  snprintf(name, sizeof name, "more%d", turn++);
  sets_unpack(sets_path(name), members, SETS_SMALL + 1);
  sets_refused(name, words);
}

static void test_wrong_size_and_depth(void **state) {
  (void)state;
  sets_file file;
  uint8_t rows[32 * 32 * 2] = {0};
  sets_png(&file, &(sets_form){.width = 27, .height = 28, .depth = 8}, rows, 27);
  refuse_with((sets_member){.name = "SET/B/narrow.png", .bytes = file.bytes, .n = file.n},
              "SET/B/narrow.png 27x28 pixels every image must have 28x28");
  sets_png(&file, &(sets_form){.width = 28, .height = 28, .depth = 16}, rows, 56);
  refuse_with((sets_member){.name = "SET/B/deep.png", .bytes = file.bytes, .n = file.n},
              "SET/B/deep.png 16 bits 8 or fewer mogrify -depth 8");
}

static uint32_t crc_of(const uint8_t *bytes, size_t n) {
  uint32_t crc = 0xffffffff;
  while (n--) {
    crc ^= *bytes++;
    for (int bit = 0; bit < 8; bit++)
      crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc;
}

static void put32(uint8_t *at, uint32_t v) {
  for (int i = 0; i < 4; i++)
    at[i] = (uint8_t)(v >> (24 - 8 * i));
}

/* 100000x100000, with a sound CRC, would take 10 GB. The verdict comes from the 33 bytes of the
 * header alone, with nothing behind them to read. */
static void test_claimed_size(void **state) {
  (void)state;
  sets_file file;
  sets_grey(&file, 1);
  assert_int_equal(crc_of(file.bytes + 12, 17), /* the CRC here is libpng's */
                   (uint32_t)file.bytes[29] << 24 | (uint32_t)file.bytes[30] << 16 |
                       (uint32_t)file.bytes[31] << 8 | file.bytes[32]);
  put32(file.bytes + 16, 100000);
  put32(file.bytes + 20, 100000);
  put32(file.bytes + 29, crc_of(file.bytes + 12, 17));
  char why[SYN_PNG_WHY];
  uint8_t *header = malloc(33); /* so that a sanitizer sees a read past it */
  assert_non_null(header);
  memcpy(header, file.bytes, 33);
  assert_int_equal(syn_png_read(NULL, NULL, 28, 28, header, 33, why), SYN_PNG_WRONG);
  assert_string_equal(
      why, "100000x100000 pixels; every image must have 28x28: mogrify -resize 28x28! FILES");
  assert_int_equal(syn_png_read(NULL, NULL, 28, 28, header, 32, why), SYN_PNG_DAMAGED);
  free(header);
  refuse_with((sets_member){.name = "SET/A/huge.png", .bytes = file.bytes, .n = file.n},
              "SET/A/huge.png 100000x100000 pixels");
}

/* A PNG by hand: 8 bits, of this colour type, with a chunk before its pixels, which are (n) as zlib
 * packs them, and bytes behind its end. A chunk whose name begins with '!' gets a wrong CRC. */
static void chunk(sets_file *f, const char *name, const void *bytes, size_t n) {
  int wrong = *name == '!';
  uint8_t *at = f->bytes + f->n;
  put32(at, (uint32_t)n);
  memcpy(at + 4, name + wrong, 4);
  memcpy(at + 8, bytes, n);
  put32(at + 8 + n, crc_of(at + 4, n + 4) ^ (uint32_t)wrong);
  f->n += n + 12;
}

static syn_png_verdict read_by_hand(char why[SYN_PNG_WHY], uint8_t colour, const char *name,
                                    const void *bytes, size_t n, size_t rows, const char *behind) {
  static uint8_t raw[64 * 29], packed[64 * 29 + 100], pixels[784];
  uint8_t header[13] = {0, 0, 0, 28, 0, 0, 0, 28, 8, colour};
  sets_file f = {.n = 8};
  uLongf size = sizeof packed;
  memset(raw, 0, sizeof raw);
  raw[5] = 3; /* the largest index of the palette that is used */
  assert_int_equal(compress(packed, &size, raw, rows * 29), Z_OK);
  memcpy(f.bytes, "\x89PNG\r\n\x1a\n", 8);
  chunk(&f, "IHDR", header, 13);
  if (name)
    chunk(&f, name, bytes, n);
  chunk(&f, "IDAT", packed, size);
  chunk(&f, "IEND", "", 0);
  memcpy(f.bytes + f.n, behind, 4);
  return syn_png_read(pixels, NULL, 28, 28, f.bytes, f.n + 4, why);
}

static void test_nothing_in_a_png_is_passed_over(void **state) {
  (void)state;
  static const uint8_t colours[12] = {0};
  char why[SYN_PNG_WHY];
  const char *none = "\0\0\0\0";
  assert_int_equal(read_by_hand(why, 0, NULL, NULL, 0, 28, none), SYN_PNG_READ);
  assert_int_equal(read_by_hand(why, 0, "tRNS", "\0\3", 2, 28, none), SYN_PNG_READ);
  assert_int_equal(read_by_hand(why, 0, "!tRNS", "\0\3", 2, 28, none), SYN_PNG_DAMAGED);
  assert_non_null(strstr(why, "tRNS: CRC error"));
  assert_int_equal(read_by_hand(why, 0, "tRNS", "\0", 1, 28, none), SYN_PNG_DAMAGED);
  assert_int_equal(read_by_hand(why, 0, "tIME", "\0", 1, 28, none), SYN_PNG_READ);
  assert_int_equal(read_by_hand(why, 0, NULL, NULL, 0, 40, none), SYN_PNG_DAMAGED);
  assert_int_equal(read_by_hand(why, 0, NULL, NULL, 0, 28, "JUNK"), SYN_PNG_DAMAGED);
  assert_string_equal(why, "damaged PNG: other bytes behind its end");
  assert_int_equal(read_by_hand(why, 3, "PLTE", colours, 12, 28, none), SYN_PNG_READ);
  assert_int_equal(read_by_hand(why, 3, "PLTE", colours, 9, 28, none), SYN_PNG_DAMAGED);
  assert_non_null(strstr(why, "palette")); /* newer libraries see it before we do */
}

static void test_classes(void **state) {
  (void)state;
  sets_file file;
  sets_grey(&file, 9);
  refuse_with((sets_member){.name = "SET/D/bad.png", .bytes = "no", .n = 2},
              "class folder SET/D holds no image that can be read");
  refuse_with((sets_member){.name = "SET/A/deeper/9.png", .bytes = file.bytes, .n = file.n},
              "different depths SET/CLASS/IMAGE.png");
  sets_member members[SETS_SMALL];
  sets_file files[SETS_SMALL];
  sets_small(members, files, NULL);
  sets_pack(sets_path("one.tar"), "ustar", NULL, members, 2);
  sets_refused("one.tar", "only one class, A two or more");
}

/* 257 classes are one too many, 256 are not. */
static void test_too_many_classes(void **state) {
  (void)state;
  static char names[257][32];
  sets_member members[257];
  sets_file file;
  sets_grey(&file, 3);
  for (int i = 0; i < 257; i++) {
    snprintf(names[i], sizeof names[i], "SET/%03d/a.png", i);
    members[i] = (sets_member){.name = names[i], .bytes = file.bytes, .n = file.n};
  }
  sets_pack(sets_path("many.tar"), "ustar", NULL, members, 256);
  syn_images *images = sets_open("many.tar");
  assert_int_equal(images->classes, 256);
  assert_int_equal(images->labels[255], 255);
  syn_images_close(images);
  sets_pack(sets_path("many.tar"), "ustar", NULL, members, 257);
  sets_refused("many.tar", "more than 256 classes");
}

/* ---- cut and flipped --------------------------------------------------------------------------- */

typedef struct tally {
  size_t loaded, failed;
} tally;

/* Loads, or fails with one line; anything else ends the program. */
static void survive(tally *t, const uint8_t *bytes, size_t n) {
  syn_ctx ctx = {0};
  syn_images *images;
  const char *path = sets_path("damaged");
  sets_write(path, bytes, n);
  syn_status status = syn_images_open(&images, path, &ctx);
  if (status == SYN_OK) {
    assert_true(images->n > 0 && images->classes >= 2);
    assert_int_equal(strlen(images->digest), SYN_DIGEST_SIZE - 1);
    for (size_t i = 0; i < images->n; i++)
      assert_true(images->labels[i] < images->classes);
    for (size_t i = 0; i < images->n_skipped; i++)
      assert_true(*images->skipped[i].why && !strchr(images->skipped[i].why, '\n'));
    t->loaded++;
  } else {
    assert_int_equal(status, SYN_EINPUT);
    assert_null(images);
    assert_true(*ctx.error);
    assert_null(strpbrk(ctx.error, "\r\n"));
    t->failed++;
  }
  syn_images_close(images);
}

static void damage(const char *name, const char *format, const char *filter, tally *cuts,
                   tally *flips) {
  sets_member members[SETS_SMALL];
  sets_file files[SETS_SMALL];
  sets_small(members, files, NULL);
  sets_pack(sets_path(name), format, filter, members, SETS_SMALL);
  size_t n;
  uint8_t *bytes = sets_read(sets_path(name), &n);
  *cuts = *flips = (tally){0};
  for (size_t at = 0; at < n; at += 97)
    survive(cuts, bytes, at);
  for (uint32_t i = 0; i < 300; i++) {
    size_t at = syn_random_bits(1, SYN_STREAM_POINTS, 0, i) % n;
    uint8_t keep = bytes[at];
    bytes[at] ^= (uint8_t)(1 + syn_random_bits(2, SYN_STREAM_POINTS, 0, i) % 255);
    survive(flips, bytes, n);
    bytes[at] = keep;
  }
  free(bytes);
  print_message("%s: %zu bytes; cut, %zu load and %zu fail; flipped, %zu and %zu\n", name, n,
                cuts->loaded, cuts->failed, flips->loaded, flips->failed);
  assert_int_equal(flips->loaded + flips->failed, 300);
}

static void test_damaged_archives(void **state) {
  (void)state;
  tally cuts, flips;
  damage("corpus.tar.gz", "ustar", "gzip", &cuts, &flips);
  assert_true(cuts.failed > 0 && flips.failed > 0);
  damage("corpus.tar", "ustar", NULL, &cuts, &flips);
  assert_true(cuts.failed > 0 && cuts.loaded > 0 && flips.failed > 0 && flips.loaded > 0);
  damage("corpus.zip", "zip", NULL, &cuts, &flips);
  damage("corpus.tar.xz", "pax", "xz", &cuts, &flips);
  damage("corpus.7z", "7zip", NULL, &cuts, &flips);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_not_an_archive),
      cmocka_unit_test(test_archives_of_other_kinds),
      cmocka_unit_test(test_an_unknown_compression),
      cmocka_unit_test(test_truncated),
      cmocka_unit_test(test_bombs),
      cmocka_unit_test(test_wrong_size_and_depth),
      cmocka_unit_test(test_claimed_size),
      cmocka_unit_test(test_nothing_in_a_png_is_passed_over),
      cmocka_unit_test(test_classes),
      cmocka_unit_test(test_too_many_classes),
      cmocka_unit_test(test_damaged_archives),
  };
  return cmocka_run_group_tests(tests, sets_begin, sets_end);
}
