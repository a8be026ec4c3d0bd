/* Names of members: both forms of Unicode, hidden ones, those that leave, folders without images; and a
 * part of what lies there by its name. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/trees.h"

/* ---- names ----------------------------------------------------------------------------------- */

/* Packs as one does whose locale is UTF-8: then zip, pax and 7z say that their names are Unicode. */
static const char *pack_unicode(const tree *t, size_t p) {
  setlocale(LC_ALL, "C.UTF-8"); /* where there is none, bytes stay bytes */
  const char *name = pack(t, p);
  setlocale(LC_ALL, "C");
  return name;
}

/* Names that came as they were typed are told apart in the same words. */
static void test_two_forms_of_a_folder_are_refused(void **state) {
  (void)state;
  static const char *const forms[][3] = {{NFC, NFD, NFC},
                                         {"\xef\xa8\x99", "\xe7\xa5\x9e", "\xe7\xa5\x9e"}};
  for (size_t f = 0; f < 2; f++) {
    tree t;
    char names[2][32];
    char first[SYN_ERROR_SIZE] = "";
    small(&t);
    for (uint32_t i = 0; i < 2; i++) {
      snprintf(names[i], sizeof names[i], "%s/%u.png", forms[f][i], i);
      add_png(&t, names[i], 5 + i);
    }
    for (size_t members = 0; members < 2;
         members++) { /* with members for folders, as tar has them */
      static const size_t typed[] = {0, 1, 5};
      for (size_t p = 0; p < 3; p++) {
        syn_ctx ctx = {0};
        syn_images *images;
        const char *name = pack(&t, typed[p]);
        sets_refused(name, "two folders Unicode bytes) rename");
        assert_int_equal(syn_images_open(&images, sets_path(name), &ctx), SYN_EINPUT);
        if (!*first)
          snprintf(first, sizeof first, "%s", strchr(ctx.error, ':'));
        assert_string_equal(strchr(ctx.error, ':'), first);
        assert_null(strchr(first, '/'));
      }
      for (size_t i = 0; i < 2; i++)
        t.members[t.n++] = (sets_member){.name = forms[f][i], .kind = SETS_FOLDER};
    }
    t.n -= 4;
    for (size_t p = 2; p < 5; p++) { /* handed on in one form, and one class; or seen */
      syn_ctx ctx = {0};
      syn_images *images;
      if (syn_images_open(&images, sets_path(pack_unicode(&t, p)), &ctx) == SYN_OK) {
        assert_int_equal(images->n, 6);
        assert_int_equal(images->classes, 3);
        assert_string_equal(images->class_names[2], forms[f][2]);
      } else {
        assert_non_null(strstr(ctx.error, "two folders"));
      }
      syn_images_close(images);
    }
    t.n--;
    for (size_t p = 0; p < TREES_PACKINGS; p++) { /* one form alone is a class, named in NFC */
      syn_images *images = sets_open(pack_unicode(&t, p));
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
  for (size_t p = 0; p < TREES_PACKINGS; p++)
    sets_refused(pack_unicode(&t, p), NFC ".png twice NFC NFD");
  t.members[4].name = NFC "/0.png"; /* in two folders, where their forms are seen those are told */
  t.members[5].name = NFD "/0.png";
  for (size_t p = 0; p < TREES_PACKINGS; p++)
    sets_refused(pack_unicode(&t, p), NFC " NFC NFD rename one of");
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
    everywhere(
        &t, 4,
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
  add_link(&t, "val/gone", "away");
  t.members[t.n++] = (sets_member){.name = "test", .kind = SETS_FOLDER};
  everywhere(&t, 4,
             "test: no class: there is no image in it\nval: no class: there is no image in it\n"
             "val/gone: a link to away");
}

/* ---- a part of what lies there --------------------------------------------------------------- */

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
      cmocka_unit_test(test_two_forms_of_a_folder_are_refused),
      cmocka_unit_test(test_two_forms_of_a_file_are_refused),
      cmocka_unit_test(test_hidden_images_are_named),
      cmocka_unit_test(test_absolute_names_are_told),
      cmocka_unit_test(test_folders_without_images_are_named),
      cmocka_unit_test(test_a_folder_in_an_archive),
      cmocka_unit_test(test_links_out_of_a_part),
  };
  return cmocka_run_group_tests(tests, sets_begin, sets_end);
}
