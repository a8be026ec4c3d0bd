/* What is the whole record of a run, and what of it is said to be wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "experiments/host/store/shape.h"

#define KEY "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char good[] =
    "{\"batch\":{\"accuracy\":1.0,\"loss\":1.2e-05},"
    "\"curve\":{\"accuracy\":[0.5,null],\"cosine\":[null,-0.25],\"iteration\":[1,2],"
    "\"loss\":[1e300,2],\"validation_accuracy\":[null,null],\"validation_loss\":[null,null]},"
    "\"data\":{\"digest\":\"" KEY "\",\"dropped\":0,\"leaked\":0,\"n\":10,\"name\":\"\xc3\xa4\","
    "\"train\":7,\"validation\":3},\"iterations\":2,\"key\":\"" KEY "\","
    "\"map\":{\"cells\":2,\"learned\":[1,2,3,4],\"target\":[1,2,3,null]},\"of_a_later_version\":[{}"
    "],"
    "\"policies\":{\"final\":\"a,b\\n1,2\\n\\ud83d\\ude00\"},\"rewards_up\":1,"
    "\"spec\":{\"method\":\"synaptic\",\"net\":[2,3,1],\"policy\":{\"name\":\"random\"},\"seed\":1,"
    "\"task\":\"boundary\"},"
    "\"status\":\"ended\",\"synapses\":13,"
    "\"trace\":{\"action\":\"0123456789abcdef\",\"loss\":\"0123456789abcdef\","
    "\"weight\":\"0123456789abcdef\"},\"train\":{\"accuracy\":null,\"loss\":null},"
    "\"validation\":{\"accuracy\":0,\"loss\":-1}}";

static int is_record(char why[HOST_SHAPE_WHY], const char *text, size_t n) {
  json_t *record = host_shape_record(why, text, n);
  json_decref(record);
  return record != NULL;
}

static int is_line(char why[HOST_SHAPE_WHY], const char *text, size_t n) {
  json_t *line = host_shape_line(why, text, n);
  json_decref(line);
  return line != NULL;
}

typedef struct change {
  const char *from, *to; /* the first `from` of the text becomes `to` */
  const char *why;       /* NULL: it is whole still */
} change;

static const change changes[] = {
    {"", "", NULL},
    {"\"status\":\"ended\"", "\"status\":\"diverged\"", NULL},
    {"\"status\":\"ended\"", "\"status\":\"failed\"", "'status' is none of"},
    {"\"status\":\"ended\"", "\"status\":\"wow\"", "'status' is none of"},
    {"\"status\":\"ended\"", "\"status\":1", "'status' is none of"},
    {"\"status\":\"ended\",", "", "'status' is missing"},
    {"\"spec\":", "\"sp\":", "'spec' is missing"},
    {"\"synapses\":13", "\"synapses\":\"many\"", "'synapses' is no whole number"},
    {"\"synapses\":13", "\"synapses\":13.5", "'synapses' is no whole number"},
    {"\"synapses\":13", "\"synapses\":-13", "'synapses' is no whole number"},
    {"\"synapses\":13", "\"synapses\":99999999999999999999", "too big integer"},
    {"\"synapses\":13", "\"synapses\":013", "invalid token"},
    {"\"synapses\":13", "\"synapses\":13,\"synapses\":14", "duplicate object key"},
    {"{\"accuracy\":1.0,\"loss\":1.2e-05}", "null", "'batch' is no object"},
    {"\"loss\":1.2e-05", "\"loss\":1e999", "real number overflow"},
    {"\"loss\":1.2e-05", "\"loss\":NaN", "invalid token"},
    {"\"loss\":1.2e-05", "\"lost\":1.2e-05", "'batch.loss' is missing"},
    {"\"accuracy\":1.0", "\"accuracy\":1.5", "'batch.accuracy' is no number from 0 to 1"},
    {"[1,2],\"loss\"", "[1,2,3],\"loss\"", "'curve.iteration' is not as long as the others"},
    {"[1,2],\"loss\"", "[1,-2],\"loss\"", "'curve.iteration[2]' is no whole number"},
    {"[1,2],\"loss\"", "7,\"loss\"", "'curve.iteration' is no list"},
    {"[null,-0.25]", "[null,\"x\"]", "'curve.cosine[2]' is no number"},
    {"[null,-0.25]", "[null,1e308]", "'curve.cosine[2]' is no number from -1 to 1"},
    {"[0.5,null]", "[7,null]", "'curve.accuracy[1]' is no number from 0 to 1"},
    {"\"iterations\":2", "\"iterations\":9223372036854775807", "'iterations' is no whole number"},
    {"\"rewards_up\":1,", "\"rewards_up\":1,\"seconds\":1e300,", "'seconds' is no number from 0"},
    {"\"task\":\"boundary\"", "\"tusk\":1", "'spec.task' is missing"},
    {"\"seed\":1", "\"seed\":\"x\"", "'spec.seed' is no number"},
    {"\"data\":", "\"date\":", NULL}, /* a boundary has none */
    {"[1,2,3,4]", "[1,2,3,4,5]", "'map.target' is not as long as the others"},
    {"\"cells\":2", "\"cells\":3", "'map' is not as large as it says"},
    {"{\"final\":", "{\"final\":5,\"other\":", "'policies.final' is no text"},
    {"a,b", "\\u0000", "\\u0000"},
    {"a,b", "\\ud800", "invalid Unicode"},
    {"a,b", "\\ude00", "invalid Unicode"},
    {"a,b", "\xff", "unable to decode byte"},
    {"a,b", "\xed\xa0\x80", "unable to decode byte"},
    {"a,b", "\xc0\x80", "unable to decode byte"},
    {"a,b", "\n", "unexpected newline"},
    {"a,b", "\\x", "invalid escape"},
    {"\"action\":\"0", "\"action\":\"g", "'trace.action' is no digest"},
    {"\"rewards_up\":1,", "\"rewards_up\":1,\"seconds\":-5,", "'seconds' is no number from 0"},
    {"\"rewards_up\":1,", "\"rewards_up\":1,\"seconds\":5.25,", NULL},
    {"\"seed\":1", "\"seed\":tru", "no JSON: "},
    {"\"seed\":1", "\"seed\":true", "'spec.seed' is no number"},
    {"\"seed\":1", "\"seed\":-", "no JSON: "},
    {"\"seed\":1", "\"seed\":1.", "no JSON: "},
    {"\"seed\":1", "\"seed\":1e", "no JSON: "},
    {"[2,3,1]", "[2,3,]", "no JSON: "},
    {"[2,3,1]", "[2,3", "no JSON: "},
    {"[{}]", "[]", NULL},
    {"[{}]", "[{},]", "no JSON: "},
};

/* The text with the change, malloc'ed. */
static char *changed(const change *c) {
  const char *at = strstr(good, c->from);
  assert_non_null(at);
  size_t before = (size_t)(at - good), room = sizeof good + strlen(c->to);
  char *text = malloc(room);
  assert_non_null(text);
  snprintf(text, room, "%.*s%s%s", (int)before, good, c->to, at + strlen(c->from));
  return text;
}

static void each_field_has_its_kind(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    char why[HOST_SHAPE_WHY] = "", *text = changed(&changes[i]);
    int whole = is_record(why, text, strlen(text));
    if (whole != !changes[i].why || (!whole && !strstr(why, changes[i].why)))
      fail_msg("%s -> %s: %s", changes[i].from, changes[i].to, whole ? "is whole" : why);
    json_t *read = whole ? json_loads(text, 0, NULL) : NULL;
    if (whole && !read)
      fail_msg("%s -> %s: whole, and cannot be read", changes[i].from, changes[i].to);
    json_decref(read);
    free(text);
  }
}

static void images_are_named(void **state) {
  (void)state;
  const change images = {"\"task\":\"boundary\"", "\"task\":\"images\"", NULL};
  char why[HOST_SHAPE_WHY], *text = changed(&images);
  assert_true(is_record(why, text, strlen(text)));
  memcpy(strstr(text, "\"data\""), "\"date\"", 6);
  assert_false(is_record(why, text, strlen(text)));
  assert_string_equal(why, "'data' is missing");
  free(text);
}

/* A text that ends anywhere is none, and is not read over its end. */
static void what_is_cut_is_none(void **state) {
  (void)state;
  char why[HOST_SHAPE_WHY];
  for (size_t n = 0; n < strlen(good); n++) {
    char *text = malloc(n + 1);
    assert_non_null(text);
    memcpy(text, good, n);
    text[n] = '"';
    assert_false(is_record(why, text, n));
    free(text);
  }
  assert_true(is_record(why, good, strlen(good)));
}

/* Whatever byte is another: what is called whole can be read. */
static void what_is_whole_can_be_read(void **state) {
  (void)state;
  static const char bytes[] = "\"\\{}[],:0e-u\x80\n";
  char why[HOST_SHAPE_WHY], *text = strdup(good);
  size_t whole = 0;
  assert_non_null(text);
  for (size_t i = 0; i < strlen(good); i++, strcpy(text, good))
    for (const char *byte = bytes; *byte; byte++) {
      text[i] = *byte;
      if (!is_record(why, text, strlen(text)))
        continue;
      json_t *read = json_loads(text, 0, NULL);
      if (!read)
        fail_msg("byte %zu as 0x%02x: whole, and cannot be read", i, (unsigned char)*byte);
      json_decref(read);
      whole++;
    }
  assert_true(whole > 0);
  free(text);
}

static void what_is_nested_deep_is_none(void **state) {
  (void)state;
  char why[HOST_SHAPE_WHY], deep[20001];
  memset(deep, '[', 10000);
  memset(deep + 10000, ']', 10000);
  deep[20000] = '\0';
  change c = {"[{}]", deep, NULL};
  char *text = changed(&c);
  assert_false(is_record(why, text, strlen(text)));
  assert_non_null(strstr(why, "maximum parsing depth"));
  free(text);
}

static void a_line_has_its_seconds(void **state) {
  (void)state;
  static const struct {
    const char *seconds, *why;
  } lines[] = {{"1.5", NULL},
               {"0", NULL},
               {"-5", "'seconds' is no number from"},
               {"\"x\"", "'seconds' is no number from"},
               {"1e999", "real number overflow"},
               {"null", "'seconds' is no number from"}};
  char text[4096], why[HOST_SHAPE_WHY];
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    int n = snprintf(text, sizeof text,
                     "{\"key\":\"" KEY "\",\"record\":%s,\"seconds\":%s,\"sha256\":\"" KEY "\"}",
                     good, lines[i].seconds);
    assert_int_equal(is_line(why, text, (size_t)n), !lines[i].why);
    assert_true(!lines[i].why || strstr(why, lines[i].why));
  }
  int n = snprintf(text, sizeof text,
                   "{\"key\":\"" KEY "\",\"record\":{\"batch\":1},\"seconds\":1,\"sha256\":\"" KEY
                   "\"}");
  assert_false(is_line(why, text, (size_t)n));
  assert_string_equal(why, "'batch' is no object");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_field_has_its_kind),     cmocka_unit_test(images_are_named),
      cmocka_unit_test(what_is_cut_is_none),         cmocka_unit_test(what_is_whole_can_be_read),
      cmocka_unit_test(what_is_nested_deep_is_none), cmocka_unit_test(a_line_has_its_seconds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
