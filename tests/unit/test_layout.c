/* What folders mean, by their names alone: the layouts that are understood, and the words for others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/data/layout.h"

#define MOST 16

typedef struct tried {
  syn_place places[MOST];
  size_t n;
  syn_layout layout;
  syn_status status;
  syn_ctx ctx;
  syn_arena arena;
} tried;

/* `folders` separated by commas, in order; an empty one is "-". */
static void list(syn_place *places, size_t *n, char *text) {
  char *rest = text;
  *n = 0;
  for (char *folder; (folder = strtok_r(rest, ",", &rest)); ++*n) {
    assert_true(*n < MOST);
    places[*n] = (syn_place){.folder = strcmp(folder, "-") ? folder : "", .images = 4};
  }
}

static void decide(tried *t, const char *folders, const char *empty_folders) {
  static char text[2][400];
  syn_place empty[MOST];
  size_t n_empty = 0;
  syn_names names = {.arena = &t->arena};
  *t = (tried){.n = 0};
  snprintf(text[0], sizeof text[0], "%s", folders);
  snprintf(text[1], sizeof text[1], "%s", empty_folders);
  list(t->places, &t->n, text[0]);
  list(empty, &n_empty, text[1]);
  t->status =
      syn_layout_decide(&t->layout, t->places, t->n, empty, n_empty, &names, "PATH", &t->ctx);
}

/* `wanted`: for each place "CLASS" with ":t", ":v" or ":-" for its side. */
static void understood(const char *folders, const char *wanted, const char *text) {
  tried t;
  char got[400] = "";
  decide(&t, folders, "");
  if (t.status)
    fail_msg("%s: %s", folders, t.ctx.error);
  for (size_t i = 0; i < t.n; i++) {
    static const char *const sides[] = {"", ":t", ":v", ":-"};
    size_t used = strlen(got);
    snprintf(got + used, sizeof got - used, "%s%s%s", i ? "," : "",
             t.places[i].class ? t.places[i].class : "?", sides[t.places[i].side]);
  }
  assert_string_equal(got, wanted);
  if (!strstr(t.layout.text, text))
    fail_msg("%s: '%s' lacks '%s'", folders, t.layout.text, text);
  assert_int_equal(t.layout.split, strstr(wanted, ":t") != NULL);
  syn_arena_close(&t.arena);
}

static void refused_with(const char *folders, const char *empty, const char *words) {
  tried t;
  char list_of_words[300], *rest = list_of_words;
  decide(&t, folders, empty);
  if (t.status != SYN_EINPUT)
    fail_msg("%s: not refused", folders);
  assert_int_equal(strncmp(t.ctx.error, "PATH: ", 6), 0);
  snprintf(list_of_words, sizeof list_of_words, "%s", words);
  for (char *word; (word = strtok_r(rest, "|", &rest));)
    if (!strstr(t.ctx.error, word))
      fail_msg("%s: '%s' lacks '%s'", folders, t.ctx.error, word);
  syn_arena_close(&t.arena);
}

static void test_classes_below_any_folders(void **state) {
  (void)state;
  understood("A,B", "A,B", "CLASS/IMAGE");
  understood("SET/A,SET/B,SET/C", "A,B,C", "CLASS/IMAGE");
  understood("x/y/z/A,x/y/z/AB", "A,AB", "CLASS/IMAGE");
  understood("by_class/30,by_class/31", "30,31", "CLASS/IMAGE");
  understood("A", "A", "CLASS/IMAGE"); /* one class: refused elsewhere, with its name */
  understood("data/train/A,data/train/B", "A,B", "CLASS/IMAGE");
  understood("bus,train,test tube", "bus,train,test tube", "CLASS/IMAGE");
}

static void test_parts_before_classes(void **state) {
  (void)state;
  understood("test/A,test/B,train/A,train/B", "A:v,B:v,A:t,B:t", "train trains, test validates");
  understood("s/Training/A,s/Training/B,s/Validation/A", "A:t,B:t,A:v",
             "Training trains, Validation validates");
  understood("test/A,train/A,val/A", "A:-,A:t,A:v", "test is left out");
}

static void test_parts_behind_classes(void **state) {
  (void)state;
  understood("A/test,A/train,B/test,B/train", "A:v,A:t,B:v,B:t", "CLASS/PART/IMAGE");
  understood("A/train,B/train", "A,B", "all in train");
}

static void test_a_preview_has_no_class(void **state) {
  (void)state;
  understood("-,A,B", "?,A,B", "CLASS/IMAGE");
  understood("SET,SET/A,SET/B", "?,A,B", "CLASS/IMAGE");
  understood("-,SET,SET/A,SET/B,SET/C", "?,?,A,B,C", "CLASS/IMAGE");
}

static void test_other_folders_are_refused(void **state) {
  (void)state;
  refused_with("-", "", "4 images lie side by side|no class folder|SET/CLASS/IMAGE.png");
  refused_with("test,train", "", "test and train are parts of a set|no class folders");
  refused_with("A,B,B/deeper", "", "different depths|A|B/deeper");
  refused_with("test,train/A,train/B", "", "different depths|test|train/A");
  refused_with("one/A,one/B,two/A,two/B", "", "one/A|two/A|several sets side by side");
  refused_with("one/A,one/B,two/C,two/D", "", "two levels|one/A|two/D|which one is the class");
  refused_with("30/hsf_0,30/hsf_1,31/hsf_0", "", "30/hsf_0|31/hsf_0");
  refused_with("Greek/character01,Latin/character01", "", "Greek/character01|Latin/character01");
  refused_with("extra/A,test/A,train/A", "", "extra/A");
  refused_with("test/A,val/A", "", "val and test are there, but no train");
  refused_with("train/A,val/A,valid/A", "", "val and valid are names of the same part");
  refused_with("test/A,test/B,train/A", "", "class B|not among the images to train");
  refused_with("a/b/A,c/d/B", "", "a/b/A|c/d/B");
}

/* The number of folders comes first: what compares them all is never given very many. */
static void test_very_many_folders(void **state) {
  (void)state;
  static syn_place places[1025];
  static char names[1025][16];
  syn_layout layout;
  syn_ctx ctx = {0};
  syn_arena arena = {0};
  for (int i = 0; i < 1025; i++) {
    snprintf(names[i], sizeof names[i], "c%04d", i);
    places[i] = (syn_place){.folder = names[i], .images = 1};
  }
  assert_int_equal(syn_layout_decide(&layout, places, 1025, NULL, 0, &(syn_names){.arena = &arena},
                                     "PATH", &ctx),
                   SYN_EINPUT);
  assert_string_equal(ctx.error, "PATH: images lie in 1025 folders; that is more than 256 classes");
  syn_arena_close(&arena);
}

static void test_empty_classes_are_refused(void **state) {
  (void)state;
  refused_with("A,B", "C", "class folder C holds no image that can be read");
  refused_with("SET/A,SET/B", "SET/C", "class folder SET/C");
  refused_with("test/A,train/A,train/B", "test/B", "class folder test/B");
  tried t;
  decide(&t, "SET/A,SET/B", "other/C,SET"); /* neither lies where classes do */
  assert_int_equal(t.status, SYN_OK);
  syn_arena_close(&t.arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_classes_below_any_folders),
      cmocka_unit_test(test_parts_before_classes),
      cmocka_unit_test(test_parts_behind_classes),
      cmocka_unit_test(test_a_preview_has_no_class),
      cmocka_unit_test(test_other_folders_are_refused),
      cmocka_unit_test(test_very_many_folders),
      cmocka_unit_test(test_empty_classes_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
