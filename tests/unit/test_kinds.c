/* What lies among the images, or in their place, and is not read: it is named, with the way to convert it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/trees.h"

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
      "FILES (package imagemagick)\nA/c.gif: 1 image of this folder: GIF");
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

/* A tar begins with the name of its first member, which may be that of a format. */
static void test_a_tar_is_no_picture(void **state) {
  (void)state;
  static const char *const names[] = {"BMW", "GIF8", "0707", "PAR1", "SIT!", "xx-lh5"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    tree t = {.n = 0};
    char images[2][32];
    for (uint32_t k = 0; k < 2; k++) {
      snprintf(images[k], sizeof images[k], "%s/%u/0.png", names[i], k);
      add_png(&t, images[k], k + 1);
    }
    everywhere(&t, 2, "");
  }
}

static void test_jpeg_under_png_says_so(void **state) {
  (void)state;
  tree t;
  small(&t);
  add_bytes(&t, "A/2.png", "\xff\xd8\xff\xe0 and so on", 14);
  everywhere(&t, 4, "A/2.png: not a PNG by its bytes: JPEG");
}

/* Beside the images an archive is no part of the set; alone it may be the set, which is to be given. */
static void test_archives_in_a_set(void **state) {
  (void)state;
  tree t;
  small(&t);
  add_bytes(&t, "all.tar.gz", "bytes", 5);
  everywhere(
      &t, 4,
      "all.tar.gz: a tar archive, not read: give it alone, or unpack it and give its folder");
  t.n = 0;
  add_bytes(&t, "a/inner.zip", "bytes", 5);
  refused_everywhere(&t, "a/inner.zip: a zip archive, not read: give it alone, or unzip FILE");
}

/* As "tar czf set.tar.gz *" leaves it the second time. */
static void test_a_set_packed_in_its_own_folder(void **state) {
  (void)state;
  tree t;
  small(&t);
  sets_unpack(sets_path("own"), t.members, t.n);
  add_bytes(&t, "set.zip", "PK\3\4", 4);
  sets_pack(sets_path("own/set.zip"), "zip", NULL, t.members, t.n);
  for (int whole = 0; whole < 2; whole++) {
    syn_images *images = sets_open(whole ? "own" : "own/set.zip");
    assert_int_equal(images->n, 4);
    assert_int_equal(images->n_skipped, 1);
    if (!strstr(images->skipped[0].why, whole ? "give it alone" : "give the folder it lies in: /"))
      fail_msg("%s", images->skipped[0].why);
    syn_images_close(images);
  }
  sets_pack(sets_path("own/set.zip"), "zip", NULL, t.members + 4, 1);
  sets_refused("own/set.zip", "no PNG in it, packed into itself; give the folder it lies in: /own");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_other_images_are_counted),
      cmocka_unit_test(test_sets_of_other_kinds_are_told),
      cmocka_unit_test(test_a_tar_is_no_picture),
      cmocka_unit_test(test_jpeg_under_png_says_so),
      cmocka_unit_test(test_archives_in_a_set),
      cmocka_unit_test(test_a_set_packed_in_its_own_folder),
  };
  return cmocka_run_group_tests(tests, sets_begin, sets_end);
}
