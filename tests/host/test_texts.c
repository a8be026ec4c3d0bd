/* Texts by number, and runs by key: thousands of them, over many larger tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "experiments/host/base/texts.h"
#include "experiments/host/store/lines.h"

#define MANY 5000

static void texts_have_one_number_each(void **state) {
  (void)state;
  host_texts texts = {0};
  char text[32];
  for (int again = 0; again < 2; again++)
    for (uint32_t i = 0; i < MANY; i++) {
      int size = snprintf(text, sizeof text, "text %u", i);
      assert_int_equal(host_texts_number(&texts, text, (size_t)size), i + 1);
    }
  for (uint32_t i = 0; i < MANY; i++) {
    snprintf(text, sizeof text, "text %u", i);
    assert_string_equal(host_texts_at(&texts, i + 1), text);
  }
  host_texts_close(&texts);
}

/* The beginning of a text, and what differs behind a byte of value 0, are others. */
static void texts_are_told_apart_by_all_their_bytes(void **state) {
  (void)state;
  host_texts texts = {0};
  assert_int_equal(host_texts_number(&texts, "a\0b", 3), 1);
  assert_int_equal(host_texts_number(&texts, "a\0c", 3), 2);
  assert_int_equal(host_texts_number(&texts, "a", 1), 3);
  assert_int_equal(host_texts_number(&texts, "", 0), 4);
  assert_int_equal(host_texts_number(&texts, "a\0b", 3), 1);
  assert_memory_equal(host_texts_at(&texts, 1), "a\0b", 4);
  host_texts_close(&texts);
}

/* Keys whose first bytes are the same, too, so that many want the same place. */
static void key_of(char key[SYN_DIGEST_SIZE], unsigned i) {
  snprintf(key, SYN_DIGEST_SIZE, "%016x%048x", i % 100, i);
}

static void lines_are_found_by_key(void **state) {
  (void)state;
  host_lines lines = {0};
  char key[SYN_DIGEST_SIZE];
  assert_true(host_lines_reserve(&lines, MANY));
  const host_line *there = lines.list;
  for (unsigned i = 0; i < MANY; i++) {
    host_line line = {.at = i};
    key_of(key, i);
    assert_int_equal(host_lines_of(&lines, key), HOST_NO_LINE);
    assert_true(host_key_bytes(line.key, key));
    assert_true(host_lines_add(&lines, &line));
  }
  assert_ptr_equal(lines.list, there); /* all of that had room */
  for (unsigned i = 0; i < MANY; i++) {
    key_of(key, i);
    assert_int_equal(lines.list[host_lines_of(&lines, key)].at, i);
  }
  assert_int_equal(host_lines_of(&lines, "no key"), HOST_NO_LINE);
  host_lines_close(&lines);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(texts_have_one_number_each),
      cmocka_unit_test(texts_are_told_apart_by_all_their_bytes),
      cmocka_unit_test(lines_are_found_by_key),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
