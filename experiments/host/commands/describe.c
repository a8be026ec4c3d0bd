#include "experiments/host/commands/describe.h"

#include <stdio.h>
#include <string.h>

#include "engine/train/task.h"
#include "experiments/host/run/key.h"

const host_besides host_besides_options[] = {
    {"preset", "paper | authors",
     "the choices of the paper's text (default), or those of its authors' code"},
    {"data", "a name or a path", "the images of a run on images: see docs/data.md"},
    {"policy", "a policy", "what every synapse does; of Algorithm 1 only, where it must be given"},
    {NULL, NULL, NULL},
};

const char *host_param_values(char text[HOST_WORDS_SIZE], const syn_param *p) {
  const char *choice;
  size_t n = 0;
  text[0] = '\0';
  for (size_t i = 0; (choice = syn_param_choice(p, i)) && n < HOST_WORDS_SIZE; i++)
    n += (size_t)snprintf(text + n, HOST_WORDS_SIZE - n, "%s%s", i ? " | " : "", choice);
  if (p->kind == SYN_PARAM_POLICY || p->kind == SYN_PARAM_TEXT)
    snprintf(text, HOST_WORDS_SIZE, "%s", p->kind == SYN_PARAM_TEXT ? "text" : "a policy");
  else if (p->kind != SYN_PARAM_CHOICE)
    snprintf(text, HOST_WORDS_SIZE, "%.16g .. %.16g%s%s", p->lo, p->hi, *p->unit ? " " : "",
             p->unit);
  return text;
}

const char *host_param_default(char text[HOST_WORDS_SIZE], const syn_param *p) {
  if (p->kind == SYN_PARAM_NUMBER || p->kind == SYN_PARAM_INTEGER)
    snprintf(text, HOST_WORDS_SIZE, "default %.10g", p->value);
  else if (p->kind != SYN_PARAM_POLICY && p->text)
    snprintf(text, HOST_WORDS_SIZE, "default %s", *p->text ? p->text : "none");
  else
    snprintf(text, HOST_WORDS_SIZE, "must be given");
  return text;
}

/* A default as a script would write it. */
static void write_value(char *text, size_t size, const syn_options *o, const syn_param *option) {
  json_t *value = host_option_value(o, option);
  if (json_is_string(value)) {
    snprintf(text, size, "%s", json_string_value(value));
  } else if (json_is_array(value)) {
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(value) && n < size; i++)
      n += (size_t)snprintf(text + n, size - n, "%s%.10g", i ? "," : "",
                            json_number_value(json_array_get(value, i)));
  } else {
    snprintf(text, size, "%.10g", json_number_value(value));
  }
  json_decref(value);
}

static void write_default(char text[128], const syn_param *option, const syn_task_class *task,
                          syn_method method) {
  syn_options o;
  syn_options_default(&o, task, method);
  write_value(text, 128, &o, option);
}

/* One value if all tasks and methods share it, else one for each. */
const char *host_option_default(char text[HOST_WORDS_SIZE], const syn_param *option) {
  char first[128], here[128], other[128];
  int same = 1;
  if (option->kind == SYN_PARAM_CHOICE && !option->text)
    return host_param_default(text, option);
  write_default(first, option, syn_tasks[0], SYN_METHOD_SYNAPTIC);
  for (const syn_task_class *const *task = syn_tasks; *task; task++)
    for (int method = 0; method < 2; method++) {
      write_default(here, option, *task, (syn_method)method);
      same = same && strcmp(here, first) == 0;
    }
  size_t n = (size_t)snprintf(text, HOST_WORDS_SIZE, "default %s", same ? first : "");
  for (const syn_task_class *const *task = syn_tasks; *task && !same && n < HOST_WORDS_SIZE;
       task++) {
    write_default(here, option, *task, SYN_METHOD_SYNAPTIC);
    write_default(other, option, *task, SYN_METHOD_DESCENT);
    n += (size_t)snprintf(text + n, HOST_WORDS_SIZE - n, "%s%s: %s", task == syn_tasks ? "" : "; ",
                          (*task)->name, here);
    if (strcmp(here, other) != 0 && n < HOST_WORDS_SIZE)
      n +=
          (size_t)snprintf(text + n, HOST_WORDS_SIZE - n, "; %s descent: %s", (*task)->name, other);
  }
  return text;
}
