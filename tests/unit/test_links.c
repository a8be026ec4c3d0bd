/* Links in a set: soft and hard, to links, to nowhere and in circles; the same in every packing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/random.h"
#include "tests/unit/trees.h"

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

/* What cannot be read tells no layout: the reason is said, and not what its place would mean. */
static void test_links_to_nowhere_where_no_class_is(void **state) {
  (void)state;
  tree t;
  small(&t);
  t.n = 2;
  add_link(&t, "C.png", "gone.png"); /* beside one class */
  refused_everywhere(&t, "only one class, A; not in the set: C.png: link to gone.png, not there");
  t.members[2].name = "B.d";
  refused_everywhere(&t, "only one class, A; B.d: link to gone.png,");
  add_bytes(&t, "notes/readme.txt", "words", 5);
  refused_everywhere(&t, "B.d: link to gone.png, there; and 1 more");
  t.n = 2;
  add_link(&t, "A/deep/2.png", "gone.png"); /* below it */
  refused_everywhere(&t, "A/deep holds no image that can be read: link to gone.png,");
  t.members[2].name = "x/y/z/2.png"; /* elsewhere */
  refused_everywhere(&t, "x/y/z holds no image that can be read: link to gone.png,");
  t.n = 0;
  add_link(&t, "C.png", "gone.png"); /* alone */
  refused_everywhere(&t, "no image in it can be read: C.png: link to gone.png, not there");
  add_png(&t, "x/A/0.png", 1);
  add_png(&t, "y/B/0.png", 2);
  t.members[0].name = "z/2.png"; /* beside two levels */
  refused_everywhere(&t, "z holds no image that can be read: link to gone.png,");
}

static void test_links_in_circles_are_named(void **state) {
  (void)state;
  tree t;
  small(&t);
  add_link(&t, "A/up.d", "..");
  add_link(&t, "B/self.d", "self.d");
  everywhere(&t, 4,
             "A/up.d: a link that leads back to where it lies\nB/self.d: a link that leads back");
  small(&t);
  add_link(&t, "A/2.png", "3.png"); /* at each other */
  add_link(&t, "A/3.png", "../A/2.png");
  add_link(&t, "B/2.png", "../A/2.png");      /* into a circle */
  add_link(&t, "B/3.png", "../A/2.png/deep"); /* through one */
  add_link(&t, "B/4.png", "5.png");
  add_link(&t, "B/5.png", "gone.png");
  everywhere(
      &t, 4,
      "A/2.png: a link that leads back to where it lies\nA/3.png: a link that leads back to "
      "where it lies\nB/2.png: a link that leads back to where it lies\nB/3.png: a link that "
      "leads back to where it lies\nB/4.png: a link to 5.png, which is not there\n"
      "B/5.png: a link to gone.png, which is not there\n");
  small(&t);
  add_link(&t, "C", "D"); /* as folders */
  add_link(&t, "D", "C");
  refused_everywhere(&t, "class folder C holds no image a link that leads back to where it lies");
  small(&t);
  add_link(&t, "A/C", "../D");
  add_link(&t, "D", "A/C");
  refused_everywhere(&t, "class folder D holds no image a link that leads back to where it lies");
  small(&t);
  add_link(&t, "C", "D/E/F"); /* round by the folder that holds them */
  add_link(&t, "D/E", "../C");
  add_png(&t, "D/0.png", 9);
  refused_everywhere(&t, "class folder C holds no image a link that leads back to where it lies");
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

/* A link is what its own name says, like a file of that name. */
static void test_links_count_by_their_names(void **state) {
  (void)state;
  tree t;
  small(&t);
  add_link(&t, "A/C.d", "0.png");
  add_bytes(&t, "B/a.txt", "words", 5);
  add_bytes(&t, "B/b.jpg", "\xff\xd8\xff", 3);
  add_link(&t, "B/a.png", "a.txt");
  add_link(&t, "B/b.png", "b.jpg");
  add_link(&t, "B/c.jpg", "0.png");
  add_png(&t, "B/d.jpg", 9);
  add_link(&t, "B/d.png", "d.jpg");
  everywhere(
      &t, 5,
      "A/C.d: 1 image of this folder: PNG without .png at the end of its name, not read: name "
      "them so: for f in FILES; do mv \"$f\" \"$f.png\"; done\n"
      "B/a.png: not a PNG\nB/b.jpg: 3 images of this folder: JPEG, not read: make PNGs of "
      "them: mogrify -format png FILES (package imagemagick)\nB/b.png: not a PNG by its bytes: "
      "JPEG");
}

/* "..", "." and a slash at the end want folders that are there, and through a link ".." is the folder
 * above what it leads to. */
static void test_links_lead_where_the_system_finds_it(void **state) {
  (void)state;
  tree t;
  small(&t);
  add_png(&t, "N/x.png", 9);
  add_bytes(&t, "N/deep/r.txt", "words", 5);
  add_link(&t, "A/to", "../N/deep");
  add_link(&t, "A/2.png", "to/../x.png");
  add_link(&t, "A/3.png", "../A/./../B//0.png");
  add_link(&t, "A/4.png", "gone/../0.png");
  add_link(&t, "A/5.png", "0.png/../1.png");
  add_link(&t, "A/6.png", "0.png/");
  add_link(&t, "A/7.png", "../../A/0.png"); /* out of the archive */
  everywhere(&t, 4 + 1 + 2,
             "A/4.png: a link to gone/../0.png, which is not there\nA/5.png: a link to "
             "0.png/../1.png, which is not there\nA/6.png: a link to 0.png/, which is not there\n"
             "A/7.png: a link to ../../A/0.png, which is not there\nA/to: no class");
}

/* Thirty folders that lead to each other in two ways are 2^30 files: an error in little time and memory. */
static void test_links_that_multiply(void **state) {
  (void)state;
  static char names[60][16], targets[30][16];
  static sets_member members[62];
  tree t;
  small(&t);
  members[60] = t.members[0];
  members[61] = t.members[2];
  for (size_t i = 0; i < 60; i++) {
    snprintf(names[i], sizeof names[i], "f%zu/%c", i / 2, i % 2 ? 'x' : 'y');
    snprintf(targets[i / 2], sizeof targets[0], "../f%zu", i / 2 + 1);
    members[i] = (sets_member){.name = names[i], .kind = SETS_SYMLINK, .target = targets[i / 2]};
  }
  sets_pack(sets_path("bomb.tar"), "ustar", NULL, members, 62);
  sets_refused("bomb.tar", "more than 2000000 members what links lead to");
}

/* Is there anything of the name in the tree, or anything below it, or it below that? */
static int is_taken(const tree *t, const char *name) {
  for (size_t i = 0; i < t->n; i++) {
    const char *other = t->members[i].name;
    size_t n = strlen(name), m = strlen(other), both = n < m ? n : m;
    if (strncmp(name, other, both) == 0 && (n == m || (n < m ? other : name)[both] == '/'))
      return 1;
  }
  return 0;
}

static uint32_t draw(uint32_t seed, uint32_t *i, uint32_t below) {
  return (uint32_t)syn_random_bits(seed, SYN_STREAM_POINTS, 1, (*i)++) % below;
}

#define ABOVE "s/s/s/s/s/s/s/s/" /* so that no link leads out of the tree */

/* Trees by chance, full of links: whatever comes of one, it is the same in every packing. */
static void test_trees_by_chance(void **state) {
  (void)state;
  static const char *const parts[] = {"A", "B",  "C.d", "x.png", "0.png",
                                      "D", "..", ".",   "gone",  ""};
  for (uint32_t seed = 0; seed < 60; seed++) {
    tree t;
    char names[12][64], targets[12][64], first[4000] = "", said[4000];
    uint32_t i = 0;
    small(&t);
    for (size_t k = 0; k < 12; k++) {
      const char *folder = parts[draw(seed, &i, 3)], *leaf = parts[2 + draw(seed, &i, 4)];
      if (k < 4)
        snprintf(names[k], sizeof names[k], ABOVE "%s", t.members[k].name);
      else
        snprintf(names[k], sizeof names[k], ABOVE "%s%s%s", folder, draw(seed, &i, 3) ? "/" : ".",
                 leaf);
      *targets[k] = '\0';
      for (uint32_t more = 1 + draw(seed, &i, 3); more--;)
        snprintf(targets[k] + strlen(targets[k]), 16, "%s%s", *targets[k] ? "/" : "",
                 parts[draw(seed, &i, more ? 10 : 9)]);
      if (k < 4)
        t.members[k].name = names[k];
      else if (is_taken(&t, names[k]) || !*targets[k] || *targets[k] == '/')
        continue;
      else if (draw(seed, &i, 4))
        add_link(&t, names[k], targets[k]);
      else
        add_png(&t, names[k], 10 + (uint32_t)k);
    }
    for (size_t p = 0; p < TREES_PACKINGS; p++) {
      syn_ctx ctx = {0};
      syn_images *images;
      const char *name = pack(&t, p);
      if (syn_images_open(&images, sets_path(name), &ctx) == SYN_OK) {
        snprintf(said, sizeof said, "%s\n", images->digest);
        for (size_t s = 0; s < images->n_skipped; s++)
          snprintf(said + strlen(said), sizeof said - strlen(said), "%s: %s\n",
                   images->skipped[s].name, images->skipped[s].why);
      } else {
        snprintf(said, sizeof said, "%s", strchr(ctx.error, ':'));
      }
      syn_images_close(images);
      if (p)
        assert_string_equal(said, first);
      memcpy(first, said, sizeof first);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_soft_links_are_followed),
      cmocka_unit_test(test_links_among_links),
      cmocka_unit_test(test_links_to_pictures_under_other_names),
      cmocka_unit_test(test_links_to_nowhere_are_named),
      cmocka_unit_test(test_links_to_nowhere_where_no_class_is),
      cmocka_unit_test(test_links_in_circles_are_named),
      cmocka_unit_test(test_links_count_by_their_names),
      cmocka_unit_test(test_links_lead_where_the_system_finds_it),
      cmocka_unit_test(test_links_that_multiply),
      cmocka_unit_test(test_trees_by_chance),
      cmocka_unit_test(test_hard_links_in_archives),
      cmocka_unit_test(test_hard_links_of_cpio),
      cmocka_unit_test(test_a_hard_link_keeps_the_older_bytes),
  };
  return cmocka_run_group_tests(tests, sets_begin, sets_end);
}
