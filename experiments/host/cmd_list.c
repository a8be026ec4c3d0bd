/* Commands that list what there is: options, policies. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/train/task.h"
#include "experiments/host/command.h"
#include "experiments/host/say.h"
#include "experiments/host/spec.h"

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
static void print_default(const syn_param *option) {
  char first[128], here[128], other[128];
  int same = 1;
  write_default(first, option, syn_tasks[0], SYN_METHOD_SYNAPTIC);
  for (const syn_task_class *const *task = syn_tasks; *task; task++)
    for (int method = 0; method < 2; method++) {
      write_default(here, option, *task, (syn_method)method);
      same = same && strcmp(here, first) == 0;
    }
  printf("%15s   default %s", "", same ? first : "");
  for (const syn_task_class *const *task = syn_tasks; *task && !same; task++) {
    write_default(here, option, *task, SYN_METHOD_SYNAPTIC);
    write_default(other, option, *task, SYN_METHOD_DESCENT);
    printf("%s%s: %s", task == syn_tasks ? "" : "; ", (*task)->name, here);
    if (strcmp(here, other) != 0)
      printf("; %s descent: %s", (*task)->name, other);
  }
  puts("");
}

/* "a | b", or the range; what it means; where it has an effect. */
static void print_option(const syn_param *o) {
  char scope[SYN_SCOPE_SIZE];
  const char *choice;
  printf("%-15s ", o->name);
  for (size_t i = 0; (choice = syn_param_choice(o, i)); i++)
    printf("%s%s", i ? " | " : "", choice);
  if (o->kind != SYN_PARAM_CHOICE)
    printf("%.10g .. %.10g%s%s", o->lo, o->hi, *o->unit ? " " : "", o->unit);
  printf("\n%15s   %s\n", "", o->doc);
  for (size_t i = 0; o->choice_doc && (choice = syn_param_choice(o, i)); i++)
    printf("%15s   %s: %s\n", "", choice, o->choice_doc(i));
  if (syn_option_scope(scope, o))
    printf("%15s   only for %s\n", "", scope);
  if (o->kind == SYN_PARAM_CHOICE && !o->text)
    printf("%15s   must be given\n", "");
  else
    print_default(o);
}

/* These commands take nothing more. 0, or 2 after a line. */
static int nothing_more(const host_command *self, int argc, char **argv) {
  const char **words = calloc((size_t)argc + 1, sizeof *words);
  size_t n = 0;
  if (!words)
    return host_wrong("not enough memory");
  int status = host_arguments(self, NULL, argc, argv, words, &n);
  if (!status && n > 0)
    status = host_wrong("%s takes no '%s'", self->name, words[0]);
  free(words);
  return status;
}

static int options_main(host *h, const host_command *self, int argc, char **argv) {
  (void)h;
  if (nothing_more(self, argc, argv))
    return 2;
  const syn_param *o;
  for (size_t i = 0; (o = syn_option_at(i)); i++)
    print_option(o);
  puts("\nbesides: preset = \"paper\" (default) | \"authors\", data = NAME or PATH,\n"
       "policy = POLICY");
  return 0;
}

static void print_param(const syn_param *p) {
  printf("    %-14s ", p->name);
  if (p->kind == SYN_PARAM_POLICY)
    printf("a policy, must be given");
  else if (p->kind == SYN_PARAM_NUMBER || p->kind == SYN_PARAM_INTEGER)
    printf("%.10g (%.10g .. %.10g%s%s)", p->value, p->lo, p->hi, *p->unit ? " " : "", p->unit);
  else if (p->kind == SYN_PARAM_TEXT)
    printf("%s", p->text ? "text" : "text, must be given");
  const char *choice;
  for (size_t i = 0; (choice = syn_param_choice(p, i)); i++)
    printf("%s%s", i ? " | " : "", choice);
  printf("\n      %s\n", p->doc);
  if (p->scope)
    printf("      only for %s\n", p->scope->words);
}

static int policy_main(host *h, const host_command *self, int argc, char **argv) {
  (void)h;
  if (host_part(self, argc, argv) < 0 || nothing_more(self, argc - 1, argv + 1))
    return 2;
  for (const syn_policy_class *const *c = syn_policy_classes; *c; c++) {
    printf("%s: %s\n", (*c)->name, (*c)->summary);
    for (const syn_param *p = (*c)->params; p->name; p++)
      print_param(p);
  }
  return 0;
}

const host_command host_command_options = {
    .name = "options",
    .summary = "every option of a run: unit, range, meaning",
    .synopsis = "synlab options",
    .main = options_main,
};

static const char *const parts[] = {"list", NULL};

const host_command host_command_policy = {
    .name = "policy",
    .summary = "what a synapse can do, and its parameters",
    .synopsis = "synlab policy list",
    .parts = parts,
    .main = policy_main,
};
