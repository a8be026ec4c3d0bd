/* Pairs of IDX files: what loads, whole files only, and every error with its words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "tests/unit/idx.h"

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
      cmocka_unit_test(test_qmnist),
      cmocka_unit_test(test_every_flipped_bit_of_gzip_is_seen),
      cmocka_unit_test(test_gzip_in_pieces),
      cmocka_unit_test(test_claims_cost_no_memory),
      cmocka_unit_test(test_pairs),
      cmocka_unit_test(test_wrong),
      cmocka_unit_test(test_cut),
  };
  return cmocka_run_group_tests(tests, sets_begin, sets_end);
}
